package truth

import (
	"slices"

	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// Severity is how grave an alert is; cleared ends one.
type Severity int8

// The severities, in their order.
const (
	Cleared Severity = iota
	notice
	warning
	yellow
	red
)

func (s Severity) String() string {
	return [...]string{"", "notice", "warning", "yellow", "red"}[s]
}

// Step is one step of an alert: from an instant on it has a severity.
type Step struct {
	At int64
	Severity
}

// Chain is what one rule says about one subject and clock.
type Chain struct {
	Rule, Clock string
	Steps       []Step
}

// known is one fact in force as it is known at the instant of the judge.
type known struct {
	*plan.Fact
	at     int64 // legal moment, amended or not
	days   int32
	pushed int64 // when the source sent it
}

// piece is what was true of a case from an instant until another.
type piece struct {
	at, until int64
	Case
}

// Judge says which alerts a planned life has to have raised by an instant. It
// is the oracle of the rules (domain guide 6.2): short functions over the plan.
type Judge struct {
	world        *world.World
	asOf         int64
	s            *plan.Subject
	subs         []SubCase // of the case, those that have begun
	facts        []known
	pieces       []piece
	ticketPieces []ticketPiece
	chains       []Chain
	arena        []Step
	at           []int64   // buffer
	told         []int64   // buffer
	spans        [2][]span // buffers
	list         []Step    // buffer
	// thirdNo and thirdAt are the third ticket of the caller who comes back.
	thirdNo []byte
	thirdAt int64
}

// NewJudge makes one that knows what was so by an instant.
func NewJudge(w *world.World, asOf int64) *Judge { return &Judge{world: w, asOf: asOf} }

// Begun reports whether anything was known of the life that was judged last.
func (j *Judge) Begun() bool { return len(j.facts) > 0 }

// ByArrival stands for an instant that hangs on when messages arrive.
const ByArrival = 0

// afresh forgets the alerts of what was judged before.
func (j *Judge) afresh() { j.chains, j.arena = j.chains[:0], j.arena[:0] }

// raise enters what a rule says; steps that have not come yet are left out.
func (j *Judge) raise(rule, clock string, steps ...Step) {
	from := len(j.arena)
	for _, t := range steps {
		last := Cleared
		if len(j.arena) > from {
			last = j.arena[len(j.arena)-1].Severity
		}
		if t.At <= j.asOf && t.Severity != last {
			j.arena = append(j.arena, t)
		}
	}
	if len(j.arena) > from {
		j.chains = append(j.chains, Chain{rule, clock, j.arena[from:len(j.arena):len(j.arena)]})
	}
}

// while enters a severity for each of several spans of time in order; the alert
// is cleared between them and, where the last one ends, after them.
func (j *Judge) while(rule, clock string, s Severity, spans []span) {
	list := j.list[:0]
	for _, x := range spans {
		if x.from >= x.to {
			continue
		}
		if n := len(list); n > 0 && list[n-1].At == x.from && list[n-1].Severity == Cleared {
			list = list[:n-1]
		} else {
			list = append(list, Step{x.from, s})
		}
		if x.to < world.Forever {
			list = append(list, Step{x.to, Cleared})
		}
	}
	j.raise(rule, clock, list...)
	j.list = list
}

// read collects the facts in force, voids and amendments applied, in order of
// their legal moments.
func (j *Judge) read(about plan.About) {
	j.facts = j.facts[:0]
	for i := range j.s.Facts {
		f := &j.s.Facts[i]
		if f.About != about || f.Superseded || f.Target != 0 || f.At > j.asOf || f.VoidedAt != 0 && f.VoidedAt <= j.asOf {
			continue
		}
		k := known{Fact: f, at: f.At, days: f.Days, pushed: plan.FirstSend(j.s, int32(i))}
		if f.AmendedAt != 0 && f.AmendedAt <= j.asOf {
			if f.AmendedTo != 0 {
				k.at = f.AmendedTo
			}
			if f.AmendedDays >= 0 {
				k.days = f.AmendedDays
			}
		}
		j.facts = append(j.facts, k)
	}
	slices.SortStableFunc(j.facts, func(a, b known) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return 0
	})
}

// instants collects, in order, when anything was said about the subject.
func (j *Judge) instants(about plan.About) []int64 {
	j.at = j.at[:0]
	for i := range j.s.Facts {
		f := &j.s.Facts[i]
		if f.About != about || f.At > j.asOf {
			continue
		}
		j.at = append(j.at, f.At)
		if f.AmendedTo != 0 {
			j.at = append(j.at, f.AmendedTo)
		}
	}
	slices.Sort(j.at)
	j.at = slices.Compact(j.at)
	return j.at
}

// instance names a run of a clock of a case; the first has no name.
func instance(clock string, n int) string {
	if n == 1 {
		return ""
	}
	return clockNo(clock, n)
}

// clockNo names a run of a clock.
func clockNo(clock string, n int) string {
	const digits = "0123456789"
	if n < 10 {
		return clock + "/" + digits[n:n+1]
	}
	return clock + "/" + digits[n/10%10:n/10%10+1] + digits[n%10:n%10+1]
}

// Case judges a case with its sub-cases. Test cases are nobody's business, of secret ones only
// rewrites are.
func (j *Judge) Case(s *plan.Subject, subs []SubCase) []Chain {
	j.s, j.subs, j.chains, j.arena = s, subs, j.chains[:0], j.arena[:0]
	j.pieces = j.pieces[:0]
	j.read(plan.AboutCase)
	if s.Test || len(j.facts) == 0 {
		return nil
	}
	if s.Secret {
		j.data()
		return j.chains
	}
	j.history()
	for _, rule := range caseRules {
		rule(j)
	}
	return j.chains
}

// caseRules are the oracles of the rules on cases.
var caseRules = []func(*Judge){
	(*Judge).limits, (*Judge).stale, (*Judge).answers, (*Judge).stepLimits, (*Judge).silentDepartments,
	(*Judge).procedures, (*Judge).deliveries,
	(*Judge).lowerReview, (*Judge).extensions, (*Judge).notices, (*Judge).refusals, (*Judge).course,
	(*Judge).retroEntry, (*Judge).pausesAbused, (*Judge).nearDue, (*Judge).hearing, (*Judge).norms,
	(*Judge).data,
}

// history cuts the life of the case into pieces in which nothing changed:
// between what was said, the acceptance by law and the end of approved days.
func (j *Judge) history() {
	j.pieces = j.pieces[:0]
	at := j.instants(plan.AboutCase)
	put := func(from int64) *Case {
		t := OfCase(j.world, j.s, from)
		j.pieces = append(j.pieces, piece{from, world.Forever, t})
		return &j.pieces[len(j.pieces)-1].Case
	}
	for i, from := range at {
		until := j.asOf + 1
		if i+1 < len(at) {
			until = at[i+1]
		}
		for t := put(from); ; {
			next := int64(0)
			switch {
			case t.answerDue != 0:
				next = t.answerDue + 1
			case t.PausedUntil != 0:
				next = t.PausedUntil + 1
			}
			if next == 0 || next >= until {
				break
			}
			t = put(next)
		}
	}
	for i := 1; i < len(j.pieces); i++ {
		j.pieces[i-1].until = j.pieces[i].at
	}
}

// before returns what was true of the case just before an instant.
func (j *Judge) before(at int64) *Case {
	var t *Case
	for i := range j.pieces {
		if j.pieces[i].at < at {
			t = &j.pieces[i].Case
		}
	}
	if t == nil {
		t = &Case{}
	}
	return t
}
