package access

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// Service joins what the pages and the server need to know who acts.
type Service struct {
	Users    *Users
	Sessions *Sessions
	Trail    *Trail
	// Auth finds out who somebody is; the users file unless told otherwise.
	Auth    Authenticator
	Proxies Proxies

	attempts  *attempts
	devices   devices
	log       *slog.Logger
	requestID func(context.Context) string
}

// Deps are what a Service needs from elsewhere.
type Deps struct {
	// Dir is the data folder.
	Dir     string
	Proxies Proxies
	// DeviceKey is the key by which known browsers prove that they are; every process of
	// an instance has the same. nil makes one that ends with the process.
	DeviceKey []byte
	Log       *slog.Logger
	Now       func() time.Time
	// RequestID gives the id of a request for the trail and the log.
	RequestID func(context.Context) string
}

// New joins a service over the data folder; it does no I/O.
func New(d Deps) *Service {
	if len(d.DeviceKey) == 0 {
		d.DeviceKey = make([]byte, 32)
		_, _ = rand.Read(d.DeviceKey) // never fails
	}
	users := NewUsers(d.Dir, d.Now)
	s := &Service{Users: users, Auth: users, Trail: NewTrail(d.Dir, d.Now), attempts: newAttempts(d.Now), Proxies: d.Proxies,
		devices: devices{d.DeviceKey}, log: d.Log, requestID: d.RequestID}
	s.Sessions = NewSessions(users, func(w http.ResponseWriter, r *http.Request, err error) {
		d.Log.ErrorContext(r.Context(), "keep session", "request_id", d.RequestID(r.Context()), "error", err.Error())
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "503 "+d.RequestID(r.Context()), http.StatusServiceUnavailable)
	})
	return s
}

// Note puts a line into the trail, with the person, role, request and network
// of r. A line that cannot be written is an error in the log: the disk of the
// data folder is full or gone.
func (s *Service) Note(r *http.Request, e Entry) {
	ctx := r.Context()
	if u, ok := FromContext(ctx); ok && e.UserID == "" {
		e.UserID, e.Role = u.ID, u.Role
	}
	e.RequestID, e.Remote = s.requestID(ctx), Network(s.Proxies.Client(r))
	if err := s.Trail.Record(e); err != nil {
		s.log.ErrorContext(ctx, "write audit trail", "request_id", e.RequestID, "what", e.What, "error", err.Error())
	}
}

// SignIn checks name and password, begins a session and puts both results into
// the trail. The error of a refusal is ErrSignIn, that of too many attempts ErrBusy.
func (s *Service) SignIn(r *http.Request, name, password string) (User, error) {
	ctx, cancel := context.WithTimeout(r.Context(), signInTimeout)
	defer cancel()
	if !s.attempts.allow(Network(s.Proxies.Client(r))) {
		return User{}, ErrBusy
	}
	u, err := s.Auth.Authenticate(WithOrigin(ctx, s.origin(r)), name, password)
	if errors.Is(err, ErrBusy) {
		return User{}, err // nothing was tried
	}
	if err != nil {
		e := Entry{What: SignInFailed, TargetKind: "user", Outcome: Denied}
		if known, err := s.Users.ByName(name); err == nil {
			e.TargetID = known.ID // an unknown name is not kept: it may be a password
		}
		s.Note(r, e)
		return User{}, err
	}
	return u, s.begin(r, u)
}

// signInTimeout bounds the wait for a free place to check a password.
const signInTimeout = 10 * time.Second

func (s *Service) begin(r *http.Request, u User) error {
	if err := s.Sessions.SignIn(r.Context(), u); err != nil {
		return err
	}
	s.Note(r, Entry{UserID: u.ID, Role: u.Role, What: SignedIn, TargetKind: "user", TargetID: u.ID, Outcome: Done})
	return nil
}

// SetUp makes the first sysadmin with the token of the one-time link and signs
// that person in.
func (s *Service) SetUp(r *http.Request, token string, u User, password string) error {
	u, err := s.Users.Setup(r.Context(), token, u, password)
	if err != nil {
		return err
	}
	s.Note(r, Entry{UserID: u.ID, Role: u.Role, What: UserAdded, TargetKind: "user", TargetID: u.ID, Outcome: Done})
	return s.begin(r, u)
}

// SignOut ends the session of the request.
func (s *Service) SignOut(r *http.Request) error {
	if u, ok := FromContext(r.Context()); ok {
		s.Note(r, Entry{What: SignedOut, TargetKind: "user", TargetID: u.ID, Outcome: Done})
	}
	return s.Sessions.SignOut(r.Context())
}

// ChangePassword replaces the own password: every other session of the user
// ends, the one of this request goes on under a new token.
func (s *Service) ChangePassword(r *http.Request, present, next string) error {
	u, _ := FromContext(r.Context())
	err := s.Users.ChangePassword(WithOrigin(r.Context(), s.origin(r)), u.ID, present, next)
	e := Entry{What: PasswordChanged, TargetKind: "user", TargetID: u.ID, Outcome: Done}
	if err != nil {
		e.Outcome = Invalid
		s.Note(r, e)
		return err
	}
	s.Note(r, e)
	if u, err = s.Users.ByID(u.ID); err != nil {
		return err
	}
	return s.Sessions.SignIn(r.Context(), u)
}
