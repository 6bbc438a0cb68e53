package plan

import (
	"math/rand/v2"

	"duban/supervision/simulate/world"
)

// Action is one action of a person (topic actions): what officials do about
// orders, exposures and bad ratings. A chain of actions is planned like a life,
// by a draw that depends on the seed and a place only.
type Action struct {
	At          int64
	Name        string
	Role, Actor string
	Org         string // of the person; empty for those above departments
	Payload     string // JSON object
	// State is the state after it, due the deadline of the whole that is in
	// force from then on (0 = none yet).
	State string
	Due   int64
}

// official plans a chain of actions at a cursor that only moves forward.
type official struct {
	days    *world.Workdays
	r       *rand.Rand
	t       int64
	org     string
	actions []Action
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
	c.t = world.StartOf(day) + Morning + c.r.Int64N(noon-Morning)
}

// soon moves the cursor some minutes on.
func (c *official) soon() { c.t += 60_000 + c.r.Int64N(1_200_000) }

// afterDue moves the cursor to the n-th working day after the deadline.
func (c *official) afterDue(n int32) { c.onDay(c.days.Add(world.LocalDay(c.due), n)) }

// deadline gives n working days from the cursor.
func (c *official) deadline(n int32) { c.due = world.EndOf(c.days.Add(world.LocalDay(c.t), n)) }

// do notes an action. Departments act for their organisation.
func (c *official) do(action, role, state, payload string) {
	d := Action{At: c.t, Name: action, Role: role, Actor: "u-" + role, Payload: payload, State: state, Due: c.due}
	switch role {
	case "dept_manager", "window_manager", "handler":
		d.Org, d.Actor = c.org, "u-"+c.org[8:]+"-"+role
	}
	c.actions = append(c.actions, d)
}

const (
	manager    = "dept_manager"
	supervisor = "supervisor"
	handler    = "handler"
)
