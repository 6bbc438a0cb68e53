package plan

import (
	"fmt"
	"strconv"

	"duban/supervision/simulate/world"
)

// Supervision orders and exposures: an office now and then gets one. What is
// planned keeps its limits unless the office is one of those that break a rule.

const (
	saltOrders    = 10
	saltExposures = 11
)

// WorkItem is an order or an exposure with what people do about it.
type WorkItem struct {
	Kind, ID  string
	org       int32
	Actions   []Action
	Violation string // the rule that it is planned to break
}

// WorkItems plans the orders and exposures of the period: about one of each for
// every tenth organisation, and for a share of all one that breaks a rule.
func WorkItems(w *world.World, seed uint64, source string, share float64, from, to int32) []WorkItem {
	var out []WorkItem
	place := func(salt uint64, i int) (way int, day int32, broken, any bool) {
		x := world.Scatter(seed, salt, int64(i))
		broken = world.Drawn(x, min(2*share, 1))
		span := uint64(max(to-from-12, 1))
		day = w.Days.Add(from+int32(world.Scatter(seed, salt+20, int64(i))%span), 1)
		return int(x >> 8 % 1024), day, broken, broken || share > 0 && x%10 == 3
	}
	for i := range w.Orgs {
		if way, day, broken, any := place(saltOrders, i); any {
			c := newOfficial(w, seed, saltOrders, int64(i), world.StartOf(day)+Morning, w.Orgs[i].Code)
			e := WorkItem{Kind: "order", ID: source + "-order-" + strconv.Itoa(i), org: int32(i)}
			if !broken {
				way = -1
			} else {
				e.Violation = "R-ORD-01"
			}
			c.order(w, &w.Orgs[i], way)
			e.Actions = c.actions
			out = append(out, e)
		}
		if way, day, broken, any := place(saltExposures, i); any {
			c := newOfficial(w, seed, saltExposures, int64(i), world.StartOf(day)+Morning, w.Orgs[i].Code)
			e := WorkItem{Kind: "exposure", ID: source + "-exposure-" + strconv.Itoa(i), org: int32(i)}
			if !broken {
				way = -1
			} else {
				e.Violation = "R-ORD-04"
			}
			c.exposure(w, &w.Orgs[i], way)
			e.Actions = c.actions
			out = append(out, e)
		}
	}
	return out
}

func (c *official) head(w *world.World, o *world.Organisation, more string) string {
	return fmt.Sprintf(`{"org_code":%q,"region_code":%q,"title":"逾期办件整改"%s}`, o.Code, w.Regions[o.Region].Code, more)
}

const answer = `{"answer":"已整改到位"}`

// order plans a supervision order: five working days to answer (domain guide
// 6.3). A lawful one is answered in time; the others in turn are answered late,
// very late, never, after an extension that was not enough, or late for the
// second time because the first answer was sent back.
func (c *official) order(w *world.World, o *world.Organisation, way int) {
	c.deadline(5)
	c.do("create", supervisor, "issued", c.head(w, o, `,"demand":"五个工作日内办结并书面反馈","issue":true`))
	c.soon()
	c.do("sign", manager, "signed", "{}")
	c.soon()
	c.do("start", handler, "in_progress", "{}")
	if way >= 0 {
		switch way % 5 {
		case 0:
			c.afterDue(c.between(1, 3))
		case 1:
			c.afterDue(c.between(4, 7))
		case 2:
			return
		case 3: // extended on its last day, when it is a warning already, and late
			c.onDay(world.LocalDay(c.due))
			c.due = world.EndOf(c.days.Add(world.LocalDay(c.due), 3))
			c.do("extend", supervisor, "in_progress", `{"days":3,"reason":"案情复杂"}`)
			c.afterDue(1)
		case 4:
			c.onDay(world.LocalDay(c.due))
			c.do("reply", manager, "replied", answer)
			c.later(1)
			c.due = world.EndOf(c.days.Add(world.LocalDay(c.due), 1)) // for the day on which it was read
			c.do("return", supervisor, "returned", `{"comment":"整改不到位"}`)
			c.later(c.between(1, 2))
		}
	} else {
		c.later(c.between(2, 5))
	}
	c.do("reply", manager, "replied", answer)
	c.later(1)
	c.due = 0
	c.do("accept", supervisor, "accepted", "{}")
	c.soon()
	c.do("close", supervisor, "closed", `{"summary":"办结"}`)
}

// exposure plans one from the candidate to the archive: five working days to
// answer what was published (domain guide 7.3).
func (c *official) exposure(w *world.World, o *world.Organisation, way int) {
	c.do("create", supervisor, "candidate", c.head(w, o, `,"grounds":"红牌办件"`))
	c.soon()
	c.do("approve", supervisor, "reviewed", `{"masked_text":"某单位办件超过法定时限"}`)
	c.soon()
	c.deadline(5)
	c.do("publish", supervisor, "published", "{}")
	switch {
	case way < 0:
		c.later(c.between(1, 5))
	case way%3 == 2:
		return
	default:
		c.afterDue(c.between(1, 5))
	}
	c.do("reply", manager, "replied", answer)
	c.later(1)
	c.do("publish_result", supervisor, "result_published", `{"result":"已整改"}`)
	c.later(c.between(1, 5))
	c.do("archive", supervisor, "archived", "{}")
}
