package desk

import (
	"context"

	"duban/dashboards/page/kit"
	"duban/supervision/rule"
)

// alertSides loads what stands around the list: tiles, filters, organisations.
func (q *request) alertSides(ctx context.Context, body *alertsBody) error {
	args, err := q.AlertArgs(ctx)
	if err != nil {
		return err
	}
	res, err := q.Queries.Run(ctx, "page/alert_counts", args)
	if err != nil {
		return err
	}
	by := map[string]kit.Row{}
	for _, x := range kit.RowsOf(res) {
		by[x.Text("severity")] = x
	}
	for _, sev := range severities() {
		x := by[sev]
		if x == nil {
			x = kit.Row{"open": uint64(0), "unsigned": uint64(0), "answer_late": uint64(0), "today": uint64(0)}
		}
		body.Tiles = append(body.Tiles, AlertTile{
			Severity: sev, Label: q.Enum("severity", sev), Tone: kit.SeverityTone(sev),
			Href: q.Here("severity", sev, "page", ""), Current: q.Param("severity") == sev,
			Open: q.Count(x.Whole("open")), Unsigned: q.Count(x.Whole("unsigned")), Late: q.Count(x.Whole("answer_late")),
			Today: q.Count(x.Whole("today")),
		})
	}
	for _, g := range []string{"open", "ended", "all"} {
		body.Groups = append(body.Groups, kit.Link{Text: q.T("alerts.group_" + g), Href: q.Here("group", g, "page", ""),
			Current: q.Param("group") == g || g == "open" && q.Param("group") == ""})
	}
	if p, ok := q.Person(ctx); ok {
		on := q.Param("mine") == "1"
		href := q.Here("mine", "1", "page", "")
		if on {
			href = q.Here("mine", "", "page", "")
		}
		body.Groups = append(body.Groups, kit.Link{Text: q.T("alerts.mine", "Name", p.Name), Href: href, Current: on})
	}
	body.Filters = q.alertFilters()
	for _, k := range []string{"group", "mine"} {
		if v := q.Param(k); v != "" {
			body.Hidden = append(body.Hidden, kit.Hidden{Name: k, Value: v})
		}
	}
	for name, v := range map[string]string{"region": q.Scope.Region, "org": q.Scope.Org, "source": q.Scope.Source,
		"as_of": q.Scope.AsOfText()} {
		if v != "" {
			body.Hidden = append(body.Hidden, kit.Hidden{Name: name, Value: v})
		}
	}
	args["max_rows"] = 12
	if res, err = q.Queries.Run(ctx, "page/alert_orgs", args); err != nil {
		return err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return err
	}
	t := &kit.Table{ID: "orgs", CSV: "", Columns: q.Cols("org_code", "red:num", "yellow:num", "warning:num", "points:num"),
		Empty: q.T("empty.alerts")}
	for _, x := range rows {
		org := q.OrgCell(n, x.Text("org_code"))
		org.Href = q.Here("org", x.Text("org_code"), "page", "")
		t.Rows = append(t.Rows, []kit.Cell{org, q.CountCell(x["red"]), q.CountCell(x["yellow"]), q.CountCell(x["warning"]),
			q.DecimalCell(x["points"], 1)})
	}
	body.Orgs = &kit.Panel{ID: "orgs", Title: q.T("panel.alert_orgs"), Table: t}
	return nil
}

func (q *request) alertFilters() []kit.Select {
	choice := func(name, label, enum string, values []string) kit.Select {
		s := kit.Select{Name: name, Label: q.T("col." + label), Options: []kit.Option{{Value: "", Text: q.T("filter.all"),
			Selected: q.Param(name) == ""}}}
		for _, v := range values {
			s.Options = append(s.Options, kit.Option{Value: v, Text: q.Enum(enum, v), Selected: q.Param(name) == v})
		}
		return s
	}
	rules := kit.Select{Name: "rule", Label: q.T("col.rule_id"), Options: []kit.Option{{Value: "", Text: q.T("filter.all"),
		Selected: q.Param("rule") == ""}}}
	if q.Rules != nil {
		for _, r := range q.Rules.All() {
			rules.Options = append(rules.Options, kit.Option{Value: r.ID, Text: r.ID + " " + q.Pick(r.Names.Zh, r.Names.En),
				Selected: q.Param("rule") == r.ID})
		}
	}
	sort := kit.Select{Name: "sort", Label: q.T("col.sort")}
	for _, v := range []string{"urgency", "raised", "due", "feedback"} {
		sort.Options = append(sort.Options, kit.Option{Value: v, Text: q.T("alerts.sort_" + v), Selected: q.Param("sort") == v})
	}
	return []kit.Select{choice("severity", "severity", "severity", severities()), choice("state", "alert_state", "alert_state", alertStates()),
		choice("category", "category", "rule_category", rule.Categories()), rules, sort}
}
