package simulate_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

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

// ofOthers are planted in lives but raised about an organisation, a source or a
// relative.
var ofOthers = []string{"R-DAT-01", "R-DAT-02-S", "R-DEN-03", "R-PRC-06R", "R-HOT-03-R", "R-JNT-02", "R-SAT-04", "R-SAT-05"}

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
			if began := no[8:16]; began < "20260401" && !slices.Contains(ofOthers, rule) {
				require.Contains(t, expected[no], rule, line)
			}
		})
	}
	for rule, n := range ledger.Alerts.Planted {
		if rule != "R-DEN-03" && rule != "R-PRC-06R" { // no month of a province of this size has thirty decisions
			require.Contains(t, ledger.Alerts.Rules, rule, "what is planted is found")
		}
		if slices.Contains([]string{"R-NRM-01", "R-NRM-06-L", "R-HOT-08", "R-ORD-01", "R-ORD-04", "R-ORD-05"}, rule) {
			require.Positive(t, n, rule) // planted in no life
			continue
		}
		require.Equal(t, n, planted[rule], rule)
	}
	require.GreaterOrEqual(t, len(planted), 50)
}

// The share of violations changes the lives that break a rule, and no other.
func TestLivesThatBreakNoRuleAreTheSameWhateverTheShare(t *testing.T) {
	lives := func(share float64) map[string]string {
		var cases bytes.Buffer
		simulated(t, func(c *simulate.Config) {
			c.Events, c.Violations, c.Cases = 20_000, share, &cases
			c.From, c.To = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
		})
		out := map[string]string{}
		eachLine(t, cases.Bytes(), func(line string, r map[string]any) {
			if r["planted"] == "" {
				out[r["case_no"].(string)] = line
			}
		})
		return out
	}
	without, with := lives(0), lives(0.1)
	same := 0
	for no, line := range with {
		if other, ok := without[no]; ok {
			require.Equal(t, other, line)
			same++
		}
	}
	require.Greater(t, same, len(with)*9/10)
}

// The counts of the ledger are those of its lines.
func TestTheLedgerCountsItsAlerts(t *testing.T) {
	var found bytes.Buffer
	_, ledger := simulated(t, func(c *simulate.Config) { c.Events, c.Violations, c.Alerts = 30_000, 0.1, &found })
	counted := map[string]*simulate.RuleLedger{}
	eachLine(t, found.Bytes(), func(line string, r map[string]any) {
		l := counted[r["rule"].(string)]
		if l == nil {
			l = &simulate.RuleLedger{Alerts: map[string]int64{}}
			counted[r["rule"].(string)] = l
		}
		l.Alerts[r["severity"].(string)]++
		if r["active"] == true {
			l.Active++
		} else {
			require.NotNil(t, r["cleared_at"], line)
		}
	})
	require.Equal(t, counted, ledger.Alerts.Rules)
}

// Without planted violations there is what the plans produce by themselves:
// late work, silence, long pauses, and messages that were sent late.
func TestALawfulProvinceOnlyBreaksLimits(t *testing.T) {
	_, ledger := simulated(t, func(c *simulate.Config) { c.Events = 60_000 })
	require.Empty(t, ledger.Alerts.Planted)
	for rule := range ledger.Alerts.Rules {
		require.Contains(t, []string{
			"R-DDL-01", "R-DDL-02", "R-DDL-03", "R-DDL-04", "R-DDL-05", "R-DDL-06", "R-DDL-07", "R-DDL-08", "R-DDL-09", "R-DDL-10",
			"R-JNT-03", "R-PRC-06", "R-HOT-01", "R-HOT-02", "R-HOT-03-R", "R-DAT-01", "R-DAT-04", "R-DAT-06", "R-SAT-05",
		}, rule)
	}
}
