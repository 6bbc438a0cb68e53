package page

import (
	"context"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/metrics"
	"duban/queries"
)

// figures evaluates the indicators of the catalogue for the reader of a page: the public is
// told no small cells (domain guide 8.2), and a subject that later became secret is counted
// and not listed, whichever page asks.
type figures struct {
	reg       *queries.Registry
	conn      queries.Conn
	told      *discretion.Reader
	catalogue []metrics.Definition
	grains    map[string][]queries.Dimension // that an indicator can be grouped by
}

func newFigures(reg *queries.Registry, conn queries.Conn, told *discretion.Reader) (*figures, error) {
	all, err := metrics.Catalogue()
	if err != nil {
		return nil, err
	}
	f := &figures{reg: reg, conn: conn, told: told, catalogue: all, grains: map[string][]queries.Dimension{}}
	for _, def := range all {
		if f.grains[def.ID], err = def.Grains(reg); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Evaluate computes an indicator; see metrics.Evaluate.
func (f *figures) Evaluate(ctx context.Context, r metrics.Request) (*queries.Result, error) {
	res, err := metrics.Evaluate(ctx, f.reg, f.conn, r)
	if err == nil && public(ctx) {
		metrics.Suppress(res, metrics.LeastPublic)
	}
	return res, err
}

// Cases lists the subjects behind a figure.
func (f *figures) Cases(ctx context.Context, r metrics.CasesRequest) (*queries.Result, error) {
	res, err := metrics.Cases(ctx, f.reg, f.conn, r)
	if err != nil {
		return nil, err
	}
	return res, f.told.Keep(ctx, "", res)
}

// StreamCases is Cases in batches.
func (f *figures) StreamCases(ctx context.Context, r metrics.CasesRequest, batch int, each func(*queries.Result) error) error {
	return metrics.StreamCases(ctx, f.reg, f.conn, r, batch, f.told.Each(ctx, "", each))
}

// Attributes lists the names of the attributes of its subjects by which an indicator can be
// grouped as well (attribute:NAME), those of a source alone when it is given.
func (f *figures) Attributes(ctx context.Context, d metrics.Definition, source string) ([]string, error) {
	return metrics.Attributes(ctx, f.reg, f.conn, d, source)
}

// find finds an entry of the catalogue by its number.
func (f *figures) find(id string) (metrics.Definition, bool) {
	for _, d := range f.catalogue {
		if d.ID == id {
			return d, true
		}
	}
	return metrics.Definition{}, false
}

func public(ctx context.Context) bool {
	u, ok := access.FromContext(ctx)
	return ok && u.Role == access.Public
}

// unit is how the value of an indicator is written.
type unit string

const (
	unitCount unit = "count"
	unitRate  unit = "rate" // 0..1
	unitStep  unit = "step" // a list of steps, each with its share
	unitDays  unit = "days"
	unitHours unit = "hours"
	unitScore unit = "score"
)

func unitOf(d metrics.Definition) unit {
	switch {
	case d.Split != "":
		return unitStep
	case d.Kind == metrics.Ratio:
		return unitRate
	case d.Kind == metrics.Count:
		return unitCount
	case strings.Contains(d.Unit, "day"):
		return unitDays
	case d.Unit == "hours":
		return unitHours
	default:
		return unitScore
	}
}

// figure fills a request from the scope of the page.
func (q *request) figure(id string, by ...string) metrics.Request {
	return metrics.Request{
		ID: id, By: by, From: q.scope.From, To: q.scope.Until(), AsOf: q.asOf,
		Region: q.scope.Region, Org: q.scope.Org, Source: q.scope.Source,
	}
}

// valueCell writes the value of an indicator in its unit, with numerator and
// denominator on hover.
func (w writer) valueCell(ind metrics.Definition, r row) Cell {
	n, nok := r.num("numerator")
	d, dok := r.num("denominator")
	v, ok := r.num("value")
	if !ok {
		return nullCell()
	}
	var c Cell
	u := unitOf(ind)
	switch u {
	case unitRate, unitStep:
		if nok && dok {
			return w.rateCell(n, d)
		}
		c = Cell{Text: w.Rate(v, 1), Class: "num"}
	case unitDays:
		c = Cell{Text: w.T("unit.workdays", "N", w.Decimal(v, 1)), Class: "num"}
	case unitHours:
		c = w.hoursCell(v)
	case unitScore:
		c = w.decimalCell(v, 1)
	default:
		c = w.countCell(v)
	}
	c.Raw = r["value"]
	if nok && dok && u != unitCount {
		c.Title = w.fraction(n, d)
	}
	return c
}
