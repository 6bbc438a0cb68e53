package page

import (
	"context"
	"time"

	"duban/queries"
)

// FigureRequest asks for one indicator.
type FigureRequest struct {
	// ID is the indicator's identifier in the catalogue, such as D01.
	ID string
	// By are the dimensions to group by, none for one figure over all.
	By []string
	// From is the first instant of the period, Until the first one after it;
	// the zero time leaves that side open.
	From, Until time.Time
	AsOf        time.Time
	Region      string
	Org         string
	Source      string
}

// Indicator is an entry of the catalogue of indicators.
type Indicator struct {
	// ID is the number in the catalogue, Identifier the name in code.
	ID, Identifier string
	NameZh, NameEn string
	// Formula says in English how it is counted.
	Formula string
	// Unit is count, rate (0..1), days, hours, score or step (a list of steps,
	// each with its share).
	Unit string
	// By are the dimensions it can be grouped by.
	By []Dimension
	// Subject is case, ticket or rating: what the evidence lists.
	Subject string
	// Better is higher, lower or none.
	Better string
	Source string
	Query  string
}

// Dimension is one way to group an indicator.
type Dimension struct{ Name, Zh, En string }

// Figures evaluates the indicators of the catalogue. Rows of Evaluate hold a
// column per dimension and numerator, denominator and value, value being null
// where the denominator is 0.
type Figures interface {
	Catalogue() []Indicator
	Evaluate(ctx context.Context, r FigureRequest) (*queries.Result, error)
	// Attributes lists the names of the attributes of its subjects by which an
	// indicator can be grouped as well (attribute:NAME), those of a source alone
	// when it is given.
	Attributes(ctx context.Context, id, source string) ([]string, error)
	// Evidence lists the subjects behind a figure.
	Evidence(ctx context.Context, r FigureRequest, e EvidenceRequest) (*queries.Result, error)
	// StreamEvidence is Evidence in batches.
	StreamEvidence(ctx context.Context, r FigureRequest, e EvidenceRequest, batch int, each func(*queries.Result) error) error
}

// EvidenceRequest says which of the subjects behind a figure to list, in which
// order.
type EvidenceRequest struct {
	// Role is numerator, denominator, rest (in the denominator only), or empty for
	// all.
	Role string
	// Search is a text that their numbers contain; empty for all.
	Search string
	// Sort is decided, due, stop, net_days or number; empty means decided.
	Sort          string
	Descending    bool
	Limit, Offset int
}

// indicator finds an entry of the catalogue.
func (s *Site) indicator(id string) (Indicator, bool) {
	for _, ind := range s.Figures.Catalogue() {
		if ind.ID == id {
			return ind, true
		}
	}
	return Indicator{}, false
}

// figure fills a request from the scope of the page.
func (q *request) figure(id string, by ...string) FigureRequest {
	return FigureRequest{
		ID: id, By: by, From: q.scope.From, Until: q.scope.until(), AsOf: q.asOf,
		Region: q.scope.Region, Org: q.scope.Org, Source: q.scope.Source,
	}
}

// until is the first instant after the period, the zero time when it has no end.
func (s Scope) until() time.Time {
	if s.To.IsZero() {
		return time.Time{}
	}
	return s.To.AddDate(0, 0, 1)
}

// valueCell writes the value of an indicator in its unit, with numerator and
// denominator on hover.
func (w writer) valueCell(ind Indicator, r row) Cell {
	n, nok := r.num("numerator")
	d, dok := r.num("denominator")
	v, ok := r.num("value")
	if !ok {
		return nullCell()
	}
	var c Cell
	switch ind.Unit {
	case "rate", "step":
		if nok && dok {
			return w.rateCell(n, d)
		}
		c = Cell{Text: w.Rate(v, 1), Class: "num"}
	case "days":
		c = Cell{Text: w.T("unit.workdays", "N", w.Decimal(v, 1)), Class: "num"}
	case "hours":
		c = w.hoursCell(v)
	case "score":
		c = w.decimalCell(v, 1)
	default:
		c = w.countCell(v)
	}
	c.Raw = r["value"]
	if nok && dok && ind.Unit != "count" {
		c.Title = w.fraction(n, d)
	}
	return c
}
