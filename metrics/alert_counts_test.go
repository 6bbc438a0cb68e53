package metrics_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/rule"
)

// Those who only count alerts look up the history of those alone that went on after as_of: the counts
// are those of the whole history, as of any instant.
func TestAlertsAreCountedAsTheirHistorySays(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	db := storetest.New(t)
	enginetest.Insert(t, db, enginetest.NewLives(3).Tell(150, 60, 150)...)
	cat, err := rule.Load(reg, "")
	require.NoError(t, err)
	judging := func(c *engine.Config, _ *engine.Deps) {
		c.Rules = cat.Only("R-DDL-03", "R-DDL-06", "R-HOT-01", "R-HOT-02", "R-PRC-02")
	}
	require.NoError(t, enginetest.New(t, db, judging).CatchUp(t.Context()))
	moved := map[string]bool{}
	for _, name := range []string{"alert_counts", "alert_orgs"} {
		text, err := os.ReadFile("../queries/page/" + name + ".sql")
		require.NoError(t, err)
		require.NoError(t, reg.Add("test/"+name, strings.ReplaceAll(string(text), "alerts_counted", "alerts_as_of")))
		for day := range 14 {
			args := queries.Args{"as_of": time.Date(2026, 2, 1+11*day, 3, 0, 0, 0, time.UTC)}
			if name == "alert_orgs" {
				args["max_rows"] = 100
			}
			want, err := reg.Run(t.Context(), db.Conn(), "test/"+name, args)
			require.NoError(t, err)
			got, err := reg.Run(t.Context(), db.Conn(), "page/"+name, args)
			require.NoError(t, err)
			require.Equal(t, lines(want), lines(got), "%s as of %s", name, args["as_of"])
			if len(want.Rows) > 0 {
				moved[strings.Join(lines(want), "\n")] = true
			}
		}
	}
	require.Greater(t, len(moved), 6, "the counts move from instant to instant")
}
