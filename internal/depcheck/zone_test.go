package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheZoneOfLawIsDeclaredOnce(t *testing.T) {
	t.Chdir("../..")
	problems, err := secondZones()
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestASecondZoneIsFound(t *testing.T) {
	for text, want := range map[string]int{
		`time.FixedZone("CST", 8*60*60)`:                                        1,
		`time.FixedZone("+08:00", 8 * 3600)`:                                    1,
		`time.FixedZone("", 28_800)`:                                            1,
		`time.FixedZone("", 30_600-1800)`:                                       1,
		`func() any { l, _ := time.LoadLocation("Asia/Shanghai"); return l }()`: 1,
		`time.FixedZone("Tokyo", 9*60*60)`:                                      0,
		`time.FixedZone("", offset*60)`:                                         0,
		`time.FixedZone("", int(time.Hour.Seconds()))`:                          0,
		`func() any { l, _ := time.LoadLocation(name); return l }()`:            0,
	} {
		found, err := zonesIn("x.go", "package x\n\nvar a = "+text+"\n")
		require.NoError(t, err)
		require.Len(t, found, want, text)
	}
}

func TestImportsAgainstTheWayOfTheData(t *testing.T) {
	for name, want := range map[string]int{
		"supervision/notify github.com/ClickHouse/ch-go/proto": 1,
		"metrics github.com/ClickHouse/ch-go":                  1,
		"ingest/sink github.com/ClickHouse/ch-go":              0,
		"internal/store github.com/ClickHouse/ch-go":           0,
		"ingest duban/supervision/lawzone":                     0,
		"ingest duban/supervision/calendar":                    1,
		"queries duban/supervision/lawzone":                    0,
		"supervision/notify/message duban/supervision/lawzone": 0,
		"supervision/lawzone duban/supervision/calendar":       1,
		"dashboards/page duban/supervision/engine":             1,
	} {
		var of, imports string
		_, err := fmt.Sscan(name, &of, &imports)
		require.NoError(t, err)
		require.Len(t, violations(pkg{ImportPath: module + of, Imports: []string{imports}}), want, name)
	}
}
