package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
	"duban/supervision/almanac"
	"duban/supervision/calendar"
)

// mostMoves is how many of the dues and alerts that move a page lists.
const mostMoves = 500

// versionBody is the content of the page of one version of the calendar.
type versionBody struct {
	Version string
	State   kit.Cell
	Done    string
	Facts   []kit.Term
	Papers  []kit.Link
	// Loaded: the office loaded it, the program does not bring it along.
	Loaded        bool
	Remarks       []string
	Days          *kit.Table
	AskedAt       string
	Counts, Moves *kit.Table
	Later         bool
	// MayCount: it can be put into force as it was shown.
	MayCount, Replaced bool
	Reason             string
	Errors             []string
}

// versionOfCalendar is a version with what the page needs to know of it.
type versionOfCalendar struct {
	almanac.Version
	// mayCount: it stands on the version in force, or is the one that this stands on, so
	// that it is known what it changes.
	mayCount bool
}

// versionOf finds a version by its name; kit.ErrNotFound when there is none.
func (q *request) versionOf(ctx context.Context, name string) (versionOfCalendar, error) {
	versions, err := q.Almanac.Versions(ctx)
	if err != nil {
		return versionOfCalendar{}, err
	}
	at := slices.IndexFunc(versions, func(v almanac.Version) bool { return v.Name == name })
	force := slices.IndexFunc(versions, func(v almanac.Version) bool { return v.InForce })
	if at < 0 || force < 0 {
		return versionOfCalendar{}, kit.ErrNotFound
	}
	v, is := versions[at], versions[force]
	return versionOfCalendar{v, !v.InForce && (v.Base == is.Name || is.Base == v.Name)}, nil
}

var _ = pages.Register(route.Route{Pattern: "/calendar/versions/{version}", Rule: route.Needs(access.CalendarManage),
	Scope: route.Everything("a calendar counts for everybody"), People: route.WithUsers}, (*site).CalendarVersion)

