package intake

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/broker/brokertest"
)

const good = `{"event_id":"e1","source_sys":"hall","case_no":"A-1","event_type":"apply","event_time":"2026-02-27T09:00:00+08:00"}`

func door(t *testing.T, to Sender, values ...string) *Handler {
	t.Helper()
	var tokens []Token
	for _, v := range values {
		tokens = append(tokens, Token{Value: v})
	}
	h, err := New(Config{Tokens: tokens, MaxBodyBytes: 1 << 20, Decode: decode.Config{TokenKey: []byte("a token key of the tests")}},
		to, slog.New(slog.DiscardHandler), prometheus.NewRegistry(), time.Now)
	require.NoError(t, err)
	return h
}

func post(h http.Handler, body string, change func(*http.Request)) (int, Answer) {
	r := httptest.NewRequest(http.MethodPost, "/api/v1/events?topic=case-events", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer right")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var a Answer
	_ = json.Unmarshal(w.Body.Bytes(), &a)
	return w.Code, a
}

type refusing struct{}

func (refusing) PublishAll(context.Context, event.Topic, []source.Message) error {
	return errors.New("away")
}

func TestDoorRefuses(t *testing.T) {
	h := door(t, refusing{}, "right", "other")
	for name, c := range map[string]struct {
		handler http.Handler
		change  func(*http.Request)
		body    string
		want    int
	}{
		"a reading method": {h, func(r *http.Request) { r.Method = http.MethodGet }, good, http.StatusMethodNotAllowed},
		"no token":         {h, func(r *http.Request) { r.Header.Del("Authorization") }, good, http.StatusUnauthorized},
		"a wrong token": {h, func(r *http.Request) { r.Header.Set("Authorization", "Bearer wrong") }, good,
			http.StatusUnauthorized},
		"a token without Bearer": {h, func(r *http.Request) { r.Header.Set("Authorization", "right") }, good,
			http.StatusUnauthorized},
		"any token when none is configured": {door(t, refusing{}), nil, good, http.StatusForbidden},
		"an empty token when a blank one is configured": {door(t, refusing{}, " "),
			func(r *http.Request) { r.Header.Set("Authorization", "Bearer ") }, good, http.StatusForbidden},
		"an unknown topic":      {h, func(r *http.Request) { r.URL.RawQuery = "topic=__consumer_offsets" }, good, http.StatusBadRequest},
		"an action of a person": {h, func(r *http.Request) { r.URL.RawQuery = "topic=actions" }, good, http.StatusForbidden},
		"an unknown encoding":   {h, func(r *http.Request) { r.Header.Set("Content-Encoding", "br") }, good, http.StatusUnsupportedMediaType},
		"what is not gzip":      {h, func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, good, http.StatusBadRequest},
		"a broker that is away": {h, nil, good, http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			code, a := post(c.handler, c.body, c.change)
			require.Equal(t, c.want, code)
			require.NotEmpty(t, a.Error)
			require.Zero(t, a.Received)
		})
	}
}

