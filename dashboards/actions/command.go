package actions

import (
	"encoding/json"
	"fmt"
	"time"
)

// Person is who acts.
type Person struct{ ID, Name, Role, Org string }

// Subject is an alert, a piece of work or an outage that people act on, as it
// was shown.
type Subject struct {
	// Kind is one of the kinds of package workflow, such as alert or order.
	Kind string
	ID   string
	// Seq is the number of its last event that the person saw, 0 for a new one.
	Seq uint32
}

// Command is what a person wants to do to a subject.
type Command struct {
	Subject
	Action string
	// Payload are the texts that belong to the action.
	Payload map[string]any
}

// What became of a command, besides the verdicts of the engine: accepted,
// conflict, illegal, and again forbidden, invalid and unknown.
const (
	// Waiting commands are safely recorded and have not been judged yet.
	Waiting   = "waiting"
	Forbidden = "forbidden"
	Invalid   = "invalid"
)

// Result is what became of a command.
type Result struct {
	Command
	Outcome string
	// Event is the event_id under which the command was recorded; empty when it
	// was refused before.
	Event string
	// Key names the text that explains a refusal, with Details put into it.
	Key     string
	Details map[string]string
}

// source is the source_sys of what people do on our pages.
const source = "duban"

// message is the fact of a command, as topic actions carries it.
func message(id string, p Person, c Command, at time.Time) ([]byte, error) {
	body := map[string]any{
		"event_id": id, "source_sys": source, "subject_kind": c.Kind, "subject_id": c.ID, "action": c.Action,
		"expected_seq": c.Seq, "actor": p.ID, "role": p.Role, "org_code": p.Org, "event_time": at.Format(time.RFC3339Nano),
	}
	if len(c.Payload) > 0 {
		body["payload"] = c.Payload
	}
	b, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write an action: %w", err)
	}
	return b, nil
}
