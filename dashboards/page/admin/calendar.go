package admin

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/internal/blank"
	"duban/supervision/almanac"
	"duban/supervision/calendar"
	"duban/supervision/lawzone"
)

// explainTime bounds the question what another calendar would move, which computes on a
// copy of everything. The server gives up an answer a minute later.
const explainTime = 4 * time.Minute

// calendarBody is the content of the page of the calendar.
type calendarBody struct {
	Done     string
	InForce  kit.Cell
	Reach    string
	Versions *kit.Table
	History  *kit.Table
	// Text is the notice as it came, File its name, Errors what is wrong with it.
	Text, File string
	Errors     []string
	MaxKB      int
}

var _ = pages.Register(route.Route{Pattern: "/calendar", Rule: route.Needs(access.CalendarManage),
	Scope: route.Everything("a calendar counts for everybody"), Nav: route.Nav{Group: route.Running, Name: "calendar", At: 2},
	People: route.WithUsers}, (*site).CalendarPage)

// CalendarPage answers the versions, who put which into force, and the form of a notice.
func (s *site) CalendarPage(w http.ResponseWriter, r *http.Request) {
	q, _, err := s.keeper(r)
	if err != nil {
		q.Fail(w, err)
		return
	}
	body := calendarBody{}
	if q.Param("done") != "" {
		body.Done = q.T("calendar.done")
	}
	s.showCalendar(w, r, q, body, http.StatusOK)
}

// keeper begins a page for whoever may manage the calendar.
func (s *site) keeper(r *http.Request) (*request, access.User, error) {
	q, err := s.begin(r, "done", "later")
	if err != nil {
		return q, access.User{}, err
	}
	u, ok := access.FromContext(r.Context())
	if !ok || s.Almanac == nil || !access.May(u, access.CalendarManage, access.Target{}) {
		return q, u, kit.ErrNotFound
	}
	return q, u, nil
}

var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/calendar/preview", Rule: route.Needs(access.CalendarManage),
	Scope: route.Everything("a calendar counts for everybody"), People: route.WithUsers}, (*site).PreviewCalendar)

// PreviewCalendar keeps a notice as a version that counts for nothing yet, works out what
// it would move, and leads to the page of the version.
func (s *site) PreviewCalendar(w http.ResponseWriter, r *http.Request) {
	q, u, err := s.keeper(r)
	if err != nil {
		q.Fail(w, err)
		return
	}
	body, data, status := q.takeNotice(w, r)
	if status != http.StatusOK {
		s.showCalendar(w, r, q, body, status)
		return
	}
	name := body.File
	if strings.HasPrefix(strings.TrimPrefix(body.Text, "\ufeff"), "date,") {
		name += ".csv"
	}
	p, err := s.Almanac.Preview(r.Context(), name, data)
	if err != nil {
		q.Fail(w, err)
		return
	}
	if len(p.Problems) > 0 {
		for _, x := range p.Problems {
			body.Errors = append(body.Errors, q.problemText(x))
		}
		s.showCalendar(w, r, q, body, http.StatusUnprocessableEntity)
		return
	}
	// It is kept, so that it can be asked what it moves; it counts for nothing yet.
	if err := s.Almanac.Import(r.Context(), p, u.ID); err != nil {
		q.Fail(w, err)
		return
	}
	s.Access.Note(r, access.Entry{What: string(access.CalendarManage), TargetKind: "calendar", TargetID: p.Is.Version(), Outcome: access.Done})
	s.explained(w, r, q, p.Is.Version())
}

var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/calendar/explain", Rule: route.Needs(access.CalendarManage),
	Scope: route.Everything("a calendar counts for everybody"), People: route.WithUsers}, (*site).ExplainCalendar)

// ExplainCalendar works out anew what a version would move.
func (s *site) ExplainCalendar(w http.ResponseWriter, r *http.Request) {
	q, _, err := s.keeper(r)
	if err != nil {
		q.Fail(w, err)
		return
	}
	form, err := kit.ReadForm(w, r)
	if err == nil {
		_, err = q.versionOf(r.Context(), form.Get("version"))
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	s.explained(w, r, q, form.Get("version"))
}

// explained works out what a version moves and leads to its page.
func (s *site) explained(w http.ResponseWriter, r *http.Request, q *request, version string) {
	later := ""
	if s.ExplainMoves != nil {
		ctx, cancel := context.WithTimeout(r.Context(), explainTime)
		defer cancel()
		err := s.ExplainMoves(ctx, version)
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			q.Fail(w, err)
			return
		}
		if err != nil {
			later = "1"
		}
	}
	kit.SeeOther(w, r, q.LangHref("/calendar/versions/"+kit.EscapePart(version), "later", later))
}

var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/calendar/adopt", Rule: route.Needs(access.CalendarManage),
	Scope: route.Everything("a calendar counts for everybody"), People: route.WithUsers}, (*site).AdoptCalendar)

