package lifecycle

import (
	"cmp"
	"slices"

	"duban/supervision/calendar"
)

// suspend opens a special procedure. It takes as many days out of the clocks as were
// approved (domain guide 2.2, "must carry"), and no more than the policy knows: one that
// names none takes none. In a process of its source's own none need be named.
func (c *caseFold) suspend(t int64) {
	c.endSuspension(t) // of a case whose beginning is missing
	p := Pause{Kind: PauseSuspension, Detail: c.p.suspendType, FromAt: t}
	if days := c.p.approvedDays; days.OK || !c.ownProcess {
		days = NullInt32{V: min(days.V, c.f.policy.SuspendDays), OK: true}
		day := calendar.DayOf(t)
		end := day
		if days.V > 0 {
			end = c.f.cal.AddWD(day, days.V)
		}
		p.CapAt = end.End()
		c.capAt = p.CapAt + 1
		c.k7 = len(c.out.Clocks)
		c.out.Clocks = append(c.out.Clocks, Clock{
			Clock: "K7", No: c.run("K7"), StartAt: t, DueAt: p.CapAt, Limit: days, Unit: string(calendar.WorkingDays),
			Outcome: Running, Provisional: c.f.cal.ProvisionalSpan(day, end),
		})
	}
	c.suspension = len(c.out.Pauses)
	c.out.Pauses = append(c.out.Pauses, p)
	c.pausesFrom(c.suspension)
}

// endSuspension ends the open special procedure, if any.
func (c *caseFold) endSuspension(t int64) {
	if c.suspension < 0 {
		return
	}
	c.out.Pauses[c.suspension].ToAt = t
	c.pausesFrom(c.suspension)
	c.suspension, c.capAt = -1, 0
	c.stopClock(&c.k7, t)
	c.stale = true
}

// feeNotice pauses the clocks until the fee is paid where the item says so.
func (c *caseFold) feeNotice(t int64) {
	if c.item == nil || !c.item.FeePauses || c.fee >= 0 || c.ownProcess || c.start() == 0 || c.cur.StopAt != 0 {
		return
	}
	c.fee = len(c.out.Pauses)
	c.out.Pauses = append(c.out.Pauses, Pause{Kind: PauseFee, FromAt: t})
	c.pausesFrom(c.fee)
}

func (c *caseFold) endFee(t int64) {
	if c.fee < 0 {
		return
	}
	c.out.Pauses[c.fee].ToAt = t
	c.pausesFrom(c.fee)
	c.fee = -1
	c.stale = true
}

// openPause is the place of the open pause whose end can still move a due, -1 = none.
func (c *caseFold) openPause() int {
	switch {
	case c.fee >= 0:
		return c.fee
	case c.suspension >= 0 && (c.capAt != 0 || c.out.Pauses[c.suspension].CapAt == 0):
		return c.suspension
	}
	return -1 // none, or its approved days are used up
}

// pauseUntil is the end, as far as it is known, of the open pause of a clock for which
// the first pauses count: one that begins after the due stops nothing.
func (c *caseFold) pauseUntil(pauses int) int64 {
	open := c.openPause()
	switch {
	case c.ownProcess || c.cur.StopAt != 0 || open < 0 || open >= pauses:
		return 0
	case open == c.fee || c.capAt == 0:
		return Still
	}
	return c.capAt - 1
}

// pausedSince counts the paused working days since a start, of all pauses so far.
func (c *caseFold) pausedSince(start int64) int32 {
	c.spans.fill(c.f.cal, c.out.Pauses)
	return c.spans.within(c.f.cal, len(c.out.Pauses), start, 1<<62)
}

// pausedWhileRunning counts the paused working days of a clock that runs from start to
// end, Still while it runs, and its due. A pause that begins when the clock has run out
// moves nothing: what was late then stays late. One without a known end lasts as long as
// the clock does; while both go on, the due is not known.
//
// Pauses that begin by the due that those before them give all count, whatever they add:
// so it goes from due to due and not from pause to pause.
func (c *caseFold) pausedWhileRunning(start, end int64, limit calendar.Limit) (paused int32, due calendar.Due) {
	pauses, rule := c.out.Pauses, c.f.policy.DueIn(c.out.RegionCode)
	fee := c.fee
	if end == Still {
		fee = -1
	}
	for n := 0; ; {
		c.f.rounds++
		paused = c.pausedWith(n, fee, start, end)
		due = c.f.cal.Due(start, limit, paused, rule)
		next, _ := slices.BinarySearchFunc(pauses, due.At+1, func(p Pause, at int64) int { return cmp.Compare(p.FromAt, at) })
		if next <= n {
			return paused, due
		}
		if endless := c.times.endlessFrom(n, fee); endless < next {
			return c.pausedWith(endless, fee, start, end), calendar.Due{Provisional: true}
		}
		n = next
	}
}

// pausedWith counts the paused days of the first n pauses from start to end. The open
// pause for a fee, if it is one of them, lasts until the end.
func (c *caseFold) pausedWith(n, fee int, start, end int64) int32 {
	cal := c.f.cal
	if fee < 0 || fee >= n {
		return c.spans.within(cal, n, start, end)
	}
	from, last := max(c.out.Pauses[fee].FromAt, start), calendar.DayOf(end)
	if calendar.DayOf(from) >= last {
		return c.spans.within(cal, n, start, end)
	}
	return c.spans.within(cal, n, start, from) + cal.CountWD(calendar.DayOf(from), last)
}

// addDays adds numbers of days without running over.
func addDays(a, b int32) int32 { return int32(min(int64(a)+int64(b), 1<<30)) }

// insertPause adds a pause behind those that begin no later, and returns its place.
func insertPause(pauses []Pause, p Pause) ([]Pause, int) {
	at, _ := slices.BinarySearchFunc(pauses, p.FromAt+1, func(p Pause, from int64) int { return cmp.Compare(p.FromAt, from) })
	return slices.Insert(pauses, at, p), at
}

// Days returns the day set (from, to] that the pause takes out.
func (p *Pause) Days() (from, to calendar.Day) {
	from = calendar.DayOf(p.FromAt)
	switch end := p.End(); end {
	case 0:
		return from, from
	default:
		return from, calendar.DayOf(end)
	}
}

// End is the last instant of the pause, 0 when it is open without a cap.
func (p *Pause) End() int64 {
	switch {
	case p.ToAt == 0:
		return p.CapAt
	case p.CapAt == 0:
		return p.ToAt
	}
	return min(p.ToAt, p.CapAt)
}
