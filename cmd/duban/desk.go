package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"duban/dashboards/access"
	"duban/dashboards/page"
	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/queries"
	"duban/supervision/engine"
)

// desk lets people act: what they do becomes a fact in topic actions, and the
// engine says what becomes of it.
type desk struct {
	engine *engine.Engine
	stack  *stack
	once   sync.Once
	pub    *source.KafkaPublisher
	key    []byte // that actions are signed with
	err    error
}

var _ page.Desk = (*desk)(nil)

// recordTimeout bounds the recording of what a person does.
const recordTimeout = 30 * time.Second

// deskWait is how long a page waits for the engine's word.
const deskWait = 8 * time.Second

// actionSource is the source_sys of what people do on our pages.
const actionSource = "duban"

// Person returns who asks.
func (d *desk) Person(ctx context.Context) (page.Person, bool) {
	u, ok := access.FromContext(ctx)
	if !ok {
		return page.Person{}, false
	}
	return page.Person{ID: u.ID, Name: u.Display, Role: string(u.Role), Org: u.OrgCode}, true
}

// Allowed lists what both the role and the state allow.
func (d *desk) Allowed(ctx context.Context, p page.Person, matters []page.Matter) (map[page.Matter][]string, error) {
	u, ok := access.FromContext(ctx)
	out := map[page.Matter][]string{}
	if !ok {
		return out, nil
	}
	byKind := map[string][]string{}
	for _, m := range matters {
		byKind[m.Kind] = append(byKind[m.Kind], m.ID)
	}
	for kind, ids := range byKind {
		offers, err := d.engine.Offers(ctx, kind, ids, p.Role, p.Org)
		if err != nil {
			return nil, err
		}
		for _, m := range matters {
			if m.Kind != kind {
				continue
			}
			for _, action := range offers[m.ID] {
				if u.Role.Has(access.Action(kind, action)) {
					out[m] = append(out[m], action)
				}
			}
		}
	}
	return out, nil
}

// Act publishes the deeds and waits for the engine.
func (d *desk) Act(ctx context.Context, p page.Person, deeds []page.Deed) ([]page.DeedResult, error) {
	d.once.Do(d.open)
	if d.err != nil {
		return nil, d.err
	}
	places, err := d.places(ctx, deeds)
	if err != nil {
		return nil, err
	}
	inScope, err := d.inScope(ctx, deeds, places)
	if err != nil {
		return nil, err
	}
	if err := d.stack.room.Err(); err != nil {
		return nil, err
	}
	results := make([]page.DeedResult, len(deeds))
	ids := map[string]int{}
	now := time.Now()
	// A browser that goes away in the middle does not make half a deed of one.
	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	for i, deed := range deeds {
		results[i] = page.DeedResult{Deed: deed, Outcome: "waiting"}
		// What the role or the scope never allows is refused here; the engine judges
		// the rest, which alone knows what happened meanwhile.
		if !inScope[i] || !roleHas(ctx, deed) {
			results[i].Outcome, results[i].Key = "forbidden", "refusal.not_permitted"
			continue
		}
		if known, err := d.assigneeKnown(ctx, deed, places); err != nil {
			return results[:i], err
		} else if !known {
			results[i].Outcome, results[i].Key = "invalid", "refusal.no_such_person"
			continue
		}
		id := uuid.NewString()
		key, value, err := actionMessage(id, p, deed, now)
		if err != nil {
			return results[:i], err
		}
		if value, err = decode.SignAction(d.key, value); err != nil {
			return results[:i], err
		}
		if err := d.pub.Publish(recording, event.TopicActions, key, value); err != nil {
			return results[:i], fmt.Errorf("record an action: %w", err)
		}
		ids[id], results[i].Event = i, id
	}
	if err := d.pub.Flush(recording); err != nil {
		return results, fmt.Errorf("record actions: %w", err)
	}
	if err := d.wait(ctx, ids, results); err != nil { // they are recorded, and stay waiting
		d.stack.log.Debug("wait for what becomes of actions", "error", err.Error())
	}
	return results, nil
}

func roleHas(ctx context.Context, deed page.Deed) bool {
	u, ok := access.FromContext(ctx)
	return ok && u.Role.Has(access.Action(deed.Kind, deed.Action))
}

func (d *desk) open() {
	sec, err := security(d.stack.cfg.Kafka)
	if err == nil {
		d.pub, err = source.NewPublisher(d.stack.brokers, source.PublisherOptions{ClientID: "duban-desk", Security: sec,
			Linger: 5 * time.Millisecond})
	}
	if err == nil {
		d.key, err = actionKey(d.stack.cfg)
	}
	if d.err = err; err == nil {
		d.stack.onStop(d.pub.Close)
	}
}

// actionMessage is the fact of a deed.
func actionMessage(id string, p page.Person, deed page.Deed, now time.Time) (key, value []byte, err error) {
	body := map[string]any{
		"event_id": id, "source_sys": actionSource, "subject_kind": deed.Kind, "subject_id": deed.ID, "action": deed.Action,
		"expected_seq": deed.Seq, "actor": p.ID, "role": p.Role, "org_code": p.Org, "event_time": now.Format(time.RFC3339Nano),
	}
	if len(deed.Payload) > 0 {
		body["payload"] = deed.Payload
	}
	value, err = json.Marshal(body)
	if err != nil {
		return nil, nil, fmt.Errorf("write an action: %w", err)
	}
	a := event.Action{SubjectKind: deed.Kind, SubjectID: deed.ID}
	return []byte(a.Key()), value, nil
}

// wait fills in what the engine says; what it has not said in time stays waiting.
func (d *desk) wait(ctx context.Context, ids map[string]int, results []page.DeedResult) error {
	deadline := time.Now().Add(deskWait)
	for len(ids) > 0 && time.Now().Before(deadline) {
		names := make([]string, 0, len(ids))
		for id := range ids {
			names = append(names, id)
		}
		res, err := d.stack.reg.Run(ctx, d.stack.reader.Conn(), "work/action_results_of", queries.Args{"ids": names})
		if err != nil {
			return err
		}
		for _, m := range res.Maps() {
			id := m["event_id"].(string)
			i, ok := ids[id]
			if !ok {
				continue
			}
			delete(ids, id)
			results[i].Outcome = m["outcome"].(string)
			details := map[string]string{}
			if json.Unmarshal([]byte(m["detail"].(string)), &details) == nil {
				results[i].Key, results[i].Details = details["key"], details
			}
		}
		if len(ids) == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(150 * time.Millisecond):
		}
	}
	return nil
}
