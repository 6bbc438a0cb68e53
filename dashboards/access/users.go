package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"duban/internal/blank"
)

// The files of the users in the data folder.
const (
	usersFile = "users.json"
	usersLock = "users.lock"
)

// record is a user with what nobody but this package needs to see.
type record struct {
	User
	// Hash is the password in the form $argon2id$v=19$….
	Hash string `json:"password_hash"`
}

// content is the users file.
type content struct {
	Version int `json:"version"`
	// Next is the number of the next user: ids are never given twice.
	Next  int      `json:"next"`
	Users []record `json:"users"`
}

// Users is the users file of an instance. Several processes may use the same
// file: a change is made under a lock on what the file holds by then, and
// replaces it in one step. It is safe for concurrent use.
type Users struct {
	dir    string
	now    func() time.Time
	hasher *hasher
	// KnownRegion, when set, reports whether a division code exists; a scope on
	// one that does not would show nothing.
	KnownRegion func(code string) bool

	mu    sync.Mutex
	seen  os.FileInfo // of the file that cache was read from
	cache *content
}

// NewUsers knows the users of the data folder dir; it does no I/O.
func NewUsers(dir string, now func() time.Time) *Users {
	return &Users{dir: dir, now: now, hasher: newHasher()}
}

func (s *Users) path() string { return filepath.Join(s.dir, usersFile) }

// load gives the content of the file, from memory while it is the same file.
// A missing file holds no users; one that others may read or that is damaged is
// an error, and nobody can sign in until it is put right.
func (s *Users) load() (*content, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(s.path())
	if errors.Is(err, fs.ErrNotExist) {
		s.seen, s.cache = nil, nil
		return &content{Version: 1, Next: 1}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read users: %w", err)
	}
	if s.seen != nil && os.SameFile(info, s.seen) && info.ModTime().Equal(s.seen.ModTime()) && info.Size() == s.seen.Size() &&
		info.Mode() == s.seen.Mode() {
		return s.cache, nil
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others than its owner: run chmod 600 %s", s.path(), s.path())
	}
	b, err := os.ReadFile(s.path())
	if err != nil {
		return nil, fmt.Errorf("read users: %w", err)
	}
	c, err := decode(b)
	if err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", s.path(), err)
	}
	s.seen, s.cache = info, c
	return c, nil
}

func decode(b []byte) (*content, error) {
	var c content
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields() // a field of a newer program would be lost at the next change
	if err := d.Decode(&c); err != nil {
		return nil, err
	}
	if c.Version != 1 {
		return nil, fmt.Errorf("version %d is not known to this program, which is older", c.Version)
	}
	return &c, nil
}

// change applies fn to the content of the file under its lock. An error of fn
// leaves the file as it is.
func (s *Users) change(fn func(c *content) error) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("create data folder: %w", err)
	}
	return withLock(filepath.Join(s.dir, usersLock), func() error {
		old, err := s.load()
		if err != nil {
			return err
		}
		// Readers keep what they were given: the change is made on a copy.
		c := &content{Version: old.Version, Next: old.Next, Users: slices.Clone(old.Users)}
		if err := fn(c); err != nil {
			return err
		}
		b, err := json.MarshalIndent(c, "", "  ")
		if err != nil {
			return fmt.Errorf("encode users: %w", err)
		}
		return replace(s.path(), append(b, '\n'), true)
	})
}

// Any reports whether there is any user, disabled ones included.
func (s *Users) Any() (bool, error) {
	c, err := s.load()
	if err != nil {
		return false, err
	}
	return len(c.Users) > 0, nil
}

// List gives all users in the order in which they were added.
func (s *Users) List() ([]User, error) {
	c, err := s.load()
	if err != nil {
		return nil, err
	}
	out := make([]User, len(c.Users))
	for i, r := range c.Users {
		out[i] = r.User
	}
	return out, nil
}

// ErrNoUser says that no user has the name or id.
var ErrNoUser = errors.New("there is no such user")

// ByID finds a user.
func (s *Users) ByID(id string) (User, error) {
	return s.find(func(r record) bool { return r.ID == id })
}

// ByName finds a user by sign-in name.
func (s *Users) ByName(name string) (User, error) {
	name = NormalName(name)
	return s.find(func(r record) bool { return r.Name == name })
}

func (s *Users) find(is func(record) bool) (User, error) {
	c, err := s.load()
	if err != nil {
		return User{}, err
	}
	if i := slices.IndexFunc(c.Users, is); i >= 0 {
		return c.Users[i].User, nil
	}
	return User{}, ErrNoUser
}

// at finds the user with the id to change it.
func (c *content) at(id string) (*record, error) {
	i := slices.IndexFunc(c.Users, func(r record) bool { return r.ID == id })
	if i < 0 {
		return nil, ErrNoUser
	}
	return &c.Users[i], nil
}

// add appends a user with a new id.
func (c *content) add(u User, hash string, now time.Time) (User, error) {
	if slices.ContainsFunc(c.Users, func(r record) bool { return r.Name == u.Name }) {
		return User{}, &InvalidError{"name", "name_taken", "there is a user with this name"}
	}
	u.ID = fmt.Sprintf("u-%d", c.Next)
	c.Next++
	u.CreatedAt, u.Epoch, u.Failures, u.LockedUntil = now.UTC().Truncate(time.Second), 1, 0, time.Time{}
	c.Users = append(c.Users, record{User: u, Hash: hash})
	return u, nil
}

// check refuses a user whose fields are wrong.
func (s *Users) check(u User) error {
	if err := u.Validate(); err != nil {
		return err
	}
	if u.ScopeRegion != "" && s.KnownRegion != nil && !s.KnownRegion(u.ScopeRegion) {
		return &InvalidError{"region", "region_unknown", "there is no division with the code " + u.ScopeRegion}
	}
	return nil
}

// tidy puts the fields that a person types into their stored form.
func tidy(u User) User {
	u.Name, u.Display = NormalName(u.Name), blank.Trim(u.Display)
	u.ScopeRegion, u.OrgCode, u.Line = blank.Trim(u.ScopeRegion), blank.Trim(u.OrgCode), blank.Trim(u.Line)
	if u.Display == "" {
		u.Display = u.Name
	}
	return u
}
