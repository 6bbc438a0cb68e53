package lifecycle

import (
	"cmp"
	"slices"
	"strings"

	"duban/supervision/calendar"
)

// startClock adds a running clock and returns its place.
func (c *caseFold) startClock(name string, t int64, limit calendar.Limit) int {
	due := c.f.cal.Due(t, limit, 0, c.f.policy.DueIn(c.out.RegionCode))
	c.out.Clocks = append(c.out.Clocks, Clock{
		Clock: name, No: c.run(name), StartAt: t, DueAt: due.At, Limit: NullInt32{limit.N, true},
		Unit: unitOf(limit), Outcome: Running, Provisional: due.Provisional,
	})
	return len(c.out.Clocks) - 1
}

// run counts the runs of a clock from 1.
func (c *caseFold) run(name string) uint16 {
	i := name[1] - '0'
	if len(name) > 2 {
		i = 10*i + name[2] - '0'
	}
	c.runs[i]++
	return c.runs[i]
}

// stopClock stops a running clock, and forgets it.
func (c *caseFold) stopClock(at *int, t int64) {
	if *at < 0 {
		return
	}
	k := &c.out.Clocks[*at]
	k.StopAt, k.Outcome = t, outcome(t, k.DueAt)
	*at = -1
}

// cancelClock stops a clock that no longer matters.
func (c *caseFold) cancelClock(at *int, t int64) {
	if *at < 0 {
		return
	}
	k := &c.out.Clocks[*at]
	k.StopAt = t
	if k.Outcome == Running { // K2 may have been missed before
		k.Outcome = Cancelled
		if k.DueAt != 0 && t > k.DueAt {
			k.Outcome = Missed // what had run out is not undone by an end
		}
	}
	*at = -1
}

func outcome(stop, due int64) Outcome {
	switch {
	case due == 0:
		return Unlimited
	case stop > due:
		return Missed
	}
	return Met
}

// startK2 starts the acceptance clock; a running one (an orphan's second
// submission) is replaced.
func (c *caseFold) startK2(t int64) {
	c.cancelClock(&c.k2, t)
	c.k2 = c.startClock("K2", t, calendar.Limit{N: c.f.policy.AcceptDays})
	c.deemAt, c.receivedAt = c.out.Clocks[c.k2].DueAt+1, t
}

func (c *caseFold) stopK2(t int64) {
	c.stopClock(&c.k2, t)
	c.deemAt = 0
}

// deem accepts the case by law: nothing was said within the acceptance limit,
// so it is accepted on the day of receipt (Licensing Law art. 32), and K3 and
// K4 have run since. K2 keeps running for the record until it is answered.
func (c *caseFold) deem() {
	c.out.Clocks[c.k2].Outcome = Missed
	c.deemAt = 0
	c.at = atAccepted
	c.cur.Deemed = true
	if c.cur.AcceptedAt == 0 {
		c.cur.AcceptedAt = c.receivedAt
		c.p = payload{attributes: c.p.attributes[:0]}
		c.setLimits()
	}
}

// setLimits takes the limits of K3 and K4: the snapshot that the acceptance
// carries, else the item version in force on the day of acceptance, else the
// law's (art. 42). A promise that is missing or longer than the law allows
// does not bind: the legal limit does (domain guide 2.4).
func (c *caseFold) setLimits() {
	c.stale = true
	c.region = c.out.RegionCode
	c.lookUp(calendar.DayOf(c.cur.AcceptedAt))
	p, policy := &c.p, &c.f.policy
	roll := policy.RollForward
	legalDays, legalUnit := p.legalDays, p.legalUnit
	promiseDays, promiseUnit := p.promiseDays, p.promiseUnit
	if it := c.item; it != nil {
		roll = it.RollForward
		if !legalDays.OK && it.LegalDays != nil && *it.LegalDays >= 0 {
			legalDays, legalUnit = NullInt32{*it.LegalDays, true}, it.LegalUnit
		}
		if !promiseDays.OK && it.PromiseDays != nil && *it.PromiseDays >= 0 {
			promiseDays, promiseUnit = NullInt32{*it.PromiseDays, true}, it.PromiseUnit
		}
	}
	c.licence = c.out.ItemType == "license" || c.item != nil && c.item.ItemType == "license"
	// The law's own limit of a joint case is that of the joint stage (art. 42 para. 2),
	// which ends with its sub-cases: K9, by rule R-JNT-01.
	c.noLegal = !legalDays.OK && c.out.ProjectType == "joint" && c.out.ParentCase == ""
	if c.noLegal {
		c.legal, c.promise, c.basis = calendar.Limit{}, calendar.Limit{}, BasisNone
		if promiseDays.OK {
			c.promise, c.basis = limitOf(promiseDays.V, promiseUnit, roll), BasisPromise
		}
		return
	}
	c.legal, c.legalDefault = calendar.Limit{N: policy.LegalDays, Unit: calendar.WorkingDays}, !legalDays.OK
	if legalDays.OK {
		c.legal = limitOf(legalDays.V, legalUnit, roll)
	}
	c.basis = BasisLegal
	if !promiseDays.OK {
		return
	}
	promise := limitOf(promiseDays.V, promiseUnit, roll)
	if !c.longer(promise, c.legal) {
		c.promise, c.basis = promise, BasisPromise
	}
}

