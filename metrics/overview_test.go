package metrics_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/metrics"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// The key figures of a place that are told in one look equal those computed one by one from
// the states, by all that the look groups them by.
func TestFiguresOfTheLedgerInOneLookEqualThoseOneByOne(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	l := enginetest.NewLives(9)
	db := storetest.New(t)
	enginetest.Insert(t, db, l.Tell(300, 150, 300)...)
	e := enginetest.New(t, db, func(c *engine.Config, _ *engine.Deps) { c.RoundDeliveries, c.Movements = 1500, true })
	require.NoError(t, e.CatchUp(t.Context()))
	for n := range questions(t, 4) {
		req := ask(l, "C01")
		req.ID, req.By = "", nil
		level := l.One("", "province", "city", "county", "township", "village")
		below := level != "" && l.Chance(30)
		asked := map[string][]string{"": {"C01", "C02", "C03", "C04", "C05", "C07", "D01", "D05", "F01", "F06", "E02", "E05"},
			"month": {"C01", "C03", "D01"}, "org": {"D01"}, "channel": {"C01"}}
		if level == "" {
			asked[""] = append(asked[""], "C06") // is not part of the look
		} else {
			asked[level] = []string{"C01", "C03", "C05", "D01"}
		}
		statements := map[string]int{}
		ctx := metrics.InOneLook(t.Context(), reg, db.Conn(), metrics.Place{Request: req, Below: below,
			Level: func(context.Context) (string, error) { statements["level"]++; return level, nil }})
		for by, ids := range asked {
			for _, id := range ids {
				req := req
				if req.ID = id; by != "" {
					req.By = []string{by}
				}
				want, err := metrics.Evaluate(metrics.FromStates(t.Context()), reg, db.Conn(), req)
				require.NoError(t, err)
				got, err := metrics.Evaluate(ctx, reg, db.Conn(), req)
				require.NoError(t, err)
				require.Equal(t, short(want), short(got), "%d: %+v", n, req)
			}
		}
		if req.From.IsZero() || req.From.Before(req.AsOf) { // else there is nothing to look for
			require.Equal(t, 1, statements["level"], "it looks once")
		}
	}
}

// short is what a look tells of an answer.
func short(r *queries.Result) []string {
	var out []string
	for _, row := range r.Maps() {
		var line []string
		for _, key := range append(r.By, "numerator", "denominator", "value") {
			line = append(line, fmt.Sprintf("%v %T", row[key], row[key]))
		}
		out = append(out, strings.Join(line, ", "))
	}
	return out
}
