package engine

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"duban/queries"
	"duban/supervision/workflow"
)

func (d *desk) loadAlerts(ctx context.Context, ids []string) error {
	res, err := d.e.reg.Run(ctx, d.e.db.Conn(), "work/alerts_of", queries.Args{"ids": ids})
	if err != nil {
		return err
	}
	for _, m := range res.Maps() {
		id := m["alert_id"].(string)
		d.items[target{workflow.Alert, id}] = workflow.Item{
			Kind: workflow.Alert, ID: id, Seq: m["seq"].(uint32), State: workflow.State(m["state"].(string)),
			OrgCode: m["org_code"].(string), RegionCode: m["region_code"].(string), Category: m["category"].(string),
			Severity: m["severity"].(string), Appealable: d.e.cfg.appealable(m["rule_id"].(string), m["rule_version"].(uint16)),
			FeedbackDue: m["feedback_due"].(int64), AppealUntil: m["appeal_until"].(int64),
			OpenedAt: m["raised_at"].(int64), ClosedAt: m["closed_at"].(int64), Assignee: m["assignee"].(string),
		}
		no := m["subject_no"].(string)
		d.about[id] = subjectOfAlert{rule: m["rule_id"].(string), ref: m["subject_kind"].(string) + "/" + m["source_sys"].(string) + "/" + no, no: no}
	}
	return nil
}

func (d *desk) loadItems(ctx context.Context, ids []string) error {
	res, err := d.e.reg.Run(ctx, d.e.db.Conn(), "work/items_of", queries.Args{"ids": ids})
	if err != nil {
		return err
	}
	for _, m := range res.Maps() {
		it := workflow.Item{
			Kind: workflow.Kind(m["kind"].(string)), ID: m["id"].(string), Seq: m["seq"].(uint32), State: workflow.State(m["state"].(string)),
			Level: m["level"].(string), Origin: m["origin"].(string), OrgCode: m["org_code"].(string), CoOrgs: m["co_orgs"].([]string),
			RegionCode: m["region_code"].(string), Subjects: m["subjects"].([]string), Alerts: m["alerts"].([]string),
			OpenedAt: m["opened_at"].(int64), DueAt: m["due_at"].(int64), FinalDueAt: m["final_due_at"].(int64),
			StoppedAt: m["stopped_at"].(int64), ClosedAt: m["closed_at"].(int64), Round: m["round"].(uint16),
			Extended: m["extended"].(bool), Assignee: m["assignee"].(string), UpdatedAt: m["updated_at"].(int64),
		}
		_ = json.Unmarshal([]byte(m["data"].(string)), &it.Data) // written by write; empty when there is none
		d.items[target{it.Kind, it.ID}] = it
	}
	return nil
}

// write stores what was decided: refusals first, which then stand as they were
// given; work before alerts, so that an alert that stands escalated has its
// order; and acceptances last, so that who reads one finds what it says.
func (d *desk) write(ctx context.Context, version uint64) error {
	var alerts, items []string
	for t := range d.changed {
		if it := d.items[t]; t.kind == workflow.Alert {
			alerts = append(alerts, alertRow(&it))
		} else {
			items = append(items, itemRow(&it))
		}
	}
	d.e.follow.changed = d.e.follow.changed || len(d.alertEvents) > 0
	at := time.UnixMilli(d.now).UTC()
	for _, w := range []struct {
		statement string
		rows      []string
		recorded  bool
	}{
		{"work/insert_action_results", d.refused, true},
		{"work/insert_work_events", d.workEvents, true},
		{"work/insert_work_items", items, false},
		{"work/insert_alert_events", d.alertEvents, true},
		{"work/insert_alerts", alerts, false},
		{"work/insert_action_results", d.accepted, true},
	} {
		if len(w.rows) == 0 {
			continue
		}
		args := queries.Args{"rows": "[" + strings.Join(w.rows, ",") + "]", "fold_version": version}
		if w.recorded {
			args["recorded_at"] = at
		}
		if err := d.e.reg.Exec(ctx, d.e.db.Conn(), w.statement, args); err != nil {
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
