package workflow

import (
	"encoding/json"
	"slices"

	"duban/supervision/calendar"
)

// States of a supervision order (domain guide 6.3). A returned order is
// answered again; one that should not have been issued is revoked.
const (
	OrderDraft      State = "draft"
	OrderIssued     State = "issued"
	OrderSigned     State = "signed"
	OrderInProgress State = "in_progress"
	OrderReplied    State = "replied"
	OrderAccepted   State = "accepted"
	OrderReturned   State = "returned"
	OrderClosed     State = "closed"
	OrderRevoked    State = "revoked"
)

// Limits of orders in working days (domain guide 6.3).
const (
	signWD      = 1
	orderWD     = 5
	maxExtendWD = 10
)

// Levels of orders, and where they come from.
func orderLevels() []string { return []string{"normal", "key", "leader"} }
func origins() []string     { return []string{"rule", "leader", "hotline", "exposure", "rating"} }

// OrderLevels are the levels of orders, ascending.
func OrderLevels() []string { return orderLevels() }

// OrderOrigins are the places that orders come from.
func OrderOrigins() []string { return origins() }

func orderTable() []transition {
	issuer := []Role{Supervisor, Leader, HotlineAdmin}
	dept := []Role{DeptManager, WindowManager, Handler}
	open := []State{OrderIssued, OrderSigned, OrderInProgress, OrderReplied, OrderReturned}
	head := append(texts("org_code", "title", "demand"),
		need{key: "level", kind: needChoice, values: orderLevels(), optional: true},
		need{key: "origin", kind: needChoice, values: origins(), optional: true})
	kept := []string{"title", "demand", "attachments"}
	fresh := []State{OrderDraft, OrderIssued, OrderSigned, OrderInProgress, OrderReturned}
	return []transition{
		{action: "create", from: []State{Absent}, who: append([]Role{System}, issuer...), needs: head, guard: dueByLeader,
			keep: append([]string{"rule", "day"}, kept...),
			next: draftOrIssued, effect: createOrder},
		// Further cards of the group for which the system opened the order; one that
		// was taken back leaves it, and the last one takes the order along.
		{action: "join", from: fresh, who: []Role{System}, needs: []need{{key: "alerts", kind: needList}}, effect: joinOrder},
		{action: "leave", from: append([]State{OrderReplied}, fresh...), who: []Role{System},
			needs: []need{{key: "alerts", kind: needList}}, next: withoutCards,
			effect: func(c *call) { c.it.Alerts, c.it.Subjects = remaining(c.it, c.p) }},
		{action: "edit", from: []State{OrderDraft}, who: issuer, needs: head, guard: dueByLeader, keep: kept, effect: orderHead},
		{action: "issue", from: []State{OrderDraft}, who: issuer, to: OrderIssued, effect: issueOrder},
		{action: "sign", from: []State{OrderIssued}, who: dept, to: OrderSigned, effect: func(c *call) { c.it.DueAt = c.it.FinalDueAt }},
		{action: "assign", from: open, who: dept[:2], needs: texts("assignee"), effect: func(c *call) { c.it.Assignee = c.p.text("assignee") }},
		{action: "start", from: []State{OrderSigned, OrderReturned}, who: dept, to: OrderInProgress},
		{action: "co_reply", from: open, who: dept, co: true, needs: texts("answer"), effect: coReply},
		{action: "request_extension", from: []State{OrderSigned, OrderInProgress}, who: dept[:1], needs: append(texts("reason"), extension()),
			guard: extendable, effect: func(c *call) { c.it.put("extension_requested", c.p["days"]) }},
		{action: "extend", from: []State{OrderIssued, OrderSigned, OrderInProgress}, who: issuer, needs: append(texts("reason"), extension()),
			guard: extendable, effect: extendOrder},
		{action: "reply", from: []State{OrderSigned, OrderInProgress, OrderReturned}, who: dept, to: OrderReplied, needs: texts("answer"),
			keep: []string{"answer", "attachments"}, effect: func(c *call) { c.it.StoppedAt = c.e.At }},
		{action: "accept", from: []State{OrderReplied}, who: issuer, to: OrderAccepted, effect: func(c *call) { c.it.DueAt = 0 }},
		{action: "return", from: []State{OrderReplied}, who: issuer, to: OrderReturned, needs: texts("comment"),
			guard: dueByLeader, effect: returnOrder},
		{action: "close", from: []State{OrderAccepted}, who: issuer, to: OrderClosed, keep: []string{"summary"}},
		{action: "revoke", from: append([]State{OrderDraft}, open...), who: issuer, to: OrderRevoked, needs: texts("comment")},
		{action: "reopen", from: []State{OrderClosed}, who: []Role{Supervisor, Leader}, to: OrderInProgress, needs: texts("comment"),
			guard: dueByLeader, effect: reopenOrder},
		{action: "note", from: append([]State{OrderDraft, OrderAccepted}, open...), who: append(append([]Role{}, issuer...), DeptManager),
			co: true, needs: texts("comment")},
	}
}

func extension() need { return need{key: "days", kind: needNumber, min: 1, max: maxExtendWD} }

func draftOrIssued(_ *Item, p payload) State {
	if p.flag("issue") {
		return OrderIssued
	}
	return OrderDraft
}

