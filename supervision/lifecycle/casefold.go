package lifecycle

import (
	"slices"
	"strings"

	"duban/ingest/event"
	"duban/supervision/calendar"
)

// caseFold is the fold of one case at work. Facts come in fold order; between
// them fire the timers: what happens by the mere lapse of time.
type caseFold struct {
	f     *Folder
	out   *CaseState
	facts []event.Case // all that arrived, in whatever revision
	p     payload
	at    stage
	cur   Snapshot
	dirty bool // cur changed since the last snapshot
	stale bool // the dues have to be computed anew

	// ownProcess: limit_regime source; no statutory limit applies.
	ownProcess            bool
	applySeen, acceptSeen bool
	isTest, secret        bool // since the first fact, or by an amend: in no figure
	flags                 firstFlags
	hidden                bool // secret by a later fact
	regimeRefused         bool // the fact at hand asks for limits of its own that it may not have
	firstAt               int64
	outcome               Exclusion
	ended                 bool // StopAt is an end without a result
	legal, promise        calendar.Limit
	basis                 Basis
	item                  *event.Item
	version               string // of the item, as the acceptance names it, before it the application
	granted               []extension
	spans                 pauseSpans
	times                 pauseTimes // of the steps, when all facts are in
	byLaw, byPromise      reckoner
	promised, lawful      reckoning // K3 and K4
	licence               bool      // article 42 of the Licensing Law bounds the extensions
	region                string    // whose hall hours count
	noLegal               bool      // a joint case: its legal limit is K9
	legalDefault          bool      // the limit is that of the Licensing Law, as no other is known
	deemAt, capAt         int64     // timers; 0 = not set
	closedAt              int64     // when the case came to its last end
	receivedAt            int64     // start of the running K2
	submissionTold        int64     // when a submission of what was missing arrived first
	submitted             bool      // one has
	suspension, fee       int       // open pauses in out.Pauses, -1 = none
	k1, k2, k5, k7        int       // running clocks in out.Clocks, -1 = none
	k8, k10, k11, k12     int
	runs                  [13]uint16 // by number of the clock
	steps                 []stepRun
	openSteps             map[string]stepQueue // by code, the oldest first
	transferred           string
	// parentTold and acceptedTold are when the naming of the parent and the acceptance
	// arrived, acceptedSince is since when the case is accepted; 0 = they have not.
	parentTold, acceptedTold, acceptedSince int64
}

func (s *CaseState) reset() {
	*s = CaseState{
		Attributes: s.Attributes[:0], History: s.History[:0], Clocks: s.Clocks[:0],
		Steps: s.Steps[:0], Illegal: s.Illegal[:0], Pauses: s.Pauses[:0], FactEntries: s.FactEntries[:0],
	}
}

// fold folds the facts in force of the resolver into out, which is reset.
func (c *caseFold) fold(facts []event.Case, out *CaseState) {
	r := &c.f.resolver
	if len(c.steps) > 1024 { // a huge map is slow to clear
		c.openSteps = nil
	}
	*c = caseFold{f: c.f, out: out, facts: facts, p: payload{attributes: c.p.attributes}, at: atNone,
		suspension: -1, fee: -1, k1: -1, k2: -1, k5: -1, k7: -1, k8: -1, k10: -1, k11: -1, k12: -1, steps: c.steps[:0],
		granted: c.granted[:0], basis: BasisNone, spans: c.spans, times: c.times, byLaw: c.byLaw.reset(), byPromise: c.byPromise.reset(),
		openSteps: c.openSteps}
	c.spans.reset()
	c.f.attributes.reset()
	clear(c.openSteps)
	out.SourceSys, out.CaseNo = facts[0].SourceSys, facts[0].CaseNo
	out.Conflict, out.Facts = r.conflict, r.inForce
	out.FirstAt, out.LastAt = r.firstAt, r.lastAt
	out.CalendarVersion = c.f.cal.Version()
	if len(r.facts) == 0 {
		if out.FirstAt == 0 {
			out.FirstAt, out.LastAt = r.seenAt, r.seenAt
		}
		out.History = append(out.History, Snapshot{At: r.seenAt, Excluded: ExcludedVoid, PromiseBasis: BasisNone})
		return
	}
	c.firstAt = r.facts[0].at
	c.dirty, c.stale = true, true
	for i := range r.facts {
		x := &r.facts[i]
		c.fire(x.at)
		if i == 0 {
			c.begin(facts, x)
		}
		c.apply(&facts[x.idx], x)
		if i+1 < len(r.facts) && r.facts[i+1].at == x.at {
			continue
		}
		c.snapshot(x.at)
	}
	c.fire(1<<63 - 1)
	if r.passing {
		return
	}
	c.finishClocks()
	c.finishSteps()
	c.sortClocks()
	c.finishAttributes()
	c.member()
	if late := c.flags.late(out.eachDue); late != (flags{}) {
		defer func() { c.f.refused = flags{} }()
		c.f.refused = flags{test: late.test || c.f.refused.test, secret: late.secret || c.f.refused.secret}
		out.reset()
		c.fold(facts, out)
	}
}

