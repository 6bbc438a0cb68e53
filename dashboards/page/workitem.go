package page

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sort"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/dashboards/route"
	"duban/queries"
	"duban/supervision/workflow"
)

type workBody struct {
	Kind, ID, Code string
	KindText       string
	Title          string
	State          Cell
	Level          Cell
	Left           Left
	Terms          []Term
	Clocks         []Term
	Texts          []Term
	CoReplies      []Term
	About          []Cell
	Alerts         *Panel
	History        []HistoryLine
	Forms          []ActionForm
	ReadOnly       string
	// Kept are the words of a refused action that cannot be repeated.
	Kept       []Term
	Edit       string
	Done       []Notice
	Pick, Back string
	// Path are the states that it normally goes through, with where it stands.
	Path []PathStep
}

// PathStep is one state on the normal way of a piece of work.
type PathStep struct {
	Text          string
	Done, Current bool
}

// normalPath is the way that a piece of work takes when nothing goes wrong.
func normalPath(kind string) []string {
	switch kind {
	case "order":
		return []string{"draft", "issued", "signed", "in_progress", "replied", "accepted", "closed"}
	case "rating":
		return []string{"verifying", "valid", "rectifying", "rectified", "confirmed", "closed"}
	case "exposure":
		return []string{"candidate", "reviewed", "published", "replied", "result_published", "archived"}
	case "referral":
		return []string{"draft", "referred", "resulted", "closed"}
	}
	return nil
}

var _ = register(route.Route{Pattern: "/work/{kind}/{id}", Rule: route.Needs(access.AlertView), Scope: route.BySubject()}, (*Site).Work)

