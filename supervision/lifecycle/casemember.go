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
	if no == "" || no == c.out.CaseNo || no == c.out.ParentCase {
		return
	}
	c.out.ParentCase, c.out.ParentSince = no, x.at
	c.parentTold = c.told(x, func(e *event.Case) bool {
		if !strings.Contains(e.Payload, "parent_case_no") {
			return false
		}
		var p payload
		c.f.reader.read(e.Payload, &p)
		return p.parentCase == no
	})
}

// told is when a fact said something first, by its arrival: the earliest delivery, of any
// revision, that says it. What an amend adds is told with its fact, as an amend has an
// approver.
func (c *caseFold) told(x *ref, says func(*event.Case) bool) int64 {
	at := int64(0)
	for i := range c.facts {
		e := &c.facts[i]
		if e.EventID == x.id && (at == 0 || e.Origin.ReceivedAt < at) && says(e) {
			at = e.Origin.ReceivedAt
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
