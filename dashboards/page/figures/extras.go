package figures

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"duban/dashboards/page/kit"
	"duban/metrics"
	"duban/queries"
)

func columnNames(cols []queries.Column) []string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = c.Name
	}
	return out
}

// extraColumns are the columns that an indicator has besides its keys,
// numerator, denominator and value.
func extraColumns(columns, keys []string) []string {
	var out []string
	for _, c := range columns {
		if !slices.Contains([]string{"numerator", "denominator", "value", "step"}, c) && !slices.Contains(keys, c) {
			out = append(out, c)
		}
	}
	return out
}

func (q *request) extraLabel(key string) string {
	if text := q.Enum("extra", key); text != key {
		return text
	}
	return key
}

// extraCell writes a further column by the unit that its name ends in.
func (q *request) extraCell(key string, v any) kit.Cell {
	if b, ok := v.(bool); ok {
		return q.BoolCell(b)
	}
	f, ok := kit.Number(v)
	switch {
	case !ok && v == nil:
		return kit.NullCell()
	case !ok:
		return q.TextCell(kit.Row{"v": v}.Text("v"))
	case strings.HasSuffix(key, "_hours"):
		return q.HoursCell(v)
	case strings.HasSuffix(key, "_rate"), strings.HasSuffix(key, "_share"):
		return kit.Cell{Text: q.Rate(f, 1), Raw: v, Class: "num"}
	case f == float64(int64(f)) && !strings.Contains(key, "avg"):
		return q.CountCell(v)
	default:
		return q.DecimalCell(v, 1)
	}
}

// evaluateAll asks for the one row of each indicator over the whole scope.
func (q *request) evaluateAll(ctx context.Context, all []metrics.Definition) ([]kit.Row, error) {
	out := make([]kit.Row, len(all))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(kit.AtOnce)
	for i, ind := range all {
		g.Go(func() error {
			res, err := q.Figures.Evaluate(ctx, q.Figure(ind.ID))
			if err != nil {
				return err
			}
			out[i] = kit.Row{}
			if rows := kit.RowsOf(res); len(rows) == 1 {
				out[i] = rows[0]
			}
			return nil
		})
	}
	return out, g.Wait()
}

// keyCell names one group of a dimension.
func (q *request) keyCell(n kit.Names, ind metrics.Definition, by, v string) kit.Cell {
	if v == "" {
		return kit.Cell{Text: q.T("value.none"), Raw: "", Class: "muted"}
	}
	switch by {
	case "org":
		return q.OrgCell(n, v)
	case "item":
		return q.ItemCell(n, v)
	case "region", "province", "city", "county", "township", "village":
		return q.RegionCell(n, v)
	case "channel":
		return q.EnumCell(map[metrics.Subject]string{metrics.Case: "apply_channel", metrics.Ticket: "ticket_channel",
			metrics.Rating: "rating_channel"}[ind.Subject], v)
	case "kind":
		return q.EnumCell("ticket_type", v)
	case "level":
		return q.EnumCell("rating_level", v)
	case "item_type", "project_type":
		return q.EnumCell(by, v)
	}
	return q.TextCell(v)
}

// dimension is the name of a dimension of an indicator.
func (q *request) dimension(ind metrics.Definition, name string) string {
	for _, d := range q.Figures.Grains[ind.ID] {
		if d.Name == name {
			return q.Pick(d.Zh, d.En)
		}
	}
	if attribute, ok := strings.CutPrefix(name, attributePrefix); ok {
		return attribute
	}
	return q.T("col." + name)
}

func timeDimension(by string) bool {
	return slices.Contains([]string{"day", "week", "month", "quarter", "year"}, by)
}
