package metrics_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/metrics"
	"duban/queries"
)

func TestCatalogueAndQueriesNameEachOther(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	all, err := metrics.Catalogue()
	require.NoError(t, err)
	named := map[string]bool{}
	for _, d := range all {
		q, err := reg.Get(d.Query)
		require.NoError(t, err)
		evidence, err := reg.Get(d.CasesQuery())
		require.NoError(t, err)
		named[d.Query], named[d.CasesQuery()] = true, true
		columns := map[string]bool{}
		for _, c := range q.Columns {
			columns[c.Name] = true
		}
		require.True(t, columns["numerator"] && columns["denominator"] && columns["value"], "%s documents its columns", d.ID)
		require.Equal(t, q.Dims == "ticket", d.Subject == metrics.Ticket, "%s is grouped by the dimensions of its subject", d.ID)
		require.Equal(t, evidence.Dims == "rating", d.Subject == metrics.Rating, "the evidence of %s lists what it counts", d.ID)
		require.True(t, d.Split == "" || columns[d.Split], "%s has a column of what it is split by", d.ID)
		grains, err := d.Grains(reg)
		require.NoError(t, err)
		require.NotEmpty(t, grains, d.ID)
		for _, g := range grains {
			require.NotEmpty(t, g.Zh, g.Name)
			require.NotEmpty(t, g.En, g.Name)
		}
	}
	for _, name := range reg.Names() {
		if strings.HasPrefix(name, "indicator/") {
			require.True(t, named[name], "%s is in no definition", name)
		}
	}
	// The catalogue of domain guide 5.2 to 5.8 is whole.
	for group, last := range map[string]int{"A": 20, "B": 15, "C": 21, "D": 16, "E": 11, "F": 20, "G": 15} {
		for n := range last {
			_, err := metrics.Find(fmt.Sprintf("%s%02d", group, n+1))
			require.NoError(t, err)
		}
	}
}

func TestFindByNumberOrName(t *testing.T) {
	for _, name := range []string{"D01", "d01", "ontime_rate"} {
		d, err := metrics.Find(name)
		require.NoError(t, err)
		require.Equal(t, "按时办结率", d.Zh)
	}
	_, err := metrics.Find("Z99")
	require.ErrorContains(t, err, `no indicator "Z99"; there are: A01, A02, A03`)
}

func TestARequestThatCannotBeAnsweredSaysWhy(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	ask := func(req metrics.Request) error {
		_, err := metrics.Evaluate(t.Context(), reg, nil, req)
		return err
	}
	require.ErrorContains(t, ask(metrics.Request{ID: "D01"}), "needs the instant")
	require.ErrorContains(t, ask(metrics.Request{ID: "D01", AsOf: at("2026-01-01"), From: at("2026-02-01"), To: at("2026-02-01")}),
		"the period is empty")
	require.ErrorContains(t, ask(metrics.Request{ID: "D01", AsOf: at("2026-01-01"), By: []string{"moon"}}), "it can be by: region, province")
	_, err = metrics.Cases(t.Context(), reg, nil, metrics.CasesRequest{Request: metrics.Request{ID: "D01", AsOf: at("2026-01-01")},
		Role: "both"})
	require.ErrorContains(t, err, "want numerator, denominator or rest")
}
