package page

import (
	"context"
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/dashboards/route"
	"duban/supervision/rule"
)

type rulesBody struct {
	Panels map[string]*Panel
	Total  string
	// Outages is the address of the declared outages.
	Outages string
}

type ruleBody struct {
	ID, Name, Norm, Decision string
	Terms                    []Term
	Ladder                   *Table
	Params                   []Term
	SQL                      string
	Alerts                   string
}

var _ = register(route.Route{Pattern: "/rules", Rule: route.Needs(access.RuleView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "rules", At: 11}}, (*Site).RulesPage)

// RulesPage answers the catalogue of rules with the health of each.
func (s *Site) RulesPage(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r)
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	parts := []part{{"rules", q.rulesPanel}}
	if table, ok := q.wantsCSV(); ok {
		if err := q.csv(ctx, w, table, parts); err != nil {
			q.fail(w, err)
		}
		return
	}
	v := q.view(ctx, "rules", q.T("nav.rules"))
	body := rulesBody{Outages: q.scope.URL("/outages")}
	if body.Panels, err = q.loadAll(ctx, parts); err != nil {
		q.fail(w, err)
		return
	}
	if s.Rules != nil {
		body.Total = q.T("rules.total", "N", q.Count(int64(len(s.Rules.All()))))
	}
	v.Body = body
	q.render(w, http.StatusOK, "rules", v)
}

func (q *request) health(ctx context.Context) (map[string]row, error) {
	args, err := q.alertArgs(ctx)
	if err != nil {
		return nil, err
	}
	delete(args, "source") // a rule is of all sources
	res, err := q.Queries.Run(ctx, "page/rules", args)
	if err != nil {
		return nil, err
	}
	out := map[string]row{}
	for _, x := range rowsOf(res) {
		out[x.text("rule_id")] = x
	}
	return out, nil
}

func (q *request) rulesPanel(ctx context.Context) (*Panel, error) {
	health, err := q.health(ctx)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("rule_id", "category", "subject_kind", "ladder", "issue", "clear", "open:num", "total:num", "revoked:num",
		"rule_health", "evaluated_at:time", "took_ms:num"), Empty: q.T("empty.rules")}
	if q.Rules == nil {
		return &Panel{Title: q.T("panel.rules"), Table: t}, nil
	}
	for _, r := range q.Rules.All() {
		x := health[r.ID]
		if x == nil {
			x = row{}
		}
		open := q.zeroCell(x["open"])
		if x.whole("open") > 0 {
			open.Href = q.scope.URL("/alerts", "rule", r.ID)
		}
		t.Rows = append(t.Rows, []Cell{
			q.ruleCell(r.ID), q.enumCell("rule_category", r.Category), q.enumCell("subject_kind", r.Subject), q.ladderCell(&r),
			q.enumCell("issue", r.Issue),
			q.codeCell(strings.Join(r.Clear, " ")), open, q.zeroCell(x["total"]), q.zeroCell(x["revoked"]), q.healthCell(&r, x),
			q.instantCell(x.instant("evaluated_at")), q.tookCell(x),
		})
	}
	note := q.T("note.rules")
	if x := health["early-warning"]; x != nil && x.instant("evaluated_at").Unix() > 0 {
		word := q.T("rules.well")
		if e := x.text("error"); e != "" {
			word = q.T("rules.failed") + " (" + discretion.MaskText(e) + ")"
		}
		note += " " + q.T("note.early_warning", "At", q.Instant(x.instant("evaluated_at")), "State", word)
	}
	return &Panel{Title: q.T("panel.rules"), Note: note, Table: t}, nil
}

func (q *request) tookCell(x row) Cell {
	v, ok := x.num("took_s")
	if !ok || x.instant("evaluated_at").Unix() <= 0 {
		return nullCell()
	}
	return q.decimalCell(1000*v, 0)
}

func (q *request) ladderCell(r *rule.Rule) Cell {
	var words []string
	for _, x := range r.Ladder {
		words = append(words, q.Enum("severity", string(x.Severity)))
	}
	return Cell{Text: strings.Join(words, " → "), Raw: strings.Join(words, " > ")}
}

// healthCell says in a word whether a rule works.
func (q *request) healthCell(r *rule.Rule, x row) Cell {
	switch {
	case r.Suspended:
		return Cell{Text: q.T("rules.suspended"), Raw: "suspended", Tag: "plain"}
	case x.text("error") != "":
		return Cell{Text: q.T("rules.failed"), Raw: "failed", Tag: "bad", Title: discretion.MaskText(x.text("error"))}
	case x.instant("evaluated_at").Unix() <= 0:
		return Cell{Text: q.T("rules.never"), Raw: "never", Tag: "plain"}
	}
	return Cell{Text: q.T("rules.well"), Raw: "well", Tag: "good"}
}

var _ = register(route.Route{Pattern: "/rules/{id}", Rule: route.Needs(access.RuleView), Scope: route.ByFilter()}, (*Site).RulePage)

// RulePage answers one rule: its text, its parameters, and the SQL that decides.
func (s *Site) RulePage(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	q, err := s.begin(r)
	found, ok := q.rule(id)
	if err == nil && !ok {
		err = errNotFound
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	health, err := q.health(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	x := health[id]
	if x == nil {
		x = row{}
	}
	b := &ruleBody{ID: id, Name: q.ruleName(id), Norm: q.Pick(found.Norm.Zh, found.Norm.En),
		Decision: q.Pick(found.Decision.Zh, found.Decision.En), SQL: s.sqlOf(found.Query()), Alerts: q.scope.URL("/alerts", "rule", id)}
	add := func(key string, c Cell) { b.Terms = append(b.Terms, Term{q.T("col." + key), c}) }
	add("version", q.countCell(uint64(found.Version)))
	add("category", q.enumCell("rule_category", found.Category))
	add("subject_kind", q.enumCell("subject_kind", found.Subject))
	add("evaluation", q.enumCell("evaluation", found.Evaluation))
	add("issue", q.enumCell("issue", found.Issue))
	for _, m := range found.Clear {
		add("clear", Cell{Text: m + " · " + q.Enum("clear", m), Raw: m})
	}
	add("rule_health", q.healthCell(found, x))
	if e := x.text("error"); e != "" {
		add("error", q.textCell(discretion.MaskText(e)))
	}
	add("evaluated_at", q.preciseCell(x.instant("evaluated_at")))
	add("watermark", q.preciseCell(x.instant("watermark")))
	add("took_ms", q.tookCell(x))
	b.Ladder = &Table{Columns: q.cols("severity", "notify", "points:num")}
	for _, rung := range found.Ladder {
		b.Ladder.Rows = append(b.Ladder.Rows, []Cell{q.severityCell(string(rung.Severity)), q.rungCell(rung.Notify),
			{Text: "−" + strconv.FormatFloat(rung.Points, 'f', -1, 64), Raw: rung.Points, Class: "num"}})
	}
	keys := make([]string, 0, len(found.Params))
	for k := range found.Params {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		b.Params = append(b.Params, Term{k, q.codeCell(fmt.Sprint(found.Params[k]))})
	}
	v := q.view(ctx, "rules", b.Name)
	v.Crumbs = []Link{{Text: q.T("nav.rules"), Href: q.scope.URL("/rules")}, {Text: id, Current: true}}
	v.Body = b
	q.render(w, http.StatusOK, "rule", v)
}
