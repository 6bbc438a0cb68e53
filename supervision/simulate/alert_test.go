package simulate_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/supervision/simulate"
)

// alerts are the expected alerts by subject and rule.
func alerts(t *testing.T, text []byte) map[string]map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]map[string]any{}
	eachLine(t, text, func(_ string, r map[string]any) {
		no, rule := r["subject_no"].(string), r["rule"].(string)
		if out[no] == nil {
			out[no] = map[string]map[string]any{}
		}
		out[no][rule] = r
	})
	return out
}

// Whoever was planned to break a rule is found by that rule, once the period
// was long enough for it.
func TestEveryPlantedViolationIsAnAlertOfItsRule(t *testing.T) {
	var cases, tickets, found bytes.Buffer
	_, ledger := simulated(t, func(c *simulate.Config) {
		c.Events, c.Violations = 60_000, 0.3
		c.Cases, c.Tickets, c.Alerts = &cases, &tickets, &found
	})
	expected := alerts(t, found.Bytes())
	planted := map[string]int64{}
	for name, text := range map[string][]byte{"case_no": cases.Bytes(), "ticket_no": tickets.Bytes()} {
		eachLine(t, text, func(line string, r map[string]any) {
			rule, no := r["planted"].(string), r[name].(string)
			if rule == "" {
				return
			}
			planted[rule]++
			if began := no[8:16]; began < "20260401" && rule != "R-DAT-01" {
				require.Contains(t, expected[no], rule, line)
			}
		})
	}
	for rule, n := range ledger.Alerts.Planted {
		if rule == "R-NRM-01" || rule == "R-NRM-06-L" {
			require.Positive(t, n, rule)
			continue
		}
		require.Equal(t, n, planted[rule], rule)
	}
	require.GreaterOrEqual(t, len(planted), 40)
}

// Without planted violations there is what the plans produce by themselves:
// late work, silence, long pauses, and messages that were sent late.
func TestALawfulProvinceOnlyBreaksLimits(t *testing.T) {
	_, ledger := simulated(t, func(c *simulate.Config) { c.Events = 60_000 })
	require.Empty(t, ledger.Alerts.Planted)
	for rule := range ledger.Alerts.Rules {
		t.Log(rule, ledger.Alerts.Rules[rule].Alerts, ledger.Alerts.Rules[rule].Active)
		require.Contains(t, []string{
			"R-DDL-01", "R-DDL-02", "R-DDL-03", "R-DDL-04", "R-DDL-05", "R-DDL-06", "R-DDL-07", "R-DDL-08", "R-DDL-09", "R-DDL-10",
			"R-JNT-03", "R-PRC-06", "R-HOT-01", "R-HOT-02", "R-HOT-03-R", "R-DAT-01", "R-DAT-04", "R-DAT-06", "R-SAT-05",
		}, rule)
	}
}
