// Package access knows who uses the product and what each may do: the users
// file, passwords, sessions, the first administrator's link, the table of
// roles and permissions, and the trail of what was done.
//
// Everything is closed by default: an unknown role, a disabled user, a user
// without the scope that the role needs, a users file that cannot be read, all
// mean no. As long as no user exists the product is open, and then only on
// loopback addresses; package server sees to both.
package access
