package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
)

// usersBody is the content of the list of users and of one user.
type usersBody struct {
	Table  *kit.Table
	Total  string
	Errors []string
	Note   string
	// Typed is what was typed into the form, Roles the choice of it.
	Typed access.User
	Roles []kit.Option
	// Terms describe the one user; Self says that it is the reader.
	Terms []kit.Term
	Self  bool
	// Handed is a new password, shown once.
	Handed string
	// Trail is the address of what the user did.
	Trail string
}

var _ = pages.Register(route.Route{Pattern: "/users", Rule: route.Needs(access.UserManage),
	Scope: route.Everything("users are of the instance"), Nav: route.Nav{Group: route.Running, Name: "users", At: 1},
	People: route.WithUsers}, (*site).Users)

// Users answers the list of users.
func (s *site) Users(w http.ResponseWriter, r *http.Request) { s.users(w, r, nil, access.User{}) }

// users shows the list, with what is wrong about a user that was typed.
func (s *site) users(w http.ResponseWriter, r *http.Request, errs []string, typed access.User) {
	q, err := s.manager(r)
	if err != nil {
		q.Fail(w, err)
		return
	}
	all, err := s.Access.Users.List()
	if err != nil {
		q.Fail(w, err)
		return
	}
	t := &kit.Table{ID: "users", CSV: q.LangHref("/users", "format", "csv"), Columns: q.Cols("sign_in_name", "display_name", "role", "scope",
		"state", "created_at:time")}
	for _, u := range all {
		name := q.CodeCell(u.Name)
		name.Href = q.LangHref("/users/" + u.ID)
		name.Sub = u.ID
		t.Rows = append(t.Rows, []kit.Cell{name, q.TextCell(u.Display), q.EnumCell("role", string(u.Role)), q.ScopeCell(u), q.UserState(u),
			q.DayCell(u.CreatedAt)})
	}
	if _, file := q.WantsCSV(); file && errs == nil {
		_ = kit.ServeCSV(w, t)
		return
	}
	status := http.StatusOK
	if errs != nil {
		status = http.StatusUnprocessableEntity
	}
	v := q.Frame("users", q.T("nav.users"))
	v.Body = usersBody{Table: t, Total: q.T("users.total", "N", q.Count(int64(len(all)))), Errors: errs, Typed: typed,
		Roles: q.roles(typed.Role)}
	q.Render(w, status, "users", v)
}

// manager begins a page for whoever may manage users.
func (s *site) manager(r *http.Request) (*request, error) {
	q, err := s.begin(r, "done")
	if err != nil {
		return q, err
	}
	if u, ok := access.FromContext(r.Context()); !ok || !access.May(u, access.UserManage, access.Target{}) {
		return q, kit.ErrNotFound
	}
	return q, nil
}

var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/users", Rule: route.Needs(access.UserManage),
	Scope: route.Everything("users are of the instance"), People: route.WithUsers}, (*site).AddUser)

