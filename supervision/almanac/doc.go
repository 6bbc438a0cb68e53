// Package almanac keeps the versions of the legal calendar: those that the
// program brings along, and those that the office loads itself when the State
// Council publishes the notice of another year or changes one.
//
// A version never changes. Loading a notice makes a new version of the one in
// force and puts nothing into force: that is a deed of its own, with who, when
// and why, after looking at what it would move. All roles read the tables, so
// that all count by the same calendar without a restart.
package almanac
