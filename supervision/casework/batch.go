package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"duban/queries"
	"duban/supervision/workflow"
)

// actionBatch is where the actions of one pass are answered: the subjects as they
// stand, and what is to be written.
type actionBatch struct {
	o        *Office
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

func (o *Office) newBatch(within func(org, above string) bool) *actionBatch {
	b := &actionBatch{
		o: o, machines: map[workflow.Kind]*workflow.Machine{}, now: o.now().UnixMilli(), items: map[target]workflow.Item{},
		about: map[string]subjectOfAlert{}, known: map[known]uint32{}, changed: map[target]bool{},
	}
	for _, k := range workflow.Kinds() {
		b.machines[k] = workflow.New(k, workflow.Env{Days: o.calendar(), Within: within})
	}
	return b
}

// orderOf is the id of the order that an escalation opens: the same whenever
// the action is answered.
func orderOf(a *personAction) target {
	sum := sha256.Sum256([]byte("order\x1f" + a.source + "\x1f" + a.ID))
	return target{workflow.Order, hex.EncodeToString(sum[:16])}
}

// load reads the subjects of actions and what an earlier attempt left.
func (b *actionBatch) load(ctx context.Context, actions []personAction) error {
	ids, names := make([]string, 0, len(actions)), make([]string, 0, len(actions))
	for i := range actions {
		ids, names = append(ids, actions[i].target.id), append(names, actions[i].ID)
		if actions[i].Action.Action == "escalate" {
			ids = append(ids, orderOf(&actions[i]).id)
		}
	}
	if err := b.loadAlerts(ctx, ids); err != nil {
		return err
	}
	if err := b.loadItems(ctx, ids); err != nil {
		return err
	}
	events, err := selectKnownEvents.All(ctx, b.o.reg, b.o.conn(), queries.Args{"ids": ids, "actions": names})
	if err != nil {
		return err
	}
	for _, m := range events {
		k := known{target{m.Kind, m.ID}, m.ActionID}
		// An event beyond the item was written before a crash, the item after it
		// was not: the action is taken again.
		if m.Seq <= b.items[k.target].Seq {
			b.known[k] = m.Seq
		}
	}
	return nil
}

// decide decides about one action.
func (b *actionBatch) decide(a *personAction) {
	m := b.machines[a.target.kind]
	if m == nil {
		b.result(a, workflow.Unknown, 0, "")
		return
	}
	if seq, ok := b.known[known{a.target, a.ID}]; ok {
		detail := ""
		if a.target.kind == workflow.Alert && a.Action.Action == "escalate" {
			detail = orderDetail(orderOf(a))
		}
		b.result(a, workflow.Accepted, seq, detail)
		return
	}
	it, ok := b.items[a.target]
	if !ok {
		it = workflow.Item{Kind: a.target.kind, ID: a.target.id}
	}
	a.RecordedAt = b.now
	out, event, refusal := m.Apply(it, a.Action)
	detail := ""
	if refusal == nil && a.target.kind == workflow.Alert && event.Event == "escalate" {
		detail, refusal = b.escalate(a, it)
	}
	if refusal != nil {
		b.result(a, refusal.Outcome, it.Seq, refusal.Detail())
		return
	}
	b.record(a.target, out, event)
	b.result(a, workflow.Accepted, event.Seq, detail)
}

// record notes an event and the item after it.
func (b *actionBatch) record(t target, it workflow.Item, ev workflow.Event) {
	row := jsonRow(map[string]any{
		"kind": t.kind, "id": t.id, "seq": ev.Seq, "event": ev.Event, "state": ev.State, "severity": ev.Severity, "at": ev.At, "actor": ev.Actor,
		"role": ev.Role, "org_code": ev.OrgCode, "reason": ev.Reason, "action_id": ev.ActionID, "payload": ev.Payload,
	})
	if t.kind == workflow.Alert {
		b.alertEvents = append(b.alertEvents, row)
	} else {
		b.workEvents = append(b.workEvents, row)
	}
	b.items[t] = it
	b.changed[t] = true
}

// escalate opens the order of an escalated alert, in the name of the person
// who escalated. It returns what the result tells of it.
func (b *actionBatch) escalate(a *personAction, alert workflow.Item) (detail string, refusal *workflow.Refusal) {
	t := orderOf(a)
	detail = orderDetail(t)
	if b.items[t].Seq > 0 {
		return detail, nil // an earlier attempt came so far
	}
	about := b.about[alert.ID]
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
	it, event, refusal := b.machines[workflow.Order].Apply(workflow.Item{Kind: workflow.Order, ID: t.id}, create)
	if refusal == nil {
		b.record(t, it, event)
	}
	return detail, refusal
}

// orderDetail is what the result of an escalation tells.
func orderDetail(t target) string { return jsonRow(map[string]any{"order": t.id}) }

func (b *actionBatch) result(a *personAction, outcome workflow.Outcome, seq uint32, detail string) {
	b.o.decided(a.target.kind, string(outcome))
	row := jsonRow(map[string]any{
		"source_sys": a.source, "event_id": a.ID, "subject_kind": a.target.kind, "subject_id": a.target.id,
		"outcome": outcome, "seq": seq, "detail": detail,
	})
	if outcome == workflow.Accepted {
		b.accepted = append(b.accepted, row)
	} else {
		b.refused = append(b.refused, row)
	}
}

func jsonRow(v any) string {
	text, _ := json.Marshal(v) // maps of strings, numbers and lists
	return string(text)
}
