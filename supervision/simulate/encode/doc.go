// Package encode writes what is planned as the messages that source systems
// send: JSON as the topics of package event ask for it, key and value. It also
// writes messages that no reader may accept, each with the reason that a reader
// has to give.
//
// The bytes are cut from large blocks and are never changed afterwards, so that
// a publisher may keep them.
package encode
