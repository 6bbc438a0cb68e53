// Package event holds the facts of government services as Go types: what a
// source system says happened, with its identity. It is a leaf: it imports
// nothing of this project, no database and no clock.
//
// Three instants stay apart: OccurredAt is the source's claim and the legal
// moment, the arrival time is set by the broker, the storing time by the sink.
// All instants are Unix milliseconds in UTC; zero means "not given".
package event
