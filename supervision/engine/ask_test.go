package engine_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/rule"
)

// withBroken is the catalogue with a rule L-1 that fails while there is one case alone.
func withBroken(t *testing.T) (*queries.Registry, *rule.Catalogue) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"L-1.yaml": `id: L-1
version: 1
names: {zh: 坏规则, en: Broken}
category: norm
subject: case
evaluation: fold
ladder: [{severity: notice, notify: N1, points: 0}]
clear: [B]
issue: auto
norm: {zh: 本地规定, en: Local regulation}
`,
		"L-1.sql": `-- purpose: Fails while there is one case alone.
-- grain: none
-- include: case_subjects
SELECT source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    [(first_at, 'notice')] AS steps, NULL AS due_at, map('broken', toString(throwIf((SELECT count() FROM cases FINAL) < 2, 'broken on purpose'))) AS evidence
FROM ({{case_subjects}})
`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	reg, err := queries.Load()
	require.NoError(t, err)
	all, err := rule.Load(reg, dir)
	require.NoError(t, err)
	return reg, all
}

// Rules of a round share a statement. One whose SQL fails on the data is named in the
// health of the rules, and the others say what they would have said without it.
func TestARuleThatFailsTakesNoOtherDown(t *testing.T) {
	reg, all := withBroken(t)
	db := storetest.New(t)
	enginetest.Insert(t, db, overdue("1")...)
	began := time.Now()
	run := func() {
		e := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Rules = all.Keep(func(r *rule.Rule) bool {
				return r.ID == "L-1" || r.ID == "R-DDL-03" || r.ID == "R-DDL-04" || r.ID == "R-PRC-02"
			})
			d.Queries, d.Now = reg, func() time.Time { return march(10, 0).Add(time.Since(began)) }
		})
		require.NoError(t, e.CatchUp(t.Context()))
	}
	run()
	require.Equal(t, "raised yellow issued ", events(t, db))
	require.Equal(t, 1, count(t, db, "rule_runs FINAL WHERE rule_id = 'L-1' AND error LIKE '%broken on purpose%'"))
	require.Equal(t, 0, count(t, db, "rule_runs FINAL WHERE rule_id != 'L-1' AND error != ''"))

	// The engine that comes after it knows that the rule owes an answer about everything.
	enginetest.Insert(t, db, overdue("2")...)
	run()
	require.Equal(t, 2, count(t, db, "alert_chains FINAL WHERE rule_id = 'L-1' AND NOT gone"))
	require.Equal(t, 0, count(t, db, "rule_runs FINAL WHERE error != ''"))
}
