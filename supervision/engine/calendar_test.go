package engine_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/almanac"
	"duban/supervision/calendar"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// hour is an hour of a day in Shanghai.
func hour(year int, month time.Month, d, h int) time.Time {
	return time.Date(year, month, d, h-8, 0, 0, 0, time.UTC)
}

// office is an engine that asks which calendar is in force.
func office(t *testing.T, db *store.DB, instant time.Time, a *almanac.Almanac) *engine.Engine {
	t.Helper()
	return enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules = catalogue(t).Only("R-DDL-03")
		c.Calendars, c.LeaseTTL = a, 200*time.Millisecond
		began := time.Now()
		d.Now = func() time.Time { return instant.Add(time.Since(began)) }
	})
}

// By hand, on 2027-01-06 at noon. EARLY: five days from Mon 12-21 end on Mon
// 12-28, which no notice can move later. WAITING: five days from Mon 12-28 end on
// Tue 01-05 by the law alone, and on Mon 01-11 at the latest. LONG: twenty-four
// days from Mon 01-04 end on Tue 02-09 by the law alone (off: 02-05 and 02-08);
// with the made-up notice 02-09 to 02-12 are off too: Mon 02-15. OLD was closed
// in March 2026.
func TestANoticeThatTheOfficeLoadsMovesWhatItSaysAndNothingElse(t *testing.T) {
	db, scratch := storetest.New(t), storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	accepted := func(no string, at time.Time, days int) []any {
		return []any{
			fact(no, event.Apply, at.UnixMilli(), ""),
			fact(no, event.Accept, at.UnixMilli(), fmt.Sprintf(`{"promise_days":%d,"promise_unit":"W","legal_days":60,"legal_unit":"W"}`, days)),
		}
	}
	var facts []any
	for _, more := range [][]any{
		life("OLD"), accepted("EARLY", hour(2026, 12, 21, 10), 5), accepted("WAITING", hour(2026, 12, 28, 10), 5), accepted("LONG", hour(2027, 1, 4, 10), 24),
	} {
		facts = append(facts, more...)
	}
	enginetest.Insert(t, db, facts...)
	noon := hour(2027, 1, 6, 12)
	clock := func() time.Time { return noon }
	a := almanac.New(reg, db.Conn(), "", clock)
	require.NoError(t, office(t, db, noon, a).CatchUp(t.Context()))
	cards := func() (lines []string) {
		rows, err := db.Conn().Query(t.Context(), "SELECT concat(subject_no, ' ', state, ' ', severity, ' ', toString(toTimeZone(severity_at, 'Asia/Shanghai'))) FROM alerts FINAL ORDER BY subject_no")
		require.NoError(t, err)
		for rows.Next() {
			var line string
			require.NoError(t, rows.Scan(&line))
			lines = append(lines, line)
		}
		return lines
	}
	folded := func(no string) (version uint64) {
		scan(t, db, "SELECT fold_version FROM cases FINAL WHERE case_no = '"+no+"'", &version)
		return version
	}
	early := "EARLY issued yellow 2026-12-29 00:00:00.000"
	require.Equal(t, []string{early}, cards(), "the due of WAITING may still move to 01-11")
	old := folded("OLD")

	// Loading puts nothing into force.
	raw, err := os.ReadFile("../calendar/testdata/made-up-2027.yaml")
	require.NoError(t, err)
	p, err := a.Preview(t.Context(), "2027.yaml", raw)
	require.NoError(t, err)
	require.Empty(t, p.Problems)
	require.NoError(t, a.Import(t.Context(), p, "u1"))
	require.NoError(t, office(t, db, noon, a).CatchUp(t.Context()))
	require.Equal(t, []string{early}, cards())

	// What it would move, on a copy.
	require.NoError(t, engine.CopyFrom(t.Context(), db, scratch, reg, db.Name()))
	pinned := almanac.New(reg, scratch.Conn(), p.Is.Version(), clock)
	other := enginetest.New(t, scratch, func(c *engine.Config, _ *engine.Deps) {
		c.Rules, c.Calendars = catalogue(t).Only("R-DDL-03"), pinned
		c.Policy.OwnLimits = []string{"s"}
	})
	require.ErrorIs(t, other.OnlyCalendarDiffers(t.Context()), engine.ErrOtherBasis,
		"what another policy moves is not told as the calendar's")
	copied := office(t, scratch, noon, pinned)
	require.NoError(t, copied.OnlyCalendarDiffers(t.Context()))
	require.NoError(t, copied.Replay(t.Context()))
	require.NoError(t, reg.Exec(t.Context(), scratch.Conn(), "change/keep",
		queries.Args{"main": db.Name(), "version": p.Is.Version(), "asked_at": noon}))
	res, err := reg.Run(t.Context(), scratch.Conn(), "change/moved", queries.Args{"main": db.Name(), "max_rows": 100})
	require.NoError(t, err)
	var moved []string
	for _, m := range res.Maps() {
		if m["rule_or_clock"] != "K4" {
			moved = append(moved, fmt.Sprintf("%s %s %s: %s > %s", m["what"], m["rule_or_clock"], m["subject_no"], m["was"], m["is"]))
		}
	}
	want := []string{
		"appears R-DDL-03 WAITING:  > yellow",
		"due K3 LONG: 2027-02-09 23:59:59.999 > 2027-02-15 23:59:59.999",
	}
	require.Equal(t, want, moved)
	require.Equal(t, []string{early}, cards(), "nothing was written")
	// What was told is kept, and says how each of it stands now.
	kept := func() (lines []string) {
		res, err := reg.Run(t.Context(), db.Conn(), "calendar/moves", queries.Args{"version": p.Is.Version(), "max_rows": 100})
		require.NoError(t, err)
		for _, m := range res.Maps() {
			if m["rule_or_clock"] != "K4" {
				lines = append(lines, fmt.Sprintf("%s %s %s: %s > %s, now %s", m["what"], m["rule_or_clock"], m["subject_no"], m["was"], m["is"], m["now"]))
			}
		}
		return lines
	}
	require.Equal(t, []string{want[0] + ", now ", want[1] + ", now 2027-02-09 23:59:59.999"}, kept())

	// Put into force, it does just that, and the history says why.
	require.ErrorContains(t, a.PutIntoForce(t.Context(), p.Is.Version(), "u1", " "), "no reason")
	require.ErrorContains(t, a.PutIntoForce(t.Context(), "cn-nowhere", "u1", "x"), "no such version")
	require.NoError(t, a.PutIntoForce(t.Context(), p.Is.Version(), "u1", "试办发〔2026〕1号"))
	require.NoError(t, office(t, db, noon, a).CatchUp(t.Context()))
	require.Equal(t, []string{early, "WAITING issued yellow 2027-01-06 00:00:00.000"}, cards())
	require.Equal(t, []string{want[0] + ", now yellow", want[1] + ", now 2027-02-15 23:59:59.999"}, kept(),
		"it came as it was told")
	require.Equal(t, "raised yellow issued ; raised yellow issued ", events(t, db))
	require.Equal(t, old, folded("OLD"), "what the days cannot move is not folded again")
	var due time.Time
	scan(t, db, "SELECT assumeNotNull(h_promise_due[-1]) FROM cases FINAL WHERE case_no = 'LONG'", &due)
	require.Equal(t, "2027-02-15", due.Add(8*time.Hour).Format(time.DateOnly))
	again := folded("LONG")
	require.NoError(t, office(t, db, noon, a).CatchUp(t.Context()))
	require.Equal(t, again, folded("LONG"), "nothing is folded when nothing changed")

	// The same states as when everything is folded under it, but for the name of the
	// calendar by which a case was folded that it cannot move.
	fresh := storetest.New(t)
	enginetest.Insert(t, fresh, facts...)
	require.NoError(t, office(t, fresh, noon, almanac.New(reg, db.Conn(), "", clock)).CatchUp(t.Context()))
	require.Equal(t, 4, count(t, fresh, "cases FINAL"))
	for _, no := range []string{"EARLY", "WAITING", "LONG"} {
		one := func(db *store.DB) (line string) {
			scan(t, db, "SELECT formatRowNoNewline('JSONEachRow', * EXCEPT (fold_version, folded_at)) FROM cases FINAL WHERE case_no = '"+no+"'", &line)
			return line
		}
		require.Equal(t, one(fresh), one(db), no)
	}

	versions, err := a.Versions(t.Context())
	require.NoError(t, err)
	last := versions[len(versions)-1]
	require.True(t, last.InForce)
	require.Equal(t, []any{p.Is.Version(), calendar.DefaultVersion, 2027, "u1", "u1", "试办发〔2026〕1号", noon},
		[]any{last.Name, last.Base, last.Year, last.ImportedBy, last.PutBy, last.Reason, last.PutAt})

	// Back to the version of the program: what appeared vanishes, and says why.
	require.NoError(t, almanac.New(reg, db.Conn(), "", func() time.Time { return noon.Add(time.Minute) }).PutIntoForce(t.Context(), calendar.DefaultVersion, "u1", "withdrawn"))
	require.NoError(t, office(t, db, noon.Add(time.Minute), a).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ; cancelled yellow cancelled calendar_changed; raised yellow issued ", events(t, db))
}

// An engine that runs hears of another calendar by itself.
func TestAnEngineThatRunsFollowsTheCalendarInForce(t *testing.T) {
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	noon := hour(2027, 1, 6, 12)
	enginetest.Insert(t, db, fact("A", event.Apply, hour(2026, 12, 28, 10).UnixMilli(), ""), fact("A", event.Accept, hour(2026, 12, 28, 10).UnixMilli(), `{"promise_days":5,"promise_unit":"W"}`))
	a := almanac.New(reg, db.Conn(), "", func() time.Time { return noon })
	e := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules, c.Calendars, c.Poll = catalogue(t).Only("R-DDL-03"), a, 5*time.Millisecond
		began := time.Now() // a hundred times as fast as the clock, so that it looks every few milliseconds
		d.Now = func() time.Time { return noon.Add(100 * time.Since(began)) }
		c.LeaseTTL = time.Hour
	})
	ended := make(chan error, 1)
	go func() { ended <- e.Run(t.Context()) }()
	require.Eventually(t, func() bool { return count(t, db, "cases") > 0 }, 30*time.Second, 20*time.Millisecond)
	raw, err := os.ReadFile("../calendar/testdata/made-up-2027.yaml")
	require.NoError(t, err)
	p, err := a.Preview(t.Context(), "2027.yaml", raw)
	require.NoError(t, err)
	require.NoError(t, a.Import(t.Context(), p, "u1"))
	require.NoError(t, a.PutIntoForce(t.Context(), p.Is.Version(), "u1", "x"))
	require.Eventually(t, func() bool { return count(t, db, "alerts WHERE severity = 'yellow'") > 0 }, 30*time.Second, 20*time.Millisecond)
	require.Equal(t, p.Is.Version(), e.Calendar().Version())
}
