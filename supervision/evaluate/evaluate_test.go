package evaluate_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/checkpoint"
	"duban/supervision/evaluate"
	"duban/supervision/rule"
)

// Here are no facts, no fold and no lease: states are written as rows, and chains are
// what came of them.

// bench is an evaluator with a clock that stands still.
type bench struct {
	*evaluate.Evaluator
	t       *testing.T
	db      *store.DB
	reg     *queries.Registry
	version uint64
	now     time.Time
}

// march is midday of a day of March 2026 in Shanghai.
func march(day int) time.Time { return time.Date(2026, 3, day, 4, 0, 0, 0, time.UTC) }

// newBench evaluates the rules of a folder, by id the text of each.
func newBench(t *testing.T, db *store.DB, rules map[string]string, meta string) *bench {
	t.Helper()
	dir := t.TempDir()
	for id, sql := range rules {
		text := "id: " + id + "\nversion: 1\nnames: {zh: 规则, en: Rule}\ncategory: norm\nsubject: case\n" + meta +
			"\nladder: [{severity: notice, notify: N1, points: 0}]\nclear: [B]\nissue: auto\nnorm: {zh: 本地规定, en: Local regulation}\n"
		require.NoError(t, os.WriteFile(filepath.Join(dir, id+".yaml"), []byte(text), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, id+".sql"), []byte(sql), 0o600))
	}
	reg, err := queries.Load()
	require.NoError(t, err)
	all, err := rule.Load(reg, dir)
	require.NoError(t, err)
	cal, err := calendar.Default()
	require.NoError(t, err)
	b := &bench{t: t, db: db, reg: reg, now: march(10)}
	b.Evaluator = evaluate.New(evaluate.Deps{
		Queries: reg, Conn: db.Conn, Marks: checkpoint.NewKeeper(reg, db.Conn, b.clock), Log: slog.New(slog.DiscardHandler), Now: b.clock,
		Calendar:  func() *calendar.Calendar { return cal },
		Rules:     all.Keep(func(r *rule.Rule) bool { _, own := rules[r.ID]; return own }),
		Announced: func() (uint64, time.Time) { return 0, time.Unix(0, 0).UTC() },
		Evaluated: func(string, time.Duration, bool) {}, Together: func(time.Duration) {},
	})
	return b
}

func (b *bench) clock() time.Time { return b.now }

func (b *bench) next() uint64 {
	b.version++
	return b.version
}

// state writes the state of a case under the next version.
func (b *bench) state(no string) uint64 {
	v := b.next()
	require.NoError(b.t, b.db.Conn().Exec(b.t.Context(),
		"INSERT INTO cases (source_sys, case_no, first_at, last_at, fold_version) VALUES ('s', ?, ?, ?, ?)", no, march(4), march(5), v))
	return v
}

func (b *bench) chains() (found string) {
	b.t.Helper()
	require.NoError(b.t, b.db.Conn().QueryRow(b.t.Context(), `
		SELECT arrayStringConcat(groupArray(concat(rule_id, ' ', subject_no, clock_no)), ', ')
		FROM (SELECT rule_id, subject_no, clock_no FROM alert_chains FINAL WHERE NOT gone ORDER BY rule_id, subject_no, clock_no)`).Scan(&found))
	return found
}

// finds is a rule about cases that finds each that holds a condition.
func finds(condition string) string {
	return `-- purpose: Cases of a kind.
-- grain: one row per case
-- include: case_subjects
SELECT source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    [(first_at, 'notice')] AS steps, NULL AS due_at, map('n', toString(1)) AS evidence
FROM ({{case_subjects}})
WHERE ` + condition + "\n"
}

func TestARoundWritesWhatItsRulesFindAndTakesBackWhatTheyDoNot(t *testing.T) {
	b := newBench(t, storetest.New(t), map[string]string{
		"L-1": finds("last_at < '2026-03-06'"), "L-2": finds("case_no = 'B'"),
	}, "evaluation: fold")
	for _, no := range []string{"A", "B"} {
		require.NoError(t, b.Round(t.Context(), rule.SubjectCase, b.state(no)))
	}
	require.Equal(t, "L-1 A, L-1 B, L-2 B", b.chains())
	v := b.next()
	require.NoError(t, b.db.Conn().Exec(t.Context(),
		"INSERT INTO cases (source_sys, case_no, first_at, last_at, fold_version) VALUES ('s', 'A', ?, ?, ?)", march(4), march(9), v))
	require.NoError(t, b.Round(t.Context(), rule.SubjectCase, v))
	require.Equal(t, "L-1 B, L-2 B", b.chains(), "A lived on")
}