// AddUser adds a user with a password that is shown once.
func (s *site) AddUser(w http.ResponseWriter, r *http.Request) {
	q, err := s.manager(r)
	var form url.Values
	if err == nil {
		form, err = kit.ReadForm(w, r)
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	typed := access.User{
		Name: form.Get("name"), Display: form.Get("display"), Role: access.Role(form.Get("role")),
		ScopeRegion: form.Get("region"), OrgCode: form.Get("org"), Line: form.Get("line"), MustChange: true,
	}
	password := access.RandomPassword(access.NormalName(typed.Name))
	u, err := s.Access.Users.Add(r.Context(), typed, password)
	if err != nil {
		if words := q.Invalid(err); words != nil {
			s.users(w, r, words, typed)
			return
		}
		q.Fail(w, err)
		return
	}
	s.Access.Note(r, access.Entry{What: access.UserAdded, TargetKind: "user", TargetID: u.ID, Outcome: access.Done})
	s.showUser(w, r, q, u, usersBody{Note: q.T("users.done_added"), Handed: password}, http.StatusOK)
}

var _ = pages.Register(route.Route{Pattern: "/users/{id}", Rule: route.Needs(access.UserManage),
	Scope: route.Everything("users are of the instance"), People: route.WithUsers}, (*site).User)

// User answers the page of one user.
func (s *site) User(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	q, err := s.manager(r)
	var u access.User
	if err == nil {
		u, err = s.userOf(id)
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	var body usersBody
	if done := q.Param("done"); slices.Contains([]string{"disabled", "enabled", "role"}, done) {
		body.Note = q.T("users.done_" + done)
	}
	s.showUser(w, r, q, u, body, http.StatusOK)
}

func (s *site) userOf(id string) (access.User, error) {
	u, err := s.Access.Users.ByID(id)
	if errors.Is(err, access.ErrNoUser) {
		err = kit.ErrNotFound
	}
	return u, err
}

func (s *site) showUser(w http.ResponseWriter, r *http.Request, q *request, u access.User, body usersBody, status int) {
	me, _ := access.FromContext(r.Context())
	body.Typed, body.Terms, body.Self = u, q.UserTerms(u), me.ID == u.ID
	if body.Errors == nil {
		body.Roles = q.roles(u.Role)
	}
	if access.MayOpen(me, access.AuditView) {
		body.Trail = q.LangHref("/audit", "user", u.ID)
	}
	q.Path, q.Keep = "/users/"+u.ID, nil // where the other language is
	v := q.Frame("users", u.Display)
	v.Crumbs = []kit.Link{{Text: q.T("nav.users"), Href: q.LangHref("/users")}, {Text: u.Display, Current: true}}
	v.Body = body
	q.Render(w, status, "user", v)
}

var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/users/{id}/{change}", Rule: route.Needs(access.UserManage),
	Scope: route.Everything("users are of the instance"), People: route.WithUsers}, (*site).ChangeUser)

// ChangeUser does one change to a user, when it was confirmed.
func (s *site) ChangeUser(w http.ResponseWriter, r *http.Request) {
	id, change := r.PathValue("id"), r.PathValue("change")
	q, err := s.manager(r)
	var u access.User
	var form url.Values
	if err == nil {
		u, err = s.userOf(id)
	}
	if err == nil {
		form, err = kit.ReadForm(w, r)
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	if form.Get("confirm") != "1" {
		s.showUser(w, r, q, u, usersBody{Errors: []string{q.T("invalid.confirm")}, Roles: q.roles(u.Role)}, http.StatusUnprocessableEntity)
		return
	}
	var what, done, handed string
	users := s.Access.Users
	switch change {
	case "disable":
		what, done, err = access.UserDisabled, "disabled", users.SetDisabled(id, true)
	case "enable":
		what, done, err = access.UserEnabled, "enabled", users.SetDisabled(id, false)
	case "role":
		what, done = access.RoleChanged, "role"
		err = users.SetRole(id, access.Role(form.Get("role")), form.Get("region"), form.Get("org"), form.Get("line"))
	case "password":
		handed = access.RandomPassword(u.Name)
		what, err = access.PasswordReset, users.SetPassword(r.Context(), id, handed, true)
	default:
		q.Fail(w, kit.ErrNotFound)
		return
	}
	e := access.Entry{What: what, TargetKind: "user", TargetID: id, Outcome: access.Done}
	if err != nil {
		e.Outcome = access.Invalid
		s.Access.Note(r, e)
		if words := q.Invalid(err); words != nil {
			s.showUser(w, r, q, u, usersBody{Errors: words, Roles: q.roles(access.Role(form.Get("role")))}, http.StatusUnprocessableEntity)
			return
		}
		q.Fail(w, err)
		return
	}
	s.Access.Note(r, e)
	if handed != "" {
		if u, err = s.userOf(id); err != nil {
			q.Fail(w, err)
			return
		}
		s.showUser(w, r, q, u, usersBody{Note: q.T("users.done_password"), Handed: handed}, http.StatusOK)
		return
	}
	kit.SeeOther(w, r, q.LangHref("/users/"+id, "done", done))
}

func (q *request) roles(selected access.Role) []kit.Option {
	var out []kit.Option
	for _, r := range access.Roles() {
		out = append(out, kit.Option{Value: string(r), Text: q.Enum("role", string(r)), Selected: r == selected})
	}
	return out
}
