package e2e

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/rule"
)

// TestTwoEnginesUnderFaultsRaiseWhatOneRaisesInPeace runs ingest and two engines as
// processes of their own on one ClickHouse and one broker. The clock of one engine
// is ten minutes ahead, that of the other ten minutes behind; each is killed in
// turn, and so is ClickHouse; an hour passes, after which the events of one topic
// arrive that the other topics' events were an hour ahead of. In the end the alerts
// are those that one undisturbed engine raises on the same facts, none was taken
// back that stands there, and a mail server and a webhook receiver have got each
// notice once.
func TestTwoEnginesUnderFaultsRaiseWhatOneRaisesInPeace(t *testing.T) {
	d := newDrill(t, time.Now().Truncate(time.Second))
	per, kills := setting("DUBAN_DRILL_SUBJECTS", 4), setting("DUBAN_DRILL_KILLS", 2)
	d.publish(d.organisation())

	ahead, behind := 10*time.Minute, -10*time.Minute
	a, b := d.engine("a", ahead), d.engine("b", behind)
	d.publish(d.cases("first", per), d.tickets("prompt", per))
	d.eventually("the first alerts", func() bool { return d.count("alert_events") > 0 })
	rng := rand.New(rand.NewPCG(3, uint64(kills)))
	for i := range kills {
		time.Sleep(time.Duration(rng.IntN(1500)) * time.Millisecond)
		before := d.count("alert_events")
		switch i % 3 {
		case 0: // the one that works or the one that stands by: each has its turn
			a.kill()
			d.publish(d.cases(fmt.Sprint("while-a-is-away-", i), per))
			d.eventually("alerts without the first engine", func() bool { return d.count("alert_events") > before })
			a = d.engine("a", ahead)
		case 1:
			b.kill()
			d.publish(d.cases(fmt.Sprint("while-b-is-away-", i), per))
			d.eventually("alerts without the second engine", func() bool { return d.count("alert_events") > before })
			b = d.engine("b", behind)
		default:
			d.killClickHouse()
			d.publish(d.cases(fmt.Sprint("while-clickhouse-is-away-", i), per))
			d.eventually("alerts after ClickHouse is back", func() bool { return d.count("alert_events") > before })
		}
	}
	d.killClickHouse()
	before := d.count("alert_events")
	d.publish(d.cases("while-clickhouse-is-away", per))
	d.eventually("alerts after ClickHouse is back", func() bool { return d.count("alert_events") > before })

	// An hour passes at once: both engines are killed and come back later.
	a.kill()
	b.kill()
	before = d.count("alert_events")
	d.engine("a", time.Hour+ahead)
	b = d.engine("b", time.Hour+behind)
	d.eventually("what an hour brings", func() bool { return d.count("alert_events") > before })
	before = d.count("alert_events")
	d.publish(d.tickets("late", per), d.signed("late-sign"))
	// The one that is behind has its last turn, so that in the end both worlds have
	// come to the same instant.
	d.eventually("alerts of the delayed topic", func() bool { return d.count("alert_events") > before })
	b.kill()

	want := d.undisturbed(time.Hour + ahead)
	require.Greater(t, len(want), 6*per)
	about := strings.Join(want, "\n")
	for _, subject := range []string{"overdue-first-0", "refused-while-clickhouse-is-away-0", "told-twice-first-0", "prompt-0", "late-0"} {
		require.Contains(t, about, fmt.Sprintf(`"subject_no":"%s"`, subject))
	}
	for _, line := range want {
		signed := strings.Contains(line, `"rule_id":"R-HOT-01"`) && strings.Contains(line, "late-sign-0")
		require.False(t, signed, "signed for in time, only told of an hour later: %s", line)
	}
	var got []string
	if !d.within(60*time.Second, func() bool { got = d.alerts(d.db); return slices.Equal(want, got) }) {
		require.Equal(t, want, got, "alerts that hold")
	}
	d.requireNothingTwice()
	d.requireOneNoticeEach()
}

// undisturbed lets one engine, with its clock moved once, raise what the facts give
// in a database of its own.
func (d *drill) undisturbed(offset time.Duration) []string {
	d.t.Helper()
	ctx := d.t.Context()
	d.eventually("everything is stored", func() bool {
		return d.count("case_events")+d.count("ticket_events")+d.count("organisations") == d.n
	})
	u, err := url.Parse(d.ch.DSN())
	require.NoError(d.t, err)
	u.Path = "/undisturbed"
	db, err := store.Open(u.String())
	require.NoError(d.t, err)
	d.t.Cleanup(func() { _ = db.Close() })
	require.NoError(d.t, db.EnsureDatabase(ctx))
	require.NoError(d.t, queries.Migrate(ctx, db.Conn(), d.reg, time.Now))
	for _, table := range []string{"case_events", "ticket_events", "organisations", "deliveries"} {
		require.NoError(d.t, db.Conn().Exec(ctx, fmt.Sprintf("INSERT INTO undisturbed.%s SELECT * FROM %s.%s", table, d.db.Name(), table)), table)
	}
	cfg, err := engine.DefaultConfig()
	require.NoError(d.t, err)
	cfg.LeaseTTL, cfg.Policy.OwnLimits = time.Second, []string{"*"} // as the program that it stands beside
	reg, err := queries.Load()
	require.NoError(d.t, err)
	cfg.Rules, err = rule.Load(reg, filepath.Join(d.dir, "rules"))
	require.NoError(d.t, err)
	e, err := engine.New(cfg, engine.Deps{Store: db, Queries: reg, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
		Now: func() time.Time { return time.Now().Add(offset) }})
	require.NoError(d.t, err)
	require.NoError(d.t, e.CatchUp(ctx))
	return d.alerts(db)
}

