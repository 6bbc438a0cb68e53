package rules

import (
	"context"
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/supervision/rule"
)

type rulesBody struct {
	Panels map[string]*kit.Panel
	Total  string
	// Outages is the address of the declared outages.
	Outages string
}

type ruleBody struct {
	ID, Name, Norm, Decision string
	Terms                    []kit.Term
	Ladder                   *kit.Table
	Params                   []kit.Term
	SQL                      string
	Alerts                   string
}

var _ = pages.Show(route.Route{Pattern: "/rules", Rule: route.Needs(access.RuleView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "rules", At: 11}}, (*request).RulesPage)

// RulesPage answers the catalogue of rules with the health of each.
func (q *request) RulesPage(ctx context.Context, w http.ResponseWriter) error {
	parts := []kit.Part{{ID: "rules", Load: q.rulesPanel}}
	if sent, err := q.SentTable(ctx, w, parts); sent || err != nil {
		return err
	}
	v := q.View(ctx, "rules", q.T("nav.rules"))
	body := rulesBody{Outages: q.Scope.URL("/outages")}
	panels, err := q.LoadAll(ctx, parts)
	if err != nil {
		return err
	}
	body.Panels = panels
	if q.Rules != nil {
		body.Total = q.T("rules.total", "N", q.Count(int64(len(q.Rules.All()))))
	}
	v.Body = body
	q.Render(w, http.StatusOK, "rules", v)
	return nil
}

func (q *request) health(ctx context.Context) (map[string]kit.Row, error) {
	args, err := q.AlertArgs(ctx)
	if err != nil {
		return nil, err
	}
	delete(args, "source") // a rule is of all sources
	res, err := q.Queries.Run(ctx, "page/rules", args)
	if err != nil {
		return nil, err
	}
	out := map[string]kit.Row{}
	for _, x := range kit.RowsOf(res) {
		out[x.Text("rule_id")] = x
	}
	return out, nil
}

func (q *request) rulesPanel(ctx context.Context) (*kit.Panel, error) {
	health, err := q.health(ctx)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("rule_id", "category", "subject_kind", "ladder", "issue", "clear", "open:num", "total:num", "revoked:num",
		"rule_health", "evaluated_at:time", "took_ms:num"), Empty: q.T("empty.rules")}
	if q.Rules == nil {
		return &kit.Panel{Title: q.T("panel.rules"), Table: t}, nil
	}
	for _, r := range q.Rules.All() {
		x := health[r.ID]
		if x == nil {
			x = kit.Row{}
		}
		open := q.ZeroCell(x["open"])
		if x.Whole("open") > 0 {
			open.Href = q.Scope.URL("/alerts", "rule", r.ID)
		}
		t.Rows = append(t.Rows, []kit.Cell{
			q.RuleCell(r.ID), q.EnumCell("rule_category", r.Category), q.EnumCell("subject_kind", r.Subject), q.ladderCell(&r),
			q.EnumCell("issue", r.Issue),
			q.CodeCell(strings.Join(r.Clear, " ")), open, q.ZeroCell(x["total"]), q.ZeroCell(x["revoked"]), q.healthCell(&r, x),
			q.InstantCell(x.Instant("evaluated_at")), q.tookCell(x),
		})
	}
	note := q.T("note.rules")
	if x := health["early-warning"]; x != nil && x.Instant("evaluated_at").Unix() > 0 {
		word := q.T("rules.well")
		if e := x.Text("error"); e != "" {
			word = q.T("rules.failed") + " (" + discretion.MaskText(e) + ")"
		}
		note += " " + q.T("note.early_warning", "At", q.Instant(x.Instant("evaluated_at")), "State", word)
	}
	return &kit.Panel{Title: q.T("panel.rules"), Note: note, Table: t}, nil
}

func (q *request) tookCell(x kit.Row) kit.Cell {
	v, ok := x.Num("took_s")
	if !ok || x.Instant("evaluated_at").Unix() <= 0 {
		return kit.NullCell()
	}
	return q.DecimalCell(1000*v, 0)
}

