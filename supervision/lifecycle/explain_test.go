package lifecycle_test

import (
	"fmt"
	"testing"

	"duban/supervision/lifecycle"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExplainClock(t *testing.T) {
	s := fold(t, caseFacts(accepted(`{"promise_days":5}`,
		fact{"10-17 10", "suspend_start", `{"suspend_type":"hearing","approved_days":9}`}, fact{"10-18 10", "suspend_end", ""},
		fact{"10-24 10", "finish", ""})...))
	var k3 lifecycle.Clock
	for _, k := range s.Clocks {
		if k.Clock == "K3" {
			k3 = k
		}
	}
	days, err := lifecycle.ExplainClock(k3, s.Pauses, cal(t), at("12-31 00"))
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

	k3.StopAt = at("2040-01-01")
	_, err = lifecycle.ExplainClock(k3, s.Pauses, cal(t), 0)
	assert.ErrorContains(t, err, "longer than")
}
