package simulate

import (
	"math/rand/v2"
	"strconv"

	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// deed is one action of a person (topic actions): what officials do about
// orders, exposures and bad ratings. A chain of actions is planned like a life,
// by a draw that depends on the seed and a place only.
type deed struct {
	at          int64
	action      string
	role, actor string
	org         string // of the person; empty for those above departments
	payload     string // JSON object
	// state is the state after it, due the deadline of the whole that is in
	// force from then on (0 = none yet).
	state string
	due   int64
}

// official plans a chain of actions at a cursor that only moves forward.
type official struct {
	days    *world.Workdays
	r       *rand.Rand
	t       int64
	org     string
	actions []deed
	due     int64
}

// newOfficial starts a chain at an instant.
func newOfficial(w *world.World, seed, salt uint64, place int64, t int64, org string) *official {
	return &official{days: w.Days, r: rand.New(rand.NewPCG(seed^salt<<40, world.Scatter(seed, salt, place))), t: t, org: org}
}

func (c *official) between(low, high int32) int32 { return low + c.r.Int32N(high-low+1) }

// later moves the cursor to office hours n working days on, n at least 1.
func (c *official) later(n int32) { c.onDay(c.days.Add(world.LocalDay(c.t), n)) }

// onDay moves the cursor to the office hours of a day behind it.
func (c *official) onDay(day int32) {
	c.t = world.StartOf(day) + morning + c.r.Int64N(noon-morning)
}

// soon moves the cursor some minutes on.
func (c *official) soon() { c.t += 60_000 + c.r.Int64N(1_200_000) }

// afterDue moves the cursor to the n-th working day after the deadline.
func (c *official) afterDue(n int32) { c.onDay(c.days.Add(world.LocalDay(c.due), n)) }

// deadline gives n working days from the cursor.
func (c *official) deadline(n int32) { c.due = world.EndOf(c.days.Add(world.LocalDay(c.t), n)) }

// do notes an action. Departments act for their organisation.
func (c *official) do(action, role, state, payload string) {
	d := deed{at: c.t, action: action, role: role, actor: "u-" + role, payload: payload, state: state, due: c.due}
	switch role {
	case "dept_manager", "window_manager", "handler":
		d.org, d.actor = c.org, "u-"+c.org[8:]+"-"+role
	}
	c.actions = append(c.actions, d)
}

const (
	manager    = "dept_manager"
	supervisor = "supervisor"
	handler    = "handler"
)

// deedMessage writes the seq-th action on a subject; seq is what the person saw.
func (e *encoder) deedMessage(kind, id string, seq int, d *deed) (key, value []byte) {
	_, value = e.reference(id, func() {
		e.text("event_id", id+"-"+strconv.Itoa(seq+1))
		e.text("source_sys", e.source)
		e.text("subject_kind", kind)
		e.text("subject_id", id)
		e.text("action", d.action)
		e.number("expected_seq", int64(seq))
		e.text("actor", d.actor)
		e.text("role", d.role)
		e.text("org_code", d.org)
		e.instant("event_time", d.at)
		e.instant("emit_time", d.at)
		e.key("payload")
		e.block = append(e.block, d.payload...)
	})
	return []byte(event.PartitionKey(kind, id)), value
}