// longer compares two limits; in different units by the moments they end.
func (c *caseFold) longer(a, b calendar.Limit) bool {
	if a.Unit == b.Unit {
		return a.N > b.N
	}
	cal, rule, t := c.f.cal, c.f.policy.DueIn(c.out.RegionCode), c.cur.AcceptedAt
	return cal.Due(t, a, 0, rule).At > cal.Due(t, b, 0, rule).At
}

func limitOf(n int32, unit string, roll bool) calendar.Limit {
	u := calendar.Unit(unit)
	switch u {
	case calendar.WorkingDays, calendar.CalendarDays, calendar.HallHours, calendar.Months:
	default:
		u = calendar.WorkingDays
	}
	return calendar.Limit{N: n, Unit: u, RollForward: roll}
}

func unitOf(l calendar.Limit) string {
	if l.Unit == "" {
		return string(calendar.WorkingDays)
	}
	return string(l.Unit)
}

// dues computes the dues in force when something that moves them happened.
func (c *caseFold) dues() {
	if !c.stale {
		return
	}
	c.stale = false
	s := &c.cur
	s.PromiseDue, s.LegalDue, s.PromiseBasis, s.Provisional = 0, 0, BasisNone, false
	start := c.start()
	c.lawful = reckoning{pauses: len(c.out.Pauses)}
	c.promised = c.lawful
	if start == 0 {
		if c.ownProcess {
			s.PromiseDue, s.PromiseBasis = c.sourceDue()
		}
		return
	}
	if c.ownProcess {
		c.promised.paused = c.pausedSince(start)
		s.PromiseDue, s.PromiseBasis = c.sourceDue()
		return
	}
	if !c.noLegal {
		c.lawful = c.reckon(&c.byLaw, start, c.legal, c.extendLegal)
	}
	switch c.basis {
	case BasisPromise:
		c.promised = c.reckon(&c.byPromise, start, c.promise, c.extendPromise)
	case BasisLegal:
		c.promised = c.lawful
	default:
		c.promised.paused = c.pausedSince(start)
	}
	s.LegalDue, s.PromiseDue, s.PromiseBasis = c.lawful.due.At, c.promised.due.At, c.basis
	s.Provisional = c.provisional(&c.lawful) || c.provisional(&c.promised)
}

// sourceDue is the deadline that the source itself gave.
func (c *caseFold) sourceDue() (int64, Basis) {
	if c.out.SourceDueAt == 0 {
		return 0, BasisNone
	}
	return c.out.SourceDueAt, BasisSource
}

// provisional reports whether a calendar notice or the open pause can still move a due.
func (c *caseFold) provisional(r *reckoning) bool {
	open := c.openPause()
	return r.due.Provisional || open >= 0 && open < r.pauses
}

// stop stops K3 and K4, once.
func (c *caseFold) stop(t int64) {
	if c.cur.StopAt != 0 || c.start() == 0 {
		return
	}
	c.endFee(t)
	c.cur.StopAt = t
}

// cancel stops every other clock at an end that is no result.
func (c *caseFold) cancel(t int64) {
	c.endFee(t)
	c.cancelClock(&c.k1, t)
	c.cancelClock(&c.k2, t)
	c.cancelClock(&c.k5, t)
	for _, k := range []*int{&c.k8, &c.k10, &c.k11, &c.k12} {
		c.cancelClock(k, t)
	}
	c.deemAt = 0
}

