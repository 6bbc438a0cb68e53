package simulate

import (
	"fmt"
	"strconv"

	"duban/supervision/simulate/truth"
	"duban/supervision/simulate/world"
)

// AlertLedger is what supervision has to have raised about subjects by the
// instant of the ledger.
type AlertLedger struct {
	// Rules counts alerts by rule: one per subject and clock (or period).
	Rules map[string]*RuleLedger `json:"rules"`
	// Planted counts the lives, items and organisations that were planned to
	// break each rule. They may break others too, and others may break theirs.
	Planted map[string]int64 `json:"planted"`
}

// RuleLedger counts the alerts of one rule.
type RuleLedger struct {
	// Alerts counts alerts that were ever raised, by the gravest severity that
	// they have reached.
	Alerts map[string]int64 `json:"alerts"`
	// Active of them still hold: their last step has a severity.
	Active int64 `json:"active"`
}

// recordAlerts enters the alerts of a subject into the ledger.
func (r *run) recordAlerts(kind string, no []byte, chains []truth.Chain) error {
	for i := range chains {
		c := &chains[i]
		worst, since := truth.Cleared, int64(truth.ByArrival)
		for _, t := range c.Steps {
			if t.Severity > worst {
				worst, since = t.Severity, t.At
			}
		}
		last := c.Steps[len(c.Steps)-1]
		active := last.Severity != truth.Cleared
		l := r.alerts.Rules[c.Rule]
		if l == nil {
			l = &RuleLedger{Alerts: map[string]int64{}}
			r.alerts.Rules[c.Rule] = l
		}
		l.Alerts[worst.String()]++
		l.Active += int64(world.One(active))
		if r.config.Alerts == nil {
			continue
		}
		b := append(r.line[:0], '{')
		b = field(b, "rule", c.Rule)
		b = field(b, "subject_kind", kind)
		b = field(b, "subject_no", string(no))
		b = field(b, "clock_no", c.Clock)
		b = field(b, "severity", worst.String())
		b = r.instant(b, "since", since)
		b = flag(b, "active", active)
		if !active {
			b = r.instant(b, "cleared_at", last.At)
		}
		if t := truth.Tolerances[c.Rule]; t > 0 {
			b = strconv.AppendFloat(member(b, "tolerance"), t, 'g', -1, 64)
		}
		r.line = append(b, '}', '\n')
		if _, err := r.config.Alerts.Write(r.line); err != nil {
			return fmt.Errorf("write the ledger of alerts: %w", err)
		}
	}
	return nil
}
