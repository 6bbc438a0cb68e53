package casework

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"duban/queries"
	"duban/supervision/workflow"
)

func (b *actionBatch) loadAlerts(ctx context.Context, ids []string) error {
	rows, err := selectAlerts.All(ctx, b.o.reg, b.o.conn(), queries.Args{"ids": ids})
	if err != nil {
		return err
	}
	for _, m := range rows {
		b.items[target{workflow.Alert, m.AlertID}] = workflow.Item{
			Kind: workflow.Alert, ID: m.AlertID, Seq: m.Seq, State: m.State,
			OrgCode: m.OrgCode, RegionCode: m.RegionCode, Category: m.Category,
			Severity: m.Severity, Appealable: b.o.appealable(m.RuleID, m.RuleVersion),
			FeedbackDue: m.FeedbackDue, AppealUntil: m.AppealUntil,
			OpenedAt: m.RaisedAt, ClosedAt: m.ClosedAt, Assignee: m.Assignee,
		}
		b.about[m.AlertID] = subjectOfAlert{rule: m.RuleID, ref: m.SubjectKind + "/" + m.SourceSys + "/" + m.SubjectNo, no: m.SubjectNo}
	}
	return nil
}

func (b *actionBatch) loadItems(ctx context.Context, ids []string) error {
	rows, err := selectItemsOf.All(ctx, b.o.reg, b.o.conn(), queries.Args{"ids": ids})
	if err != nil {
		return err
	}
	for _, m := range rows {
		it := workflow.Item{
			Kind: m.Kind, ID: m.ID, Seq: m.Seq, State: m.State,
			Level: m.Level, Origin: m.Origin, OrgCode: m.OrgCode, CoOrgs: m.CoOrgs,
			RegionCode: m.RegionCode, Subjects: m.Subjects, Alerts: m.Alerts,
			OpenedAt: m.OpenedAt, DueAt: m.DueAt, FinalDueAt: m.FinalDueAt,
			StoppedAt: m.StoppedAt, ClosedAt: m.ClosedAt, Round: m.Round,
			Extended: m.Extended, Assignee: m.Assignee, UpdatedAt: m.UpdatedAt,
		}
		_ = json.Unmarshal([]byte(m.Data), &it.Data) // written by write; empty when there is none
		b.items[target{it.Kind, it.ID}] = it
	}
	return nil
}

// write stores what was decided: refusals first, which then stand as they were
// given; work before alerts, so that an alert that stands escalated has its
// order; and acceptances last, so that who reads one finds what it says.
func (b *actionBatch) write(ctx context.Context, version uint64) error {
	var alerts, items []string
	for t := range b.changed {
		if it := b.items[t]; t.kind == workflow.Alert {
			alerts = append(alerts, alertRow(&it))
		} else {
			items = append(items, itemRow(&it))
		}
	}
	b.o.alertsChanged = b.o.alertsChanged || len(b.alertEvents) > 0
	at := time.UnixMilli(b.now).UTC()
	for _, w := range []struct {
		statement string
		rows      []string
		recorded  bool
	}{
		{"work/insert_action_results", b.refused, true},
		{"work/insert_work_events", b.workEvents, true},
		{"work/insert_work_items", items, false},
		{"work/insert_alert_events", b.alertEvents, true},
		{"work/insert_alerts", alerts, false},
		{"work/insert_action_results", b.accepted, true},
	} {
		if len(w.rows) == 0 {
			continue
		}
		args := queries.Args{"rows": "[" + strings.Join(w.rows, ",") + "]", "fold_version": version}
		if w.recorded {
			args["recorded_at"] = at
		}
		if err := b.o.reg.Exec(ctx, b.o.conn(), w.statement, args); err != nil {
			return err
		}
	}
	return nil
}

func alertRow(it *workflow.Item) string {
	return jsonRow(map[string]any{
		"id": it.ID, "seq": it.Seq, "state": it.State, "severity": it.Severity, "assignee": it.Assignee, "feedback_due": it.FeedbackDue,
		"appeal_until": it.AppealUntil, "closed_at": it.ClosedAt, "updated_at": it.UpdatedAt,
	})
}

func itemRow(it *workflow.Item) string {
	data := ""
	if len(it.Data) > 0 {
		data = jsonRow(it.Data)
	}
	return jsonRow(map[string]any{
		"kind": it.Kind, "id": it.ID, "seq": it.Seq, "state": it.State, "level": it.Level, "origin": it.Origin, "org_code": it.OrgCode,
		"co_orgs": orNone(it.CoOrgs), "region_code": it.RegionCode, "subjects": orNone(it.Subjects), "alerts": orNone(it.Alerts),
		"opened_at": it.OpenedAt, "due_at": it.DueAt, "final_due_at": it.FinalDueAt, "stopped_at": it.StoppedAt, "closed_at": it.ClosedAt,
		"round": it.Round, "extended": it.Extended, "assignee": it.Assignee, "data": data, "updated_at": it.UpdatedAt,
	})
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
