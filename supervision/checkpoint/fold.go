package checkpoint

import (
	"fmt"
	"strings"
)

// Basis is what the states depend on besides the facts and the catalogue. It is
// not stored before anything was folded.
type Basis struct {
	// Program changes whenever the fold gives other states for the same facts.
	Program string `json:"program"`
	// Calendar is the version in force.
	Calendar string `json:"calendar"`
	// Policy is the hash of what the jurisdiction decides about clocks.
	Policy string `json:"policy"`
}

// Name implements Value.
func (Basis) Name() string { return "basis" }

// String is how logs name it.
func (b Basis) String() string {
	if b == (Basis{}) {
		return ""
	}
	return fmt.Sprintf("program %s, calendar %s, policy %s", b.Program, b.Calendar, b.Policy)
}

// OnlyCalendar reports whether two bases differ in the calendar and in nothing else.
func (b Basis) OnlyCalendar(is Basis) bool {
	return b.Calendar != "" && b.Calendar != is.Calendar && b.Program == is.Program && b.Policy == is.Policy
}

// parseBasis reads what String wrote; another text is a basis of its own, which
// equals no other.
func parseBasis(text string) Basis {
	program, rest, ok := strings.Cut(text, ", calendar ")
	calendar, policy, more := strings.Cut(rest, ", policy ")
	if !ok || !more {
		return Basis{Program: text}
	}
	return Basis{Program: strings.TrimPrefix(program, "program "), Calendar: calendar, Policy: policy}
}

// Basis is what the states were folded with.
func (s Set) Basis() (Basis, error) {
	var b Basis
	err := read(s, &b, func(text string) error { b = parseBasis(text); return nil })
	return b, err
}

// Requested is the last request to fold everything again.
type Requested struct {
	ID string `json:"id"`
}

// Name implements Value.
func (Requested) Name() string { return "recompute_requested" }

// Requested is the last request to fold everything again; empty: there was none.
func (s Set) Requested() (Requested, error) {
	var r Requested
	err := read(s, &r, func(text string) error { r.ID = text; return nil })
	return r, err
}

// Answered is the request that was answered last.
type Answered struct {
	ID string `json:"id"`
}

// Name implements Value.
func (Answered) Name() string { return "recompute_answered" }

// Answered is the request that was answered last.
func (s Set) Answered() (Answered, error) {
	var a Answered
	err := read(s, &a, func(text string) error { a.ID = text; return nil })
	return a, err
}

// Daily is the local day for which the daily work was done.
type Daily struct {
	// Work names it.
	Work string `json:"-"`
	Day  string `json:"day"`
	// Facts is how many were folded when it began.
	Facts uint64 `json:"facts"`
}

// Name implements Value.
func (d Daily) Name() string { return "daily " + d.Work }

// Daily is when a daily work was done last.
func (s Set) Daily(work string) (Daily, error) {
	d := Daily{Work: work}
	err := read(s, &d, func(text string) error {
		_, err := fmt.Sscanf(text, "%s %d", &d.Day, &d.Facts)
		return err
	})
	return d, err
}
