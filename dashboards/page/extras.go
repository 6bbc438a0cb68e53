package page

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

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
func (q *request) extraCell(key string, v any) Cell {
	if b, ok := v.(bool); ok {
		return q.boolCell(b)
	}
	f, ok := number(v)
	switch {
	case !ok && v == nil:
		return nullCell()
	case !ok:
		return q.textCell(row{"v": v}.text("v"))
	case strings.HasSuffix(key, "_hours"):
		return q.hoursCell(v)
	case strings.HasSuffix(key, "_rate"), strings.HasSuffix(key, "_share"):
		return Cell{Text: q.Rate(f, 1), Raw: v, Class: "num"}
	case f == float64(int64(f)) && !strings.Contains(key, "avg"):
		return q.countCell(v)
	default:
		return q.decimalCell(v, 1)
	}
}

// evaluateAll asks for the one row of each indicator over the whole scope.
func (q *request) evaluateAll(ctx context.Context, all []metrics.Definition) ([]row, error) {
	out := make([]row, len(all))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i, ind := range all {
		g.Go(func() error {
			res, err := q.Figures.Evaluate(ctx, q.figure(ind.ID))
			if err != nil {
				return err
			}
			out[i] = row{}
			if rows := rowsOf(res); len(rows) == 1 {
				out[i] = rows[0]
			}
			return nil
		})
	}
	return out, g.Wait()
}
