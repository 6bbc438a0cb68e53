package engine

import (
	"context"
	"encoding/json"
	"time"

	"duban/queries"
	"duban/supervision/alert"
	"duban/supervision/calendar"
	"duban/supervision/checkpoint"
	"duban/supervision/rule"
	"duban/supervision/statestore"
)

// noteEvery is how far the noted mark may lag behind while nothing is announced.
const noteEvery = 10 * time.Second

// looked is how far alerts were announced: the fold version up to which chains
// were looked at, and the watermark up to which their steps were.
type looked struct {
	version uint64
	until   time.Time
	// whys are the reasons, by fold version, of what is taken back at the next look;
	// late data for all others.
	whys map[uint64]string
}

func (e *Engine) readLooked(marks checkpoint.Set) error {
	e.looked = looked{until: time.Unix(0, 0).UTC()}
	defer func() { e.noted = e.looked }()
	announced, err := marks.Announced()
	if err != nil {
		return err
	}
	e.looked.version, e.looked.until = announced.Version, announced.Until()
	return e.readWhys(marks)
}

// warnEvery is how often it is said that alerts wait.
const warnEvery = time.Minute

// watermark is the instant up to which rules may speak: everything that arrived
// before it was stored when the round began, and is folded when the round ends
// and has left nothing behind.
func (e *Engine) watermark(ctx context.Context) time.Time {
	w := e.now().UTC().Truncate(time.Millisecond)
	if e.cfg.Arrived == nil {
		return w
	}
	arrived, err := e.cfg.Arrived(ctx)
	if err != nil {
		// Not to know what is pending is no reason to speak.
		if now := e.now(); now.Sub(e.warnedAt) >= warnEvery {
			e.warnedAt = now
			e.log.Warn("what is pending is unknown, alerts wait", "error", err)
		}
		return e.looked.until
	}
	if arrived.Before(w) {
		w = arrived.UTC().Truncate(time.Millisecond)
	}
	return w
}

// announce brings the alerts to a watermark: what is new, higher, over or taken
// back goes into alert_events, and the alerts are written anew. A crash in between
// repeats it with the same events.
func (e *Engine) announce(ctx context.Context, l *lease, watermark time.Time) error {
	if e.cfg.Rules == nil {
		return nil
	}
	version := l.version()
	began := e.now()
	if err := e.look(ctx, version, watermark); err != nil {
		return err
	}
	clear(e.rules.lateness)
	e.in.lookSeconds.Observe(e.now().Sub(began).Seconds())
	moved := watermark.Sub(e.noted.until) >= noteEvery || version>>epochShift != e.noted.version>>epochShift
	e.looked = looked{version: version, until: watermark}
	e.in.watermark.Set(float64(watermark.Unix()))
	if err := e.saveHealth(ctx, version, watermark); err != nil {
		return err
	}
	if !moved && !e.announced {
		return nil // looking again from the old mark gives nothing new
	}
	e.announced, e.noted = false, e.looked
	return e.checkpoint(ctx, l, checkpoint.Announced{Version: version, UntilMS: watermark.UnixMilli()})
}

func (e *Engine) announceRows(ctx context.Context, rows []candidate, version uint64, watermark time.Time) error {
	lags, err := e.lags(ctx, rows)
	if err != nil {
		return err
	}
	batch := statestore.NewAlertBatch(version)
	at := e.now().UnixMilli()
	for i := range rows {
		m := &rows[i]
		r, known := e.cfg.Rules.Get(m.RuleID)
		if !known || r.Version != m.RuleVersion {
			r = &rule.Rule{ID: m.RuleID, Version: m.RuleVersion}
		}
		c := alert.Chain{Gone: m.Gone, Steps: m.steps(), Why: e.whyOf(m)}
		a := alert.Alert{Seq: m.Seq, State: m.State, Severity: m.Severity, Announced: m.announced()}
		terms := alert.Terms{
			Manual: r.Issue == rule.IssueManual, Auto: r.Auto(), Hold: time.Duration(r.Hold).Milliseconds(),
			Rank: func(s string) int { return rule.Severity(s).Rank() }, Card: rule.Yellow.Rank(),
		}
		late := lags[m.AlertID]
		lag := max(late.lag, e.rules.lateness[r.ID])
		next, events := alert.Advance(a, c, watermark.UnixMilli(), lag, terms)
		if len(events) == 0 {
			continue
		}
		e.addAlert(batch, m, r, next, events, late.trace(), at)
		for _, x := range events {
			e.in.alerts.WithLabelValues(r.ID, x.Name).Inc()
		}
	}
	if batch.Events() == 0 {
		return nil
	}
	e.announced = true
	e.casework.AlertsChanged()
	return batch.Insert(ctx, e.pool)
}

// historyAfter is how long after its instant an alert is announced as history
// (docs/supervision.md, section 2).
const historyAfter = 24 * time.Hour

// lateness is what the facts that arrived after an announcement say about taking it back.
type lateness struct {
	// lag is how late the latest of them was pushed, in milliseconds; alert.Rewritten when
	// one of them rewrites what was told before.
	lag int64
	// facts name up to five of them, for the history of the alert.
	facts []string
}

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
func (e *Engine) lags(ctx context.Context, rows []candidate) (map[string]lateness, error) {
	var alerts, kinds, sources, numbers, facts []string
	var said, severities []time.Time
	var history []uint64
	for i := range rows {
		m := &rows[i]
		kind := m.SubjectKind
		if m.Seq == 0 || kind != rule.SubjectCase && kind != rule.SubjectTicket {
			continue
		}
		recorded, severe := m.RecordedAt, m.SeverityAt
		alerts, kinds = append(alerts, m.AlertID), append(kinds, kind)
		sources, numbers = append(sources, m.SourceSys), append(numbers, m.SubjectNo)
		late := uint64(0)
		if recorded.Sub(severe) > historyAfter {
			late = 1
		}
		said, severities, history = append(said, recorded), append(severities, severe), append(history, late)
		of := ""
		if r, known := e.cfg.Rules.Get(m.RuleID); known {
			of = r.LateFacts
		}
		facts = append(facts, of)
	}
	out, err := e.revisedOrders(ctx, rows)
	if err != nil || len(alerts) == 0 {
		return out, err
	}
	found, err := selectLags.All(ctx, e.reg, e.db.Conn(), queries.Args{
		"alerts": alerts, "kinds": kinds, "sources": sources, "numbers": numbers, "said": said, "severe": severities, "history": history, "late_facts": facts,
	})
	if err != nil {
		return nil, err
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

// revisedOrders finds the alerts about the order on a bad rating whose source revised
// it: what the source says afterwards is no decision, so a card stands until a
// supervisor decides. A later rating of the same rater is none of it.
func (e *Engine) revisedOrders(ctx context.Context, rows []candidate) (map[string]lateness, error) {
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
	revised, err := selectRevisedOrders.All(ctx, e.reg, e.db.Conn(), queries.Args{"orders": orders})
	if err != nil {
		return nil, err
	}
	for _, m := range revised {
		for _, id := range alerts[m.ID] {
			out[id] = lateness{lag: alert.Rewritten, facts: m.Revisions[:min(len(m.Revisions), 5)]}
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
func (e *Engine) endAfter(at int64, n int32) int64 {
	return e.Calendar().AddWD(calendar.DayOf(at), n).End()
}
