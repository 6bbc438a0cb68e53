package page

import (
	"context"

	"duban/dashboards/access"
	"duban/metrics"
	"duban/queries"
)

// forReaders takes the small cells out of the figures that the public reads (domain guide
// 8.2), whichever page asks for them.
type forReaders struct {
	Figures
	discreet discreet
}

// Evidence implements Figures: a subject that later became secret is counted and not listed.
func (f forReaders) Evidence(ctx context.Context, r FigureRequest, e EvidenceRequest) (*queries.Result, error) {
	res, err := f.Figures.Evidence(ctx, r, e)
	if err != nil {
		return nil, err
	}
	return res, f.discreet.keep(ctx, "", res)
}

// Evaluate implements Figures.
func (f forReaders) Evaluate(ctx context.Context, r FigureRequest) (*queries.Result, error) {
	res, err := f.Figures.Evaluate(ctx, r)
	if err == nil && public(ctx) {
		metrics.Suppress(res, metrics.LeastPublic)
	}
	return res, err
}

// StreamEvidence implements Figures.
func (f forReaders) StreamEvidence(ctx context.Context, r FigureRequest, e EvidenceRequest, batch int,
	each func(*queries.Result) error) error {
	return f.Figures.StreamEvidence(ctx, r, e, batch, f.discreet.each(ctx, "", each))
}

func public(ctx context.Context) bool {
	u, ok := access.FromContext(ctx)
	return ok && u.Role == access.Public
}
