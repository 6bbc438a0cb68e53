package sign

import (
	"errors"
	"net/http"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
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
	Terms []kit.Term
	// Dead says that the link is not good for anything (any more).
	Dead bool
}

var _ = pages.Register(route.Route{Pattern: "/signin", Rule: route.Without(route.Anyone, "the way in"),
	Scope: route.Unscoped("the session"), People: route.WithUsers, Password: true}, (*site).SignIn)
var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/signin", Rule: route.Without(route.Anyone, "the way in"),
	Scope: route.Unscoped("the session"), People: route.WithUsers, Password: true}, (*site).SignIn)

// SignIn answers the page to sign in, and the form on it.
func (s *site) SignIn(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "next")
	if err != nil {
		q.Fail(w, err)
		return
	}
	body := signBody{Next: access.SafeNext(q.Param("next"))}
	if r.Method == http.MethodGet {
		if _, ok := access.FromContext(r.Context()); ok {
			kit.SeeOther(w, r, body.Next)
			return
		}
		q.bare(w, http.StatusOK, "signin", q.T("signin.title"), body)
		return
	}
	form, err := kit.ReadForm(w, r)
	if err != nil {
		q.Fail(w, err)
		return
	}
	body.Next = access.SafeNext(form.Get("next"))
	u, err := s.Access.SignIn(r, form.Get("name"), form.Get("password"))
	switch {
	case err == nil:
		s.Access.Remember(w, r, u)
		kit.SeeOther(w, r, body.Next)
	case errors.Is(err, access.ErrSignIn):
		body.Name, body.Errors = access.NormalName(form.Get("name")), []string{q.T("signin.refused")}
		q.bare(w, http.StatusUnauthorized, "signin", q.T("signin.title"), body)
	case errors.Is(err, access.ErrBusy):
		body.Name, body.Errors = access.NormalName(form.Get("name")), []string{q.T("signin.busy")}
		w.Header().Set("Retry-After", "5")
		q.bare(w, http.StatusServiceUnavailable, "signin", q.T("signin.title"), body)
	default:
		q.Fail(w, err)
	}
}

var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/signout", Rule: route.Without(route.EndsSession, "the way out"),
	Scope: route.Unscoped("the session"), People: route.WithUsers}, (*site).SignOut)

// SignOut ends the session.
func (s *site) SignOut(w http.ResponseWriter, r *http.Request) {
	if err := s.Access.SignOut(r); err != nil {
		q, _ := s.begin(r)
		q.Fail(w, err)
		return
	}
	kit.SeeOther(w, r, "/signin")
}

var _ = pages.Register(route.Route{Pattern: "/setup", Rule: route.Without(route.Anyone, "who has the link makes the first user"),
	Scope: route.Unscoped("the session"), People: route.FirstUser, Password: true}, (*site).Setup)
var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/setup",
	Rule: route.Without(route.Anyone, "who has the link makes the first user"), Scope: route.Unscoped("the session"),
	People: route.FirstUser, Password: true}, (*site).Setup)

// Setup answers the one-time link that makes the first sysadmin, and its form.
func (s *site) Setup(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "token")
	if err != nil {
		q.Fail(w, err)
		return
	}
	body := signBody{Token: q.Param("token")}
	if r.Method == http.MethodPost {
		form, err := kit.ReadForm(w, r)
		if err != nil {
			q.Fail(w, err)
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
			kit.SeeOther(w, r, "/")
			return
		}
		if words := q.Invalid(err); words != nil {
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
		q.Fail(w, err)
		return
	}
	q.bare(w, http.StatusForbidden, "setup", q.T("setup.title"), signBody{Dead: true})
}

var _ = pages.Register(route.Route{Pattern: "/account", Rule: route.Without(route.OwnAccount, "one's own"),
	Scope: route.Unscoped("the own account"), People: route.WithUsers, Password: true}, (*site).Account)
var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/account", Rule: route.Without(route.OwnAccount, "one's own"),
	Scope: route.Unscoped("the own account"), People: route.WithUsers, Password: true}, (*site).Account)

// Account answers the page of the own account, and the form for the password.
func (s *site) Account(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "done")
	u, ok := access.FromContext(r.Context())
	if err == nil && !ok {
		err = kit.ErrNotFound
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	body := signBody{Must: u.MustChange, Terms: q.UserTerms(u)}
	if q.Param("done") == "password" {
		body.Note = q.T("account.changed")
	}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		form, err := kit.ReadForm(w, r)
		if err != nil {
			q.Fail(w, err)
			return
		}
		if form.Get("password") != form.Get("again") {
			body.Errors = []string{q.T("invalid.password_again")}
		} else {
			err = s.Access.ChangePassword(r, form.Get("present"), form.Get("password"))
			if err == nil {
				kit.SeeOther(w, r, q.LangHref("/account", "done", "password"))
				return
			}
			if body.Errors = q.Invalid(err); body.Errors == nil {
				q.Fail(w, err)
				return
			}
		}
		body.Note, status = "", http.StatusUnprocessableEntity
	}
	v := q.Frame("account", q.T("account.title"))
	v.Bare = true
	v.Body = body
	q.Render(w, status, "account", v)
}

// bare answers a page that stands without a sign-in.
func (q *request) bare(w http.ResponseWriter, status int, name, title string, body any) {
	v := q.Frame("", title)
	v.Bare, v.Me, v.Body = true, nil, body
	q.Render(w, status, name, v)
}
