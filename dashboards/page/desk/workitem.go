package desk

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sort"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
	"duban/supervision/workflow"
)

type workBody struct {
	Kind, ID, Code string
	KindText       string
	Title          string
	State          kit.Cell
	Level          kit.Cell
	Left           Left
	Terms          []kit.Term
	Clocks         []kit.Term
	Texts          []kit.Term
	CoReplies      []kit.Term
	About          []kit.Cell
	Alerts         *kit.Panel
	History        []HistoryLine
	Forms          []ActionForm
	ReadOnly       string
	// Kept are the words of a refused action that cannot be repeated.
	Kept       []kit.Term
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
	case kindOrder:
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

var _ = pages.Show(route.Route{Pattern: "/work/{kind}/{id}", Rule: route.Needs(access.AlertView), Scope: route.BySubject()},
	(*request).Work)

// Work answers the page of one order, bad-rating order, exposure or referral.
func (q *request) Work(ctx context.Context, w http.ResponseWriter) error {
	kind, id := q.HTTP.PathValue("kind"), q.HTTP.PathValue("id")
	if kind == kindAlert {
		http.Redirect(w, q.HTTP, q.workHref(kind, id), http.StatusSeeOther)
		return nil
	}
	if !slices.Contains(workKinds(), kind) {
		return kit.ErrNotFound
	}
	q.InPath = []string{"region", "org", "source"}
	stream := q.live(ctx)
	body, err := q.workBody(ctx, kind, id)
	if err != nil {
		return err
	}
	v := q.View(ctx, "orders", body.Title)
	v.Stream = stream
	list := q.Scope.URL("/work", "kind", kind)
	if kind == kindOrder {
		list = q.Scope.URL("/orders")
	}
	v.Crumbs = []kit.Link{{Text: q.T("work_tab." + kind), Href: list}, {Text: short(body.Title, 30), Current: true}}
	v.Body = body
	q.Render(w, http.StatusOK, "work", v)
	return nil
}

// workRow reads one work item, whatever the scope of the address; what the
// reader may not see is not found.
func (q *request) workRow(ctx context.Context, kind, id string) (kit.Row, error) {
	res, err := q.Queries.Run(ctx, "page/work_item", queries.Args{"as_of": q.AsOf, "kind": kind, "id": id, "ended_states": endedStates()})
	if err != nil {
		return nil, err
	}
	rows := kit.RowsOf(res)
	if len(rows) != 1 || !q.maySeeWork(rows[0]) {
		return nil, kit.ErrNotFound
	}
	return rows[0], nil
}

func (q *request) workBody(ctx context.Context, kind, id string) (*workBody, error) {
	x, err := q.workRow(ctx, kind, id)
	if err != nil {
		return nil, err
	}
	var data map[string]any
	_ = json.Unmarshal([]byte(x.Text("data")), &data) // empty when there is none
	x["stars"] = data["level"]
	co := make([]kit.Row, 0, 2)
	for _, org := range x.Texts("co_orgs") {
		co = append(co, kit.Row{"org_code": org})
	}
	if task, ok := data["task_code"].(string); ok {
		x["task_code"] = task
	}
	n, err := q.NamesOf(ctx, append(co, x))
	if err != nil {
		return nil, err
	}
	m := subjectOfItem(x)
	b := &workBody{
		Kind: kind, ID: id, Code: shortID(id), KindText: q.Enum("work_kind", kind), Title: q.workTitle(n, x),
		State: q.workStateCell(kind, x.Text("state")),
		Pick:  pick(m), Back: q.Here(), Done: q.notices(), Path: q.workPath(kind, x.Text("state")),
	}
	if kind == kindOrder {
		b.Level = q.levelCell(x.Text("level"))
	}
	if !x.Flag("ended") {
		b.Left = q.until(x.Instant("due_at"))
	}
	q.workTerms(b, n, x, data)
	q.workTexts(b, n, data)
	for _, ref := range x.Texts("subjects") {
		b.About = append(b.About, q.aboutCell(ref))
	}
	if b.Alerts, err = q.alertsBehind(ctx, x.Texts("alerts")); err != nil {
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
			b.Edit = q.Scope.URL("/orders/new", "edit", id)
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

func (q *request) workTerms(b *workBody, n kit.Names, x kit.Row, data map[string]any) {
	add := func(key string, c kit.Cell) { b.Terms = append(b.Terms, kit.Term{Name: q.T("col." + key), Cell: c}) }
	if b.Kind == kindOrder {
		add("lead_org", q.OrgCell(n, x.Text("org_code")))
		for _, co := range x.Texts("co_orgs") {
			add("co_org", q.OrgCell(n, co))
		}
	} else {
		add("org_code", q.OrgCell(n, x.Text("org_code")))
	}
	if x.Text("region_code") != "" {
		add("region_code", q.RegionCell(n, x.Text("region_code")))
	}
	if o := x.Text("origin"); o != "" && b.Kind != "rating" {
		add("order_origin", q.EnumCell("order_origin", o))
	}
	if b.Kind == "rating" {
		if stars, ok := kit.Number(data["level"]); ok {
			add("stars", kit.Cell{Text: q.T("work.stars", "N", q.Plain(stars))})
		}
		if c, ok := data["channel"].(string); ok && c != "" {
			add("channel", q.EnumCell("rating_channel", c))
		}
		if x.Text("task_code") != "" {
			add("task_code", q.ItemCell(n, x.Text("task_code")))
		}
		if w, ok := data["window_id"].(string); ok && w != "" {
			add("window_id", q.CodeCell(w))
		}
	}
	if a := x.Text("assignee"); a != "" {
		add("assignee", q.TextCell(q.PersonName(a)))
	}
	if r := x.Whole("round"); r > 0 {
		add("round", q.TextCell(q.T("work.round", "N", q.Count(r+1))))
	}
	clock := func(key string, c kit.Cell) { b.Clocks = append(b.Clocks, kit.Term{Name: q.T("col." + key), Cell: c}) }
	clock("opened_at", q.InstantCell(x.Instant("opened_at")))
	if due := x.Instant("due_at"); due.Unix() > 0 && !x.Flag("ended") {
		left := q.until(due)
		c := q.DueCell(due)
		c.Sub, c.Class = left.Text, left.Tone
		clock("state_due", c)
	}
	if due := x.Instant("final_due_at"); due.Unix() > 0 {
		c := q.DueCell(due)
		if stopped := x.Instant("stopped_at"); stopped.Unix() <= 0 && !x.Flag("ended") {
			left := q.until(due)
			c.Sub, c.Class = left.Text, left.Tone
		} else if x.Flag("late") {
			c.Sub, c.Class = q.T("left.was_late"), "bad"
		}
		clock("final_due", c)
	}
	if x.Flag("extended") {
		clock("extended", q.BoolCell(true))
	}
	if t := x.Instant("stopped_at"); t.Unix() > 0 {
		clock("answered_at", q.InstantCell(t))
	}
	if t := x.Instant("closed_at"); t.Unix() > 0 {
		clock("closed_at", q.InstantCell(t))
	}
	if !x.Flag("latest") {
		clock("final_due", kit.Cell{Text: q.T("work.limits_not_kept"), Class: "muted"})
	}
}

// workTexts shows what the work says: the demand, the answer, the remedy.
func (q *request) workTexts(b *workBody, n kit.Names, data map[string]any) {
	for _, k := range []string{"demand", "grounds", "evidence", "basis", "staff_id", "masked_text", "attachments", "cause", "fix", "answer",
		"legal_basis", "score",
		"result", "decided_on", "body", "file_no", "reason", "summary", "extension_requested"} {
		if text := q.payloadText(b.Kind, k, data); text != "" {
			b.Texts = append(b.Texts, kit.Term{Name: q.fieldLabel(k), Cell: q.TextCell(text)})
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
			b.CoReplies = append(b.CoReplies, kit.Term{Name: kit.Named(n.Orgs, org), Cell: q.TextCell(discretion.MaskText(text))})
		}
	}
}
