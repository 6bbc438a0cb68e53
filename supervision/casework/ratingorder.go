package casework

import (
	"context"
	"fmt"

	"duban/queries"
	"duban/supervision/workflow"
)

// OpenRatingOrders opens a work order for every valid bad rating among the
// states of a version that has none yet (domain guide 4). The order counts
// from the instant from which the rating counts.
func (o *Office) OpenRatingOrders(ctx context.Context, version uint64) error {
	for {
		rows, err := selectBadRatings.All(ctx, o.reg, o.conn(), queries.Args{"version": version, "max_rows": actionsAtOnce})
		if err != nil {
			return err
		}
		b := o.newBatch(nobody)
		for _, m := range rows {
			t := target{workflow.Rating, m.ID}
			it, event, refusal := b.machines[workflow.Rating].Apply(workflow.Item{Kind: t.kind, ID: t.id}, workflow.Action{
				Action: "create", Role: workflow.System, At: m.RatedAt, RecordedAt: b.now,
				Payload: jsonRow(map[string]any{
					"org_code": m.OrgCode, "region_code": m.RegionCode, "task_code": m.TaskCode, "window_id": m.WindowID,
					"subjects": []string{m.Subject}, "level": m.Level, "channel": m.Channel, "real_name": m.RealName, "bad_tag": m.BadTag,
				}),
			})
			if refusal != nil {
				return fmt.Errorf("open order %s of a bad rating: %w", t.id, refusal)
			}
			b.record(t, it, event)
		}
		if err := b.write(ctx, version); err != nil {
			return err
		}
		if len(rows) < actionsAtOnce {
			return nil
		}
	}
}
