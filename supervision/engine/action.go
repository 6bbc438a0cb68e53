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
	res, err := e.reg.Run(ctx, e.db.Conn(), "work/new_actions", s.args())
	if err != nil {
		return err
	}
	all := make([]personAction, 0, len(res.Rows))
	for _, m := range res.Maps() {
		a := personAction{source: m["source_sys"].(string), target: target{workflow.Kind(m["subject_kind"].(string)), m["subject_id"].(string)}}
		a.ID, a.Action.Action, a.ExpectedSeq = m["event_id"].(string), m["action"].(string), m["expected_seq"].(uint32)
		a.Actor, a.Role, a.OrgCode = m["actor"].(string), workflow.Role(m["role"].(string)), m["org_code"].(string)
		a.At, a.Payload = m["at"].(int64), m["payload"].(string)
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
	res, err := e.reg.Run(ctx, e.db.Conn(), "work/org_parents", queries.Args{"day": calendar.DayOf(e.now().UnixMilli()).String()})
	if err != nil {
		return nil, err
	}
	parent := make(map[string]string, len(res.Rows))
	for _, row := range res.Rows {
		parent[row[0].(string)] = row[1].(string)
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
