package engine

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/supervision/lifecycle"
)

// factColumns are the f_ columns of tables cases and tickets.
type factColumns struct {
	n                               *proto.ColUInt64
	kind, org, window, staff, state *proto.ColLowCardinality[string]
	at, receivedAt, firstReceivedAt instantColumn
	pushedAt                        nullInstantColumn
	legal                           *proto.ColBool
	eventID, payload                *proto.ColStr
}

func (f *factColumns) make(c *columns) {
	f.n = c.group()
	f.kind = c.low("f_type", f.n)
	f.at = c.at("f_at", f.n)
	f.pushedAt = c.nullAt("f_pushed_at", f.n)
	f.receivedAt = c.at("f_received_at", f.n)
	f.firstReceivedAt = c.at("f_first_received_at", f.n)
	f.org = c.low("f_org", f.n)
	f.window = c.low("f_window", f.n)
	f.staff = c.low("f_staff", f.n)
	f.legal = c.flag("f_legal", f.n)
	f.state = c.low("f_state", f.n)
	f.eventID = c.text("f_event_id", f.n)
	f.payload = c.text("f_payload", f.n)
}

func (f *factColumns) put(facts []lifecycle.FactEntry) {
	for i := range facts {
		x := &facts[i]
		f.kind.Append(x.Type)
		f.at.put(x.At)
		f.pushedAt.put(x.PushedAt)
		f.receivedAt.put(x.ReceivedAt)
		f.firstReceivedAt.put(x.FirstReceivedAt)
		f.org.Append(x.Org)
		f.window.Append(x.Window)
		f.staff.Append(x.Staff)
		f.legal.Append(x.Legal)
		f.state.Append(x.State)
		f.eventID.Append(x.EventID)
		f.payload.Append(x.Payload)
	}
	f.n.Append(uint64(f.kind.Rows()))
}
