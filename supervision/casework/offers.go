package casework

import (
	"context"

	"duban/supervision/workflow"
)

// Offers lists what somebody in a role and an organisation may do to items of a
// kind as they stand: what a page offers. Items that do not exist are left out.
func (o *Office) Offers(ctx context.Context, kind string, ids []string, role, org string) (map[string][]string, error) {
	within, err := o.organisations(ctx)
	if err != nil {
		return nil, err
	}
	b := o.newBatch(within)
	k := workflow.Kind(kind)
	m := b.machines[k]
	if m == nil || len(ids) == 0 {
		return nil, nil
	}
	if k == workflow.Alert {
		err = b.loadAlerts(ctx, ids)
	} else {
		err = b.loadItems(ctx, ids)
	}
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for t, it := range b.items {
		if t.kind == k {
			out[t.id] = m.Allowed(it, workflow.Role(role), org)
		}
	}
	return out, nil
}
