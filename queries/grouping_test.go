package queries

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func small() fstest.MapFS {
	return fstest.MapFS{
		"fragment/inner.sql": {Data: []byte("-- param: as_of Int64 = instant\nSELECT n FROM t WHERE n < {as_of:Int64}\n")},
		"fragment/outer.sql": {Data: []byte("-- include: inner\n-- column: total UInt64 = sum\nSELECT {{dims}} sum(n) AS total FROM " +
			"({{inner}}) {{joins}} WHERE {{only}} {{group}} /* {{bucket}} */")},
		"dimension/d.yaml": {Data: []byte(`
- {name: place, sql: p, zh: 地, en: place, join: "JOIN places USING (p)", only: linked}
- {name: day, sql: d, zh: 日, en: day, bucket: day}
- {name: month, sql: m, zh: 月, en: month, bucket: month}
`)},
		"page/q.sql": {Data: []byte("-- purpose: test\n-- grain: one row per group\n-- dims: d\n-- include: outer\n{{outer}}\n")},
	}
}

func TestAQueryInheritsWhatItsFragmentsDeclare(t *testing.T) {
	r, err := load(small())
	require.NoError(t, err)
	q, err := r.Get("page/q")
	require.NoError(t, err)
	require.Equal(t, []Param{{Name: "as_of", Type: "Int64", Help: "instant"}}, q.Params)
	require.Equal(t, []Column{{Name: "total", Type: "UInt64", Help: "sum", inherited: true}}, q.Columns)
}

func TestADimensionBringsItsJoinItsConditionAndItsBucket(t *testing.T) {
	r, err := load(small())
	require.NoError(t, err)
	text, err := r.Text("page/q", "place", "month", "day")
	require.NoError(t, err)
	require.Equal(t, "SELECT p AS `place`, m AS `month`, d AS `day`,  sum(n) AS total FROM (SELECT n FROM t WHERE n < {as_of:Int64}) "+
		"JOIN places USING (p) WHERE linked GROUP BY `place`, `month`, `day` /* day */", text)
	text, err = r.Text("page/q")
	require.NoError(t, err)
	require.Equal(t, "SELECT  sum(n) AS total FROM (SELECT n FROM t WHERE n < {as_of:Int64})  WHERE 1  /*  */", text)
}
