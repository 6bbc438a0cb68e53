package page

import "context"

// Person is who is signed in.
type Person struct{ ID, Name, Role, Org string }

// Matter is an alert or a work item that people act on, as it was shown.
type Matter struct {
	// Kind is alert, order, rating, exposure or referral.
	Kind string
	ID   string
	// Seq is the number of its last event that the person saw.
	Seq uint32
}

// Deed is what a person wants to do to a matter.
type Deed struct {
	Matter
	Action string
	// Payload are the texts that belong to the action.
	Payload map[string]any
}

// DeedResult is what became of a deed.
type DeedResult struct {
	Deed
	// Outcome is accepted, conflict, illegal, forbidden, invalid or unknown;
	// waiting when the deed is safely recorded and has not been judged yet.
	Outcome string
	// Event is the event_id under which the deed was recorded; empty when it was
	// refused before.
	Event string
	// Key names the text that explains a refusal, with Details put into it.
	Key     string
	Details map[string]string
}

// Desk is where people act. A nil Desk makes every page read-only.
type Desk interface {
	// Person returns who asks; false when nobody is signed in.
	Person(ctx context.Context) (Person, bool)
	// Allowed lists what the person may do to each matter in the state that it
	// is in.
	Allowed(ctx context.Context, p Person, matters []Matter) (map[Matter][]string, error)
	// Act records deeds and waits a little for what becomes of them, in the order
	// given. With an error it returns the deeds that were recorded before it, too.
	Act(ctx context.Context, p Person, deeds []Deed) ([]DeedResult, error)
}

// person returns who asks, if somebody is signed in and pages may act at all.
func (q *request) person(ctx context.Context) (Person, bool) {
	if q.Desk == nil {
		return Person{}, false
	}
	return q.Desk.Person(ctx)
}
