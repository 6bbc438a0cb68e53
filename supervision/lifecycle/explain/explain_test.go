package explain_test

import (
	"fmt"
	"testing"
	"time"

	"duban/supervision/calendar"
	"duban/supervision/lawzone"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/explain"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func at(s string) int64 {
	t, err := time.ParseInLocation("2006-01-02 15:04:05.000", "2018-"+s, lawzone.Zone)
	if err != nil {
		panic(err)
	}
	return t.UnixMilli()
}

// Accepted on a Monday with a promise of five working days; a hearing takes Thursday out.
func TestEveryDayOfAClockSaysWhyItCounts(t *testing.T) {
	cal, err := calendar.Default()
	require.NoError(t, err)
	k3 := lifecycle.Clock{Clock: "K3", StartAt: at("10-15 09:00:00.000"), DueAt: at("10-23 23:59:59.999"), StopAt: at("10-24 10:00:00.000"),
		Unit: string(calendar.WorkingDays)}
	pauses := []lifecycle.Pause{{Kind: lifecycle.PauseSuspension, Detail: "hearing", FromAt: at("10-17 10:00:00.000"),
		ToAt: at("10-18 10:00:00.000")}}
	days, err := explain.Days(k3, pauses, cal, at("12-31 00:00:00.000"))
	require.NoError(t, err)
	var got []string
	for _, d := range days {
		l := fmt.Sprintf("%s %s %d", d.Day.String()[5:], d.Role, d.Used)
		if d.Pause != "" {
			l += " " + string(d.Pause) + " " + d.Detail
		}
		if d.Due {
			l += " due"
		}
		if d.Stop {
			l += " stop"
		}
		got = append(got, l)
	}
	assert.Equal(t, []string{
		"10-15 start 0", "10-16 counted 1", "10-17 counted 2", "10-18 paused 2 suspension hearing", "10-19 counted 3",
		"10-20 off 3", "10-21 off 3", "10-22 counted 4", "10-23 counted 5 due", "10-24 counted 6 stop",
	}, got)

	k3.StopAt = time.Date(2040, 1, 1, 0, 0, 0, 0, lawzone.Zone).UnixMilli()
	_, err = explain.Days(k3, pauses, cal, 0)
	assert.ErrorContains(t, err, "longer than")
}
