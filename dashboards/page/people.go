package page

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
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
func (q *request) people(v *View) {
	u, ok := access.FromContext(q.http.Context())
	if !ok {
		return
	}
	v.Me = &Me{Name: u.Display, Role: q.Enum("role", string(u.Role)), Account: q.langHref("/account"), Here: v.Name == "account"}
	for _, p := range q.routes.Navigation(route.Running) {
		if q.mayOpen(p.Pattern) {
			v.Me.Links = append(v.Me.Links, Link{Text: q.T("nav." + p.Nav.Name), Href: q.langHref(p.Pattern), Current: v.Name == p.Nav.Name})
		}
	}
}

// mayOpen reports whether a page is offered to the reader: the page of a pattern that it
// registered with. The server refuses the same pages.
func (q *request) mayOpen(pattern string) bool {
	p, known := q.routes.Page(pattern)
	u, ok := access.FromContext(q.http.Context())
	return known && (!ok || p.Opens(u))
}

// maySee reports whether the reader may see the subject with this head: it lies
// in the scope, or was accepted by the own organisation; one that is secret is for those
// alone who watch over organisations (domain guide 8.3).
func (q *request) maySee(head row) bool {
	u, ok := access.FromContext(q.http.Context())
	if !ok {
		return true
	}
	if head.flag("secret") && !access.SeesSecrets(u) {
		return false
	}
	for _, org := range []string{head.text("org_code"), head.text("accept_org")} {
		if access.MaySee(u, access.CaseView,
			access.Target{Region: head.text("region_code"), Org: org, OwnOrgs: access.OwnOrgs(q.http.Context())}) {
			return true
		}
	}
	return false
}

// mayAct reports whether the role of the reader has an action at all.
func (q *request) mayAct(kind, action string) bool {
	u, ok := access.FromContext(q.http.Context())
	_, acts := q.person(q.http.Context())
	return ok && acts && access.MayOpen(u, access.Action(kind, action))
}

// personName is how a user is called; the id of one whom the users file does not
// know.
func (q *request) personName(id string) string {
	if q.Access == nil || id == "" {
		return id
	}
	if q.names == nil {
		all, err := q.userNames()
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

// langHref keeps the language of the address and nothing else: the pages about
// people have no scope.
func (q *request) langHref(path string, pairs ...string) string {
	return kit.Scope{Lang: q.scope.Lang}.URL(path, pairs...)
}

// maxForm bounds the body of a form.
const maxForm = 64 << 10

// readForm reads the fields of a form that was sent with POST; those of the
// address are left out.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return nil, kit.BadAddress("form")
	}
	return r.PostForm, nil
}

// seeOther sends the reader on after a change, so that loading the page again
// does not repeat it.
func seeOther(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// personCell shows a user id with the name that the id has now; the file holds
// the id.
func (q *request) personCell(names map[string]string, id string) Cell {
	c := q.textCell(id)
	if name := names[id]; name != "" {
		c.Text, c.Sub = name, id
	} else if id == access.CLI {
		c.Text = q.T("audit.cli")
	}
	return c
}

func (q *request) userNames() (map[string]string, error) {
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

// userTerms describe a user.
func (q *request) userTerms(u access.User) []Term {
	terms := []Term{
		{q.T("col.sign_in_name"), q.codeCell(u.Name)}, {q.T("col.display_name"), q.textCell(u.Display)},
		{q.T("col.role"), q.enumCell("role", string(u.Role))}, {q.T("col.scope"), q.scopeCell(u)},
		{q.T("col.state"), q.userState(u)}, {q.T("col.created_at"), q.instantCell(u.CreatedAt)},
	}
	if u.LockedUntil.After(q.Now()) {
		terms = append(terms, Term{q.T("col.locked_until"), q.preciseCell(u.LockedUntil)})
	}
	return terms
}

// scopeCell says what a user sees and acts on.
func (q *request) scopeCell(u access.User) Cell {
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
	return q.textCell(text)
}

func (q *request) userState(u access.User) Cell {
	state := u.State(q.Now())
	tone := map[string]string{access.StateActive: "good", access.StateDisabled: "bad"}[state]
	if tone == "" {
		tone = "warn"
	}
	return Cell{Text: q.Enum("user_state", state), Raw: state, Tag: tone}
}

// invalid says in the reader's language what is wrong with what was typed; nil
// when err is no such error.
func (q *request) invalid(err error) []string {
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
