package queries

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func sample() *Result {
	return &Result{
		Query: &Query{Name: "indicator/X"},
		By:    []string{"month"},
		Args:  Args{"as_of": time.Date(2026, 3, 31, 16, 0, 0, 0, time.UTC), "source": "wabo"},
		Columns: []Column{{Name: "month", Type: "String"}, {Name: "value", Type: "Nullable(Float64)"}, {Name: "day", Type: "Date32"},
			{Name: "path", Type: "Array(String)"}, {Name: "at", Type: "DateTime64(3, 'UTC')"}, {Name: "n", Type: "UInt64"}},
		Rows: [][]any{
			{"2026-03", nil, time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC), []string{"受理", "a<b"},
				time.Date(2026, 3, 31, 15, 59, 59, 999e6, time.UTC), uint64(math.MaxUint64)},
			{`say "x", y`, math.NaN(), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), []string{}, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
				uint64(0)},
		},
	}
}

func TestJSONIsFlatInChinaTimeAndExact(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, sample().Write(&b, "json"))
	require.True(t, json.Valid(b.Bytes()), b.String())
	require.Contains(t, b.String(), `{"month":"2026-03","value":null,"day":"2026-03-31","path":["受理","a<b"],`+
		`"at":"2026-03-31T23:59:59.999+08:00","n":18446744073709551615}`)
	require.Contains(t, b.String(),
		`{"month":"say \"x\", y","value":null,"day":"2026-03-01","path":[],"at":"2026-03-01T08:00:00+08:00","n":0}`)
	var head struct {
		Query  string         `json:"query"`
		AsOf   string         `json:"as_of"`
		Params map[string]any `json:"params"`
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &head))
	require.Equal(t, "indicator/X", head.Query)
	require.Equal(t, "2026-04-01T00:00:00+08:00", head.AsOf)
	require.Equal(t, map[string]any{"as_of": "2026-04-01T00:00:00+08:00", "source": "wabo", "by": []any{"month"}}, head.Params)
}

func TestCSVAndTableShowNullAndLists(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, sample().Write(&b, "csv"))
	require.Equal(t, "month,value,day,path,at,n\n"+
		"2026-03,,2026-03-31,受理 > a<b,2026-03-31T23:59:59.999+08:00,18446744073709551615\n"+
		"\"say \"\"x\"\", y\",,2026-03-01,,2026-03-01T08:00:00+08:00,0\n", b.String())
	b.Reset()
	require.NoError(t, sample().Write(&b, "table"))
	require.Contains(t, b.String(), "│     — │")
	require.Contains(t, b.String(), "month")
	require.ErrorContains(t, sample().Write(&b, "xml"), "want table, json or csv")
}

// OWASP, CSV Injection: a cell that begins with =, +, -, @, tab or carriage return is run;
// the full-width forms too, where the office suite folds widths.
func TestNoTextOfAFileIsAFormula(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(1)", " =1", "\u3000＝1",
		"\ufeff=1", "\u200b@A"} {
		require.Equal(t, "'"+s, Harmless(s))
	}
	for _, s := range []string{"", "1-1", "a=b", "榆林＝", " x", "\u200b"} {
		require.Equal(t, s, Harmless(s))
	}
	text := "＝1+1"
	r := Result{Columns: []Column{{Name: "a", Type: "String"}, {Name: "b", Type: "Nullable(String)"}, {Name: "c", Type: "Array(String)"},
		{Name: "d", Type: "Int64"}, {Name: "e", Type: "Map(String, String)"}},
		Rows: [][]any{{"＠x", &text, []string{"=1", "2"}, int64(-1), map[string]string{"=1": "x"}}}}
	var b bytes.Buffer
	require.NoError(t, r.WriteCSV(&b))
	require.Equal(t, "a,b,c,d,e\n'＠x,'＝1+1,'=1 > 2,-1,'=1=x\n", b.String())
}
