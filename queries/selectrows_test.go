package queries_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
)

type state string

// Values come through the driver as they are stored, null as nil, into plain
// types, types of the domain and embedded structs.
func TestRowsAreReadFromAServer(t *testing.T) {
	db := storetest.Empty(t)
	reg, err := queries.LoadFS(fstest.MapFS{"x/q.sql": {Data: []byte(`-- purpose: p
-- grain: one row
-- param: n UInt64 = how many
-- column: n UInt64 = number
SELECT number AS n, if(n % 2 = 0, NULL, toInt32(n)) AS odd, toString(n) AS text, CAST(text, 'LowCardinality(String)') AS low,
    arrayMap(x -> toString(x), range(n)) AS list, map(text, text) AS pairs, n = 1 AS flag, CAST(flag, 'Bool') AS yes,
    if(n = 0, NULL, fromUnixTimestamp64Milli(toInt64(n), 'UTC')) AS at, toDate('2026-03-02') AS day, toFloat64(n) / 2 AS half, 1 AS other
FROM numbers({n:UInt64})`)}})
	require.NoError(t, err)
	type inner struct {
		N    uint64 `ch:"n"`
		Odd  *int32 `ch:"odd"`
		Text string `ch:"text"`
	}
	type row struct {
		inner
		Low   state             `ch:"low"`
		List  []state           `ch:"list"`
		Pairs map[string]string `ch:"pairs"`
		Flag  uint8             `ch:"flag"`
		Yes   bool              `ch:"yes"`
		At    *time.Time        `ch:"at"`
		Day   time.Time         `ch:"day"`
		Half  float64           `ch:"half"`
	}
	q := queries.TypedOf[row]("x/q", "other")
	all, err := q.All(t.Context(), reg, db.Conn(), queries.Args{"n": 3})
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Nil(t, all[0].Odd)
	require.Nil(t, all[0].At)
	require.Empty(t, all[0].List)
	all[1].Day = all[1].Day.UTC() // a date has no zone
	one := int32(1)
	at := time.UnixMilli(1).UTC()
	require.Equal(t, row{
		inner: inner{N: 1, Odd: &one, Text: "1"}, Low: "1", List: []state{"0"}, Pairs: map[string]string{"1": "1"}, Flag: 1, Yes: true,
		At: &at, Day: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Half: 0.5,
	}, all[1])
	require.Equal(t, []state{"0", "1"}, all[2].List, "what was read before is not overwritten")
	require.Equal(t, []state{"0"}, all[1].List)

	_, ok, err := q.First(t.Context(), reg, db.Conn(), queries.Args{"n": 0})
	require.NoError(t, err)
	require.False(t, ok)
	_, err = q.One(t.Context(), reg, db.Conn(), queries.Args{"n": 0})
	require.ErrorContains(t, err, "query x/q gave no row")

	var sizes []int
	var last uint64
	require.NoError(t, q.Stream(t.Context(), reg, db.Conn(), queries.Args{"n": 5}, 2, func(rows []row) error {
		sizes, last = append(sizes, len(rows)), rows[len(rows)-1].N
		return nil
	}))
	require.Equal(t, []int{2, 2, 1}, sizes)
	require.EqualValues(t, 4, last)

	// A server that answers otherwise than the program was built for is an error
	// that names the column, and no panic.
	_, err = queries.TypedOf[inner]("x/q").All(t.Context(), reg, db.Conn(), queries.Args{"n": 1})
	require.ErrorContains(t, err, "no field takes column at")
}
