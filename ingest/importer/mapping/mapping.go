package mapping

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"duban/ingest/event"
)

// Version is the only value of `version` that this package reads.
const Version = 1

// Pos is a place in the mapping file, both numbers from 1.
type Pos struct{ Line, Column int }

// Mapping is a checked mapping file.
type Mapping struct {
	// Name is the path the mapping was read from, for messages.
	Name string
	// Source is the source system of the facts; "" leaves it to the caller.
	Source string
	Topic  event.Topic
	Input  Input
	// Aliases gives for a column name the other names it may have in a file.
	Aliases map[string][]string
	// Optional columns may be absent from a CSV or Parquet file.
	Optional map[string]bool
	// LeaveOut names columns that are left out on purpose.
	LeaveOut map[string]bool
	// KeepRest puts every column that is not named anywhere into payload.rest.
	KeepRest bool
	// Missing are the cell texts that mean "nothing was given".
	Missing map[string]bool
	Time    Time
	// Subject is the case or ticket number; unset for topics without one.
	Subject Value
	Seq     Seq
	EventID EventID
	// Equal is each or once: what equal facts of a case are; "" leaves it to
	// the kind of fact.
	Equal string
	Codes map[string]*CodeTable
	Skip  []Skip
	// Common holds what every event of the file carries.
	Common Content
	// Events is the list of what one row becomes; each entry holds the
	// alternatives of one choice, of which the first that applies is used.
	Events [][]*Rule
	// TracksCase is set when a rule refers to rules fired before it in the
	// case: only formats that keep a case together can be read then.
	TracksCase bool
}

// Input says how the bytes of a file are read.
type Input struct {
	// Format is csv, ndjson, xes, parquet or "" (found out from the file).
	Format string
	// Delimiter separates CSV cells; 0 means a comma.
	Delimiter rune
	// Encoding is the WHATWG name of a CSV's or NDJSON's encoding, "" = UTF-8.
	Encoding string
	// Header gives CSV column names when the file has no header row.
	Header []string
}

// Content is a set of message fields, payload keys and case attributes.
type Content struct {
	Fields     map[string]Value
	Payload    map[string]Value
	Attributes map[string]Value
	// Values are the named numbers of a measurement.
	Values map[string]Value
}

// Value says where one value comes from.
type Value struct {
	Pos Pos
	// Columns are joined with Join; empty when the value is constant.
	Columns []string
	Join    string
	// Const is a JSON fragment, nil when the value comes from columns; Text is
	// the same without quotes.
	Const []byte
	Text  string
	// Codes names a code table, "" for none.
	Codes    string
	As       Kind
	Required bool
	// Token replaces the value by a keyed hash.
	Token bool
	// Time overrides the mapping's time settings; nil = those.
	Time *Time
}

// Set reports whether the mapping gives this value at all.
func (v Value) Set() bool { return v.Const != nil || len(v.Columns) > 0 }

// Seq says what a fact's sequence number is.
type Seq struct {
	// Column names the number; Record is set when the record's number in its
	// file (its position in the trace for XES) is used. Neither: no number.
	Column string
	Record bool
}

// EventID says what identifies a fact. With no Columns it is everything the
// fact claims.
type EventID struct{ Columns []string }

// Skip leaves out the rows that When holds for.
type Skip struct {
	When   Condition
	Reason string
}

// CodeTable translates a source's words.
type CodeTable struct {
	Name   string
	Values map[string]string
	// Default says what becomes of a word that is not in Values.
	Default DefaultKind
	// DefaultText is the replacement for DefaultConst.
	DefaultText string
}

// DefaultKind is what a code table does with an unknown word.
type DefaultKind int

// The defaults of a code table.
const (
	// DefaultRefuse refuses the row.
	DefaultRefuse DefaultKind = iota
	// DefaultKeep keeps the word.
	DefaultKeep
	// DefaultOmit leaves the value out.
	DefaultOmit
	// DefaultConst uses a fixed value.
	DefaultConst
)

// Rule makes one event of a row.
type Rule struct {
	Name string
	Pos  Pos
	// Index is the rule's number in the whole mapping, from 0.
	Index int
	// PerCase is set for facts of the case as a whole, found on each of its rows.
	PerCase bool
	When    Condition
	// After and NotAfter are indices of rules that must (not) have fired
	// earlier in the case.
	After, NotAfter []int
	Type            Value
	At              Value
	Content         Content
	// Count is the column that says for how many equal facts the row stands,
	// "" for one.
	Count string
	// Each makes every one of several equal facts of a case a fact of its own;
	// otherwise they are one and the same.
	Each bool
}

// Condition is true when all tests of any one of its groups hold; a condition
// without groups is always true.
type Condition struct{ Any [][]Test }

// Test is one test of one column.
type Test struct {
	Column string
	Op     TestOp
	Values map[string]bool
	Match  Matcher
}

// Matcher is what a test needs of a regular expression.
type Matcher interface{ Match([]byte) bool }

// TestOp is the kind of a Test.
type TestOp int

// The kinds of test.
const (
	OpPresent TestOp = iota
	OpEmpty
	OpIn
	OpNotIn
	OpMatches
)

// Error is one mistake in a mapping file.
type Error struct {
	File string
	Pos  Pos
	// Where is the path of keys, such as events[1].at.
	Where   string
	Message string
}

// Error returns file:line:column: where: message.
func (e *Error) Error() string {
	w := e.Where
	if w != "" {
		w += ": "
	}
	return fmt.Sprintf("%s:%d:%d: %s%s", e.File, e.Pos.Line, e.Pos.Column, w, e.Message)
}

// Load reads and checks the mapping file at path. The error joins every
// mistake (each an *Error) in the order of the file.
func Load(path string) (*Mapping, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read mapping: %w", err)
	}
	return Parse(path, b)
}

// Stem returns the name of a file up to its first dot: the default source.
func Stem(path string) string {
	s, _, _ := strings.Cut(filepath.Base(path), ".")
	return s
}

// Errors lists the mistakes inside an error of Load or Parse.
func Errors(err error) []*Error {
	var out []*Error
	var walk func(error)
	walk = func(err error) {
		if err == nil {
			return
		}
		if j, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range j.Unwrap() {
				walk(e)
			}
			return
		}
		if e, ok := errors.AsType[*Error](err); ok {
			out = append(out, e)
		}
	}
	walk(err)
	return out
}
