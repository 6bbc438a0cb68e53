package rating_test

import (
	"testing"
	"time"

	"duban/supervision/calendar"
	"duban/supervision/lawzone"
	"duban/supervision/lifecycle"

	"github.com/stretchr/testify/require"
)

// at reads a local time of 2018: "10-15 09:00", or "10-15 09" on the hour.
func at(s string) int64 {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15"} {
		if t, err := time.ParseInLocation(layout, "2018-"+s, lawzone.Zone); err == nil {
			return t.UnixMilli()
		}
	}
	panic("bad time in a test: " + s)
}

// show writes an instant.
func show(ms int64) string {
	if ms == lifecycle.Still {
		return "still"
	}
	return time.UnixMilli(ms).In(lawzone.Zone).Format("01-02_15:04")
}

func cal(t testing.TB) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Default()
	require.NoError(t, err)
	return c
}
