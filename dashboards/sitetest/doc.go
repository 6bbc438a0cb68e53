// Package sitetest gives tests of pages a running server over a real database: with
// facts, with people who sign in, with alerts and work as the engine leaves them. Rooms
// of pages and the server are tested on the same one.
package sitetest
