package engine

import (
	"context"

	"duban/supervision/workflow"
)

// Offers lists what somebody in a role and an organisation may do to items of a
// kind as they stand: what a page offers. Items that do not exist are left out.
func (e *Engine) Offers(ctx context.Context, kind string, ids []string, role, org string) (map[string][]string, error) {
	within, err := e.organisations(ctx)
	if err != nil {
		return nil, err
	}
	d := e.newDesk(within)
	k := workflow.Kind(kind)
	m := d.machines[k]
	if m == nil || len(ids) == 0 {
		return nil, nil
	}
	if k == workflow.Alert {
		err = d.loadAlerts(ctx, ids)
	} else {
		err = d.loadItems(ctx, ids)
	}
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for t, it := range d.items {
		if t.kind == k {
			out[t.id] = m.Allowed(it, workflow.Role(role), org)
		}
	}
	return out, nil
}
