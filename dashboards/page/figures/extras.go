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
