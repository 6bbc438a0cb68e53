package evaluate

import (
	"context"
	"maps"
	"time"

	"duban/queries"
	"duban/supervision/alert"
	"duban/supervision/checkpoint"
	"duban/supervision/rule"
)

// Facts that come late are gathered before the days that they are about are evaluated
// again: for gatherLate at most, and not longer once none has come for lateQuiet, so that
// a load of history is judged soon after its end.
const (
	gatherLate = time.Hour
	lateQuiet  = 2 * time.Minute
)

// Arrived is what a round folded.
type Arrived struct {
	// Span are the deliveries of the round (fragment facts_range).
	Span queries.Args
	// Kind of its subjects; empty: none that rules are about.
	Kind    string
	Version uint64
	// Corrected: a void, an amend or another revision was among them, so that what is
	// taken back for them is for a supervisor.
	Corrected bool
}

// NoteLate keeps which closed days the facts of a round are about, before the cursors
// move: rules about days are evaluated again about them and all days since.
func (e *Evaluator) NoteLate(ctx context.Context, next func() uint64, round Arrived) error {
	if e.rules == nil || round.Kind == "" || len(e.rules.Of(rule.EachDay, "")) == 0 {
		return nil
	}
	args := maps.Clone(round.Span)
	args["version"] = round.Version
	about, any, err := selectTouched[round.Kind].First(ctx, e.reg, e.conn(), args)
	if err != nil || !any {
		return err
	}
	now, lag := e.now().UnixMilli(), max(about.LagMS, 1)
	if round.Corrected {
		lag = alert.Rewritten
	}
	late := checkpoint.LateFacts{LagMS: lag, SinceMS: now, LastMS: now}
	_, until := e.announced()
	first := startOfDay(later(about.FirstAt, until.Add(-judgedBack)))
	if first.Add(day).After(until) {
		return nil // about a day that is not over
	}
	late.DayS = first.Unix()
	marks, err := e.marks.Kept(ctx)
	if err != nil {
		return err
	}
	if judged, err := e.judgedDays(marks); err != nil || !judged {
		return err
	}
	old, err := marks.Touched()
	if err != nil {
		return err
	}
	if !old.None() {
		if late.DayS >= old.DayS && late.LagMS <= old.LagMS && late.Last().Before(old.Last().Add(lateQuiet/4)) {
			return nil // gathered already
		}
		late = late.Merge(old.LateFacts)
		late.SinceMS = old.SinceMS
	}
	return e.marks.Save(ctx, checkpoint.Touched{LateFacts: late}, next())
}

// judgedDays reports whether any rule over days was evaluated; while none was, there is
// nothing to evaluate again.
func (e *Evaluator) judgedDays(marks checkpoint.Set) (bool, error) {
	for _, r := range e.rules.Of(rule.EachDay, "") {
		if p, err := marks.Progress(r.ID, r.Version); err != nil || !p.UpTo.IsZero() {
			return err == nil, err
		}
	}
	return false, nil
}

// promoteLate has the days that late facts are about evaluated again, once they were
// gathered long enough. What a rule has not taken up from the last time stays among them.
func (e *Evaluator) promoteLate(ctx context.Context, next func() uint64) error {
	marks, err := e.marks.Kept(ctx)
	if err != nil {
		return err
	}
	touched, err := marks.Touched()
	if err != nil {
		return err
	}
	late := touched.LateFacts
	if late.None() || e.now().Before(late.Since().Add(gatherLate)) && e.now().Before(late.Last().Add(lateQuiet)) {
		return nil
	}
	old, err := marks.Rejudged()
	if err != nil {
		return err
	}
	if !old.None() {
		for _, r := range e.rules.Of(rule.EachDay, "") {
			p, err := marks.Progress(r.ID, r.Version)
			if err != nil {
				return err
			}
			if !p.UpTo.IsZero() && p.TakenUp != old.LateFacts {
				late = late.Merge(old.LateFacts)
				break
			}
		}
	}
	if err := e.marks.Save(ctx, checkpoint.Rejudged{LateFacts: late}, next()); err != nil {
		return err
	}
	return e.marks.Save(ctx, checkpoint.Touched{}, next())
}
