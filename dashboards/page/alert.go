package page

import (
	"context"
	"encoding/json"
	"net/http"
	"sort"
	"strings"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/workflow"
)

type alertBody struct {
	ID       string
	Rule     Cell
	Norm     string
	Decision string
	Severity Cell
	State    Cell
	Subject  Cell
	Terms    []Term
	Evidence []Term
	Steps    []Moment
	History  []HistoryLine
	Clock    *ClockView
	Calendar string
	Others   *Panel
	// Work are the orders and other pieces of work that rest on it; nil without.
	Work *Panel
	// NewOrder leads to the form of an order about it; empty for who may not. New
	// are the forms of other work that may rest on it.
	NewOrder string
	New      []Link
	Forms    []ActionForm
	Done     []Notice
	// ReadOnly says why nothing can be done here; empty when something can.
	ReadOnly string
	// Kept are the words of a refused action that cannot be repeated.
	Kept []Term
	Pick string
	Back string
}

// HistoryLine is one event of an alert in words.
type HistoryLine struct {
	Seq, Event, At, Recorded, Who, State, Severity, Reason, Tone string
	Texts                                                        []Term
}

var _ = register(route.Route{Pattern: "/alerts/{id}", Rule: route.Needs(access.AlertView), Scope: route.BySubject()}, (*Site).Alert)

// Alert answers the page of one alert.
func (s *Site) Alert(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	q, err := s.begin(r)
	if err != nil {
		q.fail(w, err)
		return
	}
	q.inPath = []string{"region", "org", "source"}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	stream := q.live(ctx)
	body, err := q.alertBody(ctx, id)
	if err != nil {
		q.fail(w, err)
		return
	}
	v := q.view(ctx, "alerts", body.Rule.Text)
	v.Stream = stream
	v.Crumbs = []Link{{Text: q.T("nav.alerts"), Href: q.scope.URL("/alerts")},
		{Text: body.Severity.Text + " " + body.Subject.Text, Current: true}}
	v.Body = body
	q.render(w, http.StatusOK, "alert", v)
}

func (q *request) alertBody(ctx context.Context, id string) (*alertBody, error) {
	res, err := q.Queries.Run(ctx, "page/alert", queries.Args{"as_of": q.asOf, "alert_id": id})
	if err != nil {
		return nil, err
	}
	if len(res.Rows) == 0 || len(id) < 8 {
		return nil, errNotFound
	}
	x := rowsOf(res)[0]
	if !q.maySee(x) {
		return nil, errNotFound
	}
	n, err := q.namesOf(ctx, []row{x})
	if err != nil {
		return nil, err
	}
	b := &alertBody{
		ID: id, Rule: q.ruleCell(x.text("rule_id")), Severity: q.severityCell(x.text("severity")), State: q.alertStateCell(x.text("state")),
		Subject: q.alertSubject(x), Pick: "alert/" + id + "/" + x.text("seq"), Back: q.here(), Done: q.notices(),
	}
	if r, ok := q.rule(x.text("rule_id")); ok {
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
		b.Evidence = append(b.Evidence, Term{q.Enum("evidence", k), q.evidenceCell(k, evidence[k])})
	}
	times, _ := x["announced_at"].([]time.Time)
	for i, sev := range x.texts("announced_severity") {
		if i < len(times) {
			word := q.Enum("severity", sev)
			if sev == "" {
				word = q.T("alert.over")
			}
			b.Steps = append(b.Steps, Moment{At: q.Precise(times[i]), Type: word, Tone: severityTone(sev)})
		}
	}
	if err := q.alertHistory(ctx, b, id); err != nil {
		return nil, err
	}
	if err := q.alertOthers(ctx, b, x); err != nil {
		return nil, err
	}
	if !x.flag("about_secret") || access.SecretsFor(ctx) == access.AllSecrets {
		q.alertClock(ctx, b, x)
	}
	if err := q.alertWork(ctx, b, id); err != nil {
		return nil, err
	}
	b.Forms, b.ReadOnly, err = q.forms(ctx, actions.Subject{Kind: "alert", ID: id, Seq: uint32(x.whole("seq"))})
	if err == nil {
		b.Forms, err = q.offerAssignees(ctx, "alert", b.Forms, targetsOf(x))
	}
	b.Kept = q.refill("alert", b.Forms)
	if q.mayAct("order", "create") && q.scope.AsOf.IsZero() {
		b.NewOrder = q.scope.URL("/orders/new", "alert", id, "org", "", "region", "", "source", "")
	}
	for _, kind := range []string{"exposure", "referral"} {
		if q.mayAct(kind, "create") && q.scope.AsOf.IsZero() {
			b.New = append(b.New,
				Link{Text: q.T("work_new." + kind), Href: q.scope.URL("/work/"+kind+"/new", "alert", id, "org", "", "region", "", "source", "")})
		}
	}
	return b, err
}

