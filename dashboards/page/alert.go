package page

import (
	"context"
	"encoding/json"
	"net/http"
	"sort"
	"strings"
	"time"

	"duban/queries"
	"duban/supervision/rule"
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
	Forms    []ActionForm
	Done     []Notice
	// ReadOnly says why nothing can be done here; empty when something can.
	ReadOnly string
	Pick     string
	Back     string
}

// HistoryLine is one event of an alert in words.
type HistoryLine struct {
	Seq, Event, At, Recorded, Who, State, Severity, Reason, Tone string
	Texts                                                        []Term
}

// ActionForm is a form by which a person acts.
type ActionForm struct {
	Action, Label, Help string
	Fields              []ActionField
	// Grave actions ask for a confirmation: they cannot be taken back.
	Grave bool
}

// ActionField is one field of an action form.
type ActionField struct {
	Name, Label, Help string
	Required, Long    bool
	Options           []Option
}

// Alert answers the page of one alert.
func (s *Site) Alert(w http.ResponseWriter, r *http.Request, id string) {
	q, err := s.begin(r)
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	q.inPath = []string{"region", "org", "source"}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	body, err := q.alertBody(ctx, id)
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	v := q.view(ctx, "alerts", body.Rule.Text)
	v.Crumbs = []Link{{Text: q.T("nav.alerts"), Href: q.scope.URL("/alerts")}, {Text: body.ID[:8], Current: true}}
	v.Body = body
	s.render(w, r, http.StatusOK, "alert", v)
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
		Subject: q.alertSubject(x), Pick: id + "/" + x.text("seq"), Back: q.here(), Done: q.notices(),
	}
	if r, ok := q.rule(x.text("rule_id")); ok {
		b.Norm, b.Decision = q.Pick(r.Norm.Zh, r.Norm.En), r.Decision
	}
	q.alertTerms(b, n, x)
	evidence, _ := x["evidence"].(map[string]string)
	keys := make([]string, 0, len(evidence))
	for k := range evidence {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		b.Evidence = append(b.Evidence, Term{q.Enum("evidence", k), q.evidenceCell(evidence[k])})
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
	q.alertClock(ctx, b, x)
	return b, q.alertForms(ctx, b, x)
}

// evidenceCell shows a value that a rule found; instants are UTC in the database
// and Beijing time on the page.
func (q *request) evidenceCell(v string) Cell {
	if t, err := time.ParseInLocation("2006-01-02 15:04:05.000", v, time.UTC); err == nil {
		return q.preciseCell(t)
	}
	return q.textCell(maskText(v))
}

func (q *request) rule(id string) (*rule.Rule, bool) {
	if q.Rules == nil {
		return nil, false
	}
	return q.Rules.Get(id)
}

