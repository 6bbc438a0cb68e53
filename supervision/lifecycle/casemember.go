package lifecycle

import (
	"cmp"
	"strings"

	"duban/ingest/event"
)

// parent takes the case of which this one is a sub-case, and since when it says so. It
// says so by its acceptance at the latest: a joint case whose stage has run out does not
// become a part of another one. A case is never a part of itself.
func (c *caseFold) parent(no string, x *ref) {
	if no == "" || no == c.out.CaseNo {
		return
	}
	again := no == c.out.ParentCase // what is said again was told by the first who said it
	if !again {
		c.out.ParentCase, c.out.ParentSince = no, x.at
	}
	told := c.told(x, func(e *event.Case) bool {
		if !strings.Contains(e.Payload, "parent_case_no") {
			return false
		}
		var p payload
		c.f.reader.read(e.Payload, &p)
		return p.parentCase == no
	})
	if !again || told < c.parentTold {
		c.parentTold = told
	}
}

// acceptedBy notes an acceptance; that the law takes a case for accepted makes it no part
// of another one, as nobody accepted it.
func (c *caseFold) acceptedBy(x *ref) {
	again := c.acceptedSince != 0
	if c.acceptSeen = true; !again {
		c.acceptedSince = x.at
	}
	if c.out.ParentCase == "" || again && c.acceptedTold == 0 {
		return
	}
	told := c.told(x, func(e *event.Case) bool { return e.Type == event.Accept })
	if !again || told < c.acceptedTold {
		c.acceptedTold = told
	}
}

// told is when a fact said something first, by its arrival: the earliest delivery, of any
// revision, that says it; what an amend adds is told with the amend.
func (c *caseFold) told(x *ref, says func(*event.Case) bool) int64 {
	at := int64(0)
	for _, d := range c.f.resolver.deliveries(x.id) {
		e := &c.facts[d.idx]
		if (at == 0 || e.Origin.ReceivedAt < at) && says(e) {
			at = e.Origin.ReceivedAt
		}
	}
	if at == 0 {
		for _, m := range x.amends {
			at = max(at, c.f.resolver.mods[m].origin.ReceivedAt)
		}
	}
	return cmp.Or(at, x.firstReceived)
}

// member settles since when a sub-case counts as one: it is named, and accepted. Nobody
// makes a joint case by an application that nobody accepts.
func (c *caseFold) member() {
	if o := c.out; o.ParentCase != "" && c.acceptedSince != 0 {
		o.MemberSince = max(o.ParentSince, c.acceptedSince)
		o.MemberToldAt = max(c.parentTold, c.acceptedTold)
	}
}