func (q *request) alertTerms(b *alertBody, n names, x row) {
	add := func(key string, c Cell) { b.Terms = append(b.Terms, Term{q.T("col." + key), c}) }
	add("subject_no", b.Subject)
	if c := x.text("clock_no"); c != "" {
		add("clock_no", q.occasionCell(c))
	}
	add("org_code", q.orgCell(n, x.text("org_code")))
	add("region_code", q.regionCell(n, x.text("region_code")))
	if x.text("task_code") != "" {
		add("task_code", q.itemCell(n, x.text("task_code")))
	}
	add("raised_at", q.preciseCell(x.instant("raised_at")))
	add("severity_at", q.preciseCell(x.instant("severity_at")))
	if due := x.instant("due_at"); due.Unix() > 0 {
		add("due_at", q.dueCell(due))
	}
	if late := q.late(x); late != "" {
		add("overdue_by", Cell{Text: late, Class: "bad"})
	}
	if left, tone := q.left(x); left != "" {
		add("feedback_due", Cell{Text: q.Instant(x.instant("feedback_due")), Sub: left, Class: tone})
	}
	if until := x.instant("appeal_until"); until.Unix() > 0 {
		add("appeal_until", q.instantCell(until))
	}
	add("points", q.decimalCell(x["points"], 1))
	add("notify", q.rungCell(x.text("notify")))
	add("active", q.boolCell(x.flag("active")))
	add("recorded_at", q.preciseCell(x.instant("recorded_at")))
	if a := x.text("assignee"); a != "" {
		add("assignee", q.textCell(q.personName(a)))
	}
}

func (q *request) alertHistory(ctx context.Context, b *alertBody, id string) error {
	res, err := q.Queries.Run(ctx, "page/alert_history", queries.Args{"as_of": q.asOf, "alert_id": id})
	if err != nil {
		return err
	}
	var appealed time.Time
	last := ""
	for _, x := range rowsOf(res) {
		if x.text("event") == "appeal" {
			appealed = x.instant("effective_at")
		}
		last = x.text("state")
		line := HistoryLine{
			Seq: x.text("seq"), Event: q.Enum("alert_event", x.text("event")), At: q.Precise(x.instant("effective_at")),
			Recorded: q.Precise(x.instant("recorded_at")),
			State:    q.Enum("alert_state", x.text("state")), Severity: q.Enum("severity", x.text("severity")),
			Tone:   severityTone(x.text("severity")),
			Reason: q.Enum("alert_reason", x.text("reason")), Who: q.T("alert.system"),
		}
		if actor := x.text("actor"); actor != "" {
			line.Who = q.personName(actor) + " · " + q.Enum("role", x.text("role"))
		}
		line.Texts = q.payloadTerms("alert", x.text("payload"))
		b.History = append(b.History, line)
	}
	if last == string(workflow.AlertAppealed) {
		day := q.Calendar().AddWD(calendar.DayOf(appealed.UnixMilli()), workflow.DecideWD)
		due := time.UnixMilli(day.End()).UTC()
		c, left := q.dueCell(due), q.until(due)
		c.Sub, c.Class = left.Text, left.Tone
		b.Terms = append(b.Terms, Term{q.T("col.decide_by"), c})
	}
	return nil
}

