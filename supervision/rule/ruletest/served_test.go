package ruletest

import (
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
)

// A rating that does not say when the service was is held against the end of its case, or
// the answer to its ticket (domain guide 4: within five working days of the service; before
// it, it does not count). Wed 2026-03-04 10:00 is the service: Thu 03-05 1, Fri 03-06 2, Mon
// 03-09 3, Tue 03-10 4, Wed 03-11 5.
func TestARatingThatDoesNotSayWhenTheServiceWasIsHeldAgainstTheEndOfItsSubject(t *testing.T) {
	for _, ratingsFirst := range []bool{false, true} {
		ratingsWithoutService(t, ratingsFirst)
	}
}

func ratingsWithoutService(t *testing.T, ratingsFirst bool) {
	t.Helper()
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	at := func(s string) string { return s + ":00+08:00" }
	life := func(no string, finish bool) []map[string]any {
		out := []map[string]any{
			{"topic": "case-events", "event_type": "apply", "case_no": no, "event_time": at("2026-03-02T09:00"), "org_code": "A",
				"apply_channel": "web"},
			{"topic": "case-events", "event_type": "accept", "case_no": no, "event_time": at("2026-03-02T09:10"), "org_code": "A"},
		}
		if finish {
			out = append(out, map[string]any{"topic": "case-events", "event_type": "finish", "case_no": no, "event_time": at("2026-03-04T10:00"),
				"payload": map[string]any{"result_type": "approved"}})
		}
		return out
	}
	rating := func(id, no, when, rater string, level int) map[string]any {
		return map[string]any{"topic": "satisfaction-ratings", "rating_id": id, "case_no": no, "rated_at": at(when), "level": level,
			"rater_token": rater, "org_code": "A", "channel": "web"}
	}
	ticketRating := func(id, when string) map[string]any {
		r := rating(id, "", when, id, 1)
		delete(r, "case_no")
		r["ticket_no"] = "T"
		return r
	}
	facts := append(life("C", true), life("OPEN", false)...)
	facts = append(facts, life("REOPENED", true)...)
	facts = append(facts,
		map[string]any{"topic": "case-events", "event_type": "reopen", "case_no": "REOPENED", "event_time": at("2026-03-20T10:00"),
			"payload": map[string]any{"approver": "h", "reason": "r"}},
		map[string]any{"topic": "hotline-tickets", "event_type": "t_receive", "ticket_no": "T",
			"event_time": at("2026-03-02T09:00"), "kind": "complaint"},
		map[string]any{"topic": "hotline-tickets", "event_type": "t_dispatch", "ticket_no": "T",
			"event_time": at("2026-03-02T10:00"), "org_code": "A"},
		map[string]any{"topic": "hotline-tickets", "event_type": "t_sign", "ticket_no": "T", "event_time": at("2026-03-02T11:00")},
		map[string]any{"topic": "hotline-tickets", "event_type": "t_reply", "ticket_no": "T", "event_time": at("2026-03-04T10:00")},
		map[string]any{"topic": "hotline-tickets", "event_type": "t_close", "ticket_no": "T", "event_time": at("2026-03-06T10:00")},
		rating("first", "C", "2026-03-11T23:59", "r1", 1),
		rating("again", "C", "2026-05-12T11:00", "r1", 5), // too late to take the place of the first
		rating("late", "C", "2026-03-12T11:00", "r2", 1),
		rating("early", "C", "2026-03-03T11:00", "r3", 1),
		rating("open", "OPEN", "2026-03-05T11:00", "r4", 1),
		rating("kept", "REOPENED", "2026-03-05T11:00", "r5", 1),
		rating("unknown", "NOBODY-KNOWS", "2026-03-05T11:00", "r6", 1),
		ticketRating("t-early", "2026-03-04T09:00"), ticketRating("t-answered", "2026-03-04T11:00"), ticketRating("t-closed", "2026-03-13T11:00"),
		ticketRating("t-late", "2026-03-16T11:00"))
	// When the ratings come first, what they are about is known later.
	for _, part := range [][]map[string]any{only(facts, "satisfaction-ratings", ratingsFirst),
		only(facts, "satisfaction-ratings", !ratingsFirst)} {
		require.NoError(t, feed(t.Context(), db, reg, part))
		cfg, err := engine.DefaultConfig()
		require.NoError(t, err)
		cfg.LeaseTTL = time.Second
		began, now := time.Now(), time.Date(2030, 2, 1, 0, 0, 0, 0, time.UTC)
		e, err := engine.New(cfg, engine.Deps{
			Store: db, Queries: reg, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
			Now: func() time.Time { return now.Add(time.Since(began)) },
		})
		require.NoError(t, err)
		require.NoError(t, e.CatchUp(t.Context()))
	}
	res, err := db.Conn().Query(t.Context(), "SELECT id, toString(status) FROM rating_states FINAL ARRAY JOIN r_rating_id AS id, r_status "+
		"AS status, r_until AS until WHERE until > now64(3) ORDER BY id")
	require.NoError(t, err)
	got := map[string]string{}
	for res.Next() {
		var id, status string
		require.NoError(t, res.Scan(&id, &status))
		got[id] = status
	}
	require.NoError(t, res.Err())
	require.Equal(t, map[string]string{
		"first": "valid", "again": "late", "late": "late", "early": "early", "open": "early", "kept": "valid", "unknown": "valid",
		"t-early": "early", "t-answered": "valid", "t-closed": "valid", "t-late": "late",
	}, got)
	if ratingsFirst {
		return // the order of a rating of which nothing is known is opened
	}
	orders, err := db.Conn().Query(t.Context(), "SELECT count() FROM work_items FINAL WHERE kind = 'rating'")
	require.NoError(t, err)
	var n uint64
	require.True(t, orders.Next())
	require.NoError(t, orders.Scan(&n))
	require.NoError(t, orders.Close())
	require.EqualValues(t, 5, n, "a bad rating opens an order when it counts")
}

func only(facts []map[string]any, topic string, is bool) []map[string]any {
	var out []map[string]any
	for _, f := range facts {
		if (f["topic"] == topic) == is {
			out = append(out, f)
		}
	}
	return out
}