// A rule that fails waits a minute, then two, and so on; it is then evaluated about all
// there is, which the rounds between did not do.
func TestARuleThatFailedIsEvaluatedAboutEverythingAfterItsPause(t *testing.T) {
	db := storetest.New(t)
	broken := finds("throwIf((SELECT count() FROM cases FINAL) < 3, 'broken on purpose') = 0")
	b := newBench(t, db, map[string]string{"L-1": broken, "L-2": finds("1")}, "evaluation: fold")
	require.NoError(t, b.Round(t.Context(), rule.SubjectCase, b.state("A")))
	require.NoError(t, b.SaveFailed(t.Context(), b.next))
	require.Equal(t, "L-2 A", b.chains())
	marks, err := checkpoint.Load(t.Context(), b.reg, db.Conn())
	require.NoError(t, err)
	failed, err := marks.FailedRules()
	require.NoError(t, err)
	require.Equal(t, []string{"L-1"}, failed.IDs)

	b.now = b.now.Add(61 * time.Second)
	b.state("B") // the second of three
	require.NoError(t, b.Retry(t.Context(), b.next))
	require.Equal(t, "L-2 A", b.chains())
	b.state("C")
	b.now = b.now.Add(61 * time.Second)
	require.NoError(t, b.Retry(t.Context(), b.next))
	require.Equal(t, "L-2 A", b.chains(), "the second pause is of two minutes")
	b.now = b.now.Add(60 * time.Second)
	require.NoError(t, b.Retry(t.Context(), b.next))
	require.Equal(t, "L-1 A, L-1 B, L-1 C, L-2 A", b.chains())
	marks, err = checkpoint.Load(t.Context(), b.reg, db.Conn())
	require.NoError(t, err)
	failed, err = marks.FailedRules()
	require.NoError(t, err)
	require.Empty(t, failed.IDs)
}

// Closed days are judged once each, from the first fact on, and again from the day on which
// late facts are.
func TestDaysAreEvaluatedOnceEachAndAgainAboutLateFacts(t *testing.T) {
	perDay := `-- purpose: Each day, and how many cases there are.
-- grain: one row per day
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
SELECT 's' AS source_sys, 's' AS subject_no,
    concat('/', toString(toDate({from:DateTime64(3,'UTC')}, 'Asia/Shanghai')), '/', toString(n)) AS clock_no,
    '' AS org_code, '' AS region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [({until:DateTime64(3,'UTC')}, 'notice')] AS steps, NULL AS due_at, map('n', toString(n)) AS evidence
FROM (SELECT count() AS n FROM cases FINAL)
`
	b := newBench(t, storetest.New(t), map[string]string{"L-1": perDay}, "evaluation: day")
	b.state("A")
	more, err := b.Periods(t.Context(), b.next, time.Date(2026, 3, 6, 16, 0, 0, 0, time.UTC), false)
	require.NoError(t, err)
	require.False(t, more)
	require.Empty(t, b.chains(), "a load is under way")
	for more := true; more; {
		var err error
		more, err = b.Periods(t.Context(), b.next, time.Date(2026, 3, 6, 16, 0, 0, 0, time.UTC), true)
		require.NoError(t, err)
	}
	require.Equal(t, "L-1 s/2026-03-04/1, L-1 s/2026-03-05/1, L-1 s/2026-03-06/1", b.chains())
	more, err = b.Periods(t.Context(), b.next, time.Date(2026, 3, 7, 15, 59, 0, 0, time.UTC), true)
	require.NoError(t, err)
	require.False(t, more)
	require.Equal(t, "L-1 s/2026-03-04/1, L-1 s/2026-03-05/1, L-1 s/2026-03-06/1", b.chains(), "the seventh is not over")

	b.state("B")
	fifth, now := time.Date(2026, 3, 4, 16, 0, 0, 0, time.UTC), b.now.UnixMilli()
	late := checkpoint.LateFacts{DayS: fifth.Unix(), LagMS: 7, SinceMS: now, LastMS: now}
	keeper := checkpoint.NewKeeper(b.reg, b.db.Conn, b.clock)
	require.NoError(t, keeper.Save(t.Context(), checkpoint.Touched{LateFacts: late}, b.next()))
	// Another engine takes over, with the checkpoints alone.
	again := newBench(t, b.db, map[string]string{"L-1": perDay}, "evaluation: day")
	again.version, again.now = b.version, b.now.Add(3*time.Minute)
	for more := true; more; {
		more, err = again.Periods(t.Context(), again.next, time.Date(2026, 3, 6, 16, 0, 0, 0, time.UTC), true)
		require.NoError(t, err)
	}
	require.Equal(t, "L-1 s/2026-03-04/1, L-1 s/2026-03-05/2, L-1 s/2026-03-06/2", b.chains())
	require.Equal(t, map[string]int64{"L-1": 7}, again.Lateness())
	require.Empty(t, again.Reevaluating())
}
