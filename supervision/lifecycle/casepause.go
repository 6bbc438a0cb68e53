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
}

// endSuspension ends the open special procedure, if any.
func (c *caseFold) endSuspension(t int64) {
	if c.suspension < 0 {
		return
	}
	c.out.Pauses[c.suspension].ToAt = t
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
}

func (c *caseFold) endFee(t int64) {
	if c.fee < 0 {
		return
	}
	c.out.Pauses[c.fee].ToAt = t
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

// pausedDays counts the working days after the day of start, through the day of
// end, that lie in the union of the pauses' day sets (domain guide 2.4). Pauses
// are sorted by FromAt. An open pause with a cap counts as used up, one without
// a cap as not yet begun: its length is not known.
func pausedDays(cal *calendar.Calendar, pauses []Pause, start, end int64) int32 {
	n, covered := int32(0), calendar.DayOf(start)
	for i := range pauses {
		from, to := pauses[i].Days()
		from, to = max(from, covered), min(to, calendar.DayOf(min(end, Still)))
		if to > from {
			n += cal.CountWD(from, to)
			covered = to
		}
	}
	return n
}

// pausedWhileRunning counts the paused working days of a clock that runs from start to
// end, Still while it runs, and its due. A pause that begins when the clock has run out
// moves nothing: what was late then stays late. One without a known end lasts as long as
// the clock does; while both go on, the due is not known.
func (c *caseFold) pausedWhileRunning(start, end int64, limit calendar.Limit) (paused int32, due calendar.Due) {
	pauses := c.out.Pauses
	if c.fee >= 0 && end != Still {
		pauses = slices.Clone(pauses)
		pauses[c.fee].ToAt = max(end, pauses[c.fee].FromAt)
	}
	for n := 0; ; n++ {
		paused = pausedDays(c.f.cal, pauses[:n], start, end)
		due = c.f.cal.Due(start, limit, paused, c.f.policy.DueIn(c.out.RegionCode))
		if n == len(pauses) || pauses[n].FromAt > due.At {
			return paused, due
		}
		if pauses[n].End() == 0 {
			return paused, calendar.Due{Provisional: true}
		}
	}
}

// addDays adds numbers of days without running over.
func addDays(a, b int32) int32 { return int32(min(int64(a)+int64(b), 1<<30)) }

func sortPauses(pauses []Pause) {
	slices.SortStableFunc(pauses, func(a, b Pause) int { return cmp.Compare(a.FromAt, b.FromAt) })
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
