package main

import (
	"context"
	"strings"
	"time"

	"duban/dashboards/page"
	"duban/ingest"
	"duban/metrics"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/lawzone"
	"duban/supervision/lifecycle"
)

// The adapters below join the pages to the rest of the product, which the
// pages may not import.

// querier runs named queries for the pages.
type querier struct {
	reg  *queries.Registry
	conn queries.Conn
}

// Run implements page.Querier.
func (q querier) Run(ctx context.Context, name string, args queries.Args, by ...string) (*queries.Result, error) {
	return q.reg.Run(ctx, q.conn, name, args, by...)
}

// Stream implements page.Querier.
func (q querier) Stream(ctx context.Context, name string, args queries.Args, batch int, each func(*queries.Result) error) error {
	return q.reg.Stream(ctx, q.conn, name, args, batch, each)
}

// figures evaluates indicators for the pages.
type figures struct {
	querier
	catalogue []page.Indicator
}

func newFigures(q querier) (figures, error) {
	defs, err := metrics.Catalogue()
	if err != nil {
		return figures{}, err
	}
	f := figures{querier: q}
	for _, d := range defs {
		in := page.Indicator{
			ID: d.ID, Identifier: d.Identifier, NameZh: d.Zh, NameEn: d.En, Formula: d.Formula, Unit: pageUnit(d),
			Subject: map[byte]string{'E': "rating", 'F': "ticket"}[d.ID[0]],
			Better:  string(d.Better), Source: d.Source, Query: d.Query,
		}
		if in.Subject == "" {
			in.Subject = "case"
		}
		grains, err := d.Grains(q.reg)
		if err != nil {
			return figures{}, err
		}
		for _, g := range grains {
			in.By = append(in.By, page.Dimension{Name: g.Name, Zh: g.Zh, En: g.En})
		}
		f.catalogue = append(f.catalogue, in)
	}
	return f, nil
}

// pageUnit says how the pages write the value of an indicator.
func pageUnit(d metrics.Definition) string {
	switch {
	case d.ID == "D13":
		return "step"
	case d.Kind == metrics.Ratio:
		return "rate"
	case d.Kind == metrics.Count:
		return "count"
	case strings.Contains(d.Unit, "day"):
		return "days"
	case d.Unit == "hours":
		return "hours"
	default:
		return "score"
	}
}

// Catalogue implements page.Figures.
func (f figures) Catalogue() []page.Indicator { return f.catalogue }

func request(r page.FigureRequest) metrics.Request {
	return metrics.Request{ID: r.ID, By: r.By, From: r.From, To: r.Until, AsOf: r.AsOf, Region: r.Region, Org: r.Org, Source: r.Source}
}

// Evaluate implements page.Figures.
func (f figures) Evaluate(ctx context.Context, r page.FigureRequest) (*queries.Result, error) {
	return metrics.Evaluate(ctx, f.reg, f.conn, request(r))
}

// Attributes implements page.Figures.
func (f figures) Attributes(ctx context.Context, id, source string) ([]string, error) {
	def, err := metrics.Find(id)
	if err != nil {
		return nil, err
	}
	return metrics.Attributes(ctx, f.reg, f.conn, def, source)
}

// Evidence implements page.Figures.
func (f figures) Evidence(ctx context.Context, r page.FigureRequest, e page.EvidenceRequest) (*queries.Result, error) {
	return metrics.Cases(ctx, f.reg, f.conn, casesRequest(r, e))
}

// StreamEvidence implements page.Figures.
func (f figures) StreamEvidence(ctx context.Context, r page.FigureRequest, e page.EvidenceRequest, batch int,
	each func(*queries.Result) error) error {
	return metrics.StreamCases(ctx, f.reg, f.conn, casesRequest(r, e), batch, each)
}

func casesRequest(r page.FigureRequest, e page.EvidenceRequest) metrics.CasesRequest {
	return metrics.CasesRequest{
		Request: request(r), Role: e.Role, Search: e.Search, Sort: e.Sort, Descending: e.Descending,
		Limit: uint64(max(0, e.Limit)), Offset: uint64(max(0, e.Offset)),
	}
}

// topicStatus tells the pages what became of every message.
type topicStatus struct{ auditor *ingest.Auditor }

// Topics implements page.StatusSource.
func (t topicStatus) Topics(ctx context.Context) ([]page.TopicStatus, error) {
	rep, err := t.auditor.Status(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]page.TopicStatus, len(rep.Topics))
	for i, s := range rep.Topics {
		out[i] = page.TopicStatus{
			Topic: string(s.Topic), Received: whole(s.Received), Stored: whole(s.Stored), Duplicate: whole(s.Duplicate),
			Rejected: whole(s.Rejected), Pending: whole(s.Pending), Lost: whole(s.Lost), Holds: s.IdentityHolds,
		}
		for _, p := range s.Problems {
			out[i].Problems = append(out[i].Problems, page.TopicProblem{Kind: p.Kind, Count: whole(p.Count)})
		}
	}
	return out, nil
}

func whole(n int64) uint64 { return uint64(max(0, n)) }

// explainer folds one subject again for its page.
type explainer struct{ engine *engine.Engine }

// ExplainCase implements page.Explainer.
func (x explainer) ExplainCase(ctx context.Context, source, caseNo string, asOf time.Time) (*page.Explanation, error) {
	e, err := x.engine.ExplainCase(ctx, source, caseNo, asOf)
	if err != nil || e == nil {
		return nil, err
	}
	return explanation(e.State.CalendarVersion, e.State.Clocks, e.Days, e.State.Illegal), nil
}

// ExplainTicket implements page.Explainer.
func (x explainer) ExplainTicket(ctx context.Context, source, ticketNo string, asOf time.Time) (*page.Explanation, error) {
	e, err := x.engine.ExplainTicket(ctx, source, ticketNo, asOf)
	if err != nil || e == nil {
		return nil, err
	}
	return explanation(e.State.CalendarVersion, e.State.Clocks, e.Days, e.State.Illegal), nil
}

func explanation(version string, clocks []lifecycle.Clock, days [][]lifecycle.ClockDay, illegal []lifecycle.Illegal) *page.Explanation {
	out := &page.Explanation{CalendarVersion: version}
	for i, k := range clocks {
		c := page.ClockExplanation{Clock: k.Clock, No: int(k.No)}
		for _, d := range days[i] {
			c.Days = append(c.Days, page.DayExplanation{
				Day: time.UnixMilli(d.Day.Start()).In(lawzone.Zone), Role: dayRole(d), Reason: string(d.Reason),
				Name: d.Name, Counted: int(d.Used), Note: pauseNote(d),
			})
		}
		out.Clocks = append(out.Clocks, c)
	}
	for _, f := range illegal {
		out.Illegal = append(out.Illegal, page.IllegalFact{EventID: f.EventID, Type: f.Type, At: time.UnixMilli(f.At), From: f.From})
	}
	return out
}

// dayRole says what a day is for the pages: the due day and days that ran over
// it are told apart from those that just counted.
func dayRole(d lifecycle.ClockDay) string {
	if d.Due && d.Role == lifecycle.DayCounted {
		return "due"
	}
	if d.Role == lifecycle.DayOff {
		return "skipped"
	}
	return string(d.Role)
}

func pauseNote(d lifecycle.ClockDay) string {
	if d.Role != lifecycle.DayPaused {
		return ""
	}
	if d.Detail != "" {
		return d.Detail
	}
	return string(d.Pause)
}
