package announce

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"duban/queries"
	"duban/supervision/alert"
	"duban/supervision/rule"
)

// lateness is what the facts that arrived after an announcement say about taking it back.
type lateness struct {
	// lag is how late the latest of them was pushed, in milliseconds; alert.Rewritten when
	// one of them rewrites what was told before.
	lag int64
	// facts name up to five of them, for the history of the alert.
	facts []string
}

// rewrites reports whether facts were named that a supervisor has to look at.
func (l lateness) rewrites() bool { return len(l.facts) > 0 && l.lag > alert.LateTolerance }

// trace is what the history of an alert keeps of the facts that moved it.
func (l lateness) trace() string {
	if len(l.facts) == 0 {
		return ""
	}
	b, err := json.Marshal(map[string]any{"facts": l.facts, "rewritten": l.lag == alert.Rewritten})
	if err != nil {
		return "" // cannot happen: texts and a flag
	}
	return string(b)
}

// lags asks how late the facts came that may take announced alerts back.
func (a *Announcer) lags(ctx context.Context, rows []candidate) (map[string]lateness, error) {
	var alerts, kinds, sources, numbers, ends, moves, granted []string
	var parts []uint16
	var said, severities []time.Time
	for i := range rows {
		m := &rows[i]
		kind := m.SubjectKind
		if m.Seq == 0 || kind != rule.SubjectCase && kind != rule.SubjectTicket {
			continue
		}
		recorded, severe := m.RecordedAt, m.SeverityAt
		alerts, kinds = append(alerts, m.AlertID), append(kinds, kind)
		sources, numbers = append(sources, m.SourceSys), append(numbers, m.SubjectNo)
		said, severities = append(said, recorded), append(severities, severe)
		by := rule.TakenBackBy{}
		if r, known := a.rules.Get(m.RuleID); known {
			by = r.TakenBackBy
		}
		ends, moves = append(ends, strings.Join(by.Ends, ",")), append(moves, strings.Join(by.Moves, ","))
		granted, parts = append(granted, strings.Join(by.Granted, ",")), append(parts, flag(by.SubCases))
	}
	out, err := a.unrated(ctx, rows)
	if err != nil || len(alerts) == 0 {
		return out, err
	}
	found, err := selectLags.All(ctx, a.reg, a.conn(), queries.Args{
		"alerts": alerts, "kinds": kinds, "sources": sources, "numbers": numbers, "said": said, "severe": severities,
		"ends": ends, "moves": moves, "granted": granted, "parts": parts, "until": a.until,
	})
	if err != nil {
		return nil, err
	}
	// What no fact explains that arrived since is nothing that may take itself back.
	for _, id := range alerts {
		out[id] = lateness{lag: alert.Rewritten}
	}
	for _, m := range found {
		l := lateness{lag: m.LagMS, facts: m.Facts}
		if m.Rewritten {
			l.lag = alert.Rewritten
		}
		out[m.AlertID] = l
	}
	return out, nil
}

// flag is 1 for true, as the server has it.
func flag(b bool) uint16 {
	if b {
		return 1
	}
	return 0
}

// unrated finds the alerts about the order on a bad rating that counts no more: it was
// revised, replaced by a later one of the same rater, or what is told of its subject by
// now takes it out. None of that is a decision, and what was due then was due by the
// rating that counted then: a card stands until a supervisor decides.
func (a *Announcer) unrated(ctx context.Context, rows []candidate) (map[string]lateness, error) {
	alerts := map[string][]string{} // by order
	var orders []string
	for i := range rows {
		m := &rows[i]
		if m.Seq == 0 || m.SubjectKind != "order" {
			continue
		}
		no := m.SubjectNo
		if alerts[no] == nil {
			orders = append(orders, no)
		}
		alerts[no] = append(alerts[no], m.AlertID)
	}
	out := map[string]lateness{}
	if len(orders) == 0 {
		return out, nil
	}
	gone, err := selectUnratedOrders.All(ctx, a.reg, a.conn(), queries.Args{"orders": orders})
	if err != nil {
		return nil, err
	}
	for _, m := range gone {
		for _, id := range alerts[m.ID] {
			out[id] = lateness{lag: alert.Rewritten, facts: m.Facts}
		}
	}
	return out, nil
}

// gathering is how long facts about closed days are gathered at most before the days are
// evaluated again, beyond the tolerance for the facts.
const gathering = time.Hour

// periodLag is how late the facts were for which a rule about days was evaluated again. What
// is counted for an organisation, a source, an item, a window or a target and reads otherwise
// without that was told anew, by a measurement that was revised for example, and rewrites.
func (a *Announcer) periodLag(r *rule.Rule, m *candidate, watermark time.Time, lateness map[string]int64) int64 {
	lag, again := lateness[r.ID]
	switch m.SubjectKind {
	case rule.SubjectCase, rule.SubjectTicket, "order", "alert":
		return lag // by their own facts, or by what people did
	}
	if r.Measured || !again && r.Evaluation != rule.EachFold {
		return alert.Rewritten
	}
	// A period is over when its card is announced: what moves it later than a day after that was
	// told later than a day after it happened, or happened afterwards.
	return max(lag, (watermark.Sub(m.RecordedAt) - gathering).Milliseconds())
}
