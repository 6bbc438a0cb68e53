package kit

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSpreadsheetsCannotRunATextAsAFormula(t *testing.T) {
	var b strings.Builder
	v := 0.5
	require.NoError(t, writeCSV(&b, &Table{Columns: []Column{{Key: "org"}, {Key: "value"}, {Key: "none"}}, Rows: [][]Cell{
		{{Raw: "=cmd|' /C calc'!A0"}, {Raw: v}, {}}, {{Raw: "a,\"b\"\nc"}, {Raw: -3}, {Raw: nil}},
	}}))
	require.Equal(t, "\ufefforg,value,none\n'=cmd|' /C calc'!A0,0.5,\n\"a,\"\"b\"\"\nc\",-3,\n", b.String())
}