func TestAnswerComesWhenLinesAreInTheTopic(t *testing.T) {
	addr := brokertest.New(t)
	pub, err := source.NewPublisher([]string{addr}, source.PublisherOptions{})
	require.NoError(t, err)
	defer func() { _ = pub.Close() }()
	h := door(t, pub, "right")

	body := good + "\r\n\n" + strings.Replace(good, "apply", "applied", 1) + "\nnot json\n" + strings.Replace(good, "A-1", "A-2", 1)
	code, a := post(h, body, nil)
	require.Equal(t, http.StatusMultiStatus, code)
	require.Equal(t, Answer{Topic: event.TopicCases, Received: 4, Accepted: 2, Refused: 2, Errors: a.Errors}, a)
	require.Equal(t, []LineError{{Line: 3, Reason: "invalid_enum", Field: "/event_type", Detail: a.Errors[0].Detail},
		{Line: 4, Reason: "malformed_json", Detail: a.Errors[1].Detail}}, a.Errors)
	require.Equal(t, int64(4), messages(t, addr), "refused lines are in the topic too")

	var packed bytes.Buffer
	gz := gzip.NewWriter(&packed)
	_, _ = gz.Write([]byte(good))
	require.NoError(t, gz.Close())
	code, a = post(h, packed.String(), func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") })
	require.Equal(t, http.StatusOK, code)
	require.Equal(t, 1, a.Accepted)
	require.Equal(t, int64(5), messages(t, addr))

	c, err := source.NewClient([]string{addr}, "test", source.Security{})
	require.NoError(t, err)
	defer c.Close()
	p := source.PartitionOf([]byte(event.PartitionKey("hall", "A-1")), 4)
	key, value, err := c.ReadOne(t.Context(), event.TopicCases, p, 0)
	require.NoError(t, err)
	require.Equal(t, good, string(value))
	require.Equal(t, event.PartitionKey("hall", "A-1"), string(key))
}

func TestABombOfGzipIsRefused(t *testing.T) {
	addr := brokertest.New(t)
	pub, err := source.NewPublisher([]string{addr}, source.PublisherOptions{})
	require.NoError(t, err)
	defer func() { _ = pub.Close() }()
	var packed bytes.Buffer
	gz := gzip.NewWriter(&packed)
	_, _ = gz.Write(bytes.Repeat([]byte("\n"), 50<<20))
	require.NoError(t, gz.Close())
	code, _ := post(door(t, pub, "right"), packed.String(), func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") })
	require.Equal(t, http.StatusRequestEntityTooLarge, code)
	code, _ = post(door(t, pub, "right"), strings.Repeat("x", 950<<10), nil)
	require.Equal(t, http.StatusRequestEntityTooLarge, code, "a line that no broker takes")
}

func messages(t *testing.T, addr string) int64 {
	t.Helper()
	c, err := source.NewClient([]string{addr}, "test", source.Security{})
	require.NoError(t, err)
	defer c.Close()
	offsets, err := c.Offsets(t.Context(), []event.Topic{event.TopicCases})
	require.NoError(t, err)
	n := int64(0)
	for _, o := range offsets[event.TopicCases] {
		n += o.End
	}
	return n
}

// A token that is limited speaks for its sources, on its topics, and for nobody else.
func TestATokenKeepsToItsSourcesAndTopics(t *testing.T) {
	tokens, err := ParseTokens("# the hall\nright sources=hall,kiosk topics=case-events\n\nother\n")
	require.NoError(t, err)
	require.Equal(t, []Token{{Value: "right", Sources: []string{"hall", "kiosk"}, Topics: []event.Topic{event.TopicCases}}, {Value: "other"}},
		tokens)
	to := &keeping{}
	h, err := New(Config{Tokens: tokens, Decode: decode.Config{TokenKey: []byte("a token key of the tests")}}, to,
		slog.New(slog.DiscardHandler), prometheus.NewRegistry(), time.Now)
	require.NoError(t, err)
	foreign := strings.Replace(good, `"hall"`, `"court"`, 1)

	status, a := post(h, good, nil)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, 1, a.Accepted)
	status, a = post(h, good+"\n"+foreign, nil)
	require.Equal(t, http.StatusForbidden, status)
	require.Zero(t, a.Received)
	require.Contains(t, a.Error, `line 2 is of source_sys "court"`)
	require.Equal(t, 1, to.n, "nothing of that request was published")
	status, a = post(h, good, func(r *http.Request) { r.URL.RawQuery = "topic=organisations" })
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, a.Error, "topics=")
	status, _ = post(h, foreign, func(r *http.Request) { r.Header.Set("Authorization", "Bearer other") })
	require.Equal(t, http.StatusOK, status)

	// A refused line is of its source as well: published, it would stand among the rejects of
	// somebody else, ready to be replayed; one that lies in the future becomes a fact on its
	// way to the broker.
	enums := strings.NewReplacer("apply", "applied")
	early := strings.NewReplacer("2026-02-27", "2199-02-27")
	for name, c := range map[string]struct {
		body             string
		status, withheld int
		published        int
	}{
		"wrong and foreign":               {enums.Replace(foreign), http.StatusForbidden, 0, 0},
		"wrong before its foreign source": {strings.Replace(foreign, `{`, `{"revision":"x",`, 1), http.StatusForbidden, 0, 0},
		"foreign in the data of an envelope": {`{"specversion":"1.0","id":"1","type":"t","source":"/s","data":` + enums.Replace(foreign) +
			`}`, http.StatusForbidden, 0, 0},
		"two sources":                     {strings.Replace(good, `{`, `{"source_sys":"court",`, 1), http.StatusForbidden, 0, 0},
		"in the future and foreign":       {early.Replace(foreign), http.StatusForbidden, 0, 0},
		"in the future":                   {early.Replace(good), http.StatusMultiStatus, 1, 0},
		"of which source nobody can tell": {"not json\n[1]\n" + strings.Replace(good, `"hall"`, `1`, 1), http.StatusMultiStatus, 3, 0},
		"wrong and the own":               {enums.Replace(good), http.StatusMultiStatus, 0, 1},
		"wrong before the own source, with others": {strings.Replace(good, `{`, `{"revision":"x",`, 1) + "\nnot json\n" + good,
			http.StatusMultiStatus, 1, 2},
	} {
		before := to.n
		status, a := post(h, c.body, nil)
		require.Equal(t, []int{c.status, c.withheld, c.published}, []int{status, a.Withheld, to.n - before}, name)
		require.Equal(t, c.published, a.Received, name)
	}
	before := to.n
	status, a = post(h, early.Replace(foreign)+"\nnot json", func(r *http.Request) { r.Header.Set("Authorization", "Bearer other") })
	require.Equal(t, []int{http.StatusMultiStatus, 2, 2}, []int{status, a.Refused, to.n - before},
		"who speaks for all has nobody to keep out of")

	for text, want := range map[string]string{
		"a\nb topics=nowhere": `line 2 of the intake tokens: "nowhere" is no topic`,
		"a topics=actions":    "is no topic that can be posted to",
		"secret colour=red":   "line 1 of the intake tokens: behind a token stand",
		"a sources=":          "with at least one value",
		"a b":                 "and nothing else",
	} {
		_, err := ParseTokens(text)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "secret")
	}
}

// keeping counts what is published.
type keeping struct{ n int }

func (k *keeping) PublishAll(_ context.Context, _ event.Topic, msgs []source.Message) error {
	k.n += len(msgs)
	return nil
}

func TestAFullDiskIsSaidToThoseWhoMayPost(t *testing.T) {
	h := door(t, refusing{}, "right")
	h.cfg.Room = func() error { return errors.New("no room") }
	code, a := post(h, good, nil)
	require.Equal(t, http.StatusServiceUnavailable, code)
	require.Contains(t, a.Error, "disk full")
	require.Zero(t, a.Received)
	code, a = post(h, good, func(r *http.Request) { r.Header.Del("Authorization") })
	require.Equal(t, http.StatusUnauthorized, code)
	require.NotContains(t, a.Error, "disk")
}
