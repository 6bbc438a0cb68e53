package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The files of the link that makes the first administrator. The first holds
// only the hash of its token; the second is the link itself, for its owner to
// read, and goes with its use.
const (
	setupFile = "setup.json"
	linkFile  = "setup-link"
)

// setupLife is how long the link is good.
const setupLife = 24 * time.Hour

// ErrSetup says that the link makes nobody administrator: it is wrong, used,
// too old, or there are users already.
var ErrSetup = errors.New("this link is not valid (any more)")

type setup struct {
	TokenHash string    `json:"token_hash"`
	ExpiresAt time.Time `json:"expires_at"`
}

// OfferSetup makes the one-time token with which the first sysadmin can be set;
// an earlier one ends. It gives "" when there are users.
func (s *Users) OfferSetup() (token string, expires time.Time, err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return "", expires, fmt.Errorf("create data folder: %w", err)
	}
	err = withLock(filepath.Join(s.dir, usersLock), func() error {
		c, err := s.load()
		if err != nil || len(c.Users) > 0 {
			return errors.Join(err, s.endSetup())
		}
		token, expires = rand.Text(), s.now().Add(setupLife).UTC().Truncate(time.Second)
		b, err := json.Marshal(setup{TokenHash: hashToken(token), ExpiresAt: expires})
		if err != nil {
			return fmt.Errorf("encode setup: %w", err)
		}
		return replace(filepath.Join(s.dir, setupFile), append(b, '\n'), true)
	})
	return token, expires, err
}

// WriteSetupLink keeps the link readable for the owner of the data folder,
// where the standard output of the process is lost.
func (s *Users) WriteSetupLink(link string) error {
	return replace(filepath.Join(s.dir, linkFile), []byte(link+"\n"), false)
}

// SetupLink is the link that WriteSetupLink kept in the data folder, or "".
func SetupLink(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, linkFile))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// CheckSetup says whether the token could make an administrator now.
func (s *Users) CheckSetup(token string) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	return s.checkSetup(c, token)
}

func (s *Users) checkSetup(c *content, token string) error {
	if len(c.Users) > 0 {
		return ErrSetup
	}
	b, err := os.ReadFile(filepath.Join(s.dir, setupFile))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrSetup
	}
	if err != nil {
		return fmt.Errorf("read setup: %w", err)
	}
	var st setup
	if err := json.Unmarshal(b, &st); err != nil {
		return fmt.Errorf("%s is damaged: %w", setupFile, err)
	}
	right := subtle.ConstantTimeCompare([]byte(st.TokenHash), []byte(hashToken(token))) == 1
	if !right || !s.now().Before(st.ExpiresAt) {
		return ErrSetup
	}
	return nil
}

// Setup makes the first sysadmin and uses the token up.
func (s *Users) Setup(ctx context.Context, token string, u User, password string) (User, error) {
	if err := s.CheckSetup(token); err != nil {
		return User{}, err // before any costly hash
	}
	u.Role, u.ScopeRegion, u.OrgCode, u.Line, u.MustChange, u.Disabled = Sysadmin, "", "", "", false, false
	u = tidy(u)
	if err := errors.Join(u.Validate(), CheckPassword(u.Name, password)); err != nil {
		return User{}, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	err = s.change(func(c *content) (err error) {
		if err := s.checkSetup(c, token); err != nil {
			return err
		}
		u, err = c.add(u, hash, s.now())
		return err
	})
	if err != nil {
		return User{}, err
	}
	// The user that now exists has ended the link; the files are only cleared.
	return u, s.endSetup()
}

func (s *Users) endSetup() error {
	for _, name := range []string{setupFile, linkFile} {
		if err := os.Remove(filepath.Join(s.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove %s: %w", name, err)
		}
	}
	return nil
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
