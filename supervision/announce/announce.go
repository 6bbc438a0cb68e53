package announce

import (
	"context"
	"maps"
	"time"

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
	known, err := a.itemsKnown(ctx, rows)
	if err != nil {
		return err
	}
	loaded, err := a.loaded(ctx, rows, known)
	if err != nil {
		return err
	}
	batch := statestore.NewAlertBatch(version)
	at := a.now().UnixMilli()
	for i := range rows {
		m := &rows[i]
		r, ok := a.rules.Get(m.RuleID)
		if !ok || r.Version != m.RuleVersion {
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
		lag := max(late.lag, a.periodLag(r, m, watermark, lateness))
		item := known[m.TaskCode]
		switch told := item.told(m.RecordedAt); {
		case chain.Why == alert.CatalogueChanged && told:
			lag = item.lag(m, loaded[m.AlertID])
		case chain.Why == alert.CatalogueChanged: // of other items, in the same round
			chain.Why = ""
		case chain.Why == "" && told && item.LastAt.After(a.until.Add(-settling)):
			// Facts came with it, and excuse no other version.
			if l := item.lag(m, loaded[m.AlertID]); l > max(lag, alert.LateTolerance) {
				chain.Why, lag = alert.CatalogueChanged, l
			}
		}
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
