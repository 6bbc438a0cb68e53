package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"duban/queries"
	"duban/supervision/alert"
	"duban/supervision/calendar"
	"duban/supervision/rule"
	"duban/supervision/statestore"
)

// Further marks of table fold_marks.
const (
	markRules  = "rules"
	markLooked = "alerts_looked"
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

func (e *Engine) readLooked(marks map[string]string) error {
	e.looked = looked{until: time.Unix(0, 0).UTC()}
	defer func() { e.noted = e.looked }()
	text := marks[markLooked]
	if text == "" {
		return nil
	}
	version, until, _ := strings.Cut(text, " ")
	v, err := strconv.ParseUint(version, 10, 64)
	if err != nil {
		return fmt.Errorf("read mark %s: %w", markLooked, err)
	}
	ms, err := strconv.ParseInt(until, 10, 64)
	if err != nil {
		return fmt.Errorf("read mark %s: %w", markLooked, err)
	}
	e.looked.version, e.looked.until = v, time.UnixMilli(ms).UTC()
	e.readWhys(marks[markWhy])
	return nil
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
	return e.saveMark(ctx, l, markLooked, fmt.Sprintf("%d %d", version, watermark.UnixMilli()))
}

func (e *Engine) announceRows(ctx context.Context, rows []map[string]any, version uint64, watermark time.Time) error {
	lags, err := e.lags(ctx, rows)
	if err != nil {
		return err
	}
	batch := statestore.NewAlertBatch(version)
	at := e.now().UnixMilli()
	for _, m := range rows {
		r, known := e.cfg.Rules.Get(m["rule_id"].(string))
		if !known || r.Version != m["rule_version"].(uint16) {
			r = &rule.Rule{ID: m["rule_id"].(string), Version: m["rule_version"].(uint16)}
		}
		c := alert.Chain{Gone: m["gone"].(bool), Steps: stepsOf(m["step_at"], m["step_severity"]), Why: e.whyOf(m)}
		a := alert.Alert{Seq: m["seq"].(uint32), State: m["state"].(string), Severity: m["severity"].(string), Announced: stepsOf(m["announced_at"], m["announced_severity"])}
		terms := alert.Terms{
			Manual: r.Issue == rule.IssueManual, Auto: r.Auto(), Hold: time.Duration(r.Hold).Milliseconds(),
			Rank: func(s string) int { return rule.Severity(s).Rank() }, Card: rule.Yellow.Rank(),
		}
		late := lags[m["alert_id"].(string)]
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
	e.announced, e.follow.changed = true, true
	return batch.Insert(ctx, e.pool)
}

// stepsOf reads parallel arrays of instants and severities.
func stepsOf(at, severity any) []alert.Step {
	times, words := at.([]time.Time), severity.([]string)
	out := make([]alert.Step, len(times))
	for i := range times {
		out[i] = alert.Step{At: times[i].UnixMilli(), Severity: words[i]}
	}
	return out
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
func (e *Engine) lags(ctx context.Context, rows []map[string]any) (map[string]lateness, error) {
	var alerts, kinds, sources, numbers, facts []string
	var said, severities []time.Time
	var history []uint64
	for _, m := range rows {
		kind := m["subject_kind"].(string)
		if m["seq"].(uint32) == 0 || kind != rule.SubjectCase && kind != rule.SubjectTicket {
			continue
		}
		recorded, severe := m["recorded_at"].(time.Time), m["severity_at"].(time.Time)
		alerts, kinds = append(alerts, m["alert_id"].(string)), append(kinds, kind)
		sources, numbers = append(sources, m["source_sys"].(string)), append(numbers, m["subject_no"].(string))
		late := uint64(0)
		if recorded.Sub(severe) > historyAfter {
			late = 1
		}
		said, severities, history = append(said, recorded), append(severities, severe), append(history, late)
		of := ""
		if r, known := e.cfg.Rules.Get(m["rule_id"].(string)); known {
			of = r.LateFacts
		}
		facts = append(facts, of)
	}
	out, err := e.revisedOrders(ctx, rows)
	if err != nil || len(alerts) == 0 {
		return out, err
	}
	res, err := e.reg.Run(ctx, e.db.Conn(), "engine/subject_lags", queries.Args{
		"alerts": alerts, "kinds": kinds, "sources": sources, "numbers": numbers, "said": said, "severe": severities, "history": history, "late_facts": facts,
	})
	if err != nil {
		return nil, err
	}
	for _, m := range res.Maps() {
		l := lateness{lag: m["lag_ms"].(int64), facts: m["facts"].([]string)}
		if m["rewritten"].(bool) {
			l.lag = alert.Rewritten
		}
		out[m["alert_id"].(string)] = l
	}
	return out, nil
}

// revisedOrders finds the alerts about the order on a bad rating whose source revised
// it: what the source says afterwards is no decision, so a card stands until a
// supervisor decides. A later rating of the same rater is none of it.
func (e *Engine) revisedOrders(ctx context.Context, rows []map[string]any) (map[string]lateness, error) {
	alerts := map[string][]string{} // by order
	var orders []string
	for _, m := range rows {
		if m["seq"].(uint32) == 0 || m["subject_kind"].(string) != "order" {
			continue
		}
		no := m["subject_no"].(string)
		if alerts[no] == nil {
			orders = append(orders, no)
		}
		alerts[no] = append(alerts[no], m["alert_id"].(string))
	}
	out := map[string]lateness{}
	if len(orders) == 0 {
		return out, nil
	}
	res, err := e.reg.Run(ctx, e.db.Conn(), "engine/revised_orders", queries.Args{"orders": orders})
	if err != nil {
		return nil, err
	}
	for _, m := range res.Maps() {
		facts := m["revisions"].([]string)
		for _, id := range alerts[m["id"].(string)] {
			out[id] = lateness{lag: alert.Rewritten, facts: facts[:min(len(facts), 5)]}
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
