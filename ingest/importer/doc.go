// Package importer turns the rows of foreign files of cases and requests, which
// package rows reads, into messages for the topics, as a mapping file says.
//
// Promises: memory does not grow with the file; a row that cannot be
// understood is refused with its file, line, column and reason and never
// guessed or dropped in silence; what identifies a fact is taken from what it
// says, never from where it stands, so that reading a file twice, in another
// order or with rows repeated yields the same facts.
package importer
