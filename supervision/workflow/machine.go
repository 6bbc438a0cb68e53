package workflow

import (
	"encoding/json"
	"slices"
	"sort"

	"duban/supervision/calendar"
)

// Days counts working days; calendar.Calendar does.
type Days interface {
	// AddWD is the n-th working day strictly after d.
	AddWD(d calendar.Day, n int32) calendar.Day
	// CountWD counts the working days x with a < x <= b.
	CountWD(a, b calendar.Day) int32
}

// Env is what a machine has to know of the world.
type Env struct {
	Days Days
	// Within reports whether an organisation is another one or below it.
	Within func(org, above string) bool
}

// DueIn returns the end of the n-th working day after the day of an instant.
func (e Env) DueIn(at int64, n int32) int64 { return e.Days.AddWD(calendar.DayOf(at), n).End() }

// Machine is the table of transitions of one kind. It may be used by several
// goroutines at once.
type Machine struct {
	kind  Kind
	table []transition
	// closed are the states that only reopen leaves.
	closed []State
	env    Env
}

// transition is one line of the table.
type transition struct {
	action string
	from   []State
	// to is the state after it; empty: the same, unless next says.
	to   State
	next func(it *Item, p payload) State
	who  []Role
	// co lets organisations act that stand beside the one that has to.
	co    bool
	needs []need
	// offer is false where the guard refuses at any time: then nobody is offered it.
	offer  func(*Item) bool
	guard  func(c *call) *Refusal
	effect func(c *call)
	// keep are the keys of the payload that the item keeps.
	keep []string
}

// call is one application of a transition.
type call struct {
	it  *Item
	e   *Event
	p   payload
	env Env
}

// New returns the machine of a kind, nil for a kind without one.
func New(kind Kind, env Env) *Machine {
	m := &Machine{kind: kind, env: env}
	switch kind {
	case Alert:
		m.table, m.closed = alertTable(), []State{AlertClosed, AlertRevoked, AlertCancelled}
	case Order:
		m.table, m.closed = orderTable(), []State{OrderClosed, OrderRevoked}
	case Rating:
		m.table, m.closed = ratingTable(), []State{RatingClosed, RatingExcluded}
	case Exposure:
		m.table, m.closed = exposureTable(), []State{ExposureArchived, ExposureTakenDown, ExposureDropped}
	case Referral:
		m.table, m.closed = referralTable(), []State{ReferralClosed, ReferralWithdrawn}
	case Outage:
		m.table, m.closed = outageTable(), []State{OutageRevoked}
	default:
		return nil
	}
	return m
}

// Kind is what the machine is about.
func (m *Machine) Kind() Kind { return m.kind }

// Closed reports whether a state ends the history unless somebody reopens it.
func (m *Machine) Closed(s State) bool { return slices.Contains(m.closed, s) }

// Apply checks an action against an item. Accepted, it returns the item after
// it and its event; refused, the reason, and the item as it was. The checks
// come in this order: seq, state, role, organisation, content.
func (m *Machine) Apply(it Item, a Action) (Item, Event, *Refusal) {
	if it.Seq != a.ExpectedSeq {
		return it, Event{}, m.late(it, a)
	}
	t := m.find(a.Action, it.State)
	if t == nil {
		return it, Event{}, m.unknown(it, a)
	}
	if r := m.may(t, &it, a.Role, a.OrgCode); r != nil {
		return it, Event{}, r
	}
	p, ok := parse(a.Payload)
	if !ok {
		return it, Event{}, refuse(Invalid, keyPayload)
	}
	for _, n := range t.needs {
		if r := n.check(p); r != nil {
			return it, Event{}, r
		}
	}
	e := Event{
		Seq: it.Seq + 1, Event: a.Action, Severity: it.Severity, At: a.At, RecordedAt: a.RecordedAt, Actor: a.Actor,
		Role: a.Role, OrgCode: a.OrgCode, Reason: a.Reason, ActionID: a.ID, Payload: a.Payload,
	}
	if g := p.text("ground"); e.Reason == "" && slices.Contains(Grounds(), g) {
		e.Reason = g // why somebody appeals or revokes
	}
	if t.guard != nil {
		if r := t.guard(&call{it: &it, e: &e, p: p, env: m.env}); r != nil {
			return it, Event{}, r
		}
	}
	e.State = it.State
	switch {
	case t.next != nil:
		e.State = t.next(&it, p)
	case t.to != "":
		e.State = t.to
	}
	out := m.Next(it, e)
	e.Severity = out.Severity
	return out, e, nil
}

