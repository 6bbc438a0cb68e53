package announce

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"duban/queries"
	"duban/supervision/alert"
	"duban/supervision/calendar"
	"duban/supervision/checkpoint"
	"duban/supervision/rule"
	"duban/supervision/statestore"
)

// saveEvery is how far the saved checkpoint may lag behind while nothing is announced.
const saveEvery = 10 * time.Second

// Read takes up how far alerts were announced before.
func (a *Announcer) Read(marks checkpoint.Set) error {
	a.version, a.until, a.reasons = 0, time.Unix(0, 0).UTC(), nil
	a.savedUntil = time.Time{} // who begins writes down soon that it goes on
	announced, err := marks.Announced()
	if err != nil {
		return err
	}
	a.version, a.until = announced.Version, announced.Until()
	reasons, err := marks.Reasons()
	maps.DeleteFunc(reasons.Of, func(version uint64, _ string) bool { return version <= a.version })
	a.reasons = reasons.Of
	return err
}

// Because notes why the chains of a version differ from what was announced, so that a
// crash before the announcement does not forget it; next gives the version of the
// checkpoint.
func (a *Announcer) Because(ctx context.Context, next func() uint64, version uint64, reason string) error {
	if a.rules == nil {
		return nil
	}
	if a.reasons == nil {
		a.reasons = map[uint64]string{}
	}
	a.reasons[version] = reason
	return checkpoint.Save(ctx, a.reg, a.conn(), checkpoint.Reasons{Of: a.reasons}, next(), a.now())
}

// reasonOf is why the steps of a candidate may differ from what was announced;
// empty for the arrival of facts.
func (a *Announcer) reasonOf(m *candidate) string {
	if m.OutageMoved {
		return alert.Outage
	}
	return a.reasons[m.ChainVersion]
}

// Rejudging is what the rules about days know when days are judged again.
type Rejudging struct {
	// Lateness is, by rule, how late the facts were for which they are.
	Lateness map[string]int64
	// Rules are those that are not through: nothing of them is announced.
	Rules []string
}

// Announce brings the alerts to a watermark: what is new, higher, over or taken
// back goes into alert_events, and the alerts are written anew. A crash in between
// repeats it with the same events. Save follows.
func (a *Announcer) Announce(ctx context.Context, version uint64, watermark time.Time, days Rejudging) error {
	if err := a.scan(ctx, version, watermark, days); err != nil {
		return err
	}
	a.Pass(version, watermark)
	return nil
}

// Pass moves on to a watermark up to which nothing can have changed. Save follows.
func (a *Announcer) Pass(version uint64, watermark time.Time) {
	a.due = watermark.Sub(a.savedUntil) >= saveEvery
	a.version, a.until, a.reasons = version, watermark, nil
}

// Save writes how far alerts were announced, after them, when it is worth it:
// scanning again from the old checkpoint gives nothing new.
func (a *Announcer) Save(ctx context.Context, next func() uint64) error {
	if !a.due && !a.wrote {
		return nil
	}
	a.wrote, a.savedUntil = false, a.until
	return checkpoint.Save(ctx, a.reg, a.conn(), checkpoint.Announced{Version: a.version, UntilMS: a.until.UnixMilli()}, next(), a.now())
}

func (a *Announcer) announceRows(
	ctx context.Context, rows []candidate, version uint64, watermark time.Time, lateness map[string]int64,
) error {
	lags, err := a.lags(ctx, rows)
	if err != nil {
		return err
	}
	batch := statestore.NewAlertBatch(version)
	at := a.now().UnixMilli()
	for i := range rows {
		m := &rows[i]
		r, known := a.rules.Get(m.RuleID)
		if !known || r.Version != m.RuleVersion {
			r = &rule.Rule{ID: m.RuleID, Version: m.RuleVersion}
		}
		chain := alert.Chain{Gone: m.Gone, Steps: m.steps(), Why: a.reasonOf(m)}
		stood := alert.Alert{Seq: m.Seq, State: m.State, Severity: m.Severity, Announced: m.announced()}
		terms := alert.Terms{
			Manual: r.Issue == rule.IssueManual, Auto: r.Auto(), Hold: time.Duration(r.Hold).Milliseconds(),
			Rank: func(s string) int { return rule.Severity(s).Rank() }, Card: rule.Yellow.Rank(),
		}
		late := lags[m.AlertID]
		if late.rewrites() { // another calendar, catalogue or rule excuses no facts that came with it
			chain.Why = ""
		}
		lag := max(late.lag, lateness[r.ID])
		next, events := alert.Advance(stood, chain, watermark.UnixMilli(), lag, terms)
		if len(events) == 0 {
			continue
		}
		a.addAlert(batch, m, r, next, events, late.trace(), at)
		for _, x := range events {
			a.announced(r.ID, x.Name)
		}
	}
	if batch.Events() == 0 {
		return nil
	}
	a.wrote = true
	a.changed()
	return batch.Insert(ctx, a.pool)
}

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
		"ends": ends, "moves": moves, "granted": granted, "parts": parts,
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

// feedbackDays and appealDays are the working days to answer and to appeal a card
// (domain guide 6.1).
const (
	feedbackDays = 5
	appealDays   = 3
)

// endAfter is the end of the n-th working day after an instant.
func (a *Announcer) endAfter(at int64, n int32) int64 {
	return a.calendar().AddWD(calendar.DayOf(at), n).End()
}
