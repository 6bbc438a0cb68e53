package importer

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/importer/rows"
)

// An attribute that is said twice with one value is said once; with two values
// nobody knows which is meant. A step without a name is told.
func TestXESAttributesSaidTwiceAndStepsWithoutAName(t *testing.T) {
	log := `<log><trace><string key="concept:name" value="c1"/><string key="concept:name" value="c1"/>` +
		eventXML("a", `<string key="concept:name" value="a"/><string key="note" value="x"/><string key="note" value="x"/>`) +
		eventXML("b", `<string key="note" value="x"/><string key="note" value="y"/>`) +
		`<event><date key="time:timestamp" value="2020-01-01T00:00:00Z"/></event></trace>
<trace><string key="concept:name" value="c2"/><string key="concept:name" value="c3"/>` + eventXML("a", "") + `</trace></log>`
	s := &sink{}
	sum, err := Run(context.Background(), []string{write(t, "a.xes", []byte(log))}, parse(t, logMapping), s, Options{})
	require.NoError(t, err)
	require.Len(t, s.values, 2)
	require.Equal(t, []Count{{rows.ReasonDuplicateKey, "case:concept:name", 1}, {rows.ReasonDuplicateKey, "note", 1}}, sum.RefusedBy)
	require.Equal(t, []Count{{rows.ReasonNoActivity, "concept:name", 1}}, sum.NoticesBy)
}
