package channel

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"duban/supervision/notify/message"
)

// The headers of a webhook. A receiver computes HMAC-SHA256 with the shared
// secret over TIMESTAMP + "." + BODY, compares it with what stands behind
// "v1=", refuses timestamps that are further than ReplayWindow from its clock,
// and remembers message ids for that time: see Verify.
const (
	HeaderTimestamp = "X-Duban-Timestamp" // Unix seconds
	HeaderSignature = "X-Duban-Signature" // v1=lower-case hex
	HeaderMessage   = "X-Duban-Message"   // message id: the same when it is repeated
	HeaderRepeat    = "X-Duban-Possible-Repeat"
)

// ReplayWindow is how old a signed message may be when it arrives.
const ReplayWindow = 5 * time.Minute

// DefaultSecret is the name of the secret that webhooks are signed with when
// the directory names no other.
const DefaultSecret = "default"

// Webhook posts the digest as JSON, signed.
type Webhook struct {
	poster  *poster
	secrets map[string]string
	now     func() time.Time
}

var _ Sender = (*Webhook)(nil)

// NewWebhook prepares a sender; secrets are by name.
func NewWebhook(hosts Hosts, secrets map[string]string, now func() time.Time) (*Webhook, error) {
	p, err := newPoster(hosts)
	if err != nil {
		return nil, err
	}
	return &Webhook{poster: p, secrets: secrets, now: now}, nil
}

// Send posts m to the URL of the address.
func (w *Webhook) Send(ctx context.Context, to Address, m message.Message) Result {
	name := to.Secret
	if name == "" {
		name = DefaultSecret
	}
	secret, ok := w.secrets[name]
	if !ok {
		return refuse(NotConfigured, "no secret of that name")
	}
	stamp := strconv.FormatInt(w.now().Unix(), 10)
	header := map[string]string{
		HeaderTimestamp: stamp, HeaderSignature: Sign(secret, stamp, m.JSON), HeaderMessage: m.ID,
	}
	if m.PossibleRepeat {
		header[HeaderRepeat] = "1"
	}
	got, failed := w.poster.post(ctx, to.To, header, m.JSON)
	if failed != nil {
		return *failed
	}
	if r := byStatus(got.status); r != nil {
		return *r
	}
	return OK()
}

// Sign returns the value of HeaderSignature.
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// The errors of Verify.
var (
	ErrSignature = errors.New("the signature does not fit the body")
	ErrTimestamp = errors.New("the timestamp is not within the replay window")
)

// Verify is what a receiver does with a message; the reference for those
// written in other languages.
func Verify(h http.Header, body []byte, secret string, now time.Time) error {
	stamp := h.Get(HeaderTimestamp)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return fmt.Errorf("%w: not Unix seconds", ErrTimestamp)
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > ReplayWindow || age < -ReplayWindow {
		return ErrTimestamp
	}
	if subtle.ConstantTimeCompare([]byte(Sign(secret, stamp, body)), []byte(h.Get(HeaderSignature))) != 1 {
		return ErrSignature
	}
	return nil
}
