package metrics_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/metrics"
	"duban/supervision/engine/enginetest"
)

// The counting rules of domain guide 5.1 that hold for every indicator of the catalogue, over
// the hand-made cases, projects, tickets, items, measurements, alerts and work of the other
// tests together, each case and ticket with a twin that is a test (C4). A new indicator is
// in this test by itself.
func TestCountingRulesHoldForEveryIndicator(t *testing.T) {
	b := newBench(t)
	b.places()
	b.someItems()
	b.someMeasurements()
	b.eightAlerts()
	b.someWork()
	b.tenCases()
	b.jointProjects()
	b.nineTickets()
	b.fourOrganisations()
	backlog := &script{source: "back", org: "A", item: "T1"}
	backlog.add("stuck", event.Apply, "2026-03-02 09:00", "", by("hall"))
	backlog.add("stuck", event.Accept, "2026-03-03 09:00", `{"promise_days":3}`)
	enginetest.Insert(t, b.db, backlog.twice()...)
	for no, level := range map[string]uint8{"full": 5, "paused": 1} {
		enginetest.Insert(t, b.db, event.Rating{SourceSys: "haoping", RatingID: no, RatedAt: at("2026-03-17 09:00").UnixMilli(), Level: level,
			SubjectSys: "gov", CaseNo: no})
	}
	enginetest.Fold(t, b.db)
	all, err := metrics.Catalogue()
	require.NoError(t, err)
	was := map[string]map[string]any{}
	for _, d := range all {
		if d.Split != "" {
			continue
		}
		whole := b.one(march(d.ID))
		was[d.ID] = whole
		// C6: without a denominator there is no value; and there are data for each of them here.
		if d.Kind != metrics.Count {
			assert.Equal(t, number(whole["denominator"]) == 0, whole["value"] == nil, d.ID)
		}
		assert.NotZero(t, number(orNought(whole["numerator"]))+number(orNought(whole["denominator"])), "%s has data in this test", d.ID)
		// C9 and C10: by whatever it is grouped, March among it, the parts add up to the whole.
		grains, err := d.Grains(b.reg)
		require.NoError(t, err)
		if slices.Contains(notAdditive(), d.ID) {
			continue
		}
		for _, by := range [][]string{{"month", "org"}, {"city", "line"}} {
			sum := [2]float64{}
			res, err := metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), march(d.ID, by...))
			require.NoError(t, err, d.ID)
			for _, m := range res.Maps() {
				parts := partsOf(m)
				sum[0], sum[1] = sum[0]+parts[0], sum[1]+parts[1]
				if by[0] == "month" {
					assert.Equal(t, "2026-03", m["month"], d.ID)
				}
			}
			want := partsOf(whole)
			if want[1] < 0 {
				sum[1] = want[1]
			}
			assert.InDeltaSlice(t, want[:], sum[:], 1e-9, fmt.Sprint(d.ID, by, len(grains)))
		}
		// The list behind a figure holds what was counted.
		if d.Kind == metrics.Ratio && d.Unit == "1" && whole["denominator"] != nil {
			if n, ok := whole["numerator"].(uint64); ok {
				list, err := metrics.Cases(t.Context(), b.reg, b.db.Conn(), metrics.CasesRequest{Request: march(d.ID), Role: "numerator"})
				require.NoError(t, err, d.ID)
				assert.Len(t, list.Rows, int(n), d.ID)
			}
		}
	}

	// C12: what happens in April does not move what March was at its end.
	april := &script{source: "gov", org: "A", item: "T1"}
	for _, no := range []string{"full", "slow", "corrected", "refused", "paused", "auto", "ended", "cross", "fees", "P", "S1", "alone"} {
		april.add(no, event.Visit, "2026-04-02 09:00", "")
		april.add(no, event.CorrectionNotice, "2026-04-02 10:00", "")
		april.add(no, event.SuspendStart, "2026-04-02 11:00", `{"suspend_type":"hearing","approved_days":3}`)
		april.add(no, event.Deliver, "2026-04-03 09:00", `{"method":"post"}`)
		april.add(no, event.Withdraw, "2026-04-07 09:00", "")
	}
	enginetest.Insert(t, b.db, april.twice()...)
	for i, no := range []string{"direct", "good", "late", "returned", "again", "watched", "ignored", "fresh"} {
		enginetest.Insert(t, b.db, event.Ticket{SourceSys: "12345", TicketNo: no, EventID: fmt.Sprint("april", i), Type: event.TClose,
			OccurredAt: at("2026-04-02 09:00").UnixMilli(), OrgCode: "B", RegionCode: "610802"})
	}
	enginetest.Fold(t, b.db)
	for _, d := range all {
		if d.Split == "" {
			assert.Equal(t, was[d.ID], b.one(march(d.ID)), "%s as of the end of March", d.ID)
		}
	}
}

// notAdditive are the figures whose parts do not add up, as their edge rules say: staff are
// counted once, and a score is made of rates.
func notAdditive() []string { return []string{"C20", "F20"} }