func (q *request) alertTerms(b *alertBody, n names, x row) {
	add := func(key string, c Cell) { b.Terms = append(b.Terms, Term{q.T("col." + key), c}) }
	add("subject_no", b.Subject)
	if c := x.text("clock_no"); c != "" {
		add("clock_no", q.codeCell(c))
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
	if left, tone := q.left(x); left != "" {
		add("feedback_due", Cell{Text: q.Instant(x.instant("feedback_due")), Sub: left, Class: tone})
	}
	if until := x.instant("appeal_until"); until.Unix() > 0 {
		add("appeal_until", q.instantCell(until))
	}
	add("points", q.decimalCell(x["points"], 1))
	add("notify", q.enumCell("rung", x.text("notify")))
	add("active", q.boolCell(x.flag("active")))
	add("recorded_at", q.preciseCell(x.instant("recorded_at")))
	if a := x.text("assignee"); a != "" {
		add("assignee", q.textCell(a))
	}
}

func (q *request) alertHistory(ctx context.Context, b *alertBody, id string) error {
	res, err := q.Queries.Run(ctx, "page/alert_history", queries.Args{"as_of": q.asOf, "alert_id": id})
	if err != nil {
		return err
	}
	for _, x := range rowsOf(res) {
		line := HistoryLine{
			Seq: x.text("seq"), Event: q.Enum("alert_event", x.text("event")), At: q.Precise(x.instant("effective_at")), Recorded: q.Precise(x.instant("recorded_at")),
			State: q.Enum("alert_state", x.text("state")), Severity: q.Enum("severity", x.text("severity")), Tone: severityTone(x.text("severity")),
			Reason: q.Enum("alert_reason", x.text("reason")), Who: q.T("alert.system"),
		}
		if actor := x.text("actor"); actor != "" {
			line.Who = actor + " · " + q.Enum("role", x.text("role"))
		}
		line.Texts = q.payloadTerms(x.text("payload"))
		b.History = append(b.History, line)
	}
	return nil
}

// payloadTerms shows the texts that a person wrote with an action.
func (q *request) payloadTerms(payload string) []Term {
	var m map[string]any
	if json.Unmarshal([]byte(payload), &m) != nil {
		return nil
	}
	var out []Term
	texts, lists := deedTexts()
	for _, k := range append(texts, lists...) {
		switch v := m[k].(type) {
		case string:
			if k == "ground" || k == "level" {
				v = q.Enum(k, v)
			}
			out = append(out, Term{q.T("field." + k), q.textCell(v)})
		case []any:
			var lines []string
			for _, x := range v {
				if s, ok := x.(string); ok {
					lines = append(lines, s)
				}
			}
			out = append(out, Term{q.T("field." + k), q.textCell(strings.Join(lines, " · "))})
		}
	}
	return out
}

func (q *request) alertOthers(ctx context.Context, b *alertBody, x row) error {
	res, err := q.Queries.Run(ctx, "page/alert_siblings", queries.Args{
		"as_of": q.asOf, "alert_id": b.ID, "subject_kind": x.text("subject_kind"), "subject_sys": x.text("source_sys"), "subject_no": x.text("subject_no"),
	})
	if err != nil {
		return err
	}
	t := &Table{ID: "others", Columns: q.cols("severity", "rule_id", "clock_no", "alert_state", "severity_at:time"), Empty: q.T("empty.others")}
	for _, o := range rowsOf(res) {
		name := q.ruleCell(o.text("rule_id"))
		name.Href = q.scope.URL("/alerts/" + escapePart(o.text("alert_id")))
		t.Rows = append(t.Rows, []Cell{q.severityCell(o.text("severity")), name, q.codeCell(o.text("clock_no")), q.alertStateCell(o.text("state")), q.instantCell(o.instant("severity_at"))})
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

// alertForms offers what the person may do.
func (q *request) alertForms(ctx context.Context, b *alertBody, x row) error {
	person, ok := q.person(ctx)
	switch {
	case !ok:
		b.ReadOnly = q.T("alert.sign_in_to_act")
		return nil
	case !q.scope.AsOf.IsZero():
		b.ReadOnly = q.T("alert.past_is_past")
		return nil
	}
	m := Matter{Kind: "alert", ID: b.ID, Seq: uint32(x.whole("seq"))}
	allowed, err := q.Desk.Allowed(ctx, person, []Matter{m})
	if err != nil {
		return err
	}
	for _, action := range allowed[m] {
		b.Forms = append(b.Forms, q.actionForm(action))
	}
	if len(b.Forms) == 0 {
		b.ReadOnly = q.T("alert.nothing_to_do", "Role", q.Enum("role", person.Role))
	}
	return nil
}

// actionForm makes the form of an action.
func (q *request) actionForm(action string) ActionForm {
	f := ActionForm{Action: action, Label: q.T("action." + action), Help: q.Enum("action_help", action)}
	if f.Help == action {
		f.Help = ""
	}
	field := func(name string, required bool) ActionField {
		return ActionField{Name: name, Label: q.T("field." + name), Required: required, Long: name != "assignee"}
	}
	choice := func(name string, required bool, values ...string) ActionField {
		x := field(name, required)
		for _, v := range values {
			x.Options = append(x.Options, Option{Value: v, Text: q.Enum(name, v)})
		}
		return x
	}
	ground := choice("ground", true, "wrong_data", "holiday_error", "system_error", "applicant_fault", "force_majeure", "superior_order")
	switch action {
	case "feedback":
		f.Fields = []ActionField{field("cause", true), field("fix", true)}
	case "appeal":
		f.Fields = []ActionField{ground, field("evidence", true), field("comment", false)}
	case "revoke":
		f.Fields, f.Grave = []ActionField{ground, field("comment", true)}, true
	case "escalate":
		f.Fields, f.Grave = []ActionField{choice("level", false, "normal", "key"), field("demand", true)}, true
	case "assign":
		f.Fields = []ActionField{field("assignee", true)}
	case "uphold", "reject_feedback", "accept_late_evidence", "close", "reopen", "note":
		f.Fields = []ActionField{field("comment", true)}
		f.Grave = action == "close"
	}
	return f
}
