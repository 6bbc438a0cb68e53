package decode

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"unsafe"

	"github.com/go-faster/jx"

	"duban/ingest/deadletter"
	"duban/ingest/event"
)

// Limits of a message.
const (
	// DefaultMaxBytes is the largest message taken when Config gives none.
	DefaultMaxBytes = 512 << 10
	// MaxDepth is how deep objects and arrays may nest, the message itself
	// being the first level.
	MaxDepth = 32
	// MaxIdentifierBytes and MaxTextBytes bound identifiers and names.
	MaxIdentifierBytes = 200
	MaxTextBytes       = 1000
	// MinTokenKeyBytes is the shortest key for personal-data tokens.
	MinTokenKeyBytes = 16
)

// Instants that a fact may carry, Unix milliseconds.
const (
	minInstant      = 946684800000   // 2000-01-01T00:00:00Z
	maxInstant      = 10413791999999 // 2299-12-31T23:59:59.999Z, the end of DateTime64
	futureTolerance = 5 * 60 * 1000
)

// Message is one message as it came from a topic.
type Message struct {
	Topic     event.Topic
	Partition int32
	Offset    int64
	// ReceivedAt is when the broker appended it, Unix milliseconds.
	ReceivedAt int64
	Key        []byte
	Value      []byte
}

func (m Message) origin() event.Origin {
	return event.Origin{Topic: m.Topic, Partition: m.Partition, Offset: m.Offset, ReceivedAt: m.ReceivedAt}
}

// Reject says why a message is no fact.
type Reject struct {
	Reason deadletter.Reason
	// Field is a JSON pointer, empty for the whole message.
	Field string
	// Detail says what is wrong and what would be right; it carries no value
	// of the message.
	Detail string
	// SourceSys is the source as far as it could be read, else empty.
	SourceSys string
}

// Error makes a Reject usable as an error.
func (r *Reject) Error() string {
	return fmt.Sprintf("%s at %q: %s", r.Reason, r.Field, r.Detail)
}

// Config is what a decoder needs.
type Config struct {
	// TokenKey is the key of the personal-data tokens, at least
	// MinTokenKeyBytes. With another key the same person gets another token.
	TokenKey []byte
	// ActionKey is the key that actions are signed with; nil takes them unsigned.
	ActionKey []byte
	// MaxBytes bounds one message; 0 means DefaultMaxBytes.
	MaxBytes int
}

// ErrTokenKey says that the key for personal-data tokens is missing or short.
var ErrTokenKey = fmt.Errorf("key for personal-data tokens must have at least %d bytes", MinTokenKeyBytes)

// Decoder decodes messages of every topic. It is not safe for concurrent use.
type Decoder struct {
	actionKey []byte
	maxBytes  int
	shapes    map[event.Topic]*shape
	explain   *explainer
	readers   map[event.Topic]reader
	// Payload checks by topic.
	caseRules, ticketRules, ratingRules payloadRules

	// State of the message being decoded.
	jd      jx.Decoder
	sh      *shape
	slots   [maxFields]slot
	named   uint32 // keys of the object
	seen    uint32 // those with a value
	last    int    // field before, for the prediction of the next
	plain   bool   // the message is plain text, see plainText
	walked  bool   // walk holds the payload of this message already
	rej     *Reject
	prefix  string // JSON pointer of the object: "" or "/data"
	walk    walker
	claim   []byte // scratch of the hashes
	numbers numbers
	onField func(*jx.Decoder, []byte) error
}

// slot is the value of one field.
type slot struct {
	s []byte
	n int64
}

// New prepares a decoder.
func New(cfg Config) (*Decoder, error) {
	if len(cfg.TokenKey) < MinTokenKeyBytes {
		return nil, ErrTokenKey
	}
	if cfg.MaxBytes <= 0 {
		cfg.MaxBytes = DefaultMaxBytes
	}
	ex, err := newExplainer()
	if err != nil {
		return nil, err
	}
	d := &Decoder{actionKey: bytes.Clone(cfg.ActionKey), maxBytes: cfg.MaxBytes, shapes: map[event.Topic]*shape{}, explain: ex,
		caseRules: casePayloadRules(), ticketRules: ticketPayloadRules(),
		ratingRules: ratingPayloadRules()}
	for _, sh := range shapes() {
		d.shapes[sh.topic] = sh
	}
	d.readers = make(map[event.Topic]reader, len(kinds))
	for topic, k := range kinds {
		d.readers[topic] = k.read()
	}
	key := append([]byte(nil), cfg.TokenKey...)
	d.walk.mac = hmac.New(func() hash.Hash { return sha256.New() }, key)
	d.onField = d.field
	return d, nil
}

// ErrUnknownTopic says that a topic carries no facts.
var ErrUnknownTopic = errors.New("topic carries no facts")

// read decodes the fields of a message into the slots and checks everything
// that does not need the payload.
func (d *Decoder) read(topic event.Topic, m *Message) *Reject {
	d.sh, d.prefix = d.shapes[topic], ""
	d.walk.plain = d.sh.plain
	d.restart()
	if rej := d.checkText(m.Value); rej != nil {
		return rej
	}
	d.plain = plainText(m.Value)
	if !d.plain || !d.quick(m.Value) {
		d.restart()
		if !d.object(m.Value) && !d.envelope(m.Value) {
			return d.refuse(m.Value)
		}
	}
	if d.rej = d.complete(m); d.rej != nil {
		return d.refuse(m.Value)
	}
	return nil
}

// restart forgets what was read of a message.
func (d *Decoder) restart() {
	clear(d.slots[:d.sh.n])
	d.named, d.seen, d.rej, d.walked = 0, 0, nil, false
}

// object reads one JSON object with the fields of the shape; false means that
// d.rej says why not (nil for text that is no JSON).
func (d *Decoder) object(value []byte) bool {
	d.last = d.sh.n
	d.jd.ResetBytes(value)
	if d.jd.Next() != jx.Object {
		return false
	}
	if err := d.jd.ObjBytes(d.onField); err != nil {
		return false
	}
	return d.atEnd()
}

// bad records a refusal; the error only unwinds jx.
func (d *Decoder) bad(reason deadletter.Reason, field, detail string) error {
	if d.rej == nil {
		d.rej = &Reject{Reason: reason, Field: d.prefix + "/" + pointer(field), Detail: detail}
	}
	return errRefused
}

var errRefused = errors.New("refused")

func (d *Decoder) has(i int) bool { return d.seen&(1<<i) != 0 }

// str returns a slot as a string that shares the slot's memory.
func (d *Decoder) str(i int) string { return borrow(d.slots[i].s) }

func view(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

func borrow(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