func (q *request) ladderCell(r *rule.Rule) kit.Cell {
	var words []string
	for _, x := range r.Ladder {
		words = append(words, q.Enum("severity", string(x.Severity)))
	}
	return kit.Cell{Text: strings.Join(words, " → "), Raw: strings.Join(words, " > ")}
}

// healthCell says in a word whether a rule works.
func (q *request) healthCell(r *rule.Rule, x kit.Row) kit.Cell {
	switch {
	case r.Suspended:
		return kit.Cell{Text: q.T("rules.suspended"), Raw: "suspended", Tag: "plain"}
	case x.Text("error") != "":
		return kit.Cell{Text: q.T("rules.failed"), Raw: "failed", Tag: "bad", Title: discretion.MaskText(x.Text("error"))}
	case x.Instant("evaluated_at").Unix() <= 0:
		return kit.Cell{Text: q.T("rules.never"), Raw: "never", Tag: "plain"}
	}
	return kit.Cell{Text: q.T("rules.well"), Raw: "well", Tag: "good"}
}

var _ = pages.Show(route.Route{Pattern: "/rules/{id}", Rule: route.Needs(access.RuleView), Scope: route.ByFilter()}, (*request).RulePage)

// RulePage answers one rule: its text, its parameters, and the SQL that decides.
func (q *request) RulePage(ctx context.Context, w http.ResponseWriter) error {
	id := q.HTTP.PathValue("id")
	found, ok := q.Rule(id)
	if !ok {
		return kit.ErrNotFound
	}
	health, err := q.health(ctx)
	if err != nil {
		return err
	}
	x := health[id]
	if x == nil {
		x = kit.Row{}
	}
	b := &ruleBody{ID: id, Name: q.RuleName(id), Norm: q.Pick(found.Norm.Zh, found.Norm.En),
		Decision: q.Pick(found.Decision.Zh, found.Decision.En), SQL: q.SQLOf(found.Query()), Alerts: q.Scope.URL("/alerts", "rule", id)}
	add := func(key string, c kit.Cell) { b.Terms = append(b.Terms, kit.Term{Name: q.T("col." + key), Cell: c}) }
	add("version", q.CountCell(uint64(found.Version)))
	add("category", q.EnumCell("rule_category", found.Category))
	add("subject_kind", q.EnumCell("subject_kind", found.Subject))
	add("evaluation", q.EnumCell("evaluation", found.Evaluation))
	add("issue", q.EnumCell("issue", found.Issue))
	for _, m := range found.Clear {
		add("clear", kit.Cell{Text: m + " · " + q.Enum("clear", m), Raw: m})
	}
	add("rule_health", q.healthCell(found, x))
	if e := x.Text("error"); e != "" {
		add("error", q.TextCell(discretion.MaskText(e)))
	}
	add("evaluated_at", q.PreciseCell(x.Instant("evaluated_at")))
	add("watermark", q.PreciseCell(x.Instant("watermark")))
	add("took_ms", q.tookCell(x))
	b.Ladder = &kit.Table{Columns: q.Cols("severity", "notify", "points:num")}
	for _, rung := range found.Ladder {
		b.Ladder.Rows = append(b.Ladder.Rows, []kit.Cell{q.SeverityCell(string(rung.Severity)), q.RungCell(rung.Notify),
			{Text: "−" + strconv.FormatFloat(rung.Points, 'f', -1, 64), Raw: rung.Points, Class: "num"}})
	}
	keys := make([]string, 0, len(found.Params))
	for k := range found.Params {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		b.Params = append(b.Params, kit.Term{Name: k, Cell: q.CodeCell(fmt.Sprint(found.Params[k]))})
	}
	v := q.View(ctx, "rules", b.Name)
	v.Crumbs = []kit.Link{{Text: q.T("nav.rules"), Href: q.Scope.URL("/rules")}, {Text: id, Current: true}}
	v.Body = b
	q.Render(w, http.StatusOK, "rule", v)
	return nil
}