// Next is the fold: the item after an event that was accepted.
func (m *Machine) Next(it Item, e Event) Item {
	out := it.clone()
	p, _ := parse(e.Payload)
	if t := m.find(e.Event, it.State); t != nil {
		for _, k := range t.keep {
			if v, ok := p[k]; ok {
				out.put(k, v)
			}
		}
		if t.effect != nil {
			t.effect(&call{it: &out, e: &e, p: p, env: m.env})
		}
	}
	if it.Seq == 0 {
		out.Kind, out.OpenedAt = m.kind, e.At
	}
	out.Seq, out.State, out.UpdatedAt = e.Seq, e.State, e.At
	switch {
	case !m.Closed(e.State):
		out.ClosedAt = 0
	case !m.Closed(it.State):
		out.ClosedAt, out.DueAt = e.At, 0
	}
	return out
}

func (it *Item) put(key string, v json.RawMessage) {
	if it.Data == nil {
		it.Data = map[string]json.RawMessage{}
	}
	it.Data[key] = v
}

func (m *Machine) find(action string, s State) *transition {
	for i := range m.table {
		if t := &m.table[i]; t.action == action && slices.Contains(t.from, s) {
			return t
		}
	}
	return nil
}

// late refuses what was meant for another seq.
func (m *Machine) late(it Item, a Action) *Refusal {
	switch {
	case it.Seq == 0:
		return refuse(Unknown, keyNone)
	case a.ExpectedSeq == 0 && m.find(a.Action, Absent) != nil:
		return refuse(Conflict, keyExists, "seq", number(it.Seq))
	}
	return refuse(Conflict, keySeq, "seq", number(it.Seq), "expected", number(a.ExpectedSeq), "state", string(it.State))
}

func (m *Machine) unknown(it Item, a Action) *Refusal {
	for i := range m.table {
		if m.table[i].action != a.Action {
			continue
		}
		if it.State == Absent {
			return refuse(Unknown, keyNone)
		}
		return refuse(Illegal, keyState, "action", a.Action, "state", string(it.State))
	}
	return refuse(Illegal, keyAction)
}

// may checks role and organisation.
func (m *Machine) may(t *transition, it *Item, role Role, org string) *Refusal {
	if !slices.Contains(t.who, role) {
		return refuse(Forbidden, keyRole, "role", string(role), "roles", roles(t.who))
	}
	switch {
	case role == HotlineAdmin && m.kind == Alert && it.Category != "hotline",
		role == HotlineAdmin && m.kind == Order && it.Seq > 0 && it.Origin != "hotline",
		role == Sysadmin && m.kind != Outage && it.Category != "data":
		return refuse(Forbidden, keyHotline, "role", string(role))
	case role == Sysadmin && m.kind == Outage && it.Seq > 0 && (it.Origin != "source" || it.Level == OutageExcuse):
		// What somebody may not declare he may not stretch or end either.
		return refuse(Forbidden, keyRole, "role", string(role), "roles", string(Supervisor))
	case (role == HotlineAdmin || role == Sysadmin) && m.kind == Alert && forDepartment(t.action) && it.OrgCode != "":
	case !ofDepartment(role) || it.Seq == 0:
		return nil
	}
	orgs := []string{it.OrgCode}
	if t.co {
		orgs = append(orgs, it.CoOrgs...)
	}
	for _, o := range orgs {
		if o != "" && org != "" && m.env.Within(o, org) {
			return nil
		}
	}
	return refuse(Forbidden, keyOrg)
}

// forDepartment reports whether an action speaks for the organisation that an alert
// charges. An office that looks after a category does not speak for others, nor would it
// then decide on its own appeal.
func forDepartment(action string) bool {
	return action == "feedback" || action == "appeal" || action == "assign"
}

// Allowed lists what somebody may do to an item as it stands, sorted: what a
// page offers him.
func (m *Machine) Allowed(it Item, role Role, org string) []string {
	var out []string
	for i := range m.table {
		t := &m.table[i]
		if slices.Contains(t.from, it.State) && m.may(t, &it, role, org) == nil && (t.offer == nil || t.offer(&it)) {
			out = append(out, t.action)
		}
	}
	sort.Strings(out)
	return slices.Compact(out)
}
