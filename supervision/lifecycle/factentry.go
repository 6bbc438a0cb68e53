package lifecycle

import (
	"encoding/json"

	"duban/ingest/event"
)

// FactEntry is one fact in force as the fold met it; the f_ columns of tables
// cases and tickets. Rules read them, so that a rule can ask for anything that
// a source said without the fold knowing of it.
type FactEntry struct {
	Type    string
	EventID string
	// At is the legal moment, with amends applied.
	At int64
	// PushedAt is when the source says it sent the fact, zero when it does not.
	PushedAt int64
	// ReceivedAt is when the revision in force arrived.
	ReceivedAt int64
	// FirstReceivedAt is when the event arrived first, in whatever revision.
	FirstReceivedAt int64
	Org             string
	Window          string
	Staff           string
	// Legal: the life cycle allows the fact in State, the state before it.
	Legal bool
	State string
	// Excused: the life cycle allowed it by all that was known before a correction that made it
	// out of order. Nobody did anything amiss.
	Excused bool
	// Payload is the JSON object of the fact with amends applied; empty when it
	// has none. limit_regime reads refused where it does not count.
	Payload string
}

// payloadInForce is the payload with the amends in force on top, key by key.
func (f *Folder) payloadInForce(body string, amends []int32) string {
	if len(amends) == 0 {
		return body
	}
	merged := map[string]json.RawMessage{}
	_ = json.Unmarshal([]byte(body), &merged) // ingest has refused what is no object
	for _, i := range amends {
		_ = json.Unmarshal([]byte(f.resolver.mods[i].setBody), &merged)
	}
	out, err := json.Marshal(merged)
	if err != nil {
		return body // cannot happen: every value came out of JSON
	}
	return string(out)
}

func (c *caseFold) enter(e *event.Case, x *ref) {
	if c.f.resolver.passing {
		return
	}
	c.out.FactEntries = append(c.out.FactEntries, FactEntry{
		Type: string(e.Type), EventID: e.EventID, At: x.at, PushedAt: e.EmittedAt, ReceivedAt: e.Origin.ReceivedAt,
		FirstReceivedAt: x.firstReceived,
		Org:             e.OrgCode, Window: e.WindowID, Staff: e.StaffID, Legal: true, State: string(c.at.status()),
		Payload: c.f.payloadInForce(e.Payload, x.amends),
	})
	if c.regimeRefused {
		n := len(c.out.FactEntries) - 1
		c.out.FactEntries[n].Payload = refuseRegime(c.out.FactEntries[n].Payload)
	}
}

func (t *ticketFold) enter(e *event.Ticket, x *ref) {
	if t.f.resolver.passing {
		return
	}
	t.out.FactEntries = append(t.out.FactEntries, FactEntry{
		Type: string(e.Type), EventID: e.EventID, At: x.at, PushedAt: e.EmittedAt, ReceivedAt: e.Origin.ReceivedAt,
		FirstReceivedAt: x.firstReceived,
		Org:             e.OrgCode, Staff: e.StaffID, Legal: true, State: string(t.at.status()),
		Payload: t.f.payloadInForce(e.Payload, x.amends),
	})
	if t.regimeRefused {
		n := len(t.out.FactEntries) - 1
		t.out.FactEntries[n].Payload = refuseRegime(t.out.FactEntries[n].Payload)
	}
}
