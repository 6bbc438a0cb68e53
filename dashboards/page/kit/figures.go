package kit

import (
	"context"
	"slices"
	"strings"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/metrics"
	"duban/queries"
)

// Figures evaluates the indicators of the catalogue for the reader of a page: the public is
// told no small cells (domain guide 8.2), and a subject that later became secret is counted
// and not listed, whichever page asks.
type Figures struct {
	reg       *queries.Registry
	conn      queries.Conn
	told      *discretion.Reader
	Catalogue []metrics.Definition
	Grains    map[string][]queries.Dimension // that an indicator can be grouped by
}

// NewFigures makes the figures of a database for what its readers are told.
func NewFigures(reg *queries.Registry, conn queries.Conn, told *discretion.Reader) (*Figures, error) {
	all, err := metrics.Catalogue()
	if err != nil {
		return nil, err
	}
	f := &Figures{reg: reg, conn: conn, told: told, Catalogue: all, Grains: map[string][]queries.Dimension{}}
	for _, def := range all {
		if f.Grains[def.ID], err = def.Grains(reg); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Evaluate computes an indicator; see metrics.Evaluate.
func (f *Figures) Evaluate(ctx context.Context, r metrics.Request) (*queries.Result, error) {
	res, err := metrics.Evaluate(ctx, f.reg, f.conn, r)
	if err != nil {
		return nil, err
	}
	if IsPublic(ctx) {
		metrics.Suppress(res, metrics.LeastPublic)
	}
	return res, f.told.Keep(ctx, "", res)
}

// InOneLook has the key figures of a place told together under the context, see metrics.InOneLook.
func (f *Figures) InOneLook(ctx context.Context, p metrics.Place) context.Context {
	return metrics.InOneLook(ctx, f.reg, f.conn, p)
}

// KnownAt is the instant as known at which figures are told now; zero while they are computed
// from the states.
func (f *Figures) KnownAt(ctx context.Context) (time.Time, error) {
	return metrics.KnownAt(ctx, f.reg, f.conn)
}

// Cases lists the subjects behind a figure.
func (f *Figures) Cases(ctx context.Context, r metrics.CasesRequest) (*queries.Result, error) {
	res, err := metrics.Cases(ctx, f.reg, f.conn, r)
	if err != nil {
		return nil, err
	}
	return res, f.told.Keep(ctx, "", res)
}

// StreamCases is Cases in batches.
func (f *Figures) StreamCases(ctx context.Context, r metrics.CasesRequest, batch int, each func(*queries.Result) error) error {
	return metrics.StreamCases(ctx, f.reg, f.conn, r, batch, f.told.Each(ctx, "", each))
}

// Attributes lists the names of the attributes of its subjects by which an indicator can be
// grouped as well (attribute:NAME), those of a source alone when it is given.
func (f *Figures) Attributes(ctx context.Context, d metrics.Definition, source string) ([]string, error) {
	return metrics.Attributes(ctx, f.reg, f.conn, d, source)
}

// Inputs looks up what there is to make figures of.
func (f *Figures) Inputs(ctx context.Context) (metrics.Inputs, error) {
	return metrics.LoadInputs(ctx, f.reg, f.conn)
}

// Shown lists the indicators that the reader may see.
func (f *Figures) Shown(ctx context.Context) []metrics.Definition {
	if !IsPublic(ctx) {
		return f.Catalogue
	}
	return slices.DeleteFunc(slices.Clone(f.Catalogue), func(d metrics.Definition) bool { return d.Internal })
}

// Listed reports whether the pages list what is behind an indicator one by one.
func Listed(d metrics.Definition) bool {
	return slices.Contains([]metrics.Subject{metrics.Case, metrics.Ticket, metrics.Rating}, d.Subject)
}

// Find finds an entry of the catalogue by its number.
func (f *Figures) Find(id string) (metrics.Definition, bool) {
	for _, d := range f.Catalogue {
		if d.ID == id {
			return d, true
		}
	}
	return metrics.Definition{}, false
}

// IsPublic reports whether the reader is of the public.
func IsPublic(ctx context.Context) bool {
	u, ok := access.FromContext(ctx)
	return ok && u.Role == access.Public
}

// Unit is how the value of an indicator is written.
type Unit string

// The units that pages tell apart.
const (
	UnitCount Unit = "count"
	UnitRate  Unit = "rate" // 0..1
	UnitStep  Unit = "step" // a list of steps, each with its share
	unitDays  Unit = "days"
	unitHours Unit = "hours"
	unitScore Unit = "score"
)

// UnitOf is the unit of an indicator.
func UnitOf(d metrics.Definition) Unit {
	switch {
	case d.Split != "":
		return UnitStep
	case d.Kind == metrics.Ratio:
		return UnitRate
	case d.Kind == metrics.Count:
		return UnitCount
	case strings.Contains(d.Unit, "day"):
		return unitDays
	case d.Unit == "hours":
		return unitHours
	default:
		return unitScore
	}
}

// Figure fills a request from the scope of the page.
func (q *Request) Figure(id string, by ...string) metrics.Request {
	return metrics.Request{
		ID: id, By: by, From: q.Scope.From, To: q.Scope.Until(), AsOf: q.AsOf,
		Region: q.Scope.Region, Org: q.Scope.Org, Source: q.Scope.Source, KnownAt: q.KnownAt,
	}
}

// ValueCell writes the value of an indicator in its unit, with numerator and
// denominator on hover.
func (w Writer) ValueCell(ind metrics.Definition, r Row) Cell {
	n, nok := r.Num("numerator")
	d, dok := r.Num("denominator")
	v, ok := r.Num("value")
	if !ok {
		return NullCell()
	}
	var c Cell
	u := UnitOf(ind)
	switch u {
	case UnitRate, UnitStep:
		if nok && dok {
			return w.RateCell(n, d)
		}
		c = Cell{Text: w.Rate(v, 1), Class: "num"}
	case unitDays:
		c = Cell{Text: w.T("unit.workdays", "N", w.Decimal(v, 1)), Class: "num"}
	case unitHours:
		c = w.HoursCell(v)
	case unitScore:
		c = w.DecimalCell(v, 1)
	default:
		c = w.CountCell(v)
	}
	c.Raw = r["value"]
	if nok && dok && u != UnitCount {
		c.Title = w.Fraction(n, d)
	}
	return c
}
