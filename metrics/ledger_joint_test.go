package metrics_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/metrics"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// A parent that goes on beyond its due when its sub-case is done counts as itself from then on
// (docs/supervision.md, section 10), in the ledger as in the states: five working days from Monday 2
// March end with the 9th. Another's sub-case goes on, and a third one stops in time.
func TestTheLedgerKnowsParentsThatAnswerForThemselves(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	db := storetest.New(t)
	s := &script{source: "jnt", org: "L", item: "J"}
	for no, end := range map[string]string{"LEFT": "2026-03-04 10:00", "GOES": "2026-03-12 10:00", "DONE": "2026-03-04 10:00"} {
		s.add(no, event.Apply, "2026-03-02 09:00", "", by("hall"))
		s.add(no, event.Accept, "2026-03-02 10:00", `{"promise_days":5,"promise_unit":"W","legal_days":10,"legal_unit":"W"}`)
		s.add("S-"+no, event.Apply, "2026-03-02 11:00", `{"parent_case_no":"`+no+`"}`, by("hall"))
		s.add("S-"+no, event.Accept, "2026-03-02 12:00", `{"promise_days":20,"promise_unit":"W","legal_days":20,"legal_unit":"W"}`)
		s.add("S-"+no, event.Finish, end, `{"result_type":"approved"}`)
	}
	s.add("DONE", event.Finish, "2026-03-05 10:00", `{"result_type":"approved"}`)
	s.add("LEFT", event.Finish, "2026-03-16 10:00", `{"result_type":"approved"}`)
	enginetest.Insert(t, db, s.twice()...)
	require.NoError(t, enginetest.New(t, db, func(c *engine.Config, _ *engine.Deps) { c.Movements = true }).CatchUp(t.Context()))
	ask := func(ctx context.Context, id string, asOf time.Time) *queries.Result {
		res, err := metrics.Evaluate(ctx, reg, db.Conn(), metrics.Request{ID: id, AsOf: asOf})
		require.NoError(t, err)
		return res
	}
	states := metrics.FromStates(t.Context())
	for _, id := range []string{"C01", "C05", "D01"} {
		for d := at("2026-03-02 11:30"); d.Before(at("2026-03-18")); d = d.Add(24 * time.Hour) {
			held := ask(t.Context(), id, d)
			require.False(t, held.KnownAt.IsZero(), "it is read from the ledger")
			require.Equal(t, written(t, ask(states, id, d)), written(t, held, asOfNow), "%s as of %s", id, d)
		}
	}
	// On the 10th LEFT is open and late; on the 6th it was counted by its sub-case.
	require.NotEqual(t, lines(ask(states, "C05", at("2026-03-06 12:00"))), lines(ask(states, "C05", at("2026-03-10 12:00"))))
}
