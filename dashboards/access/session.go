package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
)

// How long a session lasts: half an hour without a request, and never longer
// than a working day with its overtime.
const (
	sessionIdle = 30 * time.Minute
	sessionLife = 12 * time.Hour
)

// The names of the cookie. The one of encrypted connections can be set by this
// host alone and for all of it, as browsers see to for the prefix.
const (
	cookiePlain  = "duban-session"
	cookieSecure = "__Host-duban-session"
)

// keyUser is the only key of a session's data: whose it is, and in which epoch
// of that user it began.
const keyUser = "user"

func claim(u User) string { return fmt.Sprintf("%s/%d", u.ID, u.Epoch) }

// Sessions knows who is signed in.
type Sessions struct {
	users  *Users
	plain  *scs.SessionManager
	secure *scs.SessionManager
}

// NewSessions keeps sessions in the folder sessions of the data folder.
// onError answers a request whose session cannot be read or kept.
func NewSessions(users *Users, onError func(http.ResponseWriter, *http.Request, error)) *Sessions {
	// Not scs.New, which starts a goroutine for a store that is not used here.
	m := &scs.SessionManager{
		Store: &diskStore{dir: filepath.Join(users.dir, "sessions"), now: users.now}, HashTokenInStore: true, Codec: scs.GobCodec{},
		IdleTimeout: sessionIdle, Lifetime: sessionLife, ErrorFunc: onError,
		Cookie: scs.SessionCookie{Name: cookiePlain, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode},
	}
	secure := *m // the same store and the same key in the context
	secure.Cookie.Name, secure.Cookie.Secure = cookieSecure, true
	return &Sessions{users: users, plain: m, secure: &secure}
}

// Wrap makes the session of each request known to next and keeps what next
// changes. secure says whether the reader's connection is encrypted.
func (s *Sessions) Wrap(secure func(*http.Request) bool, next http.Handler) http.Handler {
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, err := s.current(r.Context())
		if err != nil {
			s.plain.ErrorFunc(w, r, err)
			return
		}
		if u.ID != "" {
			r = r.WithContext(NewContext(r.Context(), u))
		}
		next.ServeHTTP(w, r)
	})
	plain, encrypted := s.plain.LoadAndSave(inner), s.secure.LoadAndSave(inner)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m, handler := s.plain, plain
		if secure(r) {
			m, handler = s.secure, encrypted
		}
		if byItself(r) {
			readOnly(m, inner).ServeHTTP(w, r)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

// ByItself is the parameter of the address by which a page without script fetches itself
// again.
const ByItself = "again"

// byItself reports whether an open page sends the request and not its reader: it listens,
// or fetches itself again. Such requests do not keep a session alive, or that of a page
// which nobody looks at would not end.
func byItself(r *http.Request) bool {
	return r.Method == http.MethodGet && (r.URL.Path == "/alerts/stream" || r.Header.Get("X-Requested-With") == "live" ||
		r.URL.Query().Get(ByItself) != "")
}

// readOnly makes the session of a request known to next and keeps nothing of it.
func readOnly(m *scs.SessionManager, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := ""
		if c, err := r.Cookie(m.Cookie.Name); err == nil {
			token = c.Value
		}
		ctx, err := m.Load(r.Context(), token)
		if err != nil {
			m.ErrorFunc(w, r, err)
			return
		}
		w.Header().Add("Vary", "Cookie")
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// current is the user of the session, as the users file has them now; the zero
// user without a session. The session of a user who was disabled, or whose
// password or role was changed since, ends here.
func (s *Sessions) current(ctx context.Context) (User, error) {
	claimed := s.plain.GetString(ctx, keyUser)
	if claimed == "" {
		return User{}, nil
	}
	id, _, _ := strings.Cut(claimed, "/")
	u, err := s.users.ByID(id)
	switch {
	case errors.Is(err, ErrNoUser):
	case err != nil:
		return User{}, err
	case !u.Disabled && claim(u) == claimed:
		return u, nil
	}
	return User{}, s.SignOut(ctx)
}

// Present is whose the session of a request is by now, read anew: the zero user when it
// ended since, by itself, by signing out or by a change of its user.
func (s *Sessions) Present(ctx context.Context) (User, error) {
	token := s.plain.Token(ctx)
	if token == "" {
		return User{}, nil
	}
	fresh, err := s.plain.Load(detached{ctx}, token)
	if err != nil {
		return User{}, fmt.Errorf("read session: %w", err)
	}
	claimed := s.plain.GetString(fresh, keyUser)
	id, _, _ := strings.Cut(claimed, "/")
	u, err := s.users.ByID(id)
	switch {
	case errors.Is(err, ErrNoUser):
		return User{}, nil
	case err != nil:
		return User{}, err
	case u.Disabled || claim(u) != claimed:
		return User{}, nil
	}
	return u, nil
}

// detached is a context without values: the session that a request holds is not taken for
// the one that is kept.
type detached struct{ context.Context }

// Value implements context.Context.
func (detached) Value(any) any { return nil }

// SignIn makes u the user of the session, under a new token: one that somebody
// may have planted before is worth nothing.
func (s *Sessions) SignIn(ctx context.Context, u User) error {
	// Nothing of an earlier session is carried over, its age neither.
	if err := s.SignOut(ctx); err != nil {
		return err
	}
	if err := s.plain.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	s.plain.Put(ctx, keyUser, claim(u))
	return nil
}

// SignOut ends the session for good.
func (s *Sessions) SignOut(ctx context.Context) error {
	if s.plain.Token(ctx) == "" {
		return nil // there is none
	}
	if err := s.plain.Destroy(ctx); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}
