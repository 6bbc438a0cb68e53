package target

import (
	"context"
	"time"

	"duban/metrics"
	"duban/queries"
	"duban/supervision/lawzone"
)

// standing is a target with its value.
type standing struct {
	Target
	value *float64
}

// List evaluates the targets of a division and those below it, or all without one, as of an
// instant: the preloaded ones by their indicators, one's own by the last measurement.
func List(ctx context.Context, reg *queries.Registry, conn queries.Conn, region string, asOf time.Time) (*queries.Result, error) {
	seeds, err := Seeds()
	if err != nil {
		return nil, err
	}
	in, err := metrics.LoadInputs(ctx, reg, conn)
	if err != nil {
		return nil, err
	}
	type figure struct{ indicator, region, org string }
	known := map[figure]*float64{} // several targets ask for one figure: milestones of a plan
	var all []standing
	for _, t := range seeds {
		if region != "" && region != t.Region {
			continue
		}
		s := standing{Target: t}
		if t.Indicator != "" {
			of, asked := figure{t.Indicator, t.Region, t.Org}, false
			if s.value, asked = known[of]; !asked {
				if s.value, err = value(ctx, reg, conn, in, t, asOf); err != nil {
					return nil, err
				}
				known[of] = s.value
			}
		}
		all = append(all, s)
	}
	own, err := measured(ctx, reg, conn, region, asOf)
	if err != nil {
		return nil, err
	}
	res := &queries.Result{Columns: columns()}
	for _, s := range append(all, own...) {
		res.Rows = append(res.Rows, s.row(asOf))
	}
	return res, nil
}

func columns() []queries.Column {
	return []queries.Column{
		{Name: "id", Type: "String", Help: "name of the target"},
		{Name: "region_code", Type: "String", Help: "division"},
		{Name: "org_code", Type: "String", Help: "organisation; empty = the division as a whole"},
		{Name: "indicator", Type: "String", Help: "number in the catalogue; empty = a milestone or a number of one's own"},
		{Name: "zh", Type: "String", Help: "what is to be reached, in Chinese"},
		{Name: "en", Type: "String", Help: "what is to be reached, in English"},
		{Name: "recorded", Type: "String", Help: "what the plan itself reports"},
		{Name: "baseline", Type: "Nullable(Float64)", Help: "where it began; null = the plan does not say"},
		{Name: "target", Type: "Nullable(Float64)", Help: "what is to be reached; null = recorded alone"},
		{Name: "due", Type: "String", Help: "by the end of this day; empty = no day"},
		{Name: "value", Type: "Nullable(Float64)", Help: "value as of the instant; null = nothing is known"},
		{Name: "progress", Type: "Nullable(Float64)", Help: "part of the way from baseline to target; null without a baseline"},
		{Name: "projection", Type: "Nullable(Float64)", Help: "value on the day when things go on as since the baseline"},
		{Name: "status", Type: "String", Help: "met, on_track, behind, missed or unknown"},
		{Name: "source", Type: "String", Help: "who set it"},
	}
}

func (s standing) row(asOf time.Time) []any {
	return []any{s.ID, s.Region, s.Org, s.Indicator, s.Zh, s.En, s.Recorded, number(s.Baseline), number(s.Goal), s.Due, number(s.value),
		number(s.Progress(s.value)), number(s.Projection(s.value, asOf)), string(s.StatusAt(s.value, asOf)), s.Source}
}

func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// value is the figure of a target as of an instant.
func value(ctx context.Context, reg *queries.Registry, conn queries.Conn, in metrics.Inputs, t Target, asOf time.Time) (*float64, error) {
	def, err := metrics.Find(t.Indicator)
	if err != nil {
		return nil, err
	}
	res, err := metrics.Evaluate(ctx, reg, conn, metrics.Request{ID: t.Indicator, Region: t.Region, Org: t.Org, AsOf: asOf})
	if err != nil {
		return nil, err
	}
	in.Name(def, res)
	if len(res.Rows) != 1 {
		return nil, nil //nolint:nilnil // nothing is known of it, which is no failure
	}
	v, ok := queries.Number(res.Maps()[0]["value"])
	if !ok {
		return nil, nil //nolint:nilnil // nothing is known of it, which is no failure
	}
	return &v, nil
}

var selectTargets = queries.Select[struct {
	Name     string    `ch:"name"`
	Source   string    `ch:"source_sys"`
	Org      string    `ch:"org_code"`
	Region   string    `ch:"region_code"`
	Since    time.Time `ch:"since"`
	Due      time.Time `ch:"due"`
	Baseline float64   `ch:"baseline"`
	Goal     float64   `ch:"target"`
	Actual   float64   `ch:"actual"`
}]("quality/targets", "measured_at")

// measured are the targets that arrive as measurements.
func measured(ctx context.Context, reg *queries.Registry, conn queries.Conn, region string, asOf time.Time) ([]standing, error) {
	rows, err := selectTargets.All(ctx, reg, conn, queries.Args{"as_of": asOf, "region": region})
	if err != nil {
		return nil, err
	}
	var all []standing
	for _, m := range rows {
		all = append(all, standing{value: &m.Actual, Target: Target{
			ID: m.Name, Region: m.Region, Org: m.Org, Zh: m.Name, En: m.Name,
			Baseline: &m.Baseline, Goal: &m.Goal, Lower: m.Goal < m.Baseline, Source: m.Source,
			Since: m.Since.In(lawzone.Zone).Format(time.DateOnly),
			Due:   m.Due.Add(-time.Millisecond).In(lawzone.Zone).Format(time.DateOnly),
		}})
	}
	return all, nil
}
