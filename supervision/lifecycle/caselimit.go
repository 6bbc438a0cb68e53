package lifecycle

import "duban/supervision/calendar"

// extension is one extension of a case, in the order in which they were granted.
type extension struct {
	at, days int64
	// joint: granted by the head of a government in joint processing, so that the
	// longer extension of article 42 is open to it.
	joint bool
}

// reckoning is the due of K3 or K4 and what moved it. What was due at an instant is not
// undone by what happens after it: a pause or an extension moves a due only if it
// begins, or is granted, while that due has not passed. Each of the two clocks asks so
// by its own due.
type reckoning struct {
	due      calendar.Due
	paused   int32
	extended int32
	// pauses is how many of the pauses of the case count, in the order in which they began.
	pauses int
}

// reckoner works out a due of K3 or K4 again and again while facts come in. It goes on
// where it stood, and goes back only over what changed: a case with thousands of pauses
// costs no more per fact than one with two.
type reckoner struct {
	by  reckonedBy
	now reckoned
	// before are the states before each entry that counts, in order.
	before []reckoned
}

// reckonedBy is what a due depends on beside the pauses and the extensions.
type reckonedBy struct {
	start                 int64
	limit, legal          calendar.Limit
	region                string
	licence, legalDefault bool
}

// reckoned is how many pauses and extensions count, and what they came to.
type reckoned struct {
	pauses, granted int
	extended        int32
	unlimited       bool // a pause without a known end has begun in time
}

// reset forgets what was worked out and keeps the memory.
func (r *reckoner) reset() reckoner { return reckoner{before: r.before[:0]} }

// back takes back what is not certain any more when the pause at a place, which begins at
// an instant, is new or another one.
func (r *reckoner) back(pause int, from int64, granted []extension) {
	for n := len(r.before); n > 0 && (r.now.pauses > pause || r.now.granted > 0 && granted[r.now.granted-1].at >= from); n-- {
		r.now = r.before[n-1]
		r.before = r.before[:n-1]
	}
}

// reckon works out a due from the limit, the pauses and the extensions so far. extend
// tells how many days an extension adds to those that count already.
func (c *caseFold) reckon(r *reckoner, start int64, limit calendar.Limit, extend func(so int32, x *extension) int32) reckoning {
	if by := (reckonedBy{start, limit, c.legal, c.region, c.licence, c.legalDefault}); r.by != by {
		*r = r.reset()
		r.by = by
	}
	pauses, granted := c.out.Pauses, c.granted
	c.spans.fill(c.f.cal, pauses)
	for {
		c.f.rounds++
		paused := c.spans.within(c.f.cal, r.now.pauses, start, 1<<62)
		due := c.due(start, limit, paused, r.now.extended)
		within := func(t int64) bool { return r.now.unlimited || due.At == 0 || t <= due.At }
		next := r.now
		more := next.pauses < len(pauses)
		switch extends := next.granted < len(granted) && (!more || granted[next.granted].at < pauses[next.pauses].FromAt); {
		case extends && within(granted[next.granted].at):
			next.extended = addDays(next.extended, extend(next.extended, &granted[next.granted]))
			next.granted++
		case !extends && more && within(pauses[next.pauses].FromAt):
			next.unlimited = next.unlimited || pauses[next.pauses].End() == 0
			next.pauses++
		default:
			return reckoning{due: due, paused: paused, extended: next.extended, pauses: next.pauses}
		}
		r.before = append(r.before, r.now)
		r.now = next
	}
}

// pausesFrom says that the pause at a place is new or another one.
func (c *caseFold) pausesFrom(at int) {
	c.spans.forget(at)
	from := c.out.Pauses[at].FromAt
	c.byLaw.back(at, from, c.granted)
	c.byPromise.back(at, from, c.granted)
}

// due computes the due moment of K3 or K4. The days of an extension are days of the
// limit that they extend: calendar days where the law counts in those (sixty days
// and thirty more), else working days. Pauses take out working days always.
func (c *caseFold) due(start int64, limit calendar.Limit, paused, extended int32) calendar.Due {
	extra := paused
	if limit.Unit == calendar.CalendarDays && limit.N > 0 {
		limit.N = addDays(limit.N, extended)
	} else {
		extra = addDays(extra, extended)
	}
	return c.f.cal.Due(start, limit, extra, c.f.policy.DueIn(c.region))
}

// grant notes an extension.
func (c *caseFold) grant(t int64) {
	c.granted = append(c.granted, extension{
		at: t, days: int64(c.p.days.V),
		joint: c.p.approverLevel == "government_head" && (c.out.ProjectType == "joint" || c.out.ParentCase != ""),
	})
}

// extendLegal is what an extension adds to the legal limit, in its unit. Article 42 of
// the Licensing Law bounds the extension of what it applies to: licences, and cases of
// which no other limit is known; once, and ten working days. Other acts have limits and
// extensions of their own (twenty working days and twenty more for open government,
// sixty calendar days and thirty for a review); there what was told counts, and rule
// R-DDL-13 looks at it.
func (c *caseFold) extendLegal(so int32, x *extension) int32 {
	if c.legal.Unit == calendar.CalendarDays || !c.licence && !c.legalDefault {
		return int32(x.days)
	}
	if so != 0 {
		return 0
	}
	most := c.f.policy.ExtendDays
	if x.joint {
		most = c.f.policy.JointExtendDays
	}
	return max(0, min(int32(x.days), most))
}

// extendPromise is what an extension adds to the promise.
func (c *caseFold) extendPromise(_ int32, x *extension) int32 {
	if c.f.policy.ExtendMovesPromise {
		return int32(x.days)
	}
	return 0
}

// overdue reports whether the promise is broken by an instant: it had run out while the
// clock ran.
func (c *caseFold) overdue(t int64) bool {
	c.dues()
	s := &c.cur
	return s.StopAt == 0 && s.PromiseDue != 0 && t > s.PromiseDue && c.pauseUntil(c.promised.pauses) == 0
}

// broken reports whether the promise or the legal limit is.
func (c *caseFold) broken(t int64) bool {
	return c.overdue(t) || c.cur.StopAt == 0 && c.cur.LegalDue != 0 && t > c.cur.LegalDue && c.pauseUntil(c.lawful.pauses) == 0
}
