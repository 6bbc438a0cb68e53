// Package statestore moves facts and states between ClickHouse and memory in
// columns. It is all that the fold and the alerts know of the native protocol:
// a Codec says which columns hold the facts and the states of a kind of
// subject, Read streams the rows of a named query, Insert streams states.
//
// The row-wise client of package queries is for questions and statements; here
// is what runs once per fact.
package statestore
