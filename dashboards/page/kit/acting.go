package kit

import (
	"context"

	"duban/dashboards/actions"
)

// ActionService is where people act. Where it is nil every page is read-only.
type ActionService interface {
	// Person returns who asks; false when nobody is signed in.
	Person(ctx context.Context) (actions.Person, bool)
	// Allowed lists what the person may do to each subject in the state that it
	// is in.
	Allowed(ctx context.Context, p actions.Person, subjects []actions.Subject) (map[actions.Subject][]string, error)
	// Act records commands and waits a little for what becomes of them, in the order
	// given. With an error it returns the commands that were recorded before it, too.
	Act(ctx context.Context, p actions.Person, commands []actions.Command) ([]actions.Result, error)
}

// Person returns who asks, if somebody is signed in and pages may act at all.
func (q *Request) Person(ctx context.Context) (actions.Person, bool) {
	if q.ActionService == nil {
		return actions.Person{}, false
	}
	return q.ActionService.Person(ctx)
}
