package alert

import (
	"cmp"
	"slices"
)

// States of an alert (domain guide 1.3, alert_state). Review is ours: later facts
// say that there was no violation, but they came so late that a supervisor has to
// accept them (2.6).
const (
	Pending   = "pending"
	Issued    = "issued"
	Acked     = "acked"
	FedBack   = "fed_back"
	Appealed  = "appealed"
	Upheld    = "upheld"
	Escalated = "escalated"
	Revoked   = "revoked"
	Cancelled = "cancelled"
	Closed    = "closed"
	Review    = "review"
)

// Events of the system.
const (
	Raised    = "raised"
	Upgraded  = "upgraded"
	Cleared   = "cleared"
	Cancel    = "cancelled"
	ToReview  = "review"
	Corrected = "corrected"
)

// Reasons of the system's events.
const (
	LateData    = "late_data"
	RuleChanged = "rule_changed"
	// CalendarChanged and CatalogueChanged: another version of the calendar, of a
	// service item.
	CalendarChanged  = "calendar_changed"
	CatalogueChanged = "catalogue_changed"
	// Outage: a declared outage that began to count, or no longer does.
	Outage = "outage"
)

// Step is an instant (Unix milliseconds) from which a severity holds; the empty
// severity ends it.
type Step struct {
	At       int64
	Severity string
}

// Chain is what a rule says about one clock instance of one subject.
type Chain struct {
	Steps []Step // ascending by At
	// Gone: the rule says nothing here any more, which is no steps at all.
	Gone bool
	// Why the steps may differ from what was announced; LateData when empty.
	Why string
}

// Alert is what the system needs of an alert that was announced.
type Alert struct {
	Seq      uint32
	State    string
	Severity string
	// Announced are the steps that were announced, as they were.
	Announced []Step
}

// Ended reports whether nothing more happens to an alert by itself.
func (a *Alert) Ended() bool {
	return a.State == Cancelled || a.State == Closed || a.State == Revoked
}

// waits reports whether a person has to decide about an alert, or has decided that it
// stands: nothing closes it by itself then.
func (a *Alert) waits() bool {
	switch a.State {
	case Review, Appealed, Upheld, Escalated:
		return true
	}
	return false
}

// Event is one entry of an alert's history.
type Event struct {
	Seq      uint32
	Name     string
	State    string
	Severity string
	At       int64
	Reason   string
}

// Terms are what the rule says about announcing.
type Terms struct {
	// Manual alerts wait for a person to issue them.
	Manual bool
	// Auto: the system clears the alert when its condition is over.
	Auto bool
	// Hold delays the announcement of a step, milliseconds.
	Hold int64
	// Rank orders severities, 0 for the empty one.
	Rank func(string) int
	// Card is the rank from which a severity is a card, a verdict that waits for a
	// supervisor when facts take it back too late; what is below is only a warning.
	Card int
}

// Rewritten is the lag of facts that rewrite what was told before: they are late whenever
// they came.
const Rewritten = 1<<63 - 1

// LateTolerance is how late a fact may be pushed to take an alert back by itself
// (domain guide 2.6), in milliseconds: 24 hours.
const LateTolerance = 24 * 60 * 60 * 1000

// Advance returns what happens to an alert when its chain is known and the
// watermark has come to an instant. a is zero for one that was never announced;
// the returned alert is a with the events applied. lag is how late the newest fact
// of the subject, or the version of its item, was pushed, in milliseconds, or Rewritten. Calling it again with what it
// returned gives no events.
func Advance(a Alert, c Chain, watermark, lag int64, t Terms) (Alert, []Event) {
	reached := []Step{}
	if !c.Gone {
		for _, s := range c.Steps {
			if s.At+t.Hold <= watermark {
				reached = append(reached, s)
			}
		}
	}
	if len(reached) == len(a.Announced) && slices.Equal(reached, a.Announced) {
		return a, nil
	}
	x := &advance{a: a, t: t, watermark: watermark, changed: c.Why, why: cmp.Or(c.Why, LateData), wasOver: len(a.Announced) > 0 &&
		a.Announced[len(a.Announced)-1].Severity == ""}
	n := len(a.Announced)
	if len(reached) >= n && slices.Equal(reached[:n], a.Announced) {
		for _, s := range reached[n:] {
			x.step(s)
		}
	} else {
		x.rewrite(reached, lag)
	}
	x.a.Announced = reached
	return x.a, x.events
}

