package queries

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
)

// A value that cannot be sent is refused with its name before anything is asked.
func TestWhatCannotBeSentIsRefusedByName(t *testing.T) {
	reg, err := Load()
	require.NoError(t, err)
	q, err := reg.Get("ingest/stored")
	require.NoError(t, err)
	whole := Args{"tables": "^ratings$", "topics": []string{}, "partitions": []uint32{}, "ends": []uint64{}}
	_, err = q.Bind(whole)
	require.NoError(t, err)
	for want, change := range map[string]func(Args){
		"query ingest/stored needs the parameter tables (String)":            func(a Args) { delete(a, "tables") },
		"query ingest/stored has no parameter colour":                        func(a Args) { a["colour"] = "red" },
		"parameter ends of query ingest/stored: a value of type map[int]int": func(a Args) { a["ends"] = map[int]int{} },
		"parameter topics of query ingest/stored: a value of type struct {}": func(a Args) { a["topics"] = struct{}{} },
	} {
		args := maps.Clone(whole)
		change(args)
		_, err := q.Bind(args)
		require.ErrorContains(t, err, want)
	}
}

// What a query can do without is empty in its own type: no filter.
func TestAParameterThatIsLeftOutIsEmptyInItsType(t *testing.T) {
	for ch, want := range map[string]string{
		"String": "", "LowCardinality(String)": "", "Nullable(String)": `\N`, "Nullable(Date32)": `\N`, "Array(String)": "[]",
		"Array(UInt64)": "[]", "UInt8": "0", "Int32": "0", "Float64": "0", "Bool": "0", "Date": "1970-01-01", "Date32": "1970-01-01",
		"DateTime64(3,'UTC')": "1970-01-01 00:00:00", "DateTime": "1970-01-01 00:00:00",
	} {
		got, err := encode(emptyOf(ch))
		require.NoError(t, err, ch)
		require.Equal(t, want, got, ch)
	}
}
