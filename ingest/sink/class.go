package sink

import (
	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"
)

// class says what a failed insert means for its rows.
type class uint8

const (
	// none: it did not fail.
	none class = iota
	// retryable: the server says that it could not now.
	retryable
	// permanent: the server refuses the content of a row.
	permanent
	// unknown: the rows may or may not be stored, as after a lost connection.
	unknown
)

// String names the class for logs and instruments.
func (c class) String() string {
	switch c {
	case none:
		return ""
	case retryable:
		return "retryable"
	case permanent:
		return "permanent"
	}
	return "unknown"
}

// contentErrors are the server errors that a single row can cause (ClickHouse
// src/Common/ErrorCodes.cpp). Every other error is of the server, the schema
// or the rights: waiting and sending again is right for all of them.
func contentErrors() []proto.Error {
	return []proto.Error{
		6,   // CANNOT_PARSE_TEXT
		27,  // CANNOT_PARSE_INPUT_ASSERTION_FAILED
		69,  // ARGUMENT_OUT_OF_BOUND
		70,  // CANNOT_CONVERT_TYPE
		117, // INCORRECT_DATA
		131, // TOO_LARGE_STRING_SIZE
		349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
		469, // VIOLATED_CONSTRAINT
		691, // UNKNOWN_ELEMENT_OF_ENUM
	}
}

// loggable is an error without the values of rows, which the server repeats
// when it refuses their content.
func loggable(err error) string {
	if ex, ok := ch.AsException(err); ok && classOf(err) == permanent {
		return ex.Code.String()
	}
	return err.Error()
}

func classOf(err error) class {
	if err == nil {
		return none
	}
	ex, ok := ch.AsException(err)
	switch {
	case !ok:
		return unknown
	case ex.IsCode(contentErrors()...):
		return permanent
	}
	return retryable
}
