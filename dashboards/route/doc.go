// Package route says what an address of the server is, once: how it is asked for,
// who may come in, how it keeps to the scope of who asks, and where the navigation
// leads to it. The router, the guard, the scope and the navigation are built from a
// Table of them, so that none can know of a page that another has not heard of.
//
// Everything is closed until it is declared: a route without a rule or a scope is
// an error that names it, and the server does not start.
package route
