package page

import (
	"context"

	"duban/supervision/rule"
)

// alertSides loads what stands around the list: tiles, filters, organisations.
func (q *request) alertSides(ctx context.Context, body *alertsBody) error {
	args, err := q.alertArgs(ctx)
	if err != nil {
		return err
	}
	res, err := q.Queries.Run(ctx, "page/alert_counts", args)
	if err != nil {
		return err
	}
	by := map[string]row{}
	for _, x := range rowsOf(res) {
		by[x.text("severity")] = x
	}
	for _, sev := range severities() {
		x := by[sev]
		if x == nil {
			x = row{"open": uint64(0), "unsigned": uint64(0), "answer_late": uint64(0), "today": uint64(0)}
		}
		body.Tiles = append(body.Tiles, AlertTile{
			Severity: sev, Label: q.Enum("severity", sev), Tone: severityTone(sev),
			Href: q.here("severity", sev, "page", ""), Current: q.param("severity") == sev,
			Open: q.Count(x.whole("open")), Unsigned: q.Count(x.whole("unsigned")), Late: q.Count(x.whole("answer_late")),
			Today: q.Count(x.whole("today")),
		})
	}
	for _, g := range []string{"open", "ended", "all"} {
		body.Groups = append(body.Groups, Link{Text: q.T("alerts.group_" + g), Href: q.here("group", g, "page", ""),
			Current: q.param("group") == g || g == "open" && q.param("group") == ""})
	}
	if p, ok := q.person(ctx); ok {
		on := q.param("mine") == "1"
		href := q.here("mine", "1", "page", "")
		if on {
			href = q.here("mine", "", "page", "")
		}
		body.Groups = append(body.Groups, Link{Text: q.T("alerts.mine", "Name", p.Name), Href: href, Current: on})
	}
	body.Filters = q.alertFilters()
	for _, k := range []string{"group", "mine"} {
		if v := q.param(k); v != "" {
			body.Hidden = append(body.Hidden, Hidden{k, v})
		}
	}
	for name, v := range map[string]string{"region": q.scope.Region, "org": q.scope.Org, "source": q.scope.Source,
		"as_of": q.scope.AsOfText()} {
		if v != "" {
			body.Hidden = append(body.Hidden, Hidden{name, v})
		}
	}
	args["max_rows"] = 12
	if res, err = q.Queries.Run(ctx, "page/alert_orgs", args); err != nil {
		return err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows)
	if err != nil {
		return err
	}
	t := &Table{ID: "orgs", CSV: "", Columns: q.cols("org_code", "red:num", "yellow:num", "warning:num", "points:num"),
		Empty: q.T("empty.alerts")}
	for _, x := range rows {
		org := q.orgCell(n, x.text("org_code"))
		org.Href = q.here("org", x.text("org_code"), "page", "")
		t.Rows = append(t.Rows, []Cell{org, q.countCell(x["red"]), q.countCell(x["yellow"]), q.countCell(x["warning"]),
			q.decimalCell(x["points"], 1)})
	}
	body.Orgs = &Panel{ID: "orgs", Title: q.T("panel.alert_orgs"), Table: t}
	return nil
}

func (q *request) alertFilters() []Select {
	choice := func(name, label, enum string, values []string) Select {
		s := Select{Name: name, Label: q.T("col." + label), Options: []Option{{"", q.T("filter.all"), q.param(name) == ""}}}
		for _, v := range values {
			s.Options = append(s.Options, Option{v, q.Enum(enum, v), q.param(name) == v})
		}
		return s
	}
	rules := Select{Name: "rule", Label: q.T("col.rule_id"), Options: []Option{{"", q.T("filter.all"), q.param("rule") == ""}}}
	if q.Rules != nil {
		for _, r := range q.Rules.All() {
			rules.Options = append(rules.Options, Option{r.ID, r.ID + " " + q.Pick(r.Names.Zh, r.Names.En), q.param("rule") == r.ID})
		}
	}
	sort := Select{Name: "sort", Label: q.T("col.sort")}
	for _, v := range []string{"urgency", "raised", "due", "feedback"} {
		sort.Options = append(sort.Options, Option{v, q.T("alerts.sort_" + v), q.param("sort") == v})
	}
	return []Select{choice("severity", "severity", "severity", severities()), choice("state", "alert_state", "alert_state", alertStates()),
		choice("category", "category", "rule_category", rule.Categories()), rules, sort}
}
