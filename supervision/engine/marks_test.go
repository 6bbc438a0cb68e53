package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/checkpoint"
	"duban/supervision/engine/enginetest"
)

// A data folder whose checkpoints an earlier program wrote as plain text goes on
// where it stood: nothing is folded or evaluated anew, nothing announced twice, and a
// reason that was noted before the update is told after it.
func TestADataFolderOfAnEarlierProgramIsTakenUp(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, append(overdue("A"), life("1")...)...)
	require.NoError(t, at(t, db, march(12, 9), nil).CatchUp(t.Context()))
	told := events(t, db)
	require.Contains(t, told, "raised yellow")
	reg, err := queries.Load()
	require.NoError(t, err)
	marks, err := checkpoint.Load(t.Context(), reg, db.Conn())
	require.NoError(t, err)
	basis, err := marks.Basis()
	require.NoError(t, err)
	rules, err := marks.Rules()
	require.NoError(t, err)
	announced, err := marks.Announced()
	require.NoError(t, err)
	followed, err := marks.Followed()
	require.NoError(t, err)
	require.NotZero(t, announced.Version)
	for name, value := range map[string]string{
		"basis":           fmt.Sprintf("program %s, calendar %s, policy %s", basis.Program, basis.Calendar, basis.Policy),
		"rules":           fmt.Sprintf("%s on program %s, calendar %s, policy %s", rules.Hash, basis.Program, basis.Calendar, basis.Policy),
		"alerts_looked":   fmt.Sprintf("%d %d", announced.Version, announced.UntilMS),
		"alerts_followed": fmt.Sprint(followed.Version),
		"alerts_why":      fmt.Sprintf("%d outage", announced.Version-1),
	} {
		require.NoError(t, reg.Exec(t.Context(), db.Conn(), "engine/save_mark", queries.Args{
			"name": name, "value": value, "fold_version": announced.Version + 1000, "at": time.Now(),
		}))
	}
	version := func(table string) (v uint64) {
		scan(t, db, "SELECT max(fold_version) FROM "+table, &v)
		return v
	}
	cases, chains := version("cases"), version("alert_chains")

	require.NoError(t, at(t, db, march(12, 10), nil).CatchUp(t.Context()))
	require.Equal(t, cases, version("cases"), "nothing is folded anew")
	require.Equal(t, chains, version("alert_chains"), "no rule is evaluated anew")
	require.Equal(t, told, events(t, db))
	marks, err = checkpoint.Load(t.Context(), reg, db.Conn())
	require.NoError(t, err)
	require.Contains(t, marks["alerts_looked"], `{"version":`, "what is written is of the new kind")
	again, err := marks.Announced()
	require.NoError(t, err)
	require.Greater(t, again.Version, announced.Version)
	require.Equal(t, march(12, 10).Truncate(time.Hour), again.Until().Truncate(time.Hour))
}
