package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// province makes random deliveries with everything that may come in: several
// sources, revisions, voids, amends, redeliveries, conflicting rewrites (also
// under other numbers), items that come late and in versions.
type province struct{ r *rand.Rand }

func (p province) at() int64 { return day(2) + p.r.Int64N(40*24)*3600_000 }

func (p province) pick(s ...string) string { return s[p.r.IntN(len(s))] }

func (p province) caseFact() event.Case {
	types := event.CaseTypes()
	f := event.Case{
		SourceSys: p.pick("a", "b"), CaseNo: p.pick("1", "2", "3", "4", "5"), EventID: fmt.Sprint(p.r.IntN(90)),
		Type: types[p.r.IntN(len(types))], OccurredAt: p.at(), Seq: p.r.Int64N(3), RegionCode: p.pick("610102", "610103", ""),
		OrgCode: p.pick("o1", "o2"), TaskCode: p.pick("t1", "t2", ""), TaskVersion: p.pick("", "", "1"),
		ApplyChannel: p.pick("hall", "web", ""), Activity: p.pick("x", "y", ""),
	}
	if p.r.IntN(8) == 0 {
		f.Revision = uint32(p.r.IntN(3))
	}
	// Ingest lets only facts through whose payload has what their type needs.
	switch f.Type {
	case event.Void, event.Amend:
		f.Activity = "" // a correction is no work
		f.Payload = fmt.Sprintf(`{"target_event_id":"%d","approver":"z","reason":"r","set":{"event_time":"2026-03-%02dT02:00:00Z"}}`, p.r.IntN(90), 2+p.r.IntN(28))
	case event.SuspendStart:
		f.Payload = fmt.Sprintf(`{"suspend_type":"expert_review","approved_days":%d}`, p.r.IntN(9))
	case event.Extend:
		f.Payload = `{"days":3}`
	case event.Transfer:
		f.Payload = `{"to_org":"o3"}`
	case event.Accept:
		f.Payload = p.pick(`{"promise_days":5,"promise_unit":"W"}`, "")
	}
	return f
}

func (p province) ticketFact() event.Ticket {
	types := event.TicketTypes()
	f := event.Ticket{
		SourceSys: p.pick("a", "b"), TicketNo: p.pick("1", "2", "3"), EventID: fmt.Sprint(p.r.IntN(60)),
		Type: types[p.r.IntN(len(types))], OccurredAt: p.at(), OrgCode: p.pick("o1", "o2"), Kind: p.pick("help", "consult"),
	}
	switch f.Type {
	case event.TVoid, event.TAmend:
		f.Payload = fmt.Sprintf(`{"target_event_id":"%d","approver":"z","reason":"r"}`, p.r.IntN(60))
	case event.TExtendApprove:
		f.Payload = `{"days":2}`
	}
	return f
}

func (p province) rating() event.Rating {
	at := p.at()
	return event.Rating{
		SourceSys: "r", RatingID: fmt.Sprint(p.r.IntN(40)), Revision: uint32(p.r.IntN(8) / 7), SubjectSys: p.pick("a", "b"),
		CaseNo: p.pick("1", "2", ""), Level: uint8(1 + p.r.IntN(5)), RatedAt: at, ServedAt: at - p.r.Int64N(20)*24*3600_000,
		RaterToken: p.pick("x", "y"),
	}
}

func (p province) item() event.Item {
	days := int32(1 + p.r.IntN(9))
	return event.Item{
		SourceSys: "c", EventID: fmt.Sprint(p.r.IntN(6)), Revision: uint32(p.r.IntN(2)), TaskCode: p.pick("t1", "t2"),
		TaskVersion: p.pick("1", "2"), Name: "n", ItemType: "license", ValidFrom: 20400 + int32(p.r.IntN(200)), PromiseDays: &days, PromiseUnit: "W",
	}
}

