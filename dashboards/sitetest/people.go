package sitetest

import (
	"encoding/csv"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/server"
	"duban/internal/store"
	"duban/internal/store/storetest"
)

// The passwords of everybody, before and after a change.
const (
	GoodPassword = "correct horse battery"
	NewPassword  = "a password of my own"
)

// House is a server with users, over a database without facts.
type House struct {
	*Site
	People *access.Service
	DB     *store.DB
}

// Answer is what came back.
type Answer struct {
	Status int
	Body   string
	To     string
	Header http.Header
}

// Reader is a browser without script.
type Reader struct {
	T      *testing.T
	Base   string
	Client *http.Client
}

// NewPeople is a users file without users.
func NewPeople(t *testing.T) *access.Service {
	t.Helper()
	return access.New(access.Deps{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Now: time.Now, RequestID: server.RequestID})
}

// NewHouse is a house without facts and with nobody in it.
func NewHouse(t *testing.T) *House {
	t.Helper()
	db, people := storetest.New(t), NewPeople(t)
	return &House{Site: Serve(t, db, server.Config{Listen: "127.0.0.1:0", Hosts: []string{"duban.example"}}, people), People: people, DB: db}
}

// Add adds a user who may sign in with GoodPassword, with the scope that the role is for.
func (h *House) Add(name string, role access.Role) access.User {
	h.T.Helper()
	org := OrgCode
	if role == access.Sysadmin { // who has no limits
		org = ""
	}
	u, err := h.People.Users.Add(h.T.Context(), access.User{Name: name, Role: role, OrgCode: org}, GoodPassword)
	require.NoError(h.T, err)
	return u
}

// Reader opens a browser in which nobody is signed in.
func (h *House) Reader() *Reader {
	jar, err := cookiejar.New(nil)
	require.NoError(h.T, err)
	return &Reader{T: h.T, Base: h.Base,
		Client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Send asks or sends a form, and follows no redirect.
func (r *Reader) Send(method, path string, form url.Values, header ...string) Answer {
	r.T.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	q, err := http.NewRequestWithContext(r.T.Context(), method, r.Base+path, body)
	require.NoError(r.T, err)
	if form != nil {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	q.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			q.Host = header[i+1]
		}
		q.Header.Set(header[i], header[i+1])
	}
	res, err := r.Client.Do(q)
	require.NoError(r.T, err)
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	require.NoError(r.T, err)
	return Answer{res.StatusCode, string(b), res.Header.Get("Location"), res.Header}
}

// Get asks for a page.
func (r *Reader) Get(path string, header ...string) Answer {
	r.T.Helper()
	return r.Send(http.MethodGet, path, nil, header...)
}

// Post sends a form of pairs.
func (r *Reader) Post(path string, pairs ...string) Answer {
	r.T.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return r.Send(http.MethodPost, path, form)
}

// SignIn signs somebody in.
func (r *Reader) SignIn(name string) {
	r.T.Helper()
	a := r.Post("/signin", "name", name, "password", GoodPassword)
	require.Equal(r.T, http.StatusSeeOther, a.Status, a.Body)
	require.Equal(r.T, "/", a.To)
}

// Columns reads two columns of a file as "a b".
func (r *Reader) Columns(path string, names ...string) []string {
	r.T.Helper()
	a := r.Get(path)
	require.Equal(r.T, http.StatusOK, a.Status, path)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\ufeff"))).ReadAll()
	require.NoError(r.T, err)
	out := []string{}
	for _, row := range rows[1:] {
		var parts []string
		for _, n := range names {
			parts = append(parts, row[slices.Index(rows[0], n)])
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out
}
