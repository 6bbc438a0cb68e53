package page

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/workflow"
)

// WorkLine is one piece of people's work in a list or on the board.
type WorkLine struct {
	// Pick is kind/id/seq; May is whether the person may do what the list offers
	// for several.
	Pick string
	May  bool
	Href string
	// Title says in a few words what it is about, Code is its short id.
	Title, Code string
	Kind        Cell
	State       Cell
	Level       Cell
	Origin      Cell
	Org         Cell
	Region      Cell
	About       []Cell
	Due         Cell
	FinalDue    Cell
	Opened      Cell
	Left        Left
	// Answered is when what is asked for was handed in; empty before.
	Answered string
	Assignee string
	Round    string
	CoOrgs   string
}

// Left says how much time is left, in working days where the law counts them.
type Left struct{ Text, Tone string }

// workKinds are the kinds of work that are not alerts.
func workKinds() []string { return []string{"order", "rating", "exposure", "referral"} }

// endedStates are kind/state of all that is over, for the queries.
func endedStates() []string {
	var out []string
	for _, k := range workflow.Kinds() {
		for _, s := range workflow.States(k) {
			if workflow.Ended(k, s) {
				out = append(out, string(k)+"/"+string(s))
			}
		}
	}
	return out
}

// workArgs are the arguments of every query over work items of the scope.
func (q *request) workArgs(ctx context.Context) (queries.Args, error) {
	orgs, err := q.orgsBelow(ctx)
	return queries.Args{"as_of": q.asOf, "region": q.scope.Region, "orgs": orgs, "ended_states": endedStates()}, err
}

// until says how far a limit is away: in working days, on its own day in hours.
func (q *request) until(due time.Time) Left {
	if due.IsZero() || due.Unix() == 0 {
		return Left{}
	}
	now, until := calendar.DayOf(q.asOf.UnixMilli()), calendar.DayOf(due.UnixMilli())
	late := q.asOf.After(due)
	days := q.Calendar().CountWD(now, until)
	if late {
		days = q.Calendar().CountWD(until, now)
	}
	switch {
	case late && endsWithDay(due) && days == 0: // the days since are days off
		return Left{q.T("left.late", "Span", q.span(q.asOf.Sub(due), "")), "bad"}
	case late:
		return Left{q.T("left.late", "Span", q.over(q.asOf, limit{due: due})), "bad"}
	case days == 0:
		return Left{q.T("left.in", "Lag", q.Lag(due.Sub(q.asOf))), "warn"}
	case days == 1:
		return Left{q.T("left.one_day"), "warn"}
	}
	return Left{q.T("left.days", "N", q.Count(int64(days))), ""}
}

// workTone is the tone of a state's label.
func workTone(kind, state string) string {
	switch {
	case workflow.Ended(workflow.Kind(kind), workflow.State(state)):
		return "plain"
	case state == "accepted" || state == "confirmed" || state == "resulted" || state == "result_published":
		return "good"
	case state == "returned" || state == "rejected" || state == "issued" || state == "verifying" || state == "published":
		return "bad"
	}
	return "warn"
}

func (q *request) workStateCell(kind, state string) Cell {
	return Cell{Text: q.Enum(stateEnum(kind), state), Raw: state, Tag: workTone(kind, state)}
}

func (q *request) workHref(kind, id string) string {
	if kind == "alert" {
		return q.scope.URL("/alerts/" + kit.EscapePart(id))
	}
	return q.scope.URL("/work/" + kit.EscapePart(kind) + "/" + kit.EscapePart(id))
}

// aboutCell shows what a piece of work is about, from kind/source_sys/number.
func (q *request) aboutCell(ref string) Cell {
	parts := strings.SplitN(ref, "/", 3)
	if len(parts) < 3 {
		return q.codeCell(ref)
	}
	c := q.codeCell(parts[2])
	c.Sub = q.Enum("subject_kind", parts[0])
	switch parts[0] {
	case "case", "ticket":
		c.Href = q.subjectHref(parts[0]+"s", parts[1], parts[2])
	case "org":
		c.Href = q.scope.URL("/orgs/" + kit.EscapePart(parts[2]))
	case "order":
		c.Href = q.workHref("order", parts[2])
	}
	return c
}

// workTitle says in a few words what a piece of work is about.
func (q *request) workTitle(n names, x row) string {
	kind := x.text("kind")
	if t := x.text("title"); t != "" {
		return discretion.MaskText(q.ruleTitle(t, x))
	}
	switch kind {
	case "rating":
		return q.T("work.title_rating", "Stars", q.Count(x.whole("stars")))
	case "referral":
		return q.T("work.title_referral", "Org", named(n.orgs, x.text("org_code")))
	}
	return q.Enum("work_kind", kind)
}

// short cuts a text to n characters.
func short(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n]) + "…"
	}
	return text
}

func shortID(id string) string {
	if len(id) > 8 {
		return id[:8]
	}
	return id
}

