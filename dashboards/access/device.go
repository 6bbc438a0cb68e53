package access

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

// The names of the cookie by which a browser is known again, as those of sessions.
const (
	devicePlain  = "duban-device"
	deviceSecure = "__Host-duban-device"
)

// deviceLife is how long a browser is known after its last sign-in, in seconds.
const deviceLife = 180 * 24 * 3600

// devices signs and reads the cookies of known browsers: user, id and a signature. Such a
// cookie opens nothing; it counts wrong passwords apart from those of strangers.
type devices struct{ key []byte }

func (d devices) signature(user, id string) string {
	mac := hmac.New(sha256.New, d.key)
	_, _ = mac.Write([]byte("device\x00" + user + "\x00" + id))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// read gives the id of the browser of a request when the user has signed in there before.
func (d devices) read(r *http.Request, name, user string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	parts := strings.Split(c.Value, ".")
	if len(parts) != 3 || parts[0] != user || user == "" || !hmac.Equal([]byte(parts[2]), []byte(d.signature(parts[0], parts[1]))) {
		return ""
	}
	return parts[1]
}

// value is the cookie of a browser of a user; a new browser gets an id.
func (d devices) value(user, id string) string {
	if id == "" {
		raw := make([]byte, 16)
		_, _ = rand.Read(raw) // never fails
		id = base64.RawURLEncoding.EncodeToString(raw)
	}
	return user + "." + id + "." + d.signature(user, id)
}

func (s *Service) deviceCookie(r *http.Request) (name string, secure bool) {
	if s.Proxies.Encrypted(r) {
		return deviceSecure, true
	}
	return devicePlain, false
}

// Remember makes the browser of a request known as one in which u has signed in.
func (s *Service) Remember(w http.ResponseWriter, r *http.Request, u User) {
	name, secure := s.deviceCookie(r)
	http.SetCookie(w, &http.Cookie{Name: name, Value: s.devices.value(u.ID, s.devices.read(r, name, u.ID)), Path: "/", MaxAge: deviceLife,
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode})
}

// origin tells where a request comes from, for a sign-in as a user.
func (s *Service) origin(r *http.Request) func(userID string) Origin {
	name, _ := s.deviceCookie(r)
	return func(userID string) Origin {
		return Origin{Network: Network(s.Proxies.Client(r)), Device: s.devices.read(r, name, userID)}
	}
}
