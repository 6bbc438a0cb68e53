package metrics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
	for _, d := range all {
		grains, err := d.Grains(reg)
		require.NoError(t, err)
		res, err := metrics.Evaluate(t.Context(), reg, db.Conn(), metrics.Request{ID: d.ID, AsOf: asOf})
		require.NoError(t, err, d.ID)
		if d.ID != "D13" {
			require.Len(t, res.Rows, 1, d.ID)
			m := res.Maps()[0]
			require.EqualValues(t, 0, m["numerator"], d.ID)
			if d.Kind == metrics.Count {
				require.Nil(t, m["denominator"])
				require.EqualValues(t, 0, m["value"], d.ID)
			} else {
				require.EqualValues(t, 0, m["denominator"], d.ID)
				require.Nil(t, m["value"], d.ID)
			}
		}
		for _, g := range grains {
			if testing.Short() && g.Name != "month" && g.Name != "province" {
				continue
			}
			res, err := metrics.Evaluate(t.Context(), reg, db.Conn(), metrics.Request{ID: d.ID, AsOf: asOf, By: []string{g.Name}})
			require.NoError(t, err, d.ID+" by "+g.Name)
			require.Empty(t, res.Rows)
		}
		_, err = metrics.Cases(t.Context(), reg, db.Conn(), metrics.CasesRequest{Request: metrics.Request{ID: d.Identifier, AsOf: asOf}})
		require.NoError(t, err, d.ID)
	}
	for _, name := range reg.Names() {
		if strings.HasPrefix(name, "quality/") {
			q, err := reg.Get(name)
			require.NoError(t, err)
			args := queries.Args{"as_of": asOf}
			for _, p := range q.Params {
				if p.Name == "limit" {
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
