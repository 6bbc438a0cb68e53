package access

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

// cost is what one hash takes: 19 MiB, two passes, one lane, the least that
// OWASP recommends for argon2id, because the memory of the process is bounded.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashesAtOnce bounds the memory that a storm of sign-ins can take.
const hashesAtOnce = 4

// hasher makes and compares password hashes, few at a time.
type hasher struct {
	slots chan struct{}
	// decoy is what the password of an unknown user is compared with, so that
	// the answer takes as long as for a known one.
	decoy func() string
}

func newHasher() *hasher {
	return &hasher{slots: make(chan struct{}, hashesAtOnce), decoy: sync.OnceValue(func() string {
		h, err := argon2id.CreateHash(rand.Text(), cost)
		if err != nil {
			return "" // only without a source of randomness; then nothing matches
		}
		return h
	})}
}

// ErrBusy says that too many passwords are being checked at once.
var ErrBusy = errors.New("too many passwords are being checked at once: try again in a moment")

func (h *hasher) take(ctx context.Context) (release func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, ErrBusy
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	release, err := h.take(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	out, err := argon2id.CreateHash(password, cost)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return out, nil
}

// matches compares in constant time; an empty hash is compared with the decoy
// and never matches.
func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	release, err := h.take(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	known := hash != ""
	if !known {
		hash = h.decoy()
	}
	if len(password) > maxPassword {
		password = password[:maxPassword] // never right, as none is that long
		known = false
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return ok && known, nil
}

// The bounds of a password.
const (
	minPassword = 12
	maxPassword = 256
)

// CheckPassword refuses a password that is too short, too long, made of very
// few characters or that contains the sign-in name. The password is in no error.
func CheckPassword(name, password string) error {
	bad := func(code, reason string) error { return &InvalidError{"password", "password_" + code, reason} }
	switch {
	case !utf8.ValidString(password) || strings.ContainsAny(password, "\x00\r\n"):
		return bad("unusable", "contains characters that cannot be typed again")
	case utf8.RuneCountInString(password) < minPassword:
		return bad("short", fmt.Sprintf("want at least %d characters", minPassword))
	case len(password) > maxPassword:
		return bad("long", fmt.Sprintf("want at most %d bytes", maxPassword))
	case distinct(password) < 5:
		return bad("simple", "is made of very few different characters")
	case name != "" && strings.Contains(strings.ToLower(password), name):
		return bad("has_name", "contains the sign-in name")
	}
	return nil
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// RandomPassword makes a password to be handed over to a user and changed: 20 characters
// in groups of five, 100 bits, one that CheckPassword takes: a short name would now and
// then stand in it.
func RandomPassword(name string) string {
	for try := 1; ; try++ {
		raw := make([]byte, 13)
		_, _ = rand.Read(raw) // never fails on supported systems
		text := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))[:20]
		// a name such as "-", which no user has, is in every one
		if text = text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:]; CheckPassword(name, text) == nil || try == 100 {
			return text
		}
	}
}
