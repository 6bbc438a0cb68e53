package engine_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

func TestInstrumentsTellWhatWasFolded(t *testing.T) {
	db := storetest.New(t)
	registry := prometheus.NewRegistry()
	e := enginetest.New(t, db, func(_ *engine.Config, d *engine.Deps) { d.Metrics = registry })
	rewrite := fact("2", event.Apply, day(2), "")
	other := rewrite
	other.OrgCode = "elsewhere"
	enginetest.Insert(t, db, append(life("1"), rewrite, other)...)
	require.NoError(t, e.CatchUp(t.Context()))

	families, err := registry.Gather()
	require.NoError(t, err)
	values := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetName() == "topic" && l.GetValue() == string(event.TopicCases) {
					values[f.GetName()] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
				}
			}
		}
	}
	require.Equal(t, 1.0, values["duban_engine_rounds_total"])
	require.Equal(t, 1.0, values["duban_engine_round_seconds"])
	require.Equal(t, 2.0, values["duban_engine_subjects_total"])
	require.Equal(t, 5.0, values["duban_engine_facts_total"], "the rewrite is read too")
	require.Equal(t, 1.0, values["duban_engine_conflicts_total"])
	require.Equal(t, 0.0, values["duban_engine_lag_deliveries"])
	require.NotZero(t, values["duban_engine_watermark_seconds"])
}