// advance collects events.
type advance struct {
	a   Alert
	t   Terms
	why string
	// changed: why the chain reads differently, empty when facts alone made it.
	changed   string
	watermark int64
	// wasOver: the step announced last ended the alert.
	wasOver bool
	events  []Event
}

func (x *advance) emit(name, state, severity, reason string, at int64) {
	x.a.Seq++
	x.a.State, x.a.Severity = state, severity
	x.events = append(x.events, Event{Seq: x.a.Seq, Name: name, State: state, Severity: severity, At: at, Reason: reason})
}

// open is the state of an alert that wants to be answered.
func (x *advance) open() string {
	if x.t.Manual {
		return Pending
	}
	return Issued
}

// upgraded is the state after a higher severity: it asks again for what was signed for,
// answered or closed; what a supervisor has to decide, or has decided, stays so
// (as action upgraded of the machine of alerts).
func (x *advance) upgraded() string {
	switch x.a.State {
	case Acked, FedBack, Closed:
		return x.open()
	}
	return x.a.State
}

// step announces the next step.
func (x *advance) step(s Step) {
	rank := x.t.Rank(s.Severity)
	switch {
	case rank == 0:
		// The condition is over. A violation stays on record until people close
		// it; what was only a warning is cleared.
		if x.t.Auto && x.a.Seq > 0 && !x.a.Ended() && !x.a.waits() {
			x.emit(Cleared, Closed, x.a.Severity, "", s.At)
		}
	case x.a.Seq == 0 || x.a.State == Cancelled || x.a.State == Closed && x.wasOver:
		x.emit(Raised, x.open(), s.Severity, x.backdated(s), s.At)
	case rank > x.t.Rank(x.a.Severity) && x.a.State != Revoked:
		// Also what people have closed: they had not seen this severity.
		x.emit(Upgraded, x.upgraded(), s.Severity, x.backdated(s), s.At)
	}
	x.wasOver = rank == 0
}

// backdated is why a step is announced only now that was reached more than a day ago, when
// it is another calendar, catalogue or rule that put it there.
func (x *advance) backdated(s Step) string {
	if x.watermark-s.At > LateTolerance+x.t.Hold {
		return x.changed
	}
	return ""
}

// rewrite is for an alert whose past reads differently now.
func (x *advance) rewrite(reached []Step, lag int64) {
	top, at := x.top(reached)
	was := x.t.Rank(x.a.Severity)
	now := x.t.Rank(top)
	last := int64(0)
	if n := len(x.a.Announced); n > 0 {
		last = x.a.Announced[n-1].At
	}
	// The system cleared it; who closes a condition that is not over is a person.
	cleared := x.a.State == Closed && x.t.Auto && x.wasOver
	switch {
	case x.a.Ended() && x.a.State != Cancelled && !cleared:
		// People have closed it: history stays as it was decided.
	case now == 0 && x.a.Seq == 0:
	case now == 0 && x.a.State == Cancelled:
	case now < was && x.a.State == Cancelled:
	case x.a.State == Review && now < was: // it stands until a supervisor decides
	case now < was && was >= x.t.Card && x.a.waits():
		x.emit(ToReview, Review, x.a.Severity, x.why, last)
	case now < was && was >= x.t.Card && lag > LateTolerance && (x.why == LateData || x.why == CatalogueChanged):
		x.emit(ToReview, Review, x.a.Severity, x.why, last)
	case now == 0:
		x.emit(Cancel, Cancelled, x.a.Severity, x.why, last)
	case x.a.Seq == 0 || (x.a.State == Cancelled || cleared) && !x.over(reached):
		x.emit(Raised, x.open(), top, x.why, at)
	case now > was:
		x.emit(Upgraded, x.upgraded(), top, x.why, at)
	case x.over(reached) && x.t.Auto && x.a.State != Cancelled && !x.a.waits():
		x.emit(Cleared, Closed, top, x.why, reached[len(reached)-1].At)
	case x.a.State != Cancelled:
		x.emit(Corrected, x.a.State, top, x.why, at)
	}
}

// top is the highest severity among steps and when it was reached first.
func (x *advance) top(steps []Step) (severity string, at int64) {
	for _, s := range steps {
		if x.t.Rank(s.Severity) > x.t.Rank(severity) {
			severity, at = s.Severity, s.At
		}
	}
	return severity, at
}

// over reports whether the last step ends the alert.
func (x *advance) over(steps []Step) bool {
	return len(steps) == 0 || x.t.Rank(steps[len(steps)-1].Severity) == 0
}
