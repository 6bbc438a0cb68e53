package queries

import (
	"reflect"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

type state string

// Each disagreement between a struct and the header of its query is an error of
// the start that names the column.
func TestALoadRefusesRowsThatDoNotFitTheirQuery(t *testing.T) {
	reg, err := load(fstest.MapFS{"x/q.sql": {Data: []byte(`-- purpose: p
-- grain: one row
-- column: a UInt32 = a
-- column: b Nullable(DateTime64(3,'UTC')) = b
-- column: c Array(LowCardinality(String)) = c
SELECT 1`)}})
	require.NoError(t, err)
	check := func(row reflect.Type, unread ...string) error {
		l := selectionList{}
		l.add(selection{name: "x/q", unread: unread, row: row})
		return l.check(reg)
	}
	type good struct {
		A    uint32     `ch:"a"`
		B    *time.Time `ch:"b"`
		C    []state    `ch:"c"`
		Else int
	}
	require.NoError(t, check(reflect.TypeFor[good]()))
	type fewer struct {
		A uint32 `ch:"a"`
	}
	require.ErrorContains(t, check(reflect.TypeFor[fewer]()), "no field takes column b; no field takes column c")
	require.NoError(t, check(reflect.TypeFor[fewer](), "b", "c"))
	type more struct {
		good
		D string `ch:"d"`
	}
	require.ErrorContains(t, check(reflect.TypeFor[more]()), "field D takes column d, which the query does not declare")
	type wrong struct {
		A int32     `ch:"a"`
		B time.Time `ch:"b"`
		C []int     `ch:"c"`
	}
	err = check(reflect.TypeFor[wrong]())
	require.ErrorContains(t, err, "field A is int32, column a is UInt32")
	require.ErrorContains(t, err, "field B is time.Time, column b is Nullable(DateTime64(3,'UTC'))", "null has no place in it")
	require.ErrorContains(t, err, "field C is []int")
	require.ErrorContains(t, check(reflect.TypeFor[int]()), "int is no struct")
	l := selectionList{}
	l.add(selection{name: "x/other", row: reflect.TypeFor[good]()})
	require.ErrorContains(t, l.check(reg), `there is no query "x/other"`)
}
