package workflow

import (
	"encoding/json"
	"maps"
	"slices"
)

// Item is one alert or work item as its events left it.
type Item struct {
	Kind Kind
	ID   string
	// Seq is the number of its last event; 0 when it does not exist.
	Seq   uint32
	State State

	// OrgCode is the organisation that has to act; CoOrgs act beside it.
	OrgCode    string
	CoOrgs     []string
	RegionCode string

	// Of an alert: rule category, severity, whether its rule knows appeals
	// (clear mode C), and until when feedback and appeal are in time.
	Category    string
	Severity    string
	Appealable  bool
	FeedbackDue int64
	AppealUntil int64

	// Of a work item: level, where it came from, what it is about as
	// kind/source_sys/number, and the alerts behind it.
	Level    string
	Origin   string
	Subjects []string
	Alerts   []string

	OpenedAt int64
	// DueAt is the deadline of the state it is in, FinalDueAt that of the whole.
	DueAt      int64
	FinalDueAt int64
	// StoppedAt is the reply or rectification that stands.
	StoppedAt int64
	ClosedAt  int64
	// Round counts the times a reply or a fix was sent back.
	Round    uint16
	Extended bool
	Assignee string
	// Data holds the texts of its actions: title, demand, answer …
	Data      map[string]json.RawMessage
	UpdatedAt int64
}

// clone returns a copy that shares nothing that changes.
func (it Item) clone() Item {
	it.CoOrgs, it.Subjects, it.Alerts = slices.Clone(it.CoOrgs), slices.Clone(it.Subjects), slices.Clone(it.Alerts)
	it.Data = maps.Clone(it.Data)
	return it
}

// Action is what somebody wants to do.
type Action struct {
	// ID is the event_id of the action; empty for the system.
	ID     string
	Action string
	// ExpectedSeq is the last event that he saw.
	ExpectedSeq uint32
	Actor       string
	Role        Role
	// OrgCode is the organisation of the person.
	OrgCode string
	// At is when he acted, RecordedAt when the engine got to it.
	At         int64
	RecordedAt int64
	// Reason is a code of the system's own events, such as late_data.
	Reason string
	// Payload is a JSON object, or empty.
	Payload string
}

// Event is an accepted action: one step of the history.
type Event struct {
	Seq        uint32
	Event      string
	State      State
	Severity   string
	At         int64
	RecordedAt int64
	Actor      string
	Role       Role
	OrgCode    string
	Reason     string
	ActionID   string
	Payload    string
}
