package engine_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/rule"
)

// dayRule is a catalogue with one rule, asked about each day, on cases that begin in it.
func dayRule(t *testing.T, steps string) (*queries.Registry, *rule.Catalogue) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("L-2.yaml", `id: L-2
version: 1
names: {zh: 连续两日, en: Two days on end}
category: data
subject: org
evaluation: day
ladder: [{severity: warning, notify: N1, points: 0}, {severity: yellow, notify: N3, points: 1}]
clear: [B]
issue: auto
norm: {zh: 本地规定, en: Local regulation}
`)
	write("L-2.sql", `-- purpose: Two days after an application.
-- grain: one row per case
-- include: workdays
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
WITH
{{workdays}},
addMilliseconds(day_end(local_day(first_at)), 1) AS day_after
SELECT '' AS source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    `+steps)
	reg, err := queries.Load()
	require.NoError(t, err)
	cat, err := rule.Load(reg, dir)
	require.NoError(t, err)
	return reg, cat
}

// dayLook lets the engine catch up at an instant; each look at the clock takes some time, so
// that the others have their turn between two questions of a rule.
func dayLook(t *testing.T, db *store.DB, reg *queries.Registry, cat *rule.Catalogue, instant time.Time, slow time.Duration) {
	t.Helper()
	var asked time.Duration
	require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules, c.LeaseTTL = cat.Only("L-2"), time.Hour
		d.Queries = reg
		began := time.Now()
		d.Now = func() time.Time {
			asked += slow
			return instant.Add(time.Since(began) + asked)
		}
	}).CatchUp(t.Context()))
}

// While days are judged again one after the other, a rule says less than it said before:
// of a card that is reached with the second day it knows the first alone. Nothing of that
// is announced, however slowly it goes.
func TestHalfOfWhatIsJudgedAgainTakesNothingBack(t *testing.T) {
	reg, cat := dayRule(t, `arrayFilter(s -> s.1 <= {until:DateTime64(3,'UTC')}, [(day_after, 'warning'), (addDays(day_after, 1), 'yellow')]) AS steps,
    NULL AS due_at, map('of', 'org') AS evidence
FROM cases_now
WHERE first_at >= subtractDays({from:DateTime64(3,'UTC')}, 30) AND first_at < {until:DateTime64(3,'UTC')} AND case_no = 'A'
`)
	db := storetest.New(t)
	enginetest.Insert(t, db, fact("A", event.Apply, day(4), ""))
	dayLook(t, db, reg, cat, march(8, 9), 0)
	before := events(t, db)
	require.Equal(t, "raised warning issued ; upgraded yellow issued ", before)
	enginetest.Insert(t, db, fact("B", event.Apply, day(4), "")) // told four days later
	dayLook(t, db, reg, cat, march(8, 12), 0)
	dayLook(t, db, reg, cat, march(8, 14), 600*time.Millisecond)
	require.Equal(t, before, events(t, db))
}

// A step that is reached while a rule is being asked again about later days is announced
// when that is over.
func TestAStepThatIsReachedMeanwhileIsAnnounced(t *testing.T) {
	reg, cat := dayRule(t, `[(day_after, 'warning'), (addHours(day_after, 4 * 24 + 12), 'yellow')] AS steps,
    NULL AS due_at, map('of', 'org') AS evidence
FROM cases_now
WHERE first_at >= {from:DateTime64(3,'UTC')} AND first_at < {until:DateTime64(3,'UTC')} AND case_no = 'A'
`)
	db := storetest.New(t)
	enginetest.Insert(t, db, fact("A", event.Apply, day(4), ""))
	dayLook(t, db, reg, cat, march(9, 8), 0)
	require.Equal(t, "raised warning issued ", events(t, db))
	enginetest.Insert(t, db, fact("B", event.Apply, day(6), "")) // told three days later
	dayLook(t, db, reg, cat, march(9, 9), 0)
	dayLook(t, db, reg, cat, march(9, 12).Add(-6*time.Second), 600*time.Millisecond)
	dayLook(t, db, reg, cat, march(9, 14), 0)
	require.Equal(t, "raised warning issued ; upgraded yellow issued ", events(t, db))
}