// eachDue calls a function with each due that the case has or had, zero for none.
func (s *CaseState) eachDue(each func(int64)) {
	for i := range s.History {
		each(s.History[i].PromiseDue)
		each(s.History[i].LegalDue)
	}
	for i := range s.Clocks {
		each(s.Clocks[i].DueAt)
	}
}

// begin takes the flags of the first fact.
func (c *caseFold) begin(facts []event.Case, x *ref) {
	if e := &facts[x.idx]; len(e.Payload) <= 2 {
		return
	}
	c.f.payloadOf(facts[x.idx].Payload, nil, &c.p)
	c.flags = c.f.firstFlags(x, &c.p, len(facts), func(i int) delivery {
		return delivery{facts[i].EventID, facts[i].Payload, facts[i].Origin.ReceivedAt}
	})
	c.isTest, c.secret = c.flags.test, c.flags.secret
	c.hidden = c.p.secret == yes
}

// fire lets the timers go off that are due by an instant.
func (c *caseFold) fire(until int64) {
	for {
		next := c.deemAt
		if c.capAt != 0 && (next == 0 || c.capAt < next) {
			next = c.capAt
		}
		if next == 0 || next > until {
			return
		}
		if next == c.deemAt {
			c.deem()
		} else {
			c.capAt = 0 // the approved days are used up: the clocks run again
		}
		c.dirty, c.stale = true, true
		c.snapshot(next)
	}
}

// start is when K3 and K4 started, 0 when they have not.
func (c *caseFold) start() int64 {
	if !c.ownProcess {
		return c.cur.AcceptedAt
	}
	// A source may tell of an acceptance or application after its result.
	late := func(t int64) bool { return t == 0 || (c.cur.StopAt != 0 && t > c.cur.StopAt) }
	if !late(c.cur.AcceptedAt) {
		return c.cur.AcceptedAt
	}
	if !late(c.cur.AppliedAt) {
		return c.cur.AppliedAt
	}
	return c.firstAt
}

// snapshot writes what holds from an instant on.
func (c *caseFold) snapshot(at int64) {
	if !c.dirty {
		return
	}
	c.dues()
	s := &c.cur
	s.At = at
	s.State = c.at.status()
	s.Excluded = c.excluded()
	s.PauseUntil, s.LegalPauseUntil = c.pauseUntil(c.promised.pauses), c.pauseUntil(c.lawful.pauses)
	s.NetDays, s.MarginDays, s.LegalMarginDays = NullInt32{}, NullInt32{}, NullInt32{}
	if start := c.start(); s.StopAt != 0 && start != 0 {
		net := c.f.cal.CountWD(calendar.DayOf(start), calendar.DayOf(s.StopAt)) - c.promised.paused
		s.NetDays = NullInt32{V: max(net, 0), OK: true}
		s.MarginDays = margin(c.f.cal, s.StopAt, s.PromiseDue)
		s.LegalMarginDays = margin(c.f.cal, s.StopAt, s.LegalDue)
	}
	c.out.History = appendSnapshot(c.out.History, *s)
	c.dirty = false
}

// margin returns the working days from stop to due, negative when overdue and
// then at least one (domain guide 2.4).
func margin(cal *calendar.Calendar, stop, due int64) NullInt32 {
	if due == 0 {
		return NullInt32{}
	}
	a, b := calendar.DayOf(stop), calendar.DayOf(due)
	if stop > due {
		return NullInt32{V: -max(cal.CountWD(b, a), 1), OK: true}
	}
	return NullInt32{V: cal.CountWD(a, b), OK: true}
}

// excluded applies the counting rules C1 to C5 (domain guide 5.1).
func (c *caseFold) excluded() Exclusion {
	switch {
	case c.isTest:
		return ExcludedTest
	case c.secret:
		return ExcludedSecret
	case !c.applySeen && !c.acceptSeen:
		return ExcludedIncomplete
	}
	return c.outcome
}

// finishAttributes fills what follows from the whole case.
func (c *caseFold) finishAttributes() {
	o := c.out
	o.HandleOrg = o.OrgCode
	if c.transferred != "" {
		o.HandleOrg = c.transferred
	}
	o.IsTest, o.Secret, o.Hidden = c.isTest, c.secret, c.hidden && !c.secret
	if c.item == nil && o.TaskCode != "" {
		day := calendar.DayOf(c.firstAt)
		if c.cur.AppliedAt != 0 {
			day = calendar.DayOf(c.cur.AppliedAt)
		}
		c.lookUp(day)
	}
	if c.item != nil {
		o.ItemKnown = true
		o.TaskVersion = c.item.TaskVersion
		if o.ItemType == "" {
			o.ItemType = c.item.ItemType
		}
		if o.ProjectType == "" {
			o.ProjectType = c.item.ProjectType
		}
	}
	slices.SortFunc(o.Attributes, func(a, b Attribute) int { return strings.Compare(a.Key, b.Key) })
}

// lookUp finds the item version that governs the case.
func (c *caseFold) lookUp(day calendar.Day) {
	c.item = nil
	if c.out.TaskCode == "" {
		return
	}
	if it, ok := c.f.items.Item(c.out.TaskCode, c.version, int32(day)); ok {
		c.item = it
	}
}
