package metrics_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"duban/internal/store/storetest"
	"duban/metrics"
	"duban/metrics/process"
	"duban/queries"
)

// Every indicator runs on an empty database in every grain: a ratio has one row
// with null when it is not grouped and none when it is.
func TestEveryIndicatorRunsInEveryGrainOnNoData(t *testing.T) {
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	all, err := metrics.Catalogue()
	require.NoError(t, err)
	asOf := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	inputs, err := metrics.LoadInputs(t.Context(), reg, db.Conn())
	require.NoError(t, err)
	seen := map[string]bool{}
	var g errgroup.Group
	g.SetLimit(4)
	for _, d := range all {
		grains, err := d.Grains(reg)
		require.NoError(t, err)
		res, err := metrics.Evaluate(t.Context(), reg, db.Conn(), metrics.Request{ID: d.ID, AsOf: asOf})
		require.NoError(t, err, d.ID)
		if d.Split == "" {
			require.Len(t, res.Rows, 1, d.ID)
			m := res.Maps()[0]
			require.Zero(t, number(orNought(m["numerator"])), d.ID)
			if d.Kind == metrics.Count {
				require.Nil(t, m["denominator"], d.ID)
				require.Zero(t, number(orNought(m["value"])), d.ID)
			} else {
				require.Zero(t, number(m["denominator"]), d.ID)
				require.Nil(t, m["value"], d.ID)
			}
		}
		require.NotEmpty(t, inputs.Missing(d), "%s says what it is missing", d.ID)
		q, err := reg.Get(d.Query)
		require.NoError(t, err)
		for by := range slices.Chunk(names(grains, seen[q.Dims]), queries.MaxDimensions) {
			g.Go(func() error {
				res, err := metrics.Evaluate(t.Context(), reg, db.Conn(), metrics.Request{ID: d.ID, AsOf: asOf, By: by})
				if err == nil && len(res.Rows) > 0 {
					err = errors.New("there is a row of nothing")
				}
				if err != nil {
					return fmt.Errorf("%s by %s: %w", d.ID, strings.Join(by, ", "), err)
				}
				return nil
			})
		}
		seen[q.Dims] = true
		_, err = metrics.Cases(t.Context(), reg, db.Conn(), metrics.CasesRequest{Request: metrics.Request{ID: d.Identifier, AsOf: asOf}})
		require.NoError(t, err, d.ID)
	}
	require.NoError(t, g.Wait())
	for _, name := range reg.Names() {
		if strings.HasPrefix(name, "quality/") {
			q, err := reg.Get(name)
			require.NoError(t, err)
			args := queries.Args{}
			for _, p := range q.Params {
				switch p.Name {
				case "as_of":
					args["as_of"] = asOf
				case "limit":
					args["limit"] = 10
				}
			}
			_, err = reg.Run(t.Context(), db.Conn(), name, args)
			require.NoError(t, err, name)
		}
	}
	for _, k := range process.Kinds() {
		res, err := process.Run(t.Context(), reg, db.Conn(), process.Request{Kind: k, Source: "x", AsOf: asOf})
		require.NoError(t, err, k)
		require.Empty(t, res.Rows)
	}
}

// names are the grains that are tried: all of a list for its first indicator, one of those
// that read the same columns for the others.
func names(grains []queries.Dimension, seen bool) []string {
	var out []string
	for _, g := range grains {
		alike := []string{"region", "province", "county", "township", "village", "org", "gov_level", "year", "quarter", "day"}
		if !seen || !slices.Contains(alike, g.Name) {
			out = append(out, g.Name)
		}
	}
	return out
}

func orNought(v any) any {
	if v == nil {
		return uint64(0)
	}
	return v
}