// endWithout ends the case without a result. It leaves the figures only while the promise
// was not yet broken (C1 to C3): what was overdue stays so when the applicant gives up
// waiting, or says to have. A case already decided keeps its decision as stop.
func (c *caseFold) endWithout(t int64, early Exclusion) {
	c.cancel(t)
	late := c.overdue(t)
	c.stale = true
	switch {
	case late:
	case c.cur.StopAt == 0:
		c.outcome = early
	case early != ExcludedTerminatedBeforeDue && (c.cur.PromiseDue == 0 || c.cur.StopAt <= c.cur.PromiseDue):
		c.outcome = early
	}
	if c.cur.StopAt == 0 && (late || early != ExcludedNotAccepted) {
		c.ended = true
		c.stop(t)
	}
}

// reopen lets the case go on with the time that was left: the days between the
// stop and the reopening are a pause.
func (c *caseFold) reopen(t int64) {
	s := &c.cur
	if s.StopAt != 0 {
		var at int // none is open: the clocks had stopped
		c.out.Pauses, at = insertPause(c.out.Pauses, Pause{Kind: PauseReopened, FromAt: s.StopAt, ToAt: t})
		c.pausesFrom(at)
	}
	s.StopAt, s.DecidedAt, s.FinishedAt, s.DeliveredAt = 0, 0, 0, 0
	c.outcome, c.ended, c.out.ResultType = "", false, ""
	c.cancelClock(&c.k5, t)
	c.cancelClock(&c.k12, t)
}

// result takes the result of a decision and starts the delivery clock of an
// approval (art. 44).
func (c *caseFold) result(t int64) {
	last(&c.out.ResultType, c.p.resultType)
	c.stopClock(&c.k10, t)
	approved := c.p.resultType == "approved" || c.p.resultType == "partial"
	if !approved || c.k5 >= 0 || c.ownProcess {
		return
	}
	if c.cur.DecidedAt != 0 {
		t = c.cur.DecidedAt // the finish only tells what was decided
	}
	c.k5 = c.startClock("K5", t, calendar.Limit{N: c.f.policy.DeliverDays})
}

// finishClocks writes K3 and K4 as the last fact and the last timer leave them.
func (c *caseFold) finishClocks() {
	start := c.start()
	if start == 0 {
		return
	}
	s := &c.cur
	k := Clock{Clock: "K3", No: 1, StartAt: start, StopAt: s.StopAt, DueAt: s.PromiseDue, PausedDays: c.promised.paused}
	if c.ownProcess {
		k.Outcome = c.outcomeOf(k.DueAt)
		c.out.Clocks = append(c.out.Clocks, k)
		return
	}
	switch c.basis {
	case BasisLegal:
		k.Limit, k.Unit = NullInt32{c.legal.N, true}, string(c.legal.Unit)
	case BasisPromise:
		k.Limit, k.Unit = NullInt32{c.promise.N, true}, string(c.promise.Unit)
	}
	if half := c.promise; c.basis == BasisPromise && half.Unit == calendar.HallHours {
		half.N /= 2
		c.out.HalfAt = c.due(start, half, c.promised.paused, 0).At
	}
	k.ExtendedDays = c.promised.extended
	k.Provisional = c.provisional(&c.promised)
	k.Outcome = c.outcomeOf(k.DueAt)
	c.out.Clocks = append(c.out.Clocks, k)

	if c.noLegal {
		return
	}
	k.Clock, k.DueAt, k.PausedDays, k.ExtendedDays = "K4", s.LegalDue, c.lawful.paused, c.lawful.extended
	k.Limit, k.Unit = NullInt32{c.legal.N, true}, string(c.legal.Unit)
	k.Provisional = c.provisional(&c.lawful)
	k.Outcome = c.outcomeOf(k.DueAt)
	c.out.Clocks = append(c.out.Clocks, k)
}

// outcomeOf is how K3 or K4 ended.
func (c *caseFold) outcomeOf(due int64) Outcome {
	stop := c.cur.StopAt
	switch {
	case due == 0:
		return Unlimited
	case stop == 0:
		return Running
	case stop <= due && (c.outcome != "" || c.ended):
		return Cancelled
	}
	return outcome(stop, due)
}

func (c *caseFold) sortClocks() {
	slices.SortFunc(c.out.Clocks, func(a, b Clock) int {
		return cmp.Or(cmp.Compare(a.StartAt, b.StartAt), strings.Compare(a.Clock, b.Clock), cmp.Compare(a.No, b.No))
	})
}
