package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/ingest/deadletter"
	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/source"
)

// Config bounds the door.
type Config struct {
	// Tokens are the bearer tokens that may post; without any, all are refused.
	Tokens []Token
	// MaxBodyBytes bounds one request after decompression (default 64 MiB).
	MaxBodyBytes int64
	// MaxRequests is how many requests are served at once (default 8); further
	// ones are asked to come again.
	MaxRequests int
	// Room returns an error while there is no room for what is posted; may be nil.
	Room func() error
	// Decode configures the check of each line.
	Decode decode.Config
}

// Sender publishes messages and returns when they are durable;
// source.KafkaPublisher is one.
type Sender interface {
	PublishAll(ctx context.Context, topic event.Topic, msgs []source.Message) error
}

// Handler serves POST /api/v1/events?topic=…
type Handler struct {
	cfg      Config
	tokens   []known
	to       Sender
	log      *slog.Logger
	now      func() time.Time
	slots    chan struct{}
	decoders sync.Pool
	lines    *prometheus.CounterVec
}

var _ http.Handler = (*Handler)(nil)

// New prepares the handler.
func New(cfg Config, to Sender, log *slog.Logger, metrics prometheus.Registerer, now func() time.Time) (*Handler, error) {
	if cfg.MaxBodyBytes <= 0 {
		cfg.MaxBodyBytes = 64 << 20
	}
	if cfg.MaxRequests <= 0 {
		cfg.MaxRequests = 8
	}
	first, err := decode.New(cfg.Decode)
	if err != nil {
		return nil, err
	}
	h := &Handler{cfg: cfg, to: to, log: log, now: now, slots: make(chan struct{}, cfg.MaxRequests)}
	h.decoders.Put(first)
	h.lines = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "duban_intake_lines_total", Help: "Lines posted, by result: accepted and refused are durably published, withheld are not."},
		[]string{"topic", "result"})
	if err := metrics.Register(h.lines); err != nil {
		return nil, fmt.Errorf("register instruments of intake: %w", err)
	}
	for _, t := range cfg.Tokens {
		if t.Value = strings.TrimSpace(t.Value); t.Value != "" {
			h.tokens = append(h.tokens, known{t, sha256.Sum256([]byte(t.Value))})
		}
	}
	return h, nil
}

// LineError tells why a line is no fact.
type LineError struct {
	// Line counts from 1.
	Line   int    `json:"line"`
	Reason string `json:"reason"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// Answer is the body of every answer.
type Answer struct {
	Topic event.Topic `json:"topic,omitempty"`
	// Received is how many lines are durably in the topic; Accepted of them are
	// facts, Refused are not and can be found among the rejects.
	Received int `json:"received"`
	Accepted int `json:"accepted"`
	Refused  int `json:"refused"`
	// Withheld is how many further lines were refused and not published, because the
	// token is limited to sources: their source cannot be read, or they lie in the
	// future and could become facts on their way.
	Withheld int `json:"withheld,omitempty"`
	// Errors tells of the refused lines, at most a thousand.
	Errors []LineError `json:"errors,omitempty"`
	// Error says why the request as a whole failed; the lines counted above
	// are durable even then, and all may be sent again.
	Error string `json:"error,omitempty"`
}

const maxErrors = 1000

// bodyTime is how long one request may take to arrive.
const bodyTime = 5 * time.Minute

// tell appends what is wrong with lines, as far as there is room.
func (a *Answer) tell(errs ...LineError) {
	a.Errors = append(a.Errors, errs[:min(len(errs), maxErrors-len(a.Errors))]...)
}

// ServeHTTP answers 200 when every line is a fact, 207 when some are not, 4xx
// when the request is wrong, 503 when the lines could not be made durable.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := h.token(r.Header.Get("Authorization"))
	if status, reason := h.refuse(r, token); status != 0 {
		if status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Bearer realm="duban"`)
		}
		if status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodPost)
		}
		answer(w, status, Answer{Error: reason})
		return
	}
	if h.cfg.Room != nil && h.cfg.Room() != nil {
		w.Header().Set("Retry-After", "30")
		answer(w, http.StatusServiceUnavailable,
			Answer{Error: "disk full: nothing is taken in until there is room, send the request again later"})
		return
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	default:
		w.Header().Set("Retry-After", "1")
		answer(w, http.StatusTooManyRequests, Answer{Error: "too many requests at once, come again in a second"})
		return
	}
	// Who holds a token may take longer than the server lets strangers. A writer that knows
	// no deadlines, as in tests, has none to move.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
	a := Answer{Topic: event.Topic(r.URL.Query().Get("topic"))}
	status, err := h.serve(w, r, token, &a)
	if err != nil {
		a.Error = err.Error()
		if status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "5")
		}
	}
	h.lines.WithLabelValues(string(a.Topic), "accepted").Add(float64(a.Accepted))
	h.lines.WithLabelValues(string(a.Topic), "refused").Add(float64(a.Refused))
	h.lines.WithLabelValues(string(a.Topic), "withheld").Add(float64(a.Withheld))
	answer(w, status, a)
}

