package notify

import (
	"context"
	"slices"
	"time"

	"duban/queries"
	"duban/supervision/notify/message"
)

// items reads what messages say about the subjects of events, as they stand
// now, by subject (kind and id).
func (n *Notifier) items(ctx context.Context, entries []entry) (map[[2]string]message.Item, error) {
	var alerts, kinds, ids []string
	seen := map[[2]string]bool{}
	for i := range entries {
		for _, event := range entries[i].Events {
			kind, id := subjectOf(event)
			if key := [2]string{kind, id}; seen[key] {
				continue
			} else {
				seen[key] = true
			}
			if kind == kindAlert {
				alerts = append(alerts, id)
			} else {
				kinds, ids = append(kinds, kind), append(ids, id)
			}
		}
	}
	out := map[[2]string]message.Item{}
	for part := range slices.Chunk(alerts, 5000) {
		rows, err := selectAlerts.All(ctx, n.reg, n.conn, queries.Args{"ids": part})
		if err != nil {
			return nil, err
		}
		for i := range rows {
			it := n.alertItem(&rows[i])
			out[[2]string{it.Kind, it.ID}] = it
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := selectWork.All(ctx, n.reg, n.conn, queries.Args{"kinds": kinds, "ids": ids})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		it := message.Item{Kind: r.Kind, ID: r.ID, State: r.State, OrgCode: r.OrgCode, DueAt: orZero(r.DueAt)}
		it.OrgZh, it.OrgEn = n.dir.OrgName(it.OrgCode)
		it.Over = it.State == "closed"
		out[[2]string{it.Kind, it.ID}] = it
	}
	return out, nil
}

func (n *Notifier) alertItem(r *alertRow) message.Item {
	it := message.Item{Kind: kindAlert, ID: r.ID, RuleID: r.RuleID, Severity: r.Severity, State: r.State, OrgCode: r.OrgCode,
		Subject: r.Subject, Since: r.Since}
	it.RuleZh, it.RuleEn = it.RuleID, it.RuleID
	if n.rules != nil {
		if zh, en := n.rules(it.RuleID); zh != "" {
			it.RuleZh, it.RuleEn = zh, en
		}
	}
	it.OrgZh, it.OrgEn = n.dir.OrgName(it.OrgCode)
	if it.Severity == "notice" || it.Severity == "warning" {
		it.DueAt = orZero(r.DueAt) // what has to be done in time
	} else {
		it.DueAt = orZero(r.FeedbackDue) // what has to be answered in time
	}
	switch it.State {
	case "closed", "cancelled", "revoked":
		it.Over = true
	}
	return it
}

// digest puts the items of a group of notices together.
func (n *Notifier) digest(g *group, items map[[2]string]message.Item, now time.Time) (message.Message, error) {
	var events []string
	var list []message.Item
	seen := map[[2]string]bool{}
	for i := range g.entries {
		e := &g.entries[i]
		events = append(events, e.Events...)
		for _, event := range e.Events {
			kind, id := subjectOf(event)
			key := [2]string{kind, id}
			if seen[key] {
				continue
			}
			seen[key] = true
			it, ok := items[key]
			if !ok {
				// It was announced and is no longer there; the link still
				// says what became of it.
				it = message.Item{Kind: kind, ID: id, OrgCode: e.OrgCode, Severity: e.Severity}
				it.OrgZh, it.OrgEn = n.dir.OrgName(e.OrgCode)
			}
			list = append(list, it)
		}
	}
	slices.Sort(events)
	d := message.New(g.messageID(), now, n.cfg.BaseURL, slices.Compact(events), list)
	for i := range g.entries {
		d.PossibleRepeat = d.PossibleRepeat || g.entries[i].PossibleRepeat
	}
	return message.Render(d)
}
