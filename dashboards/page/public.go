package page

import (
	"context"

	"duban/dashboards/access"
	"duban/metrics"
	"duban/queries"
)

// forReaders takes the small cells out of the figures that the public reads (domain guide
// 8.2), whichever page asks for them.
type forReaders struct{ Figures }

// Evaluate implements Figures.
func (f forReaders) Evaluate(ctx context.Context, r FigureRequest) (*queries.Result, error) {
	res, err := f.Figures.Evaluate(ctx, r)
	if err == nil && public(ctx) {
		metrics.Suppress(res, metrics.LeastPublic)
	}
	return res, err
}

func public(ctx context.Context) bool {
	u, ok := access.FromContext(ctx)
	return ok && u.Role == access.Public
}