// CalendarVersion answers what a version changes and moves, and the form that puts it into
// force.
func (s *site) CalendarVersion(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("version")
	q, _, err := s.keeper(r)
	var v versionOfCalendar
	if err == nil {
		v, err = q.versionOf(r.Context(), name)
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	body := versionBody{Later: q.Param("later") != ""}
	if q.Param("done") != "" && v.InForce {
		body.Done = q.T("calendar.done")
	}
	s.showVersion(w, r, q, v, body, http.StatusOK)
}

func (s *site) showVersion(w http.ResponseWriter, r *http.Request, q *request, v versionOfCalendar, body versionBody, status int) {
	if err := q.fillVersion(r.Context(), v, &body); err != nil {
		q.Fail(w, err)
		return
	}
	view := q.Frame("calendar", v.Name)
	view.Crumbs = []kit.Link{{Text: q.T("nav.calendar"), Href: q.LangHref("/calendar")}, {Text: v.Name, Current: true}}
	view.Body = body
	q.Render(w, status, "version", view)
}

func (q *request) fillVersion(ctx context.Context, v versionOfCalendar, body *versionBody) error {
	names, err := q.UserNames()
	if err != nil {
		return err
	}
	body.Version, body.State, body.Loaded = v.Name, q.stateOfVersion(v.Version), v.Base != ""
	body.MayCount, body.Replaced = v.mayCount, !v.mayCount && !v.InForce
	add := func(key string, c kit.Cell) {
		body.Facts = append(body.Facts, kit.Term{Name: q.T("col." + key), Cell: c})
	}
	if body.Loaded {
		add("notice_year", q.yearCell(v.Version))
		add("paper", q.TextCell(v.Document))
		add("issued_on", q.TextCell(v.Issued))
		add("stands_on", q.versionCell(v.Base))
		add("loaded_by", q.PersonCell(names, v.ImportedBy))
		add("loaded_at", q.InstantCell(v.ImportedAt))
		if err := q.fillDays(ctx, v, body); err != nil {
			return err
		}
	}
	if v.InForce && !v.PutAt.IsZero() {
		add("put_by", q.PersonCell(names, v.PutBy))
		add("put_at", q.InstantCell(v.PutAt))
		add("reason", q.TextCell(v.Reason))
	}
	return q.fillMoves(ctx, v.Name, body)
}

// fillDays lists the days about which the version and the one that it stands on differ.
func (q *request) fillDays(ctx context.Context, v versionOfCalendar, body *versionBody) error {
	was, err := q.Almanac.Load(ctx, v.Base)
	if err != nil {
		return err
	}
	is, err := q.Almanac.Load(ctx, v.Name)
	if err != nil {
		return err
	}
	body.Days = q.changedDays(calendar.Changes(was, is))
	if n, ok := is.Notice(v.Year); ok {
		_, remarks := was.Check(n)
		for _, x := range remarks {
			body.Remarks = append(body.Remarks, q.problemText(x))
		}
		for _, p := range n.Papers {
			body.Papers = append(body.Papers, kit.Link{Text: p, Href: p})
		}
	}
	return nil
}

// fillMoves lists what the version was last said to move, and how that stands now.
func (q *request) fillMoves(ctx context.Context, version string, body *versionBody) error {
	res, err := q.Queries.Run(ctx, "calendar/move_counts", queries.Args{"version": version})
	if err != nil {
		return err
	}
	counts := &kit.Table{
		ID: "calendar_moves", Columns: q.Cols("change_what", "rule_or_clock", "moved:num", "orgs_concerned:num"), Empty: q.T("calendar.nothing"),
	}
	total := uint64(0)
	for _, r := range kit.RowsOf(res) {
		if body.AskedAt = q.Precise(r["asked_at"].(time.Time)); r.Text("what") == "asked" {
			continue
		}
		counts.Rows = append(counts.Rows, []kit.Cell{q.moveCell(r), q.ruleOrClock(r), q.CountCell(r["n"]), q.CountCell(r["orgs"])})
		total += r["n"].(uint64)
	}
	if body.AskedAt == "" {
		return nil
	}
	body.Counts = counts
	if total == 0 {
		return nil
	}
	res, err = q.Queries.Run(ctx, "calendar/moves", queries.Args{"version": version, "max_rows": uint64(mostMoves)})
	if err != nil {
		return err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return err
	}
	columns := q.Cols("change_what", "rule_or_clock", "subject_no", "org_code", "move_was", "move_is", "move_now")
	t := &kit.Table{ID: "calendar_moved", Columns: columns}
	for _, r := range rows {
		subject := q.CodeCell(r.Text("subject_no"))
		switch r.Text("subject_kind") {
		case "case":
			subject.Href = q.SubjectHref("cases", r.Text("source_sys"), r.Text("subject_no"))
		case "ticket":
			subject.Href = q.SubjectHref("tickets", r.Text("source_sys"), r.Text("subject_no"))
		}
		now := q.stateOfMove(r, "now")
		if id := r.Text("alert_id"); id != "" {
			now.Href = q.Scope.URL("/alerts/" + kit.EscapePart(id))
		}
		t.Rows = append(t.Rows, []kit.Cell{
			q.moveCell(r), q.ruleOrClock(r), subject, q.OrgCell(n, r.Text("org_code")), q.stateOfMove(r, "was"), q.stateOfMove(r, "is"), now,
		})
	}
	if total > mostMoves {
		t.Cut = q.T("calendar.cut", "N", q.Count(mostMoves), "Total", q.Count(int64(total)), "Version", version)
	}
	body.Moves = t
	return nil
}

func (q *request) moveCell(r kit.Row) kit.Cell { return q.EnumCell("change_what", r.Text("what")) }

// ruleOrClock names the clock of a due, or the rule of an alert.
func (q *request) ruleOrClock(r kit.Row) kit.Cell {
	if strings.HasPrefix(r.Text("what"), "due") {
		return q.EnumCell("clock", r.Text("rule_or_clock"))
	}
	return q.RuleCell(r.Text("rule_or_clock"))
}

// stateOfMove shows a due, or the severity of an alert.
func (q *request) stateOfMove(r kit.Row, key string) kit.Cell {
	if strings.HasPrefix(r.Text("what"), "due") || r.Text(key) == "" {
		text := r.Text(key)
		if len(text) > len("2006-01-02 15:04") {
			text = text[:len("2006-01-02 15:04")]
		}
		return q.TextCell(text)
	}
	return q.SeverityCell(r.Text(key))
}

func (q *request) stateOfVersion(v almanac.Version) kit.Cell {
	switch {
	case v.InForce:
		return kit.Cell{Text: q.T("calendar.in_force"), Raw: "in_force", Tag: "good"}
	case v.Base != "":
		return kit.Cell{Text: q.T("calendar.kept"), Raw: "kept", Tag: "plain"}
	}
	return kit.Cell{Text: q.T("calendar.brought"), Raw: "brought", Tag: "plain"}
}

func (q *request) versionCell(name string) kit.Cell {
	c := q.CodeCell(name)
	c.Href = q.LangHref("/calendar/versions/" + kit.EscapePart(name))
	return c
}

func (q *request) yearCell(v almanac.Version) kit.Cell {
	if v.Year == 0 {
		return q.TextCell("")
	}
	return q.TextCell(strconv.Itoa(v.Year))
}

// problemText says what is wrong in a notice, with its line.
func (q *request) problemText(p calendar.Problem) string {
	text := q.T("calendar.problem."+p.Code, "Value", p.Value)
	if p.Line > 0 {
		text = q.T("calendar.line", "N", q.Count(int64(p.Line))) + text
	}
	return text
}

// changedDays lists the days that are working days in one version and not in the
// other.
func (q *request) changedDays(changes []calendar.DayChange) *kit.Table {
	t := &kit.Table{ID: "calendar_days", Columns: q.Cols("day", "move_was", "move_is", "holiday"), Empty: q.T("calendar.no_days")}
	for _, c := range changes {
		if c.Was.Workday != c.Is.Workday {
			t.Rows = append(t.Rows, []kit.Cell{q.TextCell(c.Was.Day.String()), q.workCell(c.Was.Workday), q.workCell(c.Is.Workday),
				q.TextCell(c.Is.Name)})
		}
	}
	return t
}

func (q *request) workCell(work bool) kit.Cell {
	if work {
		return kit.Cell{Text: q.T("calendar.works"), Raw: true}
	}
	return kit.Cell{Text: q.T("calendar.off"), Raw: false}
}
