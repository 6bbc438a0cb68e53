package rows

import (
	"fmt"
	"strings"
)

// Reason says in one word why a row was refused (docs/mapping.md explains each).
type Reason string

// The reasons.
const (
	ReasonRaggedRow       Reason = "ragged_row"
	ReasonBadQuote        Reason = "bad_quote"
	ReasonTooLong         Reason = "too_long"
	ReasonInvalidUTF8     Reason = "invalid_utf8"
	ReasonMalformedJSON   Reason = "malformed_json"
	ReasonDuplicateKey    Reason = "duplicate_key"
	ReasonUnreadable      Reason = "unreadable_row"
	ReasonLateAttribute   Reason = "late_case_attribute"
	ReasonMissingValue    Reason = "missing_value"
	ReasonInvalidTime     Reason = "invalid_time"
	ReasonTimeNoZone      Reason = "time_without_zone"
	ReasonAmbiguousTime   Reason = "ambiguous_time"
	ReasonNonexistentTime Reason = "nonexistent_time"
	ReasonTimeTooEarly    Reason = "time_too_early"
	ReasonTimeInFuture    Reason = "time_in_future"
	ReasonUnknownCode     Reason = "unknown_code"
	ReasonInvalidValue    Reason = "invalid_value"
	ReasonInvalidID       Reason = "invalid_identifier"
	ReasonNoEvent         Reason = "no_event"
	ReasonTooManyColumns  Reason = "too_many_columns"
	// ReasonCaseDiffers is a notice: rows of one case disagree about a value of
	// the case as a whole. Nothing is refused; both facts are published.
	ReasonCaseDiffers Reason = "case_value_differs"
	// ReasonReversed is a notice: a row ends something before it begins.
	ReasonReversed Reason = "reversed_span"
	// ReasonNoActivity is a notice: an event that should carry the name of a step
	// carries none.
	ReasonNoActivity Reason = "no_activity"
	// ReasonSimilarID is a notice: a number or code looks like another of the
	// file and is not the same text.
	ReasonSimilarID Reason = "similar_identifier"
)

// Problem is one row that was refused, or one notice about a row.
type Problem struct {
	File string
	// Line is the line on which the row starts, from 1; for Parquet the row.
	Line int64
	// Column is the column of the file, "" when the row as a whole is meant.
	Column string
	Reason Reason
	// Message says what is wrong; it holds no cell text.
	Message string
	// Value is the cell as written, at most 80 bytes, for the person who loads
	// the file. It can be personal data: show it there, never log it.
	Value string
	// Notice marks a remark about a row that was published all the same.
	Notice bool
}

// Error returns file:line, column, reason and message, without the cell text.
func (p *Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d: ", p.File, p.Line)
	if p.Column != "" {
		fmt.Fprintf(&b, "column %q: ", p.Column)
	}
	fmt.Fprintf(&b, "%s: %s", p.Reason, p.Message)
	return b.String()
}

// NewProblem is what is wrong with a row, or with the cell of one of its columns; the text must
// not show the cell, which value keeps apart.
func NewProblem(r Reason, column string, value []byte, format string, args ...any) *Problem {
	v := value
	if len(v) > 80 {
		v = v[:80]
	}
	return &Problem{Column: column, Reason: r, Message: fmt.Sprintf(format, args...), Value: strings.ToValidUTF8(string(v), "�")}
}

// Shape describes a cell without showing it: digits become 9, letters a.
func Shape(b []byte) string {
	var out strings.Builder
	for i, c := range string(b) {
		switch {
		case i >= 40:
			return out.String() + "…"
		case c >= '0' && c <= '9':
			out.WriteByte('9')
		case c < 128 && (c == ' ' || c == '-' || c == ':' || c == '.' || c == '/' || c == '+' || c == ','):
			out.WriteRune(c)
		default:
			out.WriteByte('a')
		}
	}
	return out.String()
}
