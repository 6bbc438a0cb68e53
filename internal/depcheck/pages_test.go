package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Rooms of pages import the kit and not each other; what joins them imports all.
func TestRoomsOfPagesStandBesideEachOther(t *testing.T) {
	const pages = "duban/dashboards/page"
	for _, v := range []struct {
		of, imported string
		allowed      bool
	}{
		{"/cases", pages + "/kit", true},
		{"/cases", pages + "/desk", false},
		{"/cases", pages, false},
		{"/cases", "duban/dashboards/route", true},
		{"/cases", "duban/dashboards/server", false},
		{"/kit", pages + "/cases", false},
		{"/kit", "duban/metrics", true},
		{"", pages + "/cases", true},
	} {
		found := violations(pkg{ImportPath: pages + v.of, Imports: []string{v.imported}})
		require.Equal(t, v.allowed, len(found) == 0, "%s imports %s: %v", v.of, v.imported, found)
	}
}
