package lifecycle

import (
	"duban/ingest/event"
	"duban/supervision/calendar"
)

// stepRun is what the fold remembers of a step beside its Step.
type stepRun struct {
	limit  NullInt32
	no     uint16 // of K6, in the order in which limits became known
	noTime bool   // an end without a start
	// next is the place of the run of the same step that was opened next, 0 = none.
	next int
}

// stepQueue are the open runs of a step, by their places in the order of their starts.
type stepQueue struct{ first, last int }

// stepStart opens a run of a step.
func (c *caseFold) stepStart(e *event.Case, x *ref) {
	code, at := c.stepCode(e), len(c.steps)
	c.out.Steps = append(c.out.Steps, Step{Code: code, Org: c.stepOrg(e), StartAt: x.at})
	c.steps = append(c.steps, stepRun{})
	if c.openSteps == nil {
		c.openSteps = map[string]stepQueue{}
	}
	q, open := c.openSteps[code]
	if open {
		c.steps[q.last].next = at
	} else {
		q.first = at
	}
	q.last = at
	c.openSteps[code] = q
	c.limitStep(at)
}

// limitStep takes the limit of a run, and numbers its clock: a limit that only the end
// names comes after those that were known by then, whose clocks keep their numbers.
func (c *caseFold) limitStep(i int) {
	if run := &c.steps[i]; c.p.limitDays.OK && !run.limit.OK {
		run.limit, run.no = c.p.limitDays, c.run("K6")
	}
}

// stepEnd closes the oldest open run of its step. An end without a start says
// when the step was over and nothing about its length.
func (c *caseFold) stepEnd(e *event.Case, x *ref) {
	code := c.stepCode(e)
	if q, open := c.openSteps[code]; open {
		at := q.first
		if q.first = c.steps[at].next; q.first == 0 {
			delete(c.openSteps, code)
		} else {
			c.openSteps[code] = q
		}
		c.out.Steps[at].EndAt = x.at
		c.limitStep(at)
		return
	}
	c.out.Steps = append(c.out.Steps, Step{Code: code, Org: c.stepOrg(e), StartAt: x.at, EndAt: x.at})
	c.steps = append(c.steps, stepRun{noTime: true})
}

func (c *caseFold) stepCode(e *event.Case) string {
	if c.p.stepCode != "" {
		return c.p.stepCode
	}
	return e.Activity
}

// stepOrg is the organisation that did the step.
func (c *caseFold) stepOrg(e *event.Case) string {
	switch {
	case e.OrgCode != "":
		return e.OrgCode
	case c.transferred != "":
		return c.transferred
	}
	return c.out.OrgCode
}

// finishSteps computes the times of the steps, and K6 of those with a limit.
// Steps stand in the order of their starts because facts are folded in it.
func (c *caseFold) finishSteps() {
	if len(c.out.Steps) == 0 {
		return
	}
	cal := c.f.cal
	c.spans.fill(cal, c.out.Pauses)
	c.times.fill(cal, c.out.Pauses)
	for i := range c.out.Steps {
		s, run := &c.out.Steps[i], c.steps[i]
		if s.EndAt != 0 && !run.noTime {
			ms := cal.WorkTime(s.StartAt, s.EndAt) - c.times.within(cal, s.StartAt, s.EndAt)
			s.NetDays = NullFloat64{float64(ms) / 86_400_000, true}
		}
		if i > 0 && !run.noTime && c.out.Steps[i-1].EndAt != 0 {
			wait := max(s.StartAt-c.out.Steps[i-1].EndAt, 0)
			s.WaitHours = NullFloat64{float64(wait) / 3_600_000, true}
		}
		if run.limit.OK && !run.noTime && !c.ownProcess {
			c.stepClock(s, run)
		}
	}
}

// stepClock adds K6 of one run of a step. A run that was never closed ends with the case:
// it is missed when its time was over by then, else nobody asks for it any more.
func (c *caseFold) stepClock(s *Step, run stepRun) {
	stop := s.EndAt
	if over := c.overSince(); stop == 0 && over != 0 {
		stop = max(over, s.StartAt)
	}
	end := stop
	if end == 0 {
		end = Still
	}
	paused, due := c.pausedWhileRunning(s.StartAt, end, calendar.Limit{N: run.limit.V})
	k := Clock{Clock: "K6", No: run.no, StartAt: s.StartAt, DueAt: due.At, StopAt: stop, Limit: run.limit,
		Unit: string(calendar.WorkingDays), PausedDays: paused, Outcome: Running, Provisional: due.Provisional}
	switch {
	case s.EndAt != 0:
		k.Outcome = outcome(s.EndAt, due.At)
	case stop != 0 && due.At != 0 && stop > due.At:
		k.Outcome = Missed
	case stop != 0:
		k.Outcome = Cancelled
	}
	c.out.Clocks = append(c.out.Clocks, k)
}

// overSince is when the case was over: its decision or its end; 0 while it runs.
func (c *caseFold) overSince() int64 {
	switch {
	case c.cur.StopAt != 0:
		return c.cur.StopAt
	case c.at&(atOpen|atNone) == 0:
		return c.closedAt
	}
	return 0
}
