// Package store connects to ClickHouse and, in embedded mode, runs it: the
// engine is libchdb loaded into a child process that listens as an ordinary
// server on the loopback interface, so that the client code is the same as
// against a production server or cluster. It knows nothing of the domain.
package store
