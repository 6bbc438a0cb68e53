package casework

import (
	"context"
	"slices"

	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/workflow"
)

// actionsAtOnce bounds the actions that are read and answered together.
const actionsAtOnce = 500

// personAction is one action of a person as it waits for its answer.
type personAction struct {
	source string
	target target
	workflow.Action
}

// target names an alert or a work item.
type target struct {
	kind workflow.Kind
	id   string
}

// Answered is what became of a span of actions.
type Answered struct {
	Actions, Subjects int
}

// Answer answers the new actions of a span, in the order of (partition,
// offset): each becomes the next event of its subject, or is refused. After a
// crash between its writes a refusal stands, an action whose event its item
// holds already is accepted, and every other one is taken again with the same
// outcome.
func (o *Office) Answer(ctx context.Context, span queries.Args, version uint64) (n Answered, err error) {
	rows, err := selectActions.All(ctx, o.reg, o.conn(), span)
	if err != nil {
		return n, err
	}
	all := make([]personAction, 0, len(rows))
	for _, m := range rows {
		a := personAction{source: m.SourceSys, target: target{m.SubjectKind, m.SubjectID}}
		a.ID, a.Action.Action, a.ExpectedSeq = m.EventID, m.Action, m.ExpectedSeq
		a.Actor, a.Role, a.OrgCode, a.At, a.Payload = m.Actor, m.Role, m.OrgCode, m.At, m.Payload
		if a.Role == workflow.System {
			a.Role = "none" // no message speaks for the system
		}
		all = append(all, a)
	}
	if len(all) == 0 {
		return n, nil
	}
	within, err := o.organisations(ctx)
	if err != nil {
		return n, err
	}
	n.Actions = len(all)
	for some := range slices.Chunk(all, actionsAtOnce) {
		b := o.newBatch(within)
		if err := b.load(ctx, some); err != nil {
			return n, err
		}
		for i := range some {
			b.decide(&some[i])
		}
		n.Subjects += len(b.changed)
		if err := b.write(ctx, version); err != nil {
			return n, err
		}
	}
	return n, nil
}

// organisations returns whether one organisation is another or below it.
func (o *Office) organisations(ctx context.Context) (func(org, above string) bool, error) {
	rows, err := selectParents.All(ctx, o.reg, o.conn(), queries.Args{"day": calendar.DayOf(o.now().UnixMilli()).String()})
	if err != nil {
		return nil, err
	}
	parent := make(map[string]string, len(rows))
	for _, m := range rows {
		parent[m.OrgCode] = m.ParentCode
	}
	return func(org, above string) bool {
		for range 32 { // no directory is deeper; one that runs in a circle ends here
			if org == above {
				return true
			}
			if org = parent[org]; org == "" {
				return false
			}
		}
		return false
	}, nil
}
