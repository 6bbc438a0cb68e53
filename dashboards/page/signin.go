package page

import (
	"errors"
	"net/http"

	"duban/dashboards/access"
	"duban/dashboards/route"
)

// signBody is the content of the pages that make or prove who somebody is.
type signBody struct {
	Next  string
	Token string
	// Name and Display are what was typed, to be put right.
	Name, Display string
	// Errors are what is wrong, Note what was done.
	Errors []string
	Note   string
	// Must says that the password has to be changed before anything else.
	Must bool
	// Terms describe the user on the account page.
	Terms []Term
	// Dead says that the link is not good for anything (any more).
	Dead bool
}

var _ = register(route.Route{Pattern: "/signin", Rule: route.Without(route.Anyone, "the way in"),
	Scope: route.Unscoped("the session"), People: route.WithUsers, Password: true}, (*Site).SignIn)
var _ = register(route.Route{Method: http.MethodPost, Pattern: "/signin", Rule: route.Without(route.Anyone, "the way in"),
	Scope: route.Unscoped("the session"), People: route.WithUsers, Password: true}, (*Site).SignIn)

// SignIn answers the page to sign in, and the form on it.
func (s *Site) SignIn(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "next")
	if err != nil {
		q.fail(w, err)
		return
	}
	body := signBody{Next: access.SafeNext(q.param("next"))}
	if r.Method == http.MethodGet {
		if _, ok := access.FromContext(r.Context()); ok {
			seeOther(w, r, body.Next)
			return
		}
		q.bare(w, http.StatusOK, "signin", q.T("signin.title"), body)
		return
	}
	form, err := readForm(w, r)
	if err != nil {
		q.fail(w, err)
		return
	}
	body.Next = access.SafeNext(form.Get("next"))
	u, err := s.Access.SignIn(r, form.Get("name"), form.Get("password"))
	switch {
	case err == nil:
		s.Access.Remember(w, r, u)
		seeOther(w, r, body.Next)
	case errors.Is(err, access.ErrSignIn):
		body.Name, body.Errors = access.NormalName(form.Get("name")), []string{q.T("signin.refused")}
		q.bare(w, http.StatusUnauthorized, "signin", q.T("signin.title"), body)
	case errors.Is(err, access.ErrBusy):
		body.Name, body.Errors = access.NormalName(form.Get("name")), []string{q.T("signin.busy")}
		w.Header().Set("Retry-After", "5")
		q.bare(w, http.StatusServiceUnavailable, "signin", q.T("signin.title"), body)
	default:
		q.fail(w, err)
	}
}

var _ = register(route.Route{Method: http.MethodPost, Pattern: "/signout", Rule: route.Without(route.EndsSession, "the way out"),
	Scope: route.Unscoped("the session"), People: route.WithUsers}, (*Site).SignOut)

// SignOut ends the session.
func (s *Site) SignOut(w http.ResponseWriter, r *http.Request) {
	if err := s.Access.SignOut(r); err != nil {
		q, _ := s.begin(r)
		q.fail(w, err)
		return
	}
	seeOther(w, r, "/signin")
}

var _ = register(route.Route{Pattern: "/setup", Rule: route.Without(route.Anyone, "who has the link makes the first user"),
	Scope: route.Unscoped("the session"), People: route.FirstUser, Password: true}, (*Site).Setup)
var _ = register(route.Route{Method: http.MethodPost, Pattern: "/setup",
	Rule: route.Without(route.Anyone, "who has the link makes the first user"), Scope: route.Unscoped("the session"),
	People: route.FirstUser, Password: true}, (*Site).Setup)

// Setup answers the one-time link that makes the first sysadmin, and its form.
func (s *Site) Setup(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "token")
	if err != nil {
		q.fail(w, err)
		return
	}
	body := signBody{Token: q.param("token")}
	if r.Method == http.MethodPost {
		form, err := readForm(w, r)
		if err != nil {
			q.fail(w, err)
			return
		}
		body = signBody{Token: form.Get("token"), Name: form.Get("name"), Display: form.Get("display")}
		if form.Get("password") != form.Get("again") {
			body.Errors = []string{q.T("invalid.password_again")}
			q.bare(w, http.StatusUnprocessableEntity, "setup", q.T("setup.title"), body)
			return
		}
		err = s.Access.SetUp(r, body.Token, access.User{Name: body.Name, Display: body.Display}, form.Get("password"))
		if err == nil {
			seeOther(w, r, "/")
			return
		}
		if words := q.invalid(err); words != nil {
			body.Errors = words
			q.bare(w, http.StatusUnprocessableEntity, "setup", q.T("setup.title"), body)
			return
		}
		q.deadLink(w, err)
		return
	}
	if err := s.Access.Users.CheckSetup(body.Token); err != nil {
		q.deadLink(w, err)
		return
	}
	q.bare(w, http.StatusOK, "setup", q.T("setup.title"), body)
}

func (q *request) deadLink(w http.ResponseWriter, err error) {
	if !errors.Is(err, access.ErrSetup) {
		q.fail(w, err)
		return
	}
	q.bare(w, http.StatusForbidden, "setup", q.T("setup.title"), signBody{Dead: true})
}

var _ = register(route.Route{Pattern: "/account", Rule: route.Without(route.OwnAccount, "one's own"),
	Scope: route.Unscoped("the own account"), People: route.WithUsers, Password: true}, (*Site).Account)
var _ = register(route.Route{Method: http.MethodPost, Pattern: "/account", Rule: route.Without(route.OwnAccount, "one's own"),
	Scope: route.Unscoped("the own account"), People: route.WithUsers, Password: true}, (*Site).Account)

// Account answers the page of the own account, and the form for the password.
func (s *Site) Account(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "done")
	u, ok := access.FromContext(r.Context())
	if err == nil && !ok {
		err = errNotFound
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	body := signBody{Must: u.MustChange, Terms: q.userTerms(u)}
	if q.param("done") == "password" {
		body.Note = q.T("account.changed")
	}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		form, err := readForm(w, r)
		if err != nil {
			q.fail(w, err)
			return
		}
		if form.Get("password") != form.Get("again") {
			body.Errors = []string{q.T("invalid.password_again")}
		} else {
			err = s.Access.ChangePassword(r, form.Get("present"), form.Get("password"))
			if err == nil {
				seeOther(w, r, q.langHref("/account", "done", "password"))
				return
			}
			if body.Errors = q.invalid(err); body.Errors == nil {
				q.fail(w, err)
				return
			}
		}
		body.Note, status = "", http.StatusUnprocessableEntity
	}
	v := q.frame("account", q.T("account.title"))
	v.Bare = true
	v.Body = body
	q.render(w, status, "account", v)
}

// bare answers a page that stands without a sign-in.
func (q *request) bare(w http.ResponseWriter, status int, name, title string, body any) {
	v := q.frame("", title)
	v.Bare, v.Me, v.Body = true, nil, body
	q.render(w, status, name, v)
}