// deliveries makes n facts with their place and arrival, some of them sent
// again.
func (p province) deliveries(n int) []any {
	var out []any
	next := map[string]int64{}
	origin := func(topic event.Topic, o *event.Origin) {
		partition := p.r.Int32N(4)
		key := fmt.Sprint(topic, partition)
		// Arrivals of different partitions are learned in any order, some at
		// the same instant.
		*o = event.Origin{Topic: topic, Partition: partition, Offset: next[key], ReceivedAt: 1_900_000_000_000 + 100*next[key] + int64(partition)/2*37}
		next[key]++
	}
	for range n {
		switch k := p.r.IntN(20); {
		case k < 12:
			f := p.caseFact()
			for range 1 + p.r.IntN(6)/5 {
				origin(event.TopicCases, &f.Origin)
				out = append(out, f)
			}
		case k < 15:
			f := p.ticketFact()
			origin(event.TopicTickets, &f.Origin)
			out = append(out, f)
		case k < 18:
			f := p.rating()
			origin(event.TopicRatings, &f.Origin)
			out = append(out, f)
		default:
			f := p.item()
			origin(event.TopicItems, &f.Origin)
			out = append(out, f)
		}
	}
	return out
}

func TestFoldingInAnyPiecesEqualsFoldingEverything(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			p := province{rand.New(rand.NewPCG(seed, 7))}
			all := p.deliveries(300)
			pieces, whole := storetest.New(t), storetest.New(t)

			e := enginetest.New(t, pieces, func(c *engine.Config, _ *engine.Deps) { c.RoundDeliveries = 48 })
			for rest := all; len(rest) > 0; {
				n := min(1+p.r.IntN(90), len(rest))
				enginetest.Insert(t, pieces, rest[:n]...)
				require.NoError(t, e.CatchUp(t.Context()))
				rest = rest[n:]
			}
			incremental := states(t, pieces)
			require.NotEmpty(t, incremental["cases"])
			require.NotEmpty(t, incremental["tickets"])
			require.NotEmpty(t, incremental["rating_states"])

			require.NoError(t, e.Recompute(t.Context()))
			require.Equal(t, incremental, states(t, pieces), "recomputed")

			// The partitions reach the ledger one after the other, and what was
			// delivered once comes a second time.
			slices.SortStableFunc(all, func(a, b any) int { return int(partition(b)) - int(partition(a)) })
			enginetest.Insert(t, whole, all...)
			enginetest.Insert(t, whole, all...)
			enginetest.Fold(t, whole)
			require.Equal(t, incremental, states(t, whole), "in one piece, in another order, twice")
			require.Equal(t, rejects(t, pieces), rejects(t, whole))
			require.NotEmpty(t, rejects(t, whole), "the input holds conflicts")
			for _, source := range []string{"a", "b"} {
				require.Equal(t, activitiesOfStates(t, whole, source), activitiesInForce(t, whole, source),
					"the facts in force by SQL and by the fold, source %s", source)
			}
		})
	}
}

// activitiesOfStates counts the facts with an activity as the fold of the cases
// does.
func activitiesOfStates(t *testing.T, db *store.DB, source string) int {
	t.Helper()
	var n uint64
	scan(t, db, "SELECT sum(activities) FROM cases FINAL WHERE source_sys = '"+source+"'", &n)
	return int(n)
}

// activitiesInForce counts them as the process queries do, which read the
// facts in force by SQL.
func activitiesInForce(t *testing.T, db *store.DB, source string) int {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	res, err := reg.Run(t.Context(), db.Conn(), "process/activities", queries.Args{
		"source": source, "kind": "case", "as_of": time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	require.NoError(t, err)
	n := 0
	for _, m := range res.Maps() {
		n += int(m["count"].(uint64))
	}
	return n
}

func partition(f any) int32 {
	switch f := f.(type) {
	case event.Case:
		return f.Origin.Partition
	case event.Ticket:
		return f.Origin.Partition
	case event.Rating:
		return f.Origin.Partition
	case event.Item:
		return f.Origin.Partition
	}
	return 0
}

func rejects(t *testing.T, db *store.DB) []string {
	t.Helper()
	rows, err := db.Conn().Query(t.Context(), "SELECT formatRowNoNewline('JSONEachRow', * EXCEPT stored_at) AS line FROM ingest_rejects FINAL ORDER BY line")
	require.NoError(t, err)
	var out []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		out = append(out, line)
	}
	require.NoError(t, rows.Err())
	return out
}
