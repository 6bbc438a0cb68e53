package engine

import (
	"context"
	"fmt"

	"duban/queries"
	"duban/supervision/workflow"
)

// openRatingOrders opens a work order for every valid bad rating among the
// states of a version that has none yet (domain guide 4). The order counts
// from the instant from which the rating counts.
func (e *Engine) openRatingOrders(ctx context.Context, version uint64) error {
	for {
		res, err := e.reg.Run(ctx, e.db.Conn(), "work/new_bad_ratings", queries.Args{"version": version, "max_rows": actionsAtOnce})
		if err != nil {
			return err
		}
		d := e.newDesk(func(string, string) bool { return false }) // nobody acts here
		for _, m := range res.Maps() {
			t := target{workflow.Rating, m["id"].(string)}
			it, event, refusal := d.machines[workflow.Rating].Apply(workflow.Item{Kind: t.kind, ID: t.id}, workflow.Action{
				Action: "create", Role: workflow.System, At: m["rated_at"].(int64), RecordedAt: d.now,
				Payload: jsonRow(map[string]any{
					"org_code": m["org_code"], "region_code": m["region_code"], "task_code": m["task_code"], "window_id": m["window_id"],
					"subjects": []string{m["subject"].(string)}, "level": m["level"], "channel": m["channel"], "real_name": m["real_name"], "bad_tag": m["bad_tag"],
				}),
			})
			if refusal != nil {
				return fmt.Errorf("open order %s of a bad rating: %w", t.id, refusal)
			}
			d.take(t, it, event)
		}
		if err := d.write(ctx, version); err != nil {
			return err
		}
		if len(res.Rows) < actionsAtOnce {
			return nil
		}
	}
}
