package desk

import (
	"context"
	"net/http"
	"sort"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

type alertBody struct {
	ID       string
	Rule     kit.Cell
	Norm     string
	Decision string
	Severity kit.Cell
	State    kit.Cell
	Subject  kit.Cell
	Terms    []kit.Term
	Evidence []kit.Term
	Steps    []kit.Moment
	History  []HistoryLine
	Clock    *kit.ClockView
	Calendar string
	Others   *kit.Panel
	// Work are the orders and other pieces of work that rest on it; nil without.
	Work *kit.Panel
	// NewOrder leads to the form of an order about it; empty for who may not. New
	// are the forms of other work that may rest on it.
	NewOrder string
	New      []kit.Link
	Forms    []ActionForm
	Done     []Notice
	// ReadOnly says why nothing can be done here; empty when something can.
	ReadOnly string
	// Kept are the words of a refused action that cannot be repeated.
	Kept []kit.Term
	Pick string
	Back string
}

var _ = pages.Show(route.Route{Pattern: "/alerts/{id}", Rule: route.Needs(access.AlertView), Scope: route.BySubject()}, (*request).Alert)

// Alert answers the page of one alert.
func (q *request) Alert(ctx context.Context, w http.ResponseWriter) error {
	id := q.HTTP.PathValue("id")
	q.InPath = []string{"region", "org", "source"}
	stream := q.live(ctx)
	body, err := q.alertBody(ctx, id)
	if err != nil {
		return err
	}
	v := q.View(ctx, "alerts", body.Rule.Text)
	v.Stream = stream
	v.Crumbs = []kit.Link{{Text: q.T("nav.alerts"), Href: q.Scope.URL("/alerts")},
		{Text: body.Severity.Text + " " + body.Subject.Text, Current: true}}
	v.Body = body
	q.Render(w, http.StatusOK, "alert", v)
	return nil
}

func (q *request) alertBody(ctx context.Context, id string) (*alertBody, error) {
	res, err := q.Queries.Run(ctx, "page/alert", queries.Args{"as_of": q.AsOf, "alert_id": id})
	if err != nil {
		return nil, err
	}
	if len(res.Rows) == 0 || len(id) < 8 {
		return nil, kit.ErrNotFound
	}
	x := kit.RowsOf(res)[0]
	if !q.MaySee(x) {
		return nil, kit.ErrNotFound
	}
	n, err := q.NamesOf(ctx, []kit.Row{x})
	if err != nil {
		return nil, err
	}
	b := &alertBody{
		ID: id, Rule: q.RuleCell(x.Text("rule_id")), Severity: q.SeverityCell(x.Text("severity")), State: q.AlertStateCell(x.Text("state")),
		Subject: q.alertSubject(x), Pick: "alert/" + id + "/" + x.Text("seq"), Back: q.Here(), Done: q.notices(),
	}
	if r, ok := q.Rule(x.Text("rule_id")); ok {
		b.Norm, b.Decision = q.Pick(r.Norm.Zh, r.Norm.En), q.Pick(r.Decision.Zh, r.Decision.En)
	}
	q.alertTerms(b, n, x)
	evidence, _ := x["evidence"].(map[string]string)
	keys := make([]string, 0, len(evidence))
	for k := range evidence {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		b.Evidence = append(b.Evidence, kit.Term{Name: q.Enum("evidence", k), Cell: q.evidenceCell(k, evidence[k])})
	}
	times, _ := x["announced_at"].([]time.Time)
	for i, sev := range x.Texts("announced_severity") {
		if i < len(times) {
			word := q.Enum("severity", sev)
			if sev == "" {
				word = q.T("alert.over")
			}
			b.Steps = append(b.Steps, kit.Moment{At: q.Precise(times[i]), Type: word, Tone: kit.SeverityTone(sev)})
		}
	}
	if err := q.alertHistory(ctx, b, id); err != nil {
		return nil, err
	}
	if err := q.alertOthers(ctx, b, x); err != nil {
		return nil, err
	}
	if !q.neutral(x) {
		q.alertClock(ctx, b, x)
	}
	if err := q.alertWork(ctx, b, id); err != nil {
		return nil, err
	}
	b.Forms, b.ReadOnly, err = q.forms(ctx, actions.Subject{Kind: kindAlert, ID: id, Seq: uint32(x.Whole("seq"))})
	if err == nil {
		b.Forms, err = q.offerAssignees(ctx, kindAlert, b.Forms, targetsOf(x))
	}
	b.Kept = q.refill(kindAlert, b.Forms)
	if q.MayAct(kindOrder, "create") && q.Scope.AsOf.IsZero() {
		b.NewOrder = q.Scope.URL("/orders/new", "alert", id, "org", "", "region", "", "source", "")
	}
	for _, kind := range []string{"exposure", "referral"} {
		if q.MayAct(kind, "create") && q.Scope.AsOf.IsZero() {
			b.New = append(b.New,
				kit.Link{Text: q.T("work_new." + kind), Href: q.Scope.URL("/work/"+kind+"/new", "alert", id, "org", "", "region", "", "source", "")})
		}
	}
	return b, err
}

func (q *request) alertTerms(b *alertBody, n kit.Names, x kit.Row) {
	add := func(key string, c kit.Cell) { b.Terms = append(b.Terms, kit.Term{Name: q.T("col." + key), Cell: c}) }
	add("subject_no", b.Subject)
	if c := x.Text("clock_no"); c != "" {
		add("clock_no", q.OccasionCell(c))
	}
	add("org_code", q.OrgCell(n, x.Text("org_code")))
	add("region_code", q.RegionCell(n, x.Text("region_code")))
	if x.Text("task_code") != "" {
		add("task_code", q.ItemCell(n, x.Text("task_code")))
	}
	add("raised_at", q.PreciseCell(x.Instant("raised_at")))
	add("severity_at", q.PreciseCell(x.Instant("severity_at")))
	if due := x.Instant("due_at"); due.Unix() > 0 {
		add("due_at", q.DueCell(due))
	}
	if late := q.late(x); late != "" {
		add("overdue_by", kit.Cell{Text: late, Class: "bad"})
	}
	if left, tone := q.left(x); left != "" {
		add("feedback_due", kit.Cell{Text: q.Instant(x.Instant("feedback_due")), Sub: left, Class: tone})
	} else if until := x.Instant("feedback_due"); q.neutral(x) && until.Unix() > 0 {
		add("feedback_due", q.InstantCell(until))
	}
	if until := x.Instant("appeal_until"); until.Unix() > 0 {
		add("appeal_until", q.InstantCell(until))
	}
	add("points", q.DecimalCell(x["points"], 1))
	add("notify", q.RungCell(x.Text("notify")))
	add("active", q.BoolCell(x.Flag("active")))
	add("recorded_at", q.PreciseCell(x.Instant("recorded_at")))
	if a := x.Text("assignee"); a != "" {
		add("assignee", q.TextCell(q.PersonName(a)))
	}
}

func (q *request) alertOthers(ctx context.Context, b *alertBody, x kit.Row) error {
	res, err := q.Queries.Run(ctx, "page/alert_siblings", queries.Args{
		"as_of": q.AsOf, "alert_id": b.ID, "subject_kind": x.Text("subject_kind"), "subject_sys": x.Text("source_sys"),
		"subject_no": x.Text("subject_no"),
	})
	if err != nil {
		return err
	}
	t := &kit.Table{ID: "others", Columns: q.Cols("severity", "rule_id", "clock_no", "alert_state", "severity_at:time"),
		Empty: q.T("empty.others")}
	for _, o := range kit.RowsOf(res) {
		if !q.MaySee(o) {
			continue // of another organisation that had the subject
		}
		name := q.RuleCell(o.Text("rule_id"))
		name.Href = q.Scope.URL("/alerts/" + kit.EscapePart(o.Text("alert_id")))
		t.Rows = append(t.Rows, []kit.Cell{q.SeverityCell(o.Text("severity")), name, q.OccasionCell(o.Text("clock_no")),
			q.AlertStateCell(o.Text("state")), q.InstantCell(o.Instant("severity_at"))})
	}
	b.Others = &kit.Panel{ID: "others", Title: q.T("panel.alert_others"), Table: t}
	return nil
}