// workLine makes the line of a work item.
func (q *request) workLine(n names, x row) WorkLine {
	kind, id := x.text("kind"), x.text("id")
	m := actions.Subject{Kind: kind, ID: id, Seq: uint32(x.whole("seq"))} //nolint:gosec // UInt32 in the table
	l := WorkLine{
		Pick: pick(m), Href: q.workHref(kind, id), Title: q.workTitle(n, x), Code: shortID(id),
		Kind: Cell{Text: q.Enum("work_kind", kind), Raw: kind}, State: q.workStateCell(kind, x.text("state")),
		Org: q.orgCell(n, x.text("org_code")), Region: q.regionCell(n, x.text("region_code")),
		Due: q.dueCell(x.instant("due_at")), FinalDue: q.dueCell(x.instant("final_due_at")), Opened: q.instantCell(x.instant("opened_at")),
		Assignee: q.personName(x.text("assignee")),
	}
	if !x.flag("ended") {
		l.Left = q.until(x.instant("due_at"))
	} else if x.flag("late") {
		l.Left = Left{q.T("left.was_late"), "bad"}
	}
	if t := x.instant("stopped_at"); t.Unix() > 0 {
		l.Answered = q.Instant(t)
	}
	if kind == "order" {
		l.Level, l.Origin = q.levelCell(x.text("level")), q.enumCell("order_origin", x.text("origin"))
	}
	if r := x.whole("round"); r > 0 {
		l.Round = q.T("work.round", "N", q.Count(r+1))
	}
	for _, ref := range x.texts("subjects") {
		l.About = append(l.About, q.aboutCell(ref))
	}
	if co := x.texts("co_orgs"); len(co) > 0 {
		l.CoOrgs = q.T("work.and_orgs", "N", q.Count(int64(len(co))))
	}
	return l
}

func (q *request) levelCell(level string) Cell {
	c := q.enumCell("level", level)
	switch level {
	case "leader":
		c.Tag = "red"
	case "key":
		c.Tag = "yellow"
	case "normal":
		c.Tag = "plain"
	}
	return c
}

// maySeeWork reports whether the reader may see a piece of work: its kind, and
// one of the organisations that it concerns.
func (q *request) maySeeWork(x row) bool {
	u, ok := access.FromContext(q.http.Context())
	if !ok {
		return true
	}
	for _, t := range targetsOf(x) {
		t.OwnOrgs = access.OwnOrgs(q.http.Context())
		if access.MaySee(u, access.View(x.text("kind")), t) {
			return true
		}
	}
	return false
}

// seenKinds are the kinds of work that the reader's role may see.
func (q *request) seenKinds() []string {
	u, ok := access.FromContext(q.http.Context())
	return slices.DeleteFunc(workKinds(), func(kind string) bool { return ok && !access.MayOpen(u, access.View(kind)) })
}

// offered says for each subject what the person may do to it; nothing on a past
// instant or when nobody is signed in.
func (q *request) offered(ctx context.Context, subjects []actions.Subject) (map[actions.Subject][]string, error) {
	person, ok := q.person(ctx)
	if !ok || !q.scope.AsOf.IsZero() || len(subjects) == 0 {
		return map[actions.Subject][]string{}, nil
	}
	return q.ActionService.Allowed(ctx, person, subjects)
}

func subjectOfItem(x row) actions.Subject {
	return actions.Subject{Kind: x.text("kind"), ID: x.text("id"), Seq: uint32(x.whole("seq"))} //nolint:gosec // UInt32 in the table
}

// workTabs are the pages about people's work, with how much of each is open.
func (q *request) workTabs(ctx context.Context, current string) ([]Tab, error) {
	args, err := q.workArgs(ctx)
	if err != nil {
		return nil, err
	}
	args["calendar"], args["decide_days"] = q.Calendar().Version(), workflow.DecideWD
	res, err := q.Queries.Run(ctx, "page/work_counts", args)
	if err != nil {
		return nil, err
	}
	open, overdue := map[string]int64{}, map[string]int64{}
	for _, x := range rowsOf(res) {
		open[x.text("kind")], overdue[x.text("kind")] = x.whole("open"), x.whole("overdue")
	}
	late := func(n int64) string {
		if n == 0 {
			return ""
		}
		return q.T("work.overdue_n", "N", q.Count(n))
	}
	var out []Tab
	for _, kind := range q.seenKinds() {
		t := Tab{Text: q.T("work_tab." + kind), Href: q.scope.URL("/work", "kind", kind), Current: kind == current, N: q.Count(open[kind]),
			Late: late(overdue[kind])}
		if kind == "order" {
			t.Href = q.scope.URL("/orders")
		}
		out = append(out, t)
	}
	if q.mayOpen("/appeals") {
		out = append(out, Tab{Text: q.T("nav.appeals"), Href: q.scope.URL("/appeals"), Current: current == "appeal", N: q.Count(open["appeal"]),
			Late: late(overdue["appeal"])})
	}
	return out, nil
}

// Tab leads to one of several pages that stand beside each other.
type Tab struct {
	Text, Href string
	Current    bool
	// N is how many are open, Late how many of them are overdue; empty = not said.
	N, Late string
}

// dataText reads a text out of the data of a work item.
func dataText(x row, key string) string {
	var all map[string]json.RawMessage
	if json.Unmarshal([]byte(x.text("data")), &all) != nil {
		return ""
	}
	var s string
	_ = json.Unmarshal(all[key], &s) // anything else is no text
	return s
}
