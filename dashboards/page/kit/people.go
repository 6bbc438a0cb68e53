package kit

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/route"
)

// Me is who is signed in, as the header of every page shows it.
type Me struct {
	Name    string
	Role    string
	Account string
	// Here says that the page is the account itself.
	Here bool
	// Links are the pages about people that the user may open.
	Links []Link
}

// people fills in who is signed in.
func (q *Request) people(v *View) {
	u, ok := access.FromContext(q.HTTP.Context())
	if !ok {
		return
	}
	v.Me = &Me{Name: u.Display, Role: q.Enum("role", string(u.Role)), Account: q.LangHref("/account"), Here: v.Name == "account"}
	for _, p := range q.routes.Navigation(route.Running) {
		if q.MayOpen(p.Pattern) {
			v.Me.Links = append(v.Me.Links, Link{Text: q.T("nav." + p.Nav.Name), Href: q.LangHref(p.Pattern), Current: v.Name == p.Nav.Name})
		}
	}
}

// MayOpen reports whether a page is offered to the reader: the page of a pattern that it
// registered with. The server refuses the same pages.
func (q *Request) MayOpen(pattern string) bool {
	p, known := q.routes.Page(pattern)
	u, ok := access.FromContext(q.HTTP.Context())
	return known && (!ok || p.Opens(u))
}

// MaySee reports whether the reader may see the subject with this head: it lies
// in the scope, or was accepted by the own organisation; one that is secret is for those
// alone who watch over organisations (domain guide 8.3).
func (q *Request) MaySee(head Row) bool {
	u, ok := access.FromContext(q.HTTP.Context())
	if !ok {
		return true
	}
	if head.Flag("secret") && !access.SeesSecrets(u) {
		return false
	}
	for _, org := range []string{head.Text("org_code"), head.Text("accept_org")} {
		if access.MaySee(u, access.CaseView,
			access.Target{Region: head.Text("region_code"), Org: org, OwnOrgs: access.OwnOrgs(q.HTTP.Context())}) {
			return true
		}
	}
	return false
}

// MayAct reports whether the role of the reader has an action at all.
func (q *Request) MayAct(kind, action string) bool {
	u, ok := access.FromContext(q.HTTP.Context())
	_, acts := q.Person(q.HTTP.Context())
	return ok && acts && access.MayOpen(u, access.Action(kind, action))
}

// PersonName is how a user is called; the id of one whom the users file does not
// know.
func (q *Request) PersonName(id string) string {
	if q.Access == nil || id == "" {
		return id
	}
	if q.names == nil {
		all, err := q.UserNames()
		if err != nil {
			return id
		}
		q.names = all
	}
	if name := q.names[id]; name != "" {
		return name
	}
	return id
}

// LangHref keeps the language of the address and nothing else: the pages about
// people have no scope.
func (q *Request) LangHref(path string, pairs ...string) string {
	return Scope{Lang: q.Scope.Lang}.URL(path, pairs...)
}

// MaxForm bounds the body of a form.
const MaxForm = 64 << 10

// ReadForm reads the fields of a form that was sent with POST; those of the
// address are left out.
func ReadForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, MaxForm)
	if err := r.ParseForm(); err != nil {
		return nil, BadAddress("form")
	}
	return r.PostForm, nil
}

// SeeOther sends the reader on after a change, so that loading the page again
// does not repeat it.
func SeeOther(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// PersonCell shows a user id with the name that the id has now; the file holds
// the id.
func (q *Request) PersonCell(names map[string]string, id string) Cell {
	c := q.TextCell(id)
	if name := names[id]; name != "" {
		c.Text, c.Sub = name, id
	} else if id == access.CLI {
		c.Text = q.T("audit.cli")
	}
	return c
}

// UserNames are the names of all users by their id.
func (q *Request) UserNames() (map[string]string, error) {
	all, err := q.Access.Users.List()
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(all))
	for _, u := range all {
		names[u.ID] = u.Display
	}
	return names, nil
}

// UserTerms describe a user.
func (q *Request) UserTerms(u access.User) []Term {
	terms := []Term{
		{q.T("col.sign_in_name"), q.CodeCell(u.Name)}, {q.T("col.display_name"), q.TextCell(u.Display)},
		{q.T("col.role"), q.EnumCell("role", string(u.Role))}, {q.T("col.scope"), q.ScopeCell(u)},
		{q.T("col.state"), q.UserState(u)}, {q.T("col.created_at"), q.InstantCell(u.CreatedAt)},
	}
	if u.LockedUntil.After(q.Now()) {
		terms = append(terms, Term{q.T("col.locked_until"), q.PreciseCell(u.LockedUntil)})
	}
	return terms
}

// ScopeCell says what a user sees and acts on.
func (q *Request) ScopeCell(u access.User) Cell {
	var parts []string
	for _, p := range [][2]string{{"region", u.ScopeRegion}, {"org", u.OrgCode}, {"line", u.Line}} {
		if p[1] != "" {
			parts = append(parts, q.T("users.scope_"+p[0])+" "+p[1])
		}
	}
	text := strings.Join(parts, " · ")
	if text == "" {
		return Cell{Text: q.T("users.scope_all"), Raw: "", Class: "muted"}
	}
	return q.TextCell(text)
}

// UserState shows whether a user may sign in.
func (q *Request) UserState(u access.User) Cell {
	state := u.State(q.Now())
	tone := map[string]string{access.StateActive: "good", access.StateDisabled: "bad"}[state]
	if tone == "" {
		tone = "warn"
	}
	return Cell{Text: q.Enum("user_state", state), Raw: state, Tag: tone}
}

// Invalid says in the reader's language what is wrong with what was typed; nil
// when err is no such error.
func (q *Request) Invalid(err error) []string {
	var words []string
	for _, e := range unjoin(err) {
		var bad *access.InvalidError
		switch {
		case errors.As(e, &bad):
			words = append(words, q.T("invalid."+bad.Code))
		case errors.Is(e, access.ErrWrongPassword):
			words = append(words, q.T("invalid.present"))
		case errors.Is(e, access.ErrLastSysadmin):
			words = append(words, q.T("invalid.last_sysadmin"))
		case errors.Is(e, access.ErrBusy):
			words = append(words, q.T("signin.busy"))
		default:
			return nil
		}
	}
	return words
}

func unjoin(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // the joined errors themselves are wanted
		return j.Unwrap()
	}
	return []error{err}
}
