package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"duban/queries"
	"duban/supervision/workflow"
)

// desk is where the actions of one pass are answered: the subjects as they
// stand, and what is to be written.
type desk struct {
	e        *Engine
	machines map[workflow.Kind]*workflow.Machine
	now      int64
	items    map[target]workflow.Item
	// about is what an alert is about, for the order that it may become.
	about map[string]subjectOfAlert
	// known are actions that became events in an earlier attempt.
	known   map[known]uint32
	changed map[target]bool
	// What is to be written, in order.
	alertEvents, workEvents, refused, accepted []string
}

type known struct {
	target
	action string
}

type subjectOfAlert struct{ rule, ref, no string }

func (e *Engine) newDesk(within func(org, above string) bool) *desk {
	d := &desk{
		e: e, machines: map[workflow.Kind]*workflow.Machine{}, now: e.now().UnixMilli(), items: map[target]workflow.Item{},
		about: map[string]subjectOfAlert{}, known: map[known]uint32{}, changed: map[target]bool{},
	}
	for _, k := range workflow.Kinds() {
		d.machines[k] = workflow.New(k, workflow.Env{Days: e.Calendar(), Within: within})
	}
	return d
}

// orderOf is the id of the order that an escalation opens: the same whenever
// the action is answered.
func orderOf(a *personAction) target {
	sum := sha256.Sum256([]byte("order\x1f" + a.source + "\x1f" + a.ID))
	return target{workflow.Order, hex.EncodeToString(sum[:16])}
}

// load reads the subjects of actions and what an earlier attempt left.
func (d *desk) load(ctx context.Context, actions []personAction) error {
	ids, names := make([]string, 0, len(actions)), make([]string, 0, len(actions))
	for i := range actions {
		ids, names = append(ids, actions[i].target.id), append(names, actions[i].ID)
		if actions[i].Action.Action == "escalate" {
			ids = append(ids, orderOf(&actions[i]).id)
		}
	}
	if err := d.loadAlerts(ctx, ids); err != nil {
		return err
	}
	if err := d.loadItems(ctx, ids); err != nil {
		return err
	}
	events, err := selectKnownEvents.All(ctx, d.e.reg, d.e.db.Conn(), queries.Args{"ids": ids, "actions": names})
	if err != nil {
		return err
	}
	for _, m := range events {
		k := known{target{m.Kind, m.ID}, m.ActionID}
		// An event beyond the item was written before a crash, the item after it
		// was not: the action is taken again.
		if m.Seq <= d.items[k.target].Seq {
			d.known[k] = m.Seq
		}
	}
	return nil
}

// answer decides about one action.
func (d *desk) answer(a *personAction) {
	m := d.machines[a.target.kind]
	if m == nil {
		d.result(a, workflow.Unknown, 0, "")
		return
	}
	if seq, ok := d.known[known{a.target, a.ID}]; ok {
		detail := ""
		if a.target.kind == workflow.Alert && a.Action.Action == "escalate" {
			detail = orderDetail(orderOf(a))
		}
		d.result(a, workflow.Accepted, seq, detail)
		return
	}
	it, ok := d.items[a.target]
	if !ok {
		it = workflow.Item{Kind: a.target.kind, ID: a.target.id}
	}
	a.RecordedAt = d.now
	out, event, refusal := m.Apply(it, a.Action)
	detail := ""
	if refusal == nil && a.target.kind == workflow.Alert && event.Event == "escalate" {
		detail, refusal = d.escalate(a, it)
	}
	if refusal != nil {
		d.result(a, refusal.Outcome, it.Seq, refusal.Detail())
		return
	}
	d.take(a.target, out, event)
	d.result(a, workflow.Accepted, event.Seq, detail)
}

// take notes an event and the item after it.
func (d *desk) take(t target, it workflow.Item, ev workflow.Event) {
	row := jsonRow(map[string]any{
		"kind": t.kind, "id": t.id, "seq": ev.Seq, "event": ev.Event, "state": ev.State, "severity": ev.Severity, "at": ev.At, "actor": ev.Actor,
		"role": ev.Role, "org_code": ev.OrgCode, "reason": ev.Reason, "action_id": ev.ActionID, "payload": ev.Payload,
	})
	if t.kind == workflow.Alert {
		d.alertEvents = append(d.alertEvents, row)
	} else {
		d.workEvents = append(d.workEvents, row)
	}
	d.items[t] = it
	d.changed[t] = true
}

// escalate opens the order of an escalated alert, in the name of the person
// who escalated. It returns what the result tells of it.
func (d *desk) escalate(a *personAction, alert workflow.Item) (detail string, refusal *workflow.Refusal) {
	t := orderOf(a)
	detail = orderDetail(t)
	if d.items[t].Seq > 0 {
		return detail, nil // an earlier attempt came so far
	}
	about := d.about[alert.ID]
	content := map[string]json.RawMessage{}
	_ = json.Unmarshal([]byte(a.Payload), &content) // Apply has read it
	set := func(key string, v any) {
		text, _ := json.Marshal(v) // strings and lists of strings
		content[key] = text
	}
	for key, v := range map[string]string{"org_code": alert.OrgCode, "region_code": alert.RegionCode, "title": about.rule + " " + about.no} {
		if len(content[key]) == 0 {
			set(key, v)
		}
	}
	set("origin", "rule")
	set("issue", true)
	set("subjects", []string{about.ref})
	set("alerts", []string{alert.ID})
	create := a.Action
	create.Action, create.ExpectedSeq, create.Payload = "create", 0, jsonRow(content)
	it, event, refusal := d.machines[workflow.Order].Apply(workflow.Item{Kind: workflow.Order, ID: t.id}, create)
	if refusal == nil {
		d.take(t, it, event)
	}
	return detail, refusal
}

// orderDetail is what the result of an escalation tells.
func orderDetail(t target) string { return jsonRow(map[string]any{"order": t.id}) }

func (d *desk) result(a *personAction, o workflow.Outcome, seq uint32, detail string) {
	d.e.in.actions.WithLabelValues(string(a.target.kind), string(o)).Inc()
	row := jsonRow(map[string]any{
		"source_sys": a.source, "event_id": a.ID, "subject_kind": a.target.kind, "subject_id": a.target.id,
		"outcome": o, "seq": seq, "detail": detail,
	})
	if o == workflow.Accepted {
		d.accepted = append(d.accepted, row)
	} else {
		d.refused = append(d.refused, row)
	}
}

func jsonRow(v any) string {
	text, _ := json.Marshal(v) // maps of strings, numbers and lists
	return string(text)
}