func answer(w http.ResponseWriter, status int, a Answer) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(a) // the client may be gone
}

// refuse checks what can be checked before the body is read.
func (h *Handler) refuse(r *http.Request, token *Token) (status int, reason string) {
	switch {
	case r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, "events are posted"
	case len(h.tokens) == 0:
		return http.StatusForbidden, "the intake is closed: no token is configured"
	case token == nil:
		return http.StatusUnauthorized, "a valid bearer token is required"
	case event.Topic(r.URL.Query().Get("topic")) == event.TopicActions:
		// The token of a source system must not speak for a person.
		return http.StatusForbidden, "actions are taken in the product by a person who is logged in; they cannot be posted"
	case !slices.Contains(topicNames(), r.URL.Query().Get("topic")):
		return http.StatusBadRequest, "topic must be one of " + strings.Join(topicNames(), ", ")
	case !token.may(event.Topic(r.URL.Query().Get("topic"))):
		return http.StatusForbidden, "this token may not post to this topic: see topics= behind it in the file of intake tokens"
	}
	return 0, ""
}

func topicNames() []string {
	var names []string
	for _, t := range event.Topics() {
		if t == event.TopicActions {
			continue
		}
		names = append(names, string(t))
	}
	return names
}

var errTooLarge = errors.New("request is too large: send fewer lines at a time")

// serve publishes the lines group by group, so that a large request needs
// little memory.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, token *Token, a *Answer) (int, error) {
	body := io.Reader(http.MaxBytesReader(w, r.Body, h.cfg.MaxBodyBytes))
	switch enc := r.Header.Get("Content-Encoding"); enc {
	case "", "identity":
	case "gzip":
		gz, err := gzip.NewReader(body)
		if err != nil {
			return http.StatusBadRequest, errors.New("body is not gzip")
		}
		defer func() { _ = gz.Close() }()
		body = gz
	default:
		return http.StatusUnsupportedMediaType, errors.New("content encoding must be gzip or none")
	}
	limited := &io.LimitedReader{R: body, N: h.cfg.MaxBodyBytes + 1}
	in := bufio.NewReaderSize(limited, 64<<10)
	dec, _ := h.decoders.Get().(*decode.Decoder)
	if dec == nil {
		var err error
		if dec, err = decode.New(h.cfg.Decode); err != nil {
			return http.StatusInternalServerError, errors.New("the check of events cannot start")
		}
	}
	defer h.decoders.Put(dec)
	g := &group{h: h, dec: dec, token: token, a: a}
	for line := 1; ; line++ {
		text, err := readLine(in)
		if limited.N <= 0 {
			return http.StatusRequestEntityTooLarge, errTooLarge
		}
		if err != nil && !errors.Is(err, io.EOF) {
			var tooLarge *http.MaxBytesError
			switch {
			case errors.As(err, &tooLarge):
				return http.StatusRequestEntityTooLarge, errTooLarge
			case errors.Is(err, errLongLine):
				return http.StatusRequestEntityTooLarge, fmt.Errorf("line %d is over %d bytes", line, maxLine)
			}
			return http.StatusBadRequest, errors.New("body ends too early")
		}
		if len(bytes.TrimSpace(text)) > 0 {
			if err := g.add(r.Context(), line, text); err != nil {
				if _, ok := errors.AsType[*foreignError](err); ok {
					return http.StatusForbidden, err
				}
				return http.StatusServiceUnavailable, err
			}
		}
		if err != nil {
			break
		}
	}
	if err := g.send(r.Context()); err != nil {
		return http.StatusServiceUnavailable, err
	}
	if a.Refused > 0 || a.Withheld > 0 {
		return http.StatusMultiStatus, nil
	}
	return http.StatusOK, nil
}

