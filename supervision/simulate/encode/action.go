package encode

import (
	"strconv"

	"duban/ingest/event"
	"duban/supervision/simulate/plan"
)

// ActionMessage writes the seq-th action on a subject; seq is what the person saw.
func (e *Encoder) ActionMessage(kind, id string, seq int, d *plan.Action) (key, value []byte) {
	_, value = e.reference(id, func() {
		e.text("event_id", id+"-"+strconv.Itoa(seq+1))
		e.text("source_sys", e.source)
		e.text("subject_kind", kind)
		e.text("subject_id", id)
		e.text("action", d.Name)
		e.number("expected_seq", int64(seq))
		e.text("actor", d.Actor)
		e.text("role", d.Role)
		e.text("org_code", d.Org)
		e.instant("event_time", d.At)
		e.instant("emit_time", d.At)
		e.key("payload")
		e.block = append(e.block, d.Payload...)
	})
	return []byte(event.PartitionKey(kind, id)), value
}
