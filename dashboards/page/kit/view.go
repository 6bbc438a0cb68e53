package kit

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/locale"
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
	// Known is the instant as known at which the figures of the ledger are told; empty while all
	// are computed from the states. Then: it was asked for.
	Known string
	Then  bool
	// Lost says that messages of the period never reached the figures.
	Lost string
	// Err is said when the database could not be asked.
	Err string
}

// LoadStamp asks how far the data reach. A page without it still stands, and
// says that it is missing.
func (q *Request) LoadStamp(ctx context.Context) Stamp {
	st := Stamp{AsOf: q.Precise(q.AsOf)[:19], Live: q.Scope.AsOf.IsZero()}
	res, err := q.Queries.Run(ctx, "page/stamp", nil)
	if err != nil || len(res.Rows) == 0 {
		st.Err = q.T("stamp.unknown")
		return st
	}
	known := q.KnownAt
	if st.Then = !known.IsZero(); !st.Then && q.Figures != nil {
		if known, err = q.Figures.KnownAt(ctx); err != nil {
			st.Err = q.T("stamp.unknown")
			return st
		}
	}
	if !known.IsZero() {
		st.Known = q.Precise(known)
	}
	if st.Lost, err = q.lostNotice(ctx); err != nil {
		st.Err = q.T("stamp.unknown")
		return st
	}
	r := RowsOf(res)[0]
	stored := r.Instant("stored_at")
	st.Stored = q.Instant(stored)
	if !stored.IsZero() {
		st.Stored = q.Precise(stored)[:19]
		st.Lag = q.Lag(q.Now().Sub(stored))
	}
	st.Folded = locale.Null
	if f := r.Instant("folded_at"); !f.IsZero() {
		st.Folded = q.Precise(f)[:19]
	}
	if n := r.Whole("unfolded"); n > 0 {
		st.Unfolded = q.Count(n)
	}
	st.Calendar = r.Text("calendar_version")
	if st.Calendar == "" {
		st.Calendar = locale.Null
	}
	return st
}

// lostNotice says how many messages of the period the broker no longer had when
// they were to be read: the figures are without them.
func (q *Request) lostNotice(ctx context.Context) (string, error) {
	until := q.AsOf
	if end := q.Scope.Until(); !end.IsZero() && end.Before(until) {
		until = end
	}
	from := q.Scope.From
	if from.IsZero() {
		from = time.Unix(0, 0)
	}
	res, err := q.Queries.Run(ctx, "page/losses", queries.Args{"from": from, "until": until})
	if err != nil || len(res.Rows) == 0 {
		return "", err
	}
	var n, unknown int64
	for _, r := range RowsOf(res) {
		n, unknown = n+r.Whole("messages"), unknown+r.Whole("unknown")
	}
	if n == 0 && unknown > 0 {
		return q.T("stamp.lost_unknown"), nil
	}
	return q.T("stamp.lost", "N", q.Count(n)), nil
}

// View makes the frame of a page.
func (q *Request) View(ctx context.Context, name, title string) *View {
	v := q.Frame(name, title)
	var c Waiting
	var ok bool
	var wg sync.WaitGroup
	if q.Waits != nil {
		wg.Go(func() { c, ok = q.Waits(ctx, q) })
	}
	v.Stamp = q.LoadStamp(ctx)
	wg.Wait()
	if ok && !q.Scope.Wall {
		for i := range v.Nav {
			if v.Nav[i].Href == q.navHref("/todo") && c.All > 0 {
				v.Nav[i].Badge, v.Nav[i].BadgeText, v.Nav[i].Urgent = q.badge(c.All), q.T("todo.badge", "N", q.Count(c.All), "Late", q.Count(c.Late)),
					c.Late > 0
			}
		}
	}
	return v
}

// Frame makes the frame of a page without asking the database.
func (q *Request) Frame(name, title string) *View {
	v := &View{Name: name, Title: title, Lang: q.Lang(), RequestID: q.RequestID(q.HTTP.Context()), Wall: q.Scope.Wall}
	v.Stamp = Stamp{AsOf: q.Precise(q.AsOf)[:19], Live: q.Scope.AsOf.IsZero()}
	v.Home = q.navHref("/")
	v.Address = q.HTTP.Host + q.Address(q.asked)
	if IsPublic(q.HTTP.Context()) {
		v.Public = q.T("public.small_cells", "N", metrics.LeastPublic)
	}
	q.people(v)
	v.Troubles = q.troubles()
	for _, p := range q.routes.Navigation(route.Main) {
		if q.MayOpen(p.Pattern) && (!p.Nav.Personal || v.Me != nil) {
			v.Nav = append(v.Nav, Link{Text: q.T("nav." + p.Nav.Name), Href: q.navHref(p.Pattern), Current: p.Nav.Name == name})
		}
	}
	for _, l := range locale.Languages() {
		v.Languages = append(v.Languages, Link{Text: l[1], Href: q.Address(q.asked, "lang", l[0]), Current: l[0] == q.Lang()})
	}
	v.WallHref = q.Address(q.asked, "wall", "1")
	if q.Scope.Wall {
		v.Again = q.Address(q.asked, access.ByItself, "1")
		v.WallHref = q.Address(q.asked, "wall", "")
	}
	v.SearchURL = "/cases"
	if name == "tickets" {
		v.SearchURL = "/tickets"
	}
	if !q.Scope.AsOf.IsZero() {
		v.Hidden = append(v.Hidden, Hidden{"as_of", q.Scope.AsOfText()})
	}
	if q.Scope.Lang != "" {
		v.Hidden = append(v.Hidden, Hidden{"lang", q.Scope.Lang})
	}
	return v
}

// troubles says what is wrong with the disk and what is stored on it.
func (q *Request) troubles() (out []string) {
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
func (q *Request) navHref(path string) string {
	s := q.asked
	s.Wall = false
	return s.URL(path)
}

// Waiting is how much waits for the reader, and how much of it is late.
type Waiting struct{ All, Late int64 }

// badge writes a count for the navigation, where there is room for three signs.
func (q *Request) badge(n int64) string {
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

// RenderError answers with the error page.
func (q *Request) RenderError(w http.ResponseWriter, status int, text string) {
	if status == http.StatusBadRequest {
		// The way out must not lead through the same bad address.
		q.Scope, q.asked, q.Keep = Scope{Lang: q.Scope.Lang}, Scope{Lang: q.Scope.Lang}, nil
		q.Path = "/"
	}
	v := q.Frame("", strconv.Itoa(status))
	body := errorBody{Status: status, Text: text, Home: q.navHref("/")}
	if status >= http.StatusInternalServerError && q.HTTP.Method == http.MethodGet {
		body.Retry = q.Address(q.asked)
	}
	v.Body = body
	q.Render(w, status, "error", v)
}

// Timeout bounds what one page may cost the database.
const Timeout = 30 * time.Second