// dueByLeader: five working days unless a leader sets a date, which must lie
// ahead; and only a leader's order is of his level.
func dueByLeader(c *call) *Refusal {
	due, ok := c.p.due("due")
	switch {
	case !ok:
		return refuse(Invalid, keyMissing, "field", "due")
	case due != 0 && c.e.Role != Leader, c.p.text("level") == "leader" && c.e.Role != Leader:
		return refuse(Invalid, keyLeader)
	case due != 0 && due <= c.e.At:
		return refuse(Invalid, keyPast)
	}
	return nil
}

// orderHead takes over what an order says.
func orderHead(c *call) {
	it, p := c.it, c.p
	it.OrgCode, it.RegionCode, it.CoOrgs = p.text("org_code"), p.text("region_code"), p.list("co_orgs")
	it.Level, it.Subjects, it.Alerts = p.text("level"), p.list("subjects"), p.list("alerts")
	if it.Level == "" {
		it.Level = "normal"
		if c.e.Role == Leader {
			it.Level = "leader"
		}
	}
	if due, _ := p.due("due"); due != 0 {
		it.FinalDueAt = due
	}
}

func createOrder(c *call) {
	orderHead(c)
	switch origin := c.p.text("origin"); {
	case c.e.Role == Leader:
		c.it.Origin = "leader"
	case c.e.Role == HotlineAdmin:
		c.it.Origin = "hotline"
	case origin != "":
		c.it.Origin = origin
	default:
		c.it.Origin = "rule"
	}
	if c.e.State == OrderIssued {
		issueOrder(c)
	}
}

// issueOrder starts the clocks: one day to sign, five for the whole.
func issueOrder(c *call) {
	if c.it.FinalDueAt <= c.e.At {
		c.it.FinalDueAt = c.env.DueIn(c.e.At, orderWD)
	}
	c.it.DueAt = min(c.env.DueIn(c.e.At, signWD), c.it.FinalDueAt)
}

func coReply(c *call) {
	var all map[string]json.RawMessage
	_ = json.Unmarshal(c.it.Data["co_replies"], &all) // absent at first
	if all == nil {
		all = map[string]json.RawMessage{}
	}
	all[c.e.OrgCode] = c.p["answer"]
	text, _ := json.Marshal(all) // raw JSON and strings
	c.it.put("co_replies", text)
}

// extendable: once, and before the due.
func extendable(c *call) *Refusal {
	switch {
	case c.it.Extended:
		return refuse(Invalid, keyExtended)
	case c.e.At > c.it.FinalDueAt:
		return refuse(Invalid, keyLate, "due", instant(c.it.FinalDueAt))
	}
	return nil
}

func extendOrder(c *call) {
	days, _ := c.p.number("days")
	c.it.FinalDueAt, c.it.Extended = c.env.DueIn(c.it.FinalDueAt, int32(days)), true //nolint:gosec // 1 to 10
	if c.it.State != OrderIssued {
		c.it.DueAt = c.it.FinalDueAt
	}
}

// returnOrder: the time to answer goes on where an answer in time stopped it, unless a
// leader sets it: for how long the answer was read nobody has to answer.
func returnOrder(c *call) {
	replied := c.it.StoppedAt
	c.it.Round++
	c.it.StoppedAt = 0
	if due, _ := c.p.due("due"); due != 0 {
		c.it.FinalDueAt = due
	} else if read := c.env.Days.CountWD(calendar.DayOf(replied), calendar.DayOf(c.e.At)); replied <= c.it.FinalDueAt && read > 0 {
		c.it.FinalDueAt = c.env.DueIn(c.it.FinalDueAt, read)
	}
	c.it.DueAt = c.it.FinalDueAt
}

func reopenOrder(c *call) {
	c.it.Round++
	c.it.StoppedAt = 0
	if c.it.FinalDueAt = c.env.DueIn(c.e.At, orderWD); c.p.text("due") != "" {
		c.it.FinalDueAt, _ = c.p.due("due")
	}
	c.it.DueAt = c.it.FinalDueAt
}

// joinOrder appends alerts and what they are about, pair by pair.
func joinOrder(c *call) {
	c.it.Alerts = append(c.it.Alerts, c.p.list("alerts")...)
	c.it.Subjects = append(c.it.Subjects, c.p.list("subjects")...)
}

// remaining are the alerts of an order without those that leave, and what they
// are about where the two lists go together.
func remaining(it *Item, p payload) (alerts, subjects []string) {
	gone := p.list("alerts")
	pairs := len(it.Alerts) == len(it.Subjects)
	for i, a := range it.Alerts {
		if slices.Contains(gone, a) {
			continue
		}
		alerts = append(alerts, a)
		if pairs {
			subjects = append(subjects, it.Subjects[i])
		}
	}
	if !pairs {
		subjects = it.Subjects
	}
	return alerts, subjects
}

func withoutCards(it *Item, p payload) State {
	if alerts, _ := remaining(it, p); len(alerts) > 0 {
		return it.State
	}
	return OrderRevoked
}

// Joins reports whether further cards may join an order in a state.
func Joins(s State) bool {
	return s == OrderDraft || s == OrderIssued || s == OrderSigned || s == OrderInProgress || s == OrderReturned
}
