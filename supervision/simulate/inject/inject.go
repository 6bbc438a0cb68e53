package inject

import (
	"slices"

	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// A share of the lives breaks one rule on purpose. Which lives these are and
// what they break depends on the seed and the number of the life alone, so
// that every other life is the same whatever the share.

// violation is one way to break a rule.
type violation struct {
	rule string
	// suits says which services can break it; nil = all.
	suits func(t *world.Title) bool
	// online: the application has to come over the net.
	online bool
	// plan plans the life from the application on.
	plan func(p *Injector)
}

const (
	streamInject = 4
	// saltItems and saltOrgs tell the draws of items and organisations apart.
	saltItems = 5
	saltOrgs  = 6
)

// Injector plans the lives that break a rule, with the means of a planner.
type Injector struct {
	*plan.Planner
	// share is the share of lives that break a rule on purpose.
	share float64
	// tickets is how many there will be.
	tickets int64
}

// New lets a share of the lives of a planner break a rule each.
func New(p *plan.Planner, share float64, tickets int64) *Injector {
	i := &Injector{Planner: p, share: share, tickets: tickets}
	p.Injector = i
	return i
}

// Case plans the case at hand so that it breaks a rule when it is drawn to.
func (p *Injector) Case(stream uint64, index int64) bool {
	if !p.drawn(stream, index) {
		return false
	}
	p.injectCase()
	return true
}

// Ticket does the same for a ticket that has been received.
func (p *Injector) Ticket(stream uint64, index int64) bool {
	if p.repeated(stream, index) {
		return true
	}
	if !p.drawn(stream, index) {
		return false
	}
	p.injectTicket()
	return true
}

// drawn reports whether a life is drawn to break a rule.
func (p *Injector) drawn(stream uint64, index int64) bool {
	return p.share > 0 && world.Drawn(world.Scatter(p.Seed, streamInject<<4|stream, index), p.share)
}

// turn picks what the life breaks: each in turn, in no order.
func (p *Injector) turn(stream uint64, n int) int {
	return int(world.Scatter(p.Seed, streamInject<<5|stream, p.Life.Index) % uint64(n))
}

// injectCase plans a case that breaks one rule.
func (p *Injector) injectCase() {
	s, w := p.Life, p.World
	what := &caseViolations[p.turn(plan.StreamCase, len(caseViolations))]
	if what.suits != nil && !what.suits(w.Items[s.Item].Title) {
		s.Item = p.suitable(what.suits)
		s.Org = w.Items[s.Item].Org
		s.Region = w.Orgs[s.Org].Region
		p.Acting = s.Org
		s.No = world.AppendNumber(s.No[:0], "ZW", w.Regions[s.Region].Code, s.Day, s.Index)
	}
	s.Planted = what.rule
	s.Test, s.Secret = false, false
	s.Channel = p.ApplyChannel(w.Items[s.Item].Title, w.Orgs[s.Org].Level)
	if what.online {
		s.Channel = "web"
	} else if w.Days.Working(s.Day) && s.Channel == "auto" {
		s.Channel = "hall"
	}
	what.plan(p)
}

// suitable draws an item among those whose service suits.
func (p *Injector) suitable(suits func(t *world.Title) bool) int32 {
	w := p.World
	for range 400 {
		if i := w.CaseItems.Draw(p.Rand); suits(w.Items[i].Title) {
			return int32(i)
		}
	}
	return int32(max(0, slices.IndexFunc(w.Items, func(it world.Item) bool { return suits(it.Title) })))
}

// Reference breaks the rules of the catalogue and of the directory.
func Reference(w *world.World, seed uint64, share float64) {
	for i := range w.Items {
		w.Items[i].ThinGuide = world.Drawn(world.Scatter(seed, saltItems, int64(i)), share)
	}
	for i := range w.Orgs {
		w.Orgs[i].HiddenList = world.Drawn(world.Scatter(seed, saltOrgs, int64(i)), share)
	}
}
