package engine

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

// foldActions answers the new actions of a span, in the order of (partition,
// offset): each becomes the next event of its subject, or is refused. After a
// crash between its writes a refusal stands, an action whose event its item
// holds already is accepted, and every other one is taken again with the same
// outcome.
func (e *Engine) foldActions(ctx context.Context, s span, version uint64, n *counts) error {
	rows, err := selectActions.All(ctx, e.reg, e.db.Conn(), s.args())
	if err != nil {
		return err
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
		return nil
	}
	within, err := e.organisations(ctx)
	if err != nil {
		return err
	}
	n.facts.Add(int64(len(all)))
	for some := range slices.Chunk(all, actionsAtOnce) {
		d := e.newDesk(within)
		if err := d.load(ctx, some); err != nil {
			return err
		}
		for i := range some {
			d.answer(&some[i])
		}
		n.subjects.Add(int64(len(d.changed)))
		if err := d.write(ctx, version); err != nil {
			return err
		}
	}
	return nil
}

// organisations returns whether one organisation is another or below it.
func (e *Engine) organisations(ctx context.Context) (func(org, above string) bool, error) {
	rows, err := selectParents.All(ctx, e.reg, e.db.Conn(), queries.Args{"day": calendar.DayOf(e.now().UnixMilli()).String()})
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
