package sink

import (
	"bytes"
	"testing"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/stretchr/testify/require"

	"duban/ingest/event"
)

// A view of some rows reads as these rows, so that one row that the database
// refuses can be told from its neighbours.
func TestNumbersShowSomeOfTheirRows(t *testing.T) {
	rows := []map[string]float64{{"a": 1}, {"b": 2, "c": 3}, {}, {"a": -4.5, "c": 6}}
	c := &numbers{}
	for _, r := range rows {
		var values []event.Value
		for _, name := range []string{"a", "b", "c"} {
			if n, ok := r[name]; ok {
				values = append(values, event.Value{Name: name, Number: n})
			}
		}
		c.add(values)
	}
	for i := range rows {
		for j := i; j <= len(rows); j++ {
			view := c.view(i, j)
			require.Equal(t, proto.ColumnType("Map(LowCardinality(String), Float64)"), view.Type())
			var b proto.Buffer
			view.(proto.StateEncoder).EncodeState(&b)
			view.EncodeColumn(&b)
			got := proto.NewMap[string, float64](proto.NewLowCardinality[string](new(proto.ColStr)), new(proto.ColFloat64))
			r := proto.NewReader(bytes.NewReader(b.Buf))
			require.NoError(t, got.DecodeState(r))
			require.NoError(t, got.DecodeColumn(r, j-i))
			require.Equal(t, j-i, got.Rows())
			for k := range j - i {
				require.Equal(t, rows[i+k], got.Row(k))
			}
		}
	}
}
