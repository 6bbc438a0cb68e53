package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/checkpoint"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/rule"
)

// What a crash between two writes may leave behind is decided by their order: what is
// written first is written again, what comes after it is never without it. Each test
// lets the second of two writes fail and looks for the first; were the two swapped, it
// would not be there.

// refuse lets a table take no rows until the returned function is called.
func refuse(t *testing.T, db *store.DB, table string) (accept func()) {
	t.Helper()
	require.NoError(t, db.Conn().Exec(t.Context(), "ALTER TABLE "+table+" ADD CONSTRAINT full CHECK fold_version = 0"))
	return func() { require.NoError(t, db.Conn().Exec(t.Context(), "ALTER TABLE "+table+" DROP CONSTRAINT full")) }
}

// cut makes an engine whose statements fail when they hold a text.
func cut(t *testing.T, db *store.DB, text string, change func(*engine.Config, *engine.Deps)) *engine.Engine {
	t.Helper()
	f := &faulty{DB: db}
	f.set(func(s string) error {
		if strings.Contains(s, text) {
			return errCut
		}
		return nil
	})
	return enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) { change(c, d); d.Store = f })
}

func marks(t *testing.T, db *store.DB) checkpoint.Set {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	all, err := checkpoint.Load(t.Context(), reg, db.Conn())
	require.NoError(t, err)
	return all
}

func TestTheHistoryOfAnAlertIsWrittenBeforeItsState(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, overdue("A")...)
	accept := refuse(t, db, "alerts")
	require.ErrorContains(t, at(t, db, march(10, 9), nil).CatchUp(t.Context()), "into alerts")
	require.Equal(t, "raised yellow issued ", events(t, db), "the history is there")
	require.Equal(t, 0, count(t, db, "alerts"))
	require.Empty(t, marks(t, db)["alerts_looked"], "no checkpoint stands above an alert that was not written")
	accept()
	require.NoError(t, at(t, db, march(10, 9), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ", events(t, db), "once")
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE state = 'issued' AND seq = 1"))
}

func TestTheCheckpointOfAlertsIsWrittenAfterThem(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, overdue("A")...)
	accept := refuse(t, db, "alert_events")
	require.ErrorContains(t, at(t, db, march(10, 9), nil).CatchUp(t.Context()), "into alert_events")
	require.Empty(t, marks(t, db)["alerts_looked"], "what was not announced is scanned again")
	require.Equal(t, 0, count(t, db, "alerts"))
	accept()
	require.NoError(t, at(t, db, march(10, 9), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ", events(t, db))
	announced, err := marks(t, db).Announced()
	require.NoError(t, err)
	require.NotZero(t, announced.Version)
}

func TestStatesAreWrittenBeforeTheCursor(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, overdue("A")...)
	accept := refuse(t, db, "cases")
	require.Error(t, at(t, db, march(10, 9), nil).CatchUp(t.Context()))
	require.Equal(t, 0, count(t, db, "fold_cursors"), "no cursor stands above a state that was not written")
	accept()
	require.NoError(t, at(t, db, march(10, 9), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ", events(t, db))
}

func TestChainsAreWrittenBeforeTheCursor(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, overdue("A")...)
	e := cut(t, db, "INTO fold_cursors", func(c *engine.Config, d *engine.Deps) {
		c.Rules, d.Now = catalogue(t).Only("R-DDL-03"), func() time.Time { return march(10, 9) }
	})
	require.ErrorIs(t, e.CatchUp(t.Context()), errCut)
	require.Equal(t, 1, count(t, db, "alert_chains FINAL WHERE rule_id = 'R-DDL-03' AND NOT gone"), "what the rules say of the states")
	require.NotZero(t, count(t, db, "alert_timers"), "and when it comes about")
	require.Equal(t, 0, count(t, db, "fold_cursors"))
}

func TestRulesThatFailedAreKeptBeforeTheCursor(t *testing.T) {
	reg, all := withBroken(t)
	db := storetest.New(t)
	enginetest.Insert(t, db, overdue("1")...)
	e := cut(t, db, "INTO fold_cursors", func(c *engine.Config, d *engine.Deps) {
		c.Rules = all.Keep(func(r *rule.Rule) bool { return r.ID == "L-1" || r.ID == "R-DDL-03" })
		d.Queries, d.Now = reg, func() time.Time { return march(10, 9) }
	})
	require.ErrorIs(t, e.CatchUp(t.Context()), errCut)
	failed, err := marks(t, db).FailedRules()
	require.NoError(t, err)
	require.Equal(t, []string{"L-1"}, failed.IDs, "else the rule would never be evaluated about the round")
	require.Equal(t, 0, count(t, db, "fold_cursors"))
}

func TestTouchedDaysAreKeptBeforeTheCursor(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, finished(0, 2, 3, "task")...)
	require.NoError(t, daysAt(t, db, march(6, 9), "R-DAT-02-S").CatchUp(t.Context()))
	require.NoError(t, daysAt(t, db, march(6, 10), "R-DAT-02-S").CatchUp(t.Context()))
	none, err := marks(t, db).Touched()
	require.NoError(t, err)
	before := none
	cursors := func() (s string) {
		scan(t, db, "SELECT toString(groupArray((topic, partition, next_offset))) FROM (SELECT * FROM fold_cursors FINAL ORDER BY topic, partition)", &s)
		return s
	}
	stood := cursors()
	enginetest.Insert(t, db, finished(2, 4, 2, "task")...) // about the day before all others
	e := cut(t, db, "INTO fold_cursors", func(c *engine.Config, d *engine.Deps) {
		c.Rules, d.Now = catalogue(t).Only("R-DAT-02-S"), func() time.Time { return march(6, 11) }
	})
	require.ErrorIs(t, e.CatchUp(t.Context()), errCut)
	touched, err := marks(t, db).Touched()
	require.NoError(t, err)
	require.NotEqual(t, before, touched)
	require.Equal(t, march(2, 0), touched.Day(), "else the day would never be judged again")
	require.Equal(t, stood, cursors())
}
