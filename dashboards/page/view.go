package page

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/locale"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/metrics"
	"duban/queries"
)

// View is what every page template gets.
type View struct {
	// Name is the page's place in the navigation.
	Name      string
	Title     string
	Lang      string
	Languages []Link
	Nav       []Link
	Crumbs    []Link
	// Scope is the form that sets the scope, nil on pages without one.
	Scope     *ScopeForm
	Stamp     Stamp
	RequestID string
	Wall      bool
	// Public says what is left out of figures for the public.
	Public string
	// Troubles are told above everything else.
	Troubles []string
	// Again is the address by which a wall fetches itself again.
	Again    string
	WallHref string
	// Stream is where the page hears that it is out of date; empty when it never is.
	Stream string
	// HasWall offers the wall mode.
	HasWall bool
	// Address is where the page stands, for paper.
	Address string
	// HasCharts loads the chart library.
	HasCharts bool
	SearchURL string
	// Home is the address of the overview, Me who is signed in; nil when nobody
	// is. Bare leaves out everything that needs a sign-in.
	Home   string
	Me     *Me
	Bare   bool
	Hidden []Hidden
	Body   any
}

// Hidden is a form field that carries state along.
type Hidden struct{ Name, Value string }

// Stamp says as of when a page is, how far the data reach and which calendar
// the due dates stand on.
type Stamp struct {
	AsOf     string
	Live     bool
	Stored   string
	Lag      string
	Folded   string
	Unfolded string
	Calendar string
	// Lost says that messages of the period never reached the figures.
	Lost string
	// Err is said when the database could not be asked.
	Err string
}

// loadStamp asks how far the data reach. A page without it still stands, and
// says that it is missing.
func (q *request) loadStamp(ctx context.Context) Stamp {
	st := Stamp{AsOf: q.Precise(q.asOf)[:19], Live: q.scope.AsOf.IsZero()}
	res, err := q.Queries.Run(ctx, "page/stamp", nil)
	if err != nil || len(res.Rows) == 0 {
		st.Err = q.T("stamp.unknown")
		return st
	}
	if st.Lost, err = q.lostNotice(ctx); err != nil {
		st.Err = q.T("stamp.unknown")
		return st
	}
	r := rowsOf(res)[0]
	stored := r.instant("stored_at")
	st.Stored = q.Instant(stored)
	if !stored.IsZero() {
		st.Stored = q.Precise(stored)[:19]
		st.Lag = q.Lag(q.Now().Sub(stored))
	}
	st.Folded = locale.Null
	if f := r.instant("folded_at"); !f.IsZero() {
		st.Folded = q.Precise(f)[:19]
	}
	if n := r.whole("unfolded"); n > 0 {
		st.Unfolded = q.Count(n)
	}
	st.Calendar = r.text("calendar_version")
	if st.Calendar == "" {
		st.Calendar = locale.Null
	}
	return st
}

// lostNotice says how many messages of the period the broker no longer had when
// they were to be read: the figures are without them.
func (q *request) lostNotice(ctx context.Context) (string, error) {
	until := q.asOf
	if end := q.scope.Until(); !end.IsZero() && end.Before(until) {
		until = end
	}
	from := q.scope.From
	if from.IsZero() {
		from = time.Unix(0, 0)
	}
	res, err := q.Queries.Run(ctx, "page/losses", queries.Args{"from": from, "until": until})
	if err != nil || len(res.Rows) == 0 {
		return "", err
	}
	var n, unknown int64
	for _, r := range rowsOf(res) {
		n, unknown = n+r.whole("messages"), unknown+r.whole("unknown")
	}
	if n == 0 && unknown > 0 {
		return q.T("stamp.lost_unknown"), nil
	}
	return q.T("stamp.lost", "N", q.Count(n)), nil
}

// view makes the frame of a page.
func (q *request) view(ctx context.Context, name, title string) *View {
	v := q.frame(name, title)
	var c Waiting
	var ok bool
	var wg sync.WaitGroup
	if q.Waits != nil {
		wg.Go(func() { c, ok = q.Waits(ctx, q) })
	}
	v.Stamp = q.loadStamp(ctx)
	wg.Wait()
	if ok && !q.scope.Wall {
		for i := range v.Nav {
			if v.Nav[i].Href == q.navHref("/todo") && c.All > 0 {
				v.Nav[i].Badge, v.Nav[i].BadgeText, v.Nav[i].Urgent = q.badge(c.All), q.T("todo.badge", "N", q.Count(c.All), "Late", q.Count(c.Late)),
					c.Late > 0
			}
		}
	}
	return v
}

