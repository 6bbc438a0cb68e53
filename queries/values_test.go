package queries_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
)

// Whatever a value holds, the server reads it as it was: what looks like an escape, a quote
// or the end of a text ends nothing.
func TestAValueArrivesAsItWas(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	db := storetest.Empty(t)
	const echo = "-- purpose: Give a value back.\n-- grain: one row\n-- param: x %T = value\n-- column: x String = value\n" +
		"SELECT toString({x:%T}) AS x"
	at := time.Date(2026, 3, 9, 23, 59, 59, 999_000_000, time.FixedZone("", 2*3600))
	for name, c := range map[string]struct {
		ch    string
		value any
		want  string
	}{
		"plain":                {"String", "case 7", "case 7"},
		"empty":                {"String", "", ""},
		"Chinese":              {"String", "榆林市榆阳区", "榆林市榆阳区"},
		"a character of 4":     {"String", "𠮷野家😀", "𠮷野家😀"},
		"quotes":               {"String", `it's "so"`, `it's "so"`},
		"an injection":         {"String", `'; DROP TABLE cases; --`, `'; DROP TABLE cases; --`},
		"backslashes":          {"String", `C:\new\table\`, `C:\new\table\`},
		"an escape as text":    {"String", `a\tb\nc\\d\0\N`, `a\tb\nc\\d\0\N`},
		"tab and line":         {"String", "a\tb\nc\rd", "a\tb\nc\rd"},
		"a parameter":          {"String", "{x:String} {{dims}}", "{x:String} {{dims}}"},
		"null as text":         {"String", `\N`, `\N`},
		"nothing":              {"Nullable(String)", nil, ""},
		"true":                 {"Bool", true, "true"},
		"false":                {"Bool", false, "false"},
		"largest":              {"UInt64", uint64(18446744073709551615), "18446744073709551615"},
		"smallest":             {"Int64", int64(-9223372036854775808), "-9223372036854775808"},
		"a fraction":           {"Float64", 0.1, "0.1"},
		"an instant":           {"DateTime64(3,'UTC')", at, "2026-03-09 21:59:59.999"},
		"before 1970":          {"DateTime64(3,'UTC')", time.Date(1949, 10, 1, 0, 0, 0, 0, time.UTC), "1949-10-01 00:00:00.000"},
		"a list":               {"Array(String)", []string{"a", "b"}, "['a','b']"},
		"an empty list":        {"Array(String)", []string{}, "[]"},
		"a list with all that": {"Array(String)", []string{`'`, `\`, "\t", "\n", "", `','`, `]`}, `['\'','\\','\t','\n','','\',\'',']']`},
		"numbers":              {"Array(UInt64)", []uint64{1, 18446744073709551615}, "[1,18446744073709551615]"},
		"instants":             {"Array(DateTime64(3,'UTC'))", []time.Time{at}, "['2026-03-09 21:59:59.999']"},
		"a list of a file":     {"Array(String)", []any{"a", 1, true}, "['a','1','true']"},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, reg.Add("test/echo", strings.ReplaceAll(echo, "%T", c.ch)))
			res, err := reg.Run(t.Context(), db.Conn(), "test/echo", queries.Args{"x": c.value})
			require.NoError(t, err)
			switch got := res.Rows[0][0].(type) {
			case string:
				require.Equal(t, c.want, got)
			case nil:
				require.Empty(t, c.want)
			case *string:
				require.Nil(t, got)
				require.Empty(t, c.want)
			default:
				require.Failf(t, "no text", "%T", got)
			}
		})
	}
}
