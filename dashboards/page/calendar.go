package page

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"duban/dashboards/access"
	"duban/queries"
	"duban/supervision/almanac"
	"duban/supervision/calendar"
)

// Almanac keeps the versions of the calendar; almanac.Almanac does.
type Almanac interface {
	Versions(ctx context.Context) ([]almanac.Version, error)
	Preview(ctx context.Context, name string, data []byte) (*almanac.Preview, error)
	Import(ctx context.Context, p *almanac.Preview, by string) error
	PutIntoForce(ctx context.Context, version, by, reason string) error
}

// movesTime bounds the question what another calendar would move: it computes
// everything on a copy.
const movesTime = 5 * time.Minute

// calendarBody is the content of the page of the calendar.
type calendarBody struct {
	Versions *Table
	Done     string
	// Text is the notice as it was typed, Errors what is wrong with it.
	Text   string
	Errors []string
	// Shown: a notice was read; the rest says what it would change.
	Shown       bool
	Version     string
	Remarks     []string
	Days, Moves *Table
	MovesLater  bool
}

// CalendarPage answers the list of versions and the form of a notice.
func (s *Site) CalendarPage(w http.ResponseWriter, r *http.Request) {
	q, _, err := s.keeper(r)
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	body := calendarBody{}
	if q.param("done") != "" {
		body.Done = q.T("calendar.done")
	}
	s.showCalendar(w, r, q, body, http.StatusOK)
}

// keeper begins a page for whoever may manage the calendar.
func (s *Site) keeper(r *http.Request) (*request, access.User, error) {
	q, err := s.begin(r, "done")
	if err != nil {
		return q, access.User{}, err
	}
	u, ok := access.FromContext(r.Context())
	if !ok || s.Almanac == nil || !access.May(u, access.CalendarManage, access.Target{}) {
		return q, u, errNotFound
	}
	return q, u, nil
}

// PreviewCalendar says what a notice would change, before anything counts by it.
func (s *Site) PreviewCalendar(w http.ResponseWriter, r *http.Request) {
	q, u, body, p, err := s.takeNotice(w, r)
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	if p == nil {
		s.showCalendar(w, r, q, body, http.StatusUnprocessableEntity)
		return
	}
	// It is kept, so that it can be asked what it moves; it counts for nothing yet.
	if err := s.Almanac.Import(r.Context(), p, u.ID); err != nil {
		s.fail(w, r, q, err)
		return
	}
	body.Shown, body.Version = true, p.Is.Version()
	for _, x := range p.Remarks {
		body.Remarks = append(body.Remarks, q.problemText(x))
	}
	body.Days = q.changedDays(p.Changes)
	if s.Moves != nil {
		ctx, cancel := context.WithTimeout(r.Context(), movesTime)
		defer cancel()
		res, err := s.Moves(ctx, p.Is.Version())
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			body.MovesLater = true
		case err != nil:
			s.fail(w, r, q, err)
			return
		default:
			body.Moves = q.movesTable(res)
		}
	}
	s.showCalendar(w, r, q, body, http.StatusOK)
}

// AdoptCalendar puts a notice that was looked at into force.
func (s *Site) AdoptCalendar(w http.ResponseWriter, r *http.Request) {
	q, u, body, p, err := s.takeNotice(w, r)
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	reason := strings.TrimSpace(r.PostForm.Get("reason"))
	switch {
	case p == nil:
	case p.Is.Version() != r.PostForm.Get("version"):
		// Another calendar came into force meanwhile: what was shown is not what would happen.
		body.Errors = []string{q.T("calendar.changed")}
	case reason == "":
		body.Errors = []string{q.T("calendar.no_reason")}
	}
	if len(body.Errors) > 0 {
		s.showCalendar(w, r, q, body, http.StatusUnprocessableEntity)
		return
	}
	err = s.Almanac.Import(r.Context(), p, u.ID)
	if err == nil {
		err = s.Almanac.PutIntoForce(r.Context(), p.Is.Version(), u.ID, reason)
	}
	if errors.Is(err, almanac.ErrPinned) {
		body.Errors = []string{q.T("calendar.pinned")}
		s.showCalendar(w, r, q, body, http.StatusConflict)
		return
	}
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	s.Access.Note(r, access.Entry{What: string(access.CalendarManage), TargetKind: "calendar", TargetID: p.Is.Version(), Outcome: access.Done})
	seeOther(w, r, q.langHref("/calendar", "done", "1"))
}

