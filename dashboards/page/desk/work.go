package desk

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
	Kind        kit.Cell
	State       kit.Cell
	Level       kit.Cell
	Origin      kit.Cell
	Org         kit.Cell
	Region      kit.Cell
	About       []kit.Cell
	Due         kit.Cell
	FinalDue    kit.Cell
	Opened      kit.Cell
	Left        Left
	// Answered is when what is asked for was handed in; empty before.
	Answered string
	Assignee string
	Round    string
	CoOrgs   string
}

// Left says how much time is left, in working days where the law counts them.
type Left struct{ Text, Tone string }

// What alerts and orders are called in addresses, forms and rows.
const (
	kindAlert = string(workflow.Alert)
	kindOrder = string(workflow.Order)
)

// workKinds are the kinds of work that are not alerts.
func workKinds() []string { return []string{kindOrder, "rating", "exposure", "referral"} }

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
	orgs, err := q.OrgsBelow(ctx)
	return queries.Args{"as_of": q.AsOf, "region": q.Scope.Region, "orgs": orgs, "ended_states": endedStates()}, err
}

// until says how far a limit is away: in working days, on its own day in hours.
func (q *request) until(due time.Time) Left {
	if due.IsZero() || due.Unix() == 0 {
		return Left{}
	}
	now, until := calendar.DayOf(q.AsOf.UnixMilli()), calendar.DayOf(due.UnixMilli())
	late := q.AsOf.After(due)
	days := q.Calendar().CountWD(now, until)
	if late {
		days = q.Calendar().CountWD(until, now)
	}
	switch {
	case late && kit.EndsWithDay(due) && days == 0: // the days since are days off
		return Left{q.T("left.late", "Span", q.Span(q.AsOf.Sub(due), "")), "bad"}
	case late:
		return Left{q.T("left.late", "Span", q.Over(q.AsOf, kit.Limit{Due: due})), "bad"}
	case days == 0:
		return Left{q.T("left.in", "Lag", q.Lag(due.Sub(q.AsOf))), "warn"}
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

func (q *request) workStateCell(kind, state string) kit.Cell {
	return kit.Cell{Text: q.Enum(stateEnum(kind), state), Raw: state, Tag: workTone(kind, state)}
}

func (q *request) workHref(kind, id string) string {
	if kind == kindAlert {
		return q.Scope.URL("/alerts/" + kit.EscapePart(id))
	}
	return q.Scope.URL("/work/" + kit.EscapePart(kind) + "/" + kit.EscapePart(id))
}

// aboutCell shows what a piece of work is about, from kind/source_sys/number.
func (q *request) aboutCell(ref string) kit.Cell {
	parts := strings.SplitN(ref, "/", 3)
	if len(parts) < 3 {
		return q.CodeCell(ref)
	}
	c := q.CodeCell(parts[2])
	c.Sub = q.Enum("subject_kind", parts[0])
	switch parts[0] {
	case "case", "ticket":
		c.Href = q.SubjectHref(parts[0]+"s", parts[1], parts[2])
	case "org":
		c.Href = q.Scope.URL("/orgs/" + kit.EscapePart(parts[2]))
	case kindOrder:
		c.Href = q.workHref(kindOrder, parts[2])
	}
	return c
}

// workTitle says in a few words what a piece of work is about.
func (q *request) workTitle(n kit.Names, x kit.Row) string {
	kind := x.Text("kind")
	if t := x.Text("title"); t != "" {
		return discretion.MaskText(q.ruleTitle(t, x))
	}
	switch kind {
	case "rating":
		return q.T("work.title_rating", "Stars", q.Count(x.Whole("stars")))
	case "referral":
		return q.T("work.title_referral", "Org", kit.Named(n.Orgs, x.Text("org_code")))
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
func (q *request) workLine(n kit.Names, x kit.Row) WorkLine {
	kind, id := x.Text("kind"), x.Text("id")
	m := actions.Subject{Kind: kind, ID: id, Seq: uint32(x.Whole("seq"))} //nolint:gosec // UInt32 in the table
	l := WorkLine{
		Pick: pick(m), Href: q.workHref(kind, id), Title: q.workTitle(n, x), Code: shortID(id),
		Kind: kit.Cell{Text: q.Enum("work_kind", kind), Raw: kind}, State: q.workStateCell(kind, x.Text("state")),
		Org: q.OrgCell(n, x.Text("org_code")), Region: q.RegionCell(n, x.Text("region_code")),
		Due: q.DueCell(x.Instant("due_at")), FinalDue: q.DueCell(x.Instant("final_due_at")), Opened: q.InstantCell(x.Instant("opened_at")),
		Assignee: q.PersonName(x.Text("assignee")),
	}
	if !x.Flag("ended") {
		l.Left = q.until(x.Instant("due_at"))
	} else if x.Flag("late") {
		l.Left = Left{q.T("left.was_late"), "bad"}
	}
	if t := x.Instant("stopped_at"); t.Unix() > 0 {
		l.Answered = q.Instant(t)
	}
	if kind == kindOrder {
		l.Level, l.Origin = q.levelCell(x.Text("level")), q.EnumCell("order_origin", x.Text("origin"))
	}
	if r := x.Whole("round"); r > 0 {
		l.Round = q.T("work.round", "N", q.Count(r+1))
	}
	for _, ref := range x.Texts("subjects") {
		l.About = append(l.About, q.aboutCell(ref))
	}
	if co := x.Texts("co_orgs"); len(co) > 0 {
		l.CoOrgs = q.T("work.and_orgs", "N", q.Count(int64(len(co))))
	}
	return l
}

func (q *request) levelCell(level string) kit.Cell {
	c := q.EnumCell("level", level)
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
func (q *request) maySeeWork(x kit.Row) bool {
	u, ok := access.FromContext(q.HTTP.Context())
	if !ok {
		return true
	}
	for _, t := range targetsOf(x) {
		t.OwnOrgs = access.OwnOrgs(q.HTTP.Context())
		if access.MaySee(u, access.View(x.Text("kind")), t) {
			return true
		}
	}
	return false
}

// seenKinds are the kinds of work that the reader's role may see.
func (q *request) seenKinds() []string {
	u, ok := access.FromContext(q.HTTP.Context())
	return slices.DeleteFunc(workKinds(), func(kind string) bool { return ok && !access.MayOpen(u, access.View(kind)) })
}

// offered says for each subject what the person may do to it; nothing on a past
// instant or when nobody is signed in.
func (q *request) offered(ctx context.Context, subjects []actions.Subject) (map[actions.Subject][]string, error) {
	person, ok := q.Person(ctx)
	if !ok || !q.Scope.AsOf.IsZero() || len(subjects) == 0 {
		return map[actions.Subject][]string{}, nil
	}
	return q.ActionService.Allowed(ctx, person, subjects)
}

func subjectOfItem(x kit.Row) actions.Subject {
	return actions.Subject{Kind: x.Text("kind"), ID: x.Text("id"), Seq: uint32(x.Whole("seq"))} //nolint:gosec // UInt32 in the table
}

// dataText reads a text out of the data of a work item.
func dataText(x kit.Row, key string) string {
	var all map[string]json.RawMessage
	if json.Unmarshal([]byte(x.Text("data")), &all) != nil {
		return ""
	}
	var s string
	_ = json.Unmarshal(all[key], &s) // anything else is no text
	return s
}
