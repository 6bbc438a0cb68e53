// Package target holds what figures are to reach: the targets that plans of five places set
// (domain guide 5.9), and an instance's own, which arrive as measurements named targets. Where
// a target stands, and where it leads to, are pure functions of its value at an instant.
package target