// maxLine is what a publisher can take with its key.
const maxLine = source.MaxMessageBytes - 4096

var errLongLine = errors.New("line is too long")

// readLine returns the next line without its end; io.EOF comes with the last.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return nil, errLongLine
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimRight(line, "\r\n"), err
		}
	}
}

// foreignError says that a token spoke for a source that is not its own. It and the lines
// of its group are not published.
type foreignError struct {
	line   int
	source string
}

func (e *foreignError) Error() string {
	return fmt.Sprintf("line %d is of source_sys %q, which this token may not speak for: see sources= behind it in the file of intake tokens",
		e.line, e.source)
}

// group is some lines that are published together.
type group struct {
	h      *Handler
	dec    *decode.Decoder
	token  *Token
	a      *Answer
	msgs   []source.Message
	bytes  int
	good   int
	broken []LineError
}

func (g *group) add(ctx context.Context, line int, text []byte) error {
	key, rej := g.dec.Check(&decode.Message{Topic: g.a.Topic, ReceivedAt: g.h.now().UnixMilli(), Value: text})
	if rej == nil {
		if source := g.dec.Source(); !g.token.speaksFor(source) {
			return &foreignError{line, source}
		}
		g.good++
	} else {
		// Lines that are no facts have no subject; they may lie anywhere.
		key = rej.SourceSys
		withhold := ""
		if g.token.limited() {
			sources := sourcesIn(text)
			for _, source := range sources {
				if !g.token.speaksFor(source) {
					return &foreignError{line, source}
				}
			}
			switch {
			case len(sources) == 0:
				withhold = "; not published: the token is limited to sources, and of which this line is cannot be read"
			case rej.Reason == deadletter.TimeInFuture:
				// The broker's stamp decides, and comes later than this check.
				withhold = "; not published: a line that is refused here must not become a fact on its way"
			}
		}
		e := LineError{Line: line, Reason: string(rej.Reason), Field: rej.Field, Detail: rej.Detail + withhold}
		if withhold != "" {
			g.a.Withheld++
			g.a.tell(e)
			return nil
		}
		g.broken = append(g.broken, e)
	}
	g.msgs = append(g.msgs, source.Message{Key: []byte(key), Value: text})
	if g.bytes += len(text); g.bytes < 1<<20 && len(g.msgs) < 5000 {
		return nil
	}
	return g.send(ctx)
}

// send publishes the group and counts its lines once they are durable.
func (g *group) send(ctx context.Context) error {
	if len(g.msgs) == 0 {
		return nil
	}
	if err := g.h.to.PublishAll(ctx, g.a.Topic, g.msgs); err != nil {
		g.h.log.Warn("posted events not published", "topic", g.a.Topic, "lines", len(g.msgs), "error", err)
		return errors.New("the broker does not take the events now; send the request again later")
	}
	g.a.Received += len(g.msgs)
	g.a.Accepted += g.good
	g.a.Refused += len(g.broken)
	g.a.tell(g.broken...)
	g.msgs, g.bytes, g.good, g.broken = nil, 0, 0, nil
	return nil
}