// alerts are the alerts with what they say and since when; nil while ClickHouse is
// away.
func (d *drill) alerts(db *store.DB) []string {
	rows, err := db.Conn().Query(d.t.Context(), `SELECT formatRowNoNewline('JSONEachRow', rule_id, rule_version, subject_no, clock_no,
		alert_id, state, severity, active, raised_at, severity_at,
		due_at, announced_at, announced_severity) AS line FROM alerts FINAL ORDER BY line`)
	if err != nil {
		return nil
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var line string
		if rows.Scan(&line) != nil {
			return nil
		}
		out = append(out, line)
	}
	return out
}

// requireNothingTwice looks at the history: no event twice, nothing cleared or
// cancelled.
func (d *drill) requireNothingTwice() {
	d.t.Helper()
	var twice int64
	var taken uint64
	require.NoError(d.t, d.db.Conn().QueryRow(d.t.Context(),
		"SELECT toInt64(count()) - toInt64(uniqExact(alert_id, event, severity, effective_at)), countIf(event IN ('cancelled', 'corrected', "+
			"'review')) FROM alert_events FINAL").Scan(&twice, &taken))
	require.Zero(d.t, twice, "events that stand twice in the history")
	require.Zero(d.t, taken, "alerts that were taken back")
}

// requireOneNoticeEach compares what the receivers got with the history.
func (d *drill) requireOneNoticeEach() {
	d.t.Helper()
	want := map[string]bool{}
	rows, err := d.db.Conn().Query(d.t.Context(), "SELECT DISTINCT arrayJoin(events) AS id FROM notices_now WHERE state != 'no_recipient'")
	require.NoError(d.t, err)
	for rows.Next() {
		var id string
		require.NoError(d.t, rows.Scan(&id))
		want[id] = true
	}
	require.NoError(d.t, rows.Err())
	require.NotEmpty(d.t, want)
	told := map[string]int{}
	d.eventually("every notice is sent", func() bool {
		var open uint64
		if d.db.Conn().QueryRow(d.t.Context(), "SELECT countIf(state IN ('queued', 'held', 'sending')) FROM notices_now").Scan(&open) != nil ||
			open > 0 {
			return false
		}
		_, hooks, _ := d.posts.all()
		clear(told)
		for _, h := range hooks {
			for _, id := range h.events {
				told[id]++
			}
		}
		return len(told) >= len(want)
	})
	mails, hooks, bad := d.posts.all()
	require.Empty(d.t, bad, "webhooks that were not signed as they should be")
	seen := map[string]int{}
	marked := map[string]int{}
	for _, h := range hooks {
		for _, id := range h.events {
			require.True(d.t, want[id], "told of %s, which is in no notice", id)
			seen[id]++
			if h.repeat {
				marked[id]++
			}
		}
	}
	for id := range want {
		// An engine that died between its word that it sends and the answer of the
		// receiver may not have sent: then the only message is marked.
		require.Positive(d.t, seen[id], "webhooks about %s", id)
		require.LessOrEqual(d.t, seen[id]-marked[id], 1, "unmarked webhooks about %s", id)
		require.LessOrEqual(d.t, marked[id], 1, "repeats about %s", id)
	}
	ids, repeats := map[string]int{}, map[string]int{}
	for _, m := range mails {
		id := m.Get("X-Duban-Message")
		require.NotEmpty(d.t, id)
		ids[id]++
		if m.Get("X-Duban-Possible-Repeat") == "1" {
			repeats[id]++
		}
	}
	require.NotEmpty(d.t, ids)
	for id, n := range ids {
		require.LessOrEqual(d.t, n-repeats[id], 1, "unmarked mails with id %s", id)
		require.LessOrEqual(d.t, repeats[id], 1, "repeats of mail %s", id)
	}
	var failed uint64
	require.NoError(d.t, d.db.Conn().QueryRow(d.t.Context(), "SELECT countIf(state = 'failed') FROM notices_now").Scan(&failed))
	require.Zero(d.t, failed, "notices that failed")
	d.t.Logf("%d events told of: %d webhooks (%d marked as possible repeats), %d mails", len(want), len(hooks), len(marked), len(mails))
}
