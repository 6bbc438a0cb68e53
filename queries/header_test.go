package queries

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestAHeaderThatSaysTooLittleIsRefused(t *testing.T) {
	const (
		purpose = "-- purpose: count things\n"
		grain   = "-- grain: one row\n"
		column  = "-- column: n UInt64 = how many\n"
		source  = "-- source: domain guide 5.1\n"
		body    = "SELECT count() AS n FROM t\n"
	)
	for name, v := range map[string]struct{ path, text, want string }{
		"nothing missing on a page":       {"page/q.sql", purpose + grain + column + body, ""},
		"nothing missing in an indicator": {"indicator/X01.sql", purpose + grain + column + source + body, ""},
		"no purpose":                      {"page/q.sql", grain + column + body, "page/q: a query needs a purpose line and a text"},
		"no grain":                        {"page/q.sql", purpose + column + body, "page/q: the header needs a grain"},
		"no columns":                      {"page/q.sql", purpose + grain + body, "page/q: the header needs its columns"},
		"no columns after WITH":           {"page/q.sql", purpose + grain + "WITH 1 AS x\n" + body, "page/q: the header needs its columns"},
		"neither":                         {"page/q.sql", purpose + body, "page/q: the header needs a grain and its columns"},
		"an indicator from nowhere": {"indicator/X01.sql", purpose + grain + column + body,
			"indicator/X01: the header needs the source of its definition"},
		"a rule from nowhere": {"rule/R-1.sql", purpose + grain + column + body,
			"rule/R-1: the header needs the source of its definition"},
		"what writes has no columns":        {"engine/w.sql", purpose + grain + "-- why\nINSERT INTO t SELECT 1\n", ""},
		"what writes has a grain":           {"engine/w.sql", purpose + "INSERT INTO t SELECT 1\n", "engine/w: the header needs a grain"},
		"columns of a fragment are its own": {"page/q.sql", purpose + grain + "-- include: counted\n{{counted}}\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(fstest.MapFS{
				v.path:                 {Data: []byte(v.text)},
				"fragment/counted.sql": {Data: []byte(column + body)},
			})
			if v.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, v.want)
		})
	}
}

func TestARuleHasTheColumnsOfAllRules(t *testing.T) {
	r, err := Load()
	require.NoError(t, err)
	q, err := r.Get("rule/R-DDL-03")
	require.NoError(t, err)
	var names []string
	for _, c := range q.Columns {
		names = append(names, c.Name)
	}
	require.Equal(t, []string{"source_sys", "subject_no", "clock_no", "org_code", "region_code", "task_code", "window_id", "staff_id",
		"steps", "due_at", "evidence"}, names)
}
