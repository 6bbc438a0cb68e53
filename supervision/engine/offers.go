package engine

import "context"

// Offers lists what somebody in a role and an organisation may do to items of a
// kind as they stand: what a page offers. Items that do not exist are left out.
func (e *Engine) Offers(ctx context.Context, kind string, ids []string, role, org string) (map[string][]string, error) {
	return e.casework.Offers(ctx, kind, ids, role, org)
}