// AdoptCalendar puts a version that was looked at into force.
func (s *site) AdoptCalendar(w http.ResponseWriter, r *http.Request) {
	q, u, err := s.keeper(r)
	if err != nil {
		q.Fail(w, err)
		return
	}
	form, err := kit.ReadForm(w, r)
	if err != nil {
		q.Fail(w, err)
		return
	}
	version, reason := form.Get("version"), blank.Trim(form.Get("reason"))
	v, err := q.versionOf(r.Context(), version)
	if err != nil {
		q.Fail(w, err)
		return
	}
	body := versionBody{Reason: reason}
	switch {
	case !v.mayCount:
		// Another calendar came into force meanwhile: what was shown is not what would happen.
		body.Errors = []string{q.T("calendar.changed")}
	case reason == "":
		body.Errors = []string{q.T("calendar.no_reason")}
	case form.Get("confirm") == "":
		body.Errors = []string{q.T("calendar.no_confirm")}
	}
	if len(body.Errors) > 0 {
		s.showVersion(w, r, q, v, body, http.StatusUnprocessableEntity)
		return
	}
	err = s.Almanac.PutIntoForce(r.Context(), version, u.ID, reason)
	if errors.Is(err, almanac.ErrPinned) {
		body.Errors = []string{q.T("calendar.pinned")}
		s.showVersion(w, r, q, v, body, http.StatusConflict)
		return
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	s.Access.Note(r, access.Entry{What: string(access.CalendarManage), TargetKind: "calendar", TargetID: version, Outcome: access.Done})
	kit.SeeOther(w, r, q.LangHref("/calendar/versions/"+kit.EscapePart(version), "done", "1"))
}

// takeNotice reads the notice of the form: the file that was chosen, else the text that
// was pasted. The status is not OK when there is none that can be looked at; the body then
// says why.
func (q *request) takeNotice(w http.ResponseWriter, r *http.Request) (body calendarBody, data []byte, status int) {
	refuse := func(status int, key string) (calendarBody, []byte, int) {
		body.Errors = []string{q.T(key, "N", kit.MaxForm>>10)}
		return body, nil, status
	}
	r.Body = http.MaxBytesReader(w, r.Body, kit.MaxForm)
	err := r.ParseMultipartForm(kit.MaxForm)
	if errors.Is(err, http.ErrNotMultipart) {
		err = r.ParseForm()
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return refuse(http.StatusRequestEntityTooLarge, "calendar.file_too_large")
	case err != nil:
		return refuse(http.StatusBadRequest, "calendar.unreadable")
	}
	body.Text, body.File = r.PostForm.Get("notice"), "notice.yaml"
	data = []byte(body.Text)
	if file, head, err := r.FormFile("file"); err == nil {
		data, err = io.ReadAll(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return refuse(http.StatusBadRequest, "calendar.unreadable")
		}
		// The text of it stands in the form, so that what is wrong can be put right there.
		body.Text, body.File = strings.ToValidUTF8(string(data), "\ufffd"), head.Filename
	}
	if blank.Is(body.Text) {
		return refuse(http.StatusUnprocessableEntity, "calendar.nothing_chosen")
	}
	return body, data, http.StatusOK
}

func (s *site) showCalendar(w http.ResponseWriter, r *http.Request, q *request, body calendarBody, status int) {
	if err := q.fillCalendar(r.Context(), &body); err != nil {
		q.Fail(w, err)
		return
	}
	v := q.Frame("calendar", q.T("nav.calendar"))
	v.Body = body
	q.Render(w, status, "calendar", v)
}

// fillCalendar fills in what counts, the versions and the history.
func (q *request) fillCalendar(ctx context.Context, body *calendarBody) error {
	versions, err := q.Almanac.Versions(ctx)
	if err != nil {
		return err
	}
	names, err := q.UserNames()
	if err != nil {
		return err
	}
	history, err := q.Almanac.History(ctx)
	if err != nil {
		return err
	}
	cal, err := q.Almanac.InForce(ctx)
	if err != nil {
		return err
	}
	body.MaxKB, body.Reach = kit.MaxForm>>10, q.reachOf(cal)
	t := &kit.Table{ID: "calendar", Columns: q.Cols("version", "state", "notice_year", "paper", "loaded_by", "loaded_at:time")}
	for _, v := range versions {
		t.Rows = append(t.Rows, []kit.Cell{
			q.versionCell(v.Name), q.stateOfVersion(v), q.yearCell(v), q.TextCell(v.Document),
			q.PersonCell(names, v.ImportedBy), q.InstantCell(v.ImportedAt),
		})
		if v.InForce {
			body.InForce = q.versionCell(v.Name)
		}
	}
	body.Versions = t
	body.History = &kit.Table{
		ID: "calendar_history", Columns: q.Cols("put_at:time", "version", "put_by", "reason"), Empty: q.T("calendar.no_history"),
	}
	for _, p := range history {
		line := []kit.Cell{q.InstantCell(p.At), q.versionCell(p.Version), q.PersonCell(names, p.By), q.TextCell(p.Reason)}
		body.History.Rows = append(body.History.Rows, line)
	}
	return nil
}

// reachOf says how far the notices of a calendar reach, and from when a day may still be
// changed by one that is not there.
func (q *request) reachOf(cal *calendar.Calendar) string {
	year := q.Now().In(lawzone.Zone).Year()
	for cal.Holds(year + 1) {
		year++
	}
	text := q.T("calendar.reach", "Year", year)
	for d := calendar.DayOf(q.Now().UnixMilli()); d <= calendar.MakeDay(year+1, 12, 31); d++ {
		if cal.Provisional(d) {
			return text + q.T("calendar.reach_until", "Day", d.String(), "Next", year+1)
		}
	}
	return text
}
