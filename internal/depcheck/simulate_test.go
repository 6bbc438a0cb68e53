package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The rooms of the simulator know each other one way, and the oracle nothing of
// what it is held against.
func TestTheRoomsOfTheSimulatorImportOneWay(t *testing.T) {
	const rooms = "duban/supervision/simulate"
	for _, v := range []struct {
		of, imported string
		allowed      bool
	}{
		{"/world", "duban/supervision/divisions", true},
		{"/world", rooms + "/plan", false},
		{"/plan", rooms + "/world", true},
		{"/plan", rooms + "/inject", false},
		{"/plan", rooms + "/truth", false},
		{"/inject", rooms + "/plan", true},
		{"/inject", rooms + "/truth", false},
		{"/encode", rooms + "/plan", true},
		{"/encode", rooms + "/truth", false},
		{"/encode", "duban/ingest/event", true},
		{"/encode", "duban/ingest/decode", false},
		{"/truth", rooms + "/plan", true},
		{"/truth", rooms + "/inject", false},
		{"/truth", rooms + "/encode", false},
		{"/truth", rooms, false},
		{"/truth", "duban/supervision/lifecycle", false},
		{"/truth", "duban/supervision/calendar", false},
		{"/truth", "duban/supervision/rule", false},
		{"/truth", "duban/queries", false},
		{"", rooms + "/truth", true},
		{"", "duban/supervision/lifecycle", false},
	} {
		found := violations(pkg{ImportPath: rooms + v.of, Imports: []string{v.imported}})
		require.Equal(t, v.allowed, len(found) == 0, "simulate%s imports %s: %v", v.of, v.imported, found)
	}
}