// payloadTerms shows the texts that a person wrote with an action.
func (q *request) payloadTerms(kind, payload string) []Term {
	var m map[string]any
	if json.Unmarshal([]byte(payload), &m) != nil {
		return nil
	}
	var out []Term
	for _, k := range payloadKeys() {
		if text := q.payloadText(kind, k, m); text != "" {
			out = append(out, Term{q.fieldLabel(k), q.textCell(text)})
		}
	}
	return out
}

// payloadText is one text of what was written with an action; what the engine wrote in
// both languages is told in the reader's.
func (q *request) payloadText(kind, key string, payload map[string]any) string {
	switch v := payload[key].(type) {
	case string:
		if key == "assignee" {
			return q.personName(v)
		}
		return discretion.MaskText(q.engineText(key, q.valueText(kind, key, v), payload))
	case float64:
		return q.plain(v)
	case []any:
		var lines []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				lines = append(lines, discretion.MaskText(s))
			}
		}
		return strings.Join(lines, " · ")
	}
	return ""
}

func (q *request) alertOthers(ctx context.Context, b *alertBody, x row) error {
	res, err := q.Queries.Run(ctx, "page/alert_siblings", queries.Args{
		"as_of": q.asOf, "alert_id": b.ID, "subject_kind": x.text("subject_kind"), "subject_sys": x.text("source_sys"),
		"subject_no": x.text("subject_no"),
	})
	if err != nil {
		return err
	}
	t := &Table{ID: "others", Columns: q.cols("severity", "rule_id", "clock_no", "alert_state", "severity_at:time"),
		Empty: q.T("empty.others")}
	for _, o := range rowsOf(res) {
		if !q.maySee(o) {
			continue // of another organisation that had the subject
		}
		name := q.ruleCell(o.text("rule_id"))
		name.Href = q.scope.URL("/alerts/" + kit.EscapePart(o.text("alert_id")))
		t.Rows = append(t.Rows, []Cell{q.severityCell(o.text("severity")), name, q.occasionCell(o.text("clock_no")),
			q.alertStateCell(o.text("state")), q.instantCell(o.instant("severity_at"))})
	}
	b.Others = &Panel{ID: "others", Title: q.T("panel.alert_others"), Table: t}
	return nil
}

// alertClock explains day by day how the due of the clock came about, for alerts
// that are about a clock of a case or a ticket.
func (q *request) alertClock(ctx context.Context, b *alertBody, x row) {
	if q.Explain == nil {
		return
	}
	explain := q.Explain.ExplainCase
	switch x.text("subject_kind") {
	case "case":
	case "ticket":
		explain = q.Explain.ExplainTicket
	default:
		return
	}
	e, err := explain(ctx, x.text("source_sys"), x.text("subject_no"), q.asOf)
	if err != nil || e == nil {
		if err != nil {
			q.Log.WarnContext(ctx, "explain the clock of an alert", "request_id", q.RequestID(ctx), "error", err.Error())
		}
		return
	}
	want := clockOf(x.text("clock_no"), x.text("chain"))
	if evidence, _ := x["evidence"].(map[string]string); evidence["clock"] != "" {
		want.clock = evidence["clock"] // the rule says which clock it judged
	}
	for i := range e.Clocks {
		c := &e.Clocks[i]
		if c.Clock != want.clock || want.no != 0 && c.No != want.no {
			continue
		}
		view := ClockView{Name: c.Clock, Title: q.Enum("clock", c.Clock), HasDays: len(c.Days) > 0}
		for _, d := range c.Days {
			view.Days = append(view.Days, q.dayView(d))
		}
		b.Clock, b.Calendar = &view, e.CalendarVersion
	}
}

type clockID struct {
	clock string
	no    int
}

// clockOf reads K7/2; an alert about the limits of a case is about K3.
func clockOf(clockNo, chain string) clockID {
	name, no, _ := strings.Cut(clockNo, "/")
	if name == "" && chain == "limit" {
		return clockID{clock: "K3"}
	}
	id := clockID{clock: name}
	for _, c := range no {
		if c < '0' || c > '9' {
			return id
		}
		id.no = 10*id.no + int(c-'0')
	}
	return id
}