// takeNotice reads the form; p is nil when the notice has problems, which the
// body then says.
func (s *Site) takeNotice(w http.ResponseWriter,
	r *http.Request) (q *request, u access.User, body calendarBody, p *almanac.Preview, err error) {
	if q, u, err = s.keeper(r); err != nil {
		return q, u, body, nil, err
	}
	form, err := readForm(w, r)
	if err != nil {
		return q, u, body, nil, err
	}
	body.Text = form.Get("notice")
	name := "notice.yaml"
	if strings.HasPrefix(strings.TrimSpace(body.Text), "date,") {
		name = "notice.csv"
	}
	if p, err = s.Almanac.Preview(r.Context(), name, []byte(body.Text)); err != nil {
		return q, u, body, nil, err
	}
	for _, x := range p.Problems {
		body.Errors = append(body.Errors, q.problemText(x))
	}
	if len(body.Errors) > 0 {
		p = nil
	}
	return q, u, body, p, nil
}

func (s *Site) showCalendar(w http.ResponseWriter, r *http.Request, q *request, body calendarBody, status int) {
	versions, err := s.Almanac.Versions(r.Context())
	var names map[string]string
	if err == nil {
		names, err = q.userNames()
	}
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	t := &Table{ID: "calendar", Columns: q.cols("version", "state", "paper", "put_by", "put_at:time", "reason")}
	for _, v := range versions {
		state := q.textCell("")
		if v.InForce {
			state = Cell{Text: q.T("calendar.in_force"), Raw: "in_force", Tag: "good"}
		}
		at := q.textCell("")
		if !v.PutAt.IsZero() {
			at = q.preciseCell(v.PutAt)
		}
		t.Rows = append(t.Rows, []Cell{q.codeCell(v.Name), state, q.textCell(v.Document), q.personCell(names, v.PutBy), at, q.textCell(v.Reason)})
	}
	body.Versions = t
	v := q.frame("calendar", q.T("nav.calendar"))
	v.Body = body
	s.render(w, r, status, "calendar", v)
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
func (q *request) changedDays(changes []calendar.DayChange) *Table {
	t := &Table{ID: "calendar_days", Columns: q.cols("day", "day_was", "day_is", "holiday"), Empty: q.T("calendar.no_days")}
	for _, c := range changes {
		if c.Was.Workday != c.Is.Workday {
			t.Rows = append(t.Rows, []Cell{q.textCell(c.Was.Day.String()), q.workCell(c.Was.Workday), q.workCell(c.Is.Workday),
				q.textCell(c.Is.Name)})
		}
	}
	return t
}

func (q *request) workCell(work bool) Cell {
	if work {
		return Cell{Text: q.T("calendar.works"), Raw: true}
	}
	return Cell{Text: q.T("calendar.off"), Raw: false}
}

// movesTable shows the answer of change/counts.
func (q *request) movesTable(res *queries.Result) *Table {
	t := &Table{ID: "calendar_moves", Columns: q.cols("change_what", "rule_or_clock", "org_code", "moved:num"), Empty: q.T("calendar.nothing")}
	for _, r := range rowsOf(res) {
		t.Rows = append(t.Rows, []Cell{q.enumCell("change_what", r.text("what")), q.codeCell(r.text("rule_or_clock")),
			q.codeCell(r.text("org_code")), q.countCell(r["n"])})
	}
	return t
}