// Work answers the page of one order, bad-rating order, exposure or referral.
func (s *Site) Work(w http.ResponseWriter, r *http.Request) {
	kind, id := r.PathValue("kind"), r.PathValue("id")
	q, err := s.begin(r)
	if err == nil && kind == "alert" {
		http.Redirect(w, r, q.workHref(kind, id), http.StatusSeeOther)
		return
	}
	if err == nil && !slices.Contains(workKinds(), kind) {
		err = errNotFound
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	q.inPath = []string{"region", "org", "source"}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	stream := q.live(ctx)
	body, err := q.workBody(ctx, kind, id)
	if err != nil {
		q.fail(w, err)
		return
	}
	v := q.view(ctx, "orders", body.Title)
	v.Stream = stream
	list := q.scope.URL("/work", "kind", kind)
	if kind == "order" {
		list = q.scope.URL("/orders")
	}
	v.Crumbs = []Link{{Text: q.T("work_tab." + kind), Href: list}, {Text: short(body.Title, 30), Current: true}}
	v.Body = body
	q.render(w, http.StatusOK, "work", v)
}

// workRow reads one work item, whatever the scope of the address; what the
// reader may not see is not found.
func (q *request) workRow(ctx context.Context, kind, id string) (row, error) {
	res, err := q.Queries.Run(ctx, "page/work_item", queries.Args{"as_of": q.asOf, "kind": kind, "id": id, "ended_states": endedStates()})
	if err != nil {
		return nil, err
	}
	rows := rowsOf(res)
	if len(rows) != 1 || !q.maySeeWork(rows[0]) {
		return nil, errNotFound
	}
	return rows[0], nil
}

func (q *request) workBody(ctx context.Context, kind, id string) (*workBody, error) {
	x, err := q.workRow(ctx, kind, id)
	if err != nil {
		return nil, err
	}
	var data map[string]any
	_ = json.Unmarshal([]byte(x.text("data")), &data) // empty when there is none
	x["stars"] = data["level"]
	co := make([]row, 0, 2)
	for _, org := range x.texts("co_orgs") {
		co = append(co, row{"org_code": org})
	}
	if task, ok := data["task_code"].(string); ok {
		x["task_code"] = task
	}
	n, err := q.namesOf(ctx, append(co, x))
	if err != nil {
		return nil, err
	}
	m := subjectOfItem(x)
	b := &workBody{
		Kind: kind, ID: id, Code: shortID(id), KindText: q.Enum("work_kind", kind), Title: q.workTitle(n, x),
		State: q.workStateCell(kind, x.text("state")),
		Pick:  pick(m), Back: q.here(), Done: q.notices(), Path: q.workPath(kind, x.text("state")),
	}
	if kind == "order" {
		b.Level = q.levelCell(x.text("level"))
	}
	if !x.flag("ended") {
		b.Left = q.until(x.instant("due_at"))
	}
	q.workTerms(b, n, x, data)
	q.workTexts(b, n, data)
	for _, ref := range x.texts("subjects") {
		b.About = append(b.About, q.aboutCell(ref))
	}
	if b.Alerts, err = q.alertsBehind(ctx, x.texts("alerts")); err != nil {
		return nil, err
	}
	if err := q.workHistory(ctx, b); err != nil {
		return nil, err
	}
	b.Forms, b.ReadOnly, err = q.forms(ctx, m)
	if err == nil {
		b.Forms, err = q.offerAssignees(ctx, kind, b.Forms, targetsOf(x))
	}
	b.Kept = q.refill(kind, b.Forms)
	b.Forms = slices.DeleteFunc(b.Forms, func(f ActionForm) bool {
		if f.Action == "edit" { // has a page of its own
			b.Edit = q.scope.URL("/orders/new", "edit", id)
		}
		return f.Action == "edit"
	})
	return b, err
}

func (q *request) workPath(kind, state string) []PathStep {
	path := normalPath(kind)
	at := slices.Index(path, state)
	if at < 0 && !workflow.Ended(workflow.Kind(kind), workflow.State(state)) {
		// A detour: it goes back to what comes before the answer.
		for i, s := range path {
			if s == "in_progress" || s == "rectifying" || s == "verifying" && state == "invalid_claimed" {
				at = i
			}
		}
	}
	out := make([]PathStep, 0, len(path))
	for i, s := range path {
		out = append(out, PathStep{Text: q.Enum(stateEnum(kind), s), Done: i < at, Current: i == at && s == state})
	}
	return out
}

func (q *request) workTerms(b *workBody, n names, x row, data map[string]any) {
	add := func(key string, c Cell) { b.Terms = append(b.Terms, Term{q.T("col." + key), c}) }
	if b.Kind == "order" {
		add("lead_org", q.orgCell(n, x.text("org_code")))
		for _, co := range x.texts("co_orgs") {
			add("co_org", q.orgCell(n, co))
		}
	} else {
		add("org_code", q.orgCell(n, x.text("org_code")))
	}
	if x.text("region_code") != "" {
		add("region_code", q.regionCell(n, x.text("region_code")))
	}
	if o := x.text("origin"); o != "" && b.Kind != "rating" {
		add("order_origin", q.enumCell("order_origin", o))
	}
	if b.Kind == "rating" {
		if stars, ok := number(data["level"]); ok {
			add("stars", Cell{Text: q.T("work.stars", "N", q.plain(stars))})
		}
		if c, ok := data["channel"].(string); ok && c != "" {
			add("channel", q.enumCell("rating_channel", c))
		}
		if x.text("task_code") != "" {
			add("task_code", q.itemCell(n, x.text("task_code")))
		}
		if w, ok := data["window_id"].(string); ok && w != "" {
			add("window_id", q.codeCell(w))
		}
	}
	if a := x.text("assignee"); a != "" {
		add("assignee", q.textCell(q.personName(a)))
	}
	if r := x.whole("round"); r > 0 {
		add("round", q.textCell(q.T("work.round", "N", q.Count(r+1))))
	}
	clock := func(key string, c Cell) { b.Clocks = append(b.Clocks, Term{q.T("col." + key), c}) }
	clock("opened_at", q.instantCell(x.instant("opened_at")))
	if due := x.instant("due_at"); due.Unix() > 0 && !x.flag("ended") {
		left := q.until(due)
		c := q.dueCell(due)
		c.Sub, c.Class = left.Text, left.Tone
		clock("state_due", c)
	}
	if due := x.instant("final_due_at"); due.Unix() > 0 {
		c := q.dueCell(due)
		if stopped := x.instant("stopped_at"); stopped.Unix() <= 0 && !x.flag("ended") {
			left := q.until(due)
			c.Sub, c.Class = left.Text, left.Tone
		} else if x.flag("late") {
			c.Sub, c.Class = q.T("left.was_late"), "bad"
		}
		clock("final_due", c)
	}
	if x.flag("extended") {
		clock("extended", q.boolCell(true))
	}
	if t := x.instant("stopped_at"); t.Unix() > 0 {
		clock("answered_at", q.instantCell(t))
	}
	if t := x.instant("closed_at"); t.Unix() > 0 {
		clock("closed_at", q.instantCell(t))
	}
	if !x.flag("latest") {
		clock("final_due", Cell{Text: q.T("work.limits_not_kept"), Class: "muted"})
	}
}

// workTexts shows what the work says: the demand, the answer, the remedy.
func (q *request) workTexts(b *workBody, n names, data map[string]any) {
	for _, k := range []string{"demand", "grounds", "evidence", "basis", "staff_id", "masked_text", "attachments", "cause", "fix", "answer",
		"legal_basis", "score",
		"result", "decided_on", "body", "file_no", "reason", "summary", "extension_requested"} {
		if text := q.payloadText(b.Kind, k, data); text != "" {
			b.Texts = append(b.Texts, Term{q.fieldLabel(k), q.textCell(text)})
		}
	}
	co, _ := data["co_replies"].(map[string]any)
	orgs := make([]string, 0, len(co))
	for org := range co {
		orgs = append(orgs, org)
	}
	sort.Strings(orgs)
	for _, org := range orgs {
		if text, ok := co[org].(string); ok {
			b.CoReplies = append(b.CoReplies, Term{named(n.orgs, org), q.textCell(discretion.MaskText(text))})
		}
	}
}
