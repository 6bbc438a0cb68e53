package rows

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const xesHead = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0">
<extension name="Concept" prefix="concept" uri="x"/>
<global scope="trace"><string key="a" value="of-no-trace"/></global>
<string key="source" value="of-the-log"/>
`

// event is what a reader made of one event.
type xesRow struct {
	no              int64
	start, caseOnly bool
	cells           map[string]string
	why             Reason
}

func readXES(t *testing.T, text string) ([]xesRow, error) {
	t.Helper()
	cols := newColumns(with(t))
	src, rec := newXES(strings.NewReader(text), cols), Record{cols: cols}
	var out []xesRow
	for {
		err := src.next(&rec)
		var p *Problem
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case errors.As(err, &p):
			out = append(out, xesRow{no: rec.No, start: rec.CaseStart, why: p.Reason})
		case err != nil:
			return out, err
		default:
			cells := map[string]string{}
			for i, name := range cols.names {
				if v := rec.Cell(i); v != nil {
					cells[name] = string(v)
				}
			}
			out = append(out, xesRow{no: rec.No, start: rec.CaseStart, caseOnly: rec.CaseOnly, cells: cells})
		}
	}
}

// Of a trace and an event the direct attributes count (IEEE 1849, 5.6): those of the trace are
// case:KEY in each of its events; globals, the log and nested attributes are none of theirs. A trace
// without events is a case all the same.
func TestAnEventHasItsAttributesAndThoseOfItsTrace(t *testing.T) {
	got, err := readXES(t, xesHead+`<trace>
<string key="name" value="C-1"/>
<event><string key="a" value="one"><string key="inner" value="x"/></string><date key="time" value="2026-03-02"/></event>
<event><string key="a" value="&#x5F20;&lt;三&gt;"/><list key="l"><string key="deep" value="x"/></list></event>
<string key="name" value="C-1"/><int key="late" value="7"/>
</trace>
<trace><string key="name" value="C-2"/></trace>
<event><string key="a" value="of no trace"/></event>
</log>`)
	require.NoError(t, err)
	require.Equal(t, []xesRow{
		{no: 1, start: true, cells: map[string]string{"case:name": "C-1", "case:late": "7", "a": "one", "time": "2026-03-02"}},
		{no: 2, cells: map[string]string{"case:name": "C-1", "case:late": "7", "a": "张<三>"}},
		{no: 0, start: true, caseOnly: true, cells: map[string]string{"case:name": "C-2"}},
		{no: 1, cells: map[string]string{"a": "of no trace"}},
	}, got)
}

// What a trace or an event says twice in different words is refused: nobody could say which holds.
func TestAnAttributeThatIsGivenTwiceRefusesItsEvents(t *testing.T) {
	got, err := readXES(t, xesHead+`<trace><string key="name" value="C-1"/><string key="name" value="C-9"/>
<event><string key="a" value="1"/></event><event><string key="a" value="2"/></event></trace>
<trace><string key="name" value="C-2"/><event><string key="a" value="1"/><string key="a" value="2"/></event>
<event><string key="a" value="3"/></event></trace></log>`)
	require.NoError(t, err)
	require.Equal(t, []xesRow{{no: 1, start: true, why: ReasonDuplicateKey}, {no: 2, why: ReasonDuplicateKey},
		{no: 1, start: true, why: ReasonDuplicateKey}, {no: 2, cells: map[string]string{"case:name": "C-2", "a": "3"}}}, got)
}

// What is no XES ends the reading with the line; what stood before is kept.
func TestWhatIsNoLogEndsWithItsLine(t *testing.T) {
	whole := `<trace><event><string key="a" value="1"/></event></trace>`
	for _, c := range []struct {
		text string
		rows int
		want string
	}{
		{"<html></html>", 0, "line 1: not well-formed XES: the file holds <html>, not a <log>"},
		{xesHead + whole + "\n<trace><event>", 1, "the file ends inside <event>"},
		{xesHead + whole + "\n</trace></log>", 1, "line 7: not well-formed XES: </trace> closes an element that is not open"},
		{xesHead + whole + "\n<trace><event></trace>", 1, "</trace> closes an element that is not open"},
		{xesHead + whole + "\n<trace key=>", 1, "line 7: not well-formed XES: "},
		{"<log>" + strings.Repeat("<list>", 300), 0, "elements are nested deeper than 200"},
		{"<log/>", 0, ""},
	} {
		got, err := readXES(t, c.text)
		if c.want == "" {
			require.NoError(t, err, c.text)
		} else {
			require.ErrorContains(t, err, c.want, "%.80s", c.text)
		}
		require.Len(t, got, c.rows, "%.80s", c.text)
	}
}

// A trace that does not fit into memory is handed on in parts; what it says of itself must come
// before, and what comes after is refused rather than left out of the first part.
func TestAVeryLongTraceIsHandedOnInParts(t *testing.T) {
	event := `<event><string key="a" value="` + strings.Repeat("x", 1<<20) + `"/></event>`
	long := xesHead + `<trace><string key="name" value="C-1"/>` + strings.Repeat(event, 40)
	got, err := readXES(t, long+`</trace></log>`)
	require.NoError(t, err)
	require.Len(t, got, 40)
	for i, r := range got {
		require.Equal(t, int64(i+1), r.no)
		require.Equal(t, i == 0, r.start)
		require.Equal(t, "C-1", r.cells["case:name"])
	}
	got, err = readXES(t, long+`<string key="late" value="1"/></trace></log>`)
	require.NoError(t, err)
	require.Len(t, got, 40)
	require.Empty(t, got[0].why)
	require.Equal(t, ReasonLateAttribute, got[39].why)
}