// frame makes the frame of a page without asking the database.
func (q *request) frame(name, title string) *View {
	v := &View{Name: name, Title: title, Lang: q.Lang(), RequestID: q.RequestID(q.http.Context()), Wall: q.scope.Wall}
	v.Stamp = Stamp{AsOf: q.Precise(q.asOf)[:19], Live: q.scope.AsOf.IsZero()}
	v.Home = q.navHref("/")
	v.Address = q.http.Host + q.address(q.asked)
	if public(q.http.Context()) {
		v.Public = q.T("public.small_cells", "N", metrics.LeastPublic)
	}
	q.people(v)
	v.Troubles = q.troubles()
	for _, p := range q.routes.Navigation(route.Main) {
		if q.mayOpen(p.Pattern) && (!p.Nav.Personal || v.Me != nil) {
			v.Nav = append(v.Nav, Link{Text: q.T("nav." + p.Nav.Name), Href: q.navHref(p.Pattern), Current: p.Nav.Name == name})
		}
	}
	for _, l := range locale.Languages() {
		v.Languages = append(v.Languages, Link{Text: l[1], Href: q.address(q.asked, "lang", l[0]), Current: l[0] == q.Lang()})
	}
	v.WallHref = q.address(q.asked, "wall", "1")
	if q.scope.Wall {
		v.Again = q.address(q.asked, access.ByItself, "1")
		v.WallHref = q.address(q.asked, "wall", "")
	}
	v.SearchURL = "/cases"
	if name == "tickets" {
		v.SearchURL = "/tickets"
	}
	if !q.scope.AsOf.IsZero() {
		v.Hidden = append(v.Hidden, Hidden{"as_of", q.scope.AsOfText()})
	}
	if q.scope.Lang != "" {
		v.Hidden = append(v.Hidden, Hidden{"lang", q.scope.Lang})
	}
	return v
}

// troubles says what is wrong with the disk and what is stored on it.
func (q *request) troubles() (out []string) {
	if q.Trouble == nil {
		return nil
	}
	t := q.Trouble()
	switch {
	case t.Full && t.NoFiles:
		out = append(out, q.T("trouble.no_files"))
	case t.Full:
		out = append(out, q.T("trouble.disk_full", "Free", t.FreeMB, "Limit", t.LimitMB))
	}
	if t.Findings > 0 {
		out = append(out, q.T("trouble.findings", "N", t.Findings))
	}
	return out
}

// navHref keeps the scope when one goes to another page.
func (q *request) navHref(path string) string {
	s := q.asked
	s.Wall = false
	return s.URL(path)
}

// Waiting is how much waits for the reader, and how much of it is late.
type Waiting struct{ All, Late int64 }

// badge writes a count for the navigation, where there is room for three signs.
func (q *request) badge(n int64) string {
	if n > 99 {
		return "99+"
	}
	return q.Count(n)
}

// errorBody is the content of an error page.
type errorBody struct {
	Status int
	Text   string
	Home   string
	// Retry leads to the same page again; empty where that does not help.
	Retry string
}

func (q *request) renderError(w http.ResponseWriter, status int, text string) {
	if status == http.StatusBadRequest {
		// The way out must not lead through the same bad address.
		q.scope, q.asked, q.keep = kit.Scope{Lang: q.scope.Lang}, kit.Scope{Lang: q.scope.Lang}, nil
		q.path = "/"
	}
	v := q.frame("", strconv.Itoa(status))
	body := errorBody{Status: status, Text: text, Home: q.navHref("/")}
	if status >= http.StatusInternalServerError && q.http.Method == http.MethodGet {
		body.Retry = q.address(q.asked)
	}
	v.Body = body
	q.render(w, status, "error", v)
}

// timeout bounds what one page may cost the database.
const timeout = 30 * time.Second
