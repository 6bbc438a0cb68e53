package stack

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/ingest"
	"duban/ingest/event"
	"duban/internal/broker/brokertest"
	"duban/internal/config"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

const deskPassword = "correct horse battery"

// counter is the server of the pages over a real database and broker, with no
// engine that would answer: what is recorded stays in the topic.
type counter struct {
	t     *testing.T
	stack *Stack
	base  string
	// patience is how long a browser waits for an answer.
	patience time.Duration
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	db := storetest.New(t)
	enginetest.Insert(t, db,
		event.Organisation{SourceSys: "dir", EventID: "o1", OrgCode: "bureau", Name: "市局", RegionCode: "610800", ValidFrom: 1},
		event.Organisation{SourceSys: "dir", EventID: "o2", OrgCode: "office", ParentCode: "bureau", Name: "县局",
			RegionCode: "610802", ValidFrom: 1},
		event.Organisation{SourceSys: "dir", EventID: "o3", OrgCode: "other", Name: "别局", RegionCode: "620102", ValidFrom: 1})
	putAlert(t, db, "a0000001", "bureau", "610800")
	putAlert(t, db, "a0000002", "office", "610802")
	putAlert(t, db, "a0000003", "other", "620102")

	cfg := config.Default()
	cfg.Data, cfg.Listen, cfg.Kafka.Brokers = t.TempDir(), "127.0.0.1:0", []string{brokertest.New(t)}
	// The database holds facts, so the key that their personal data would have been
	// tokenised with has to be there.
	secrets := filepath.Join(cfg.Data, "secrets")
	require.NoError(t, os.MkdirAll(secrets, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(secrets, "token-key"), []byte(strings.Repeat("k", 64)), 0o600))
	s, err := New(cfg, slog.New(slog.DiscardHandler), "test")
	require.NoError(t, err)
	s.brokers = cfg.Kafka.Brokers
	require.NoError(t, s.connect(config.ClickHouse{DSN: db.DSN()}))
	srv, err := s.newServer()
	require.NoError(t, err)
	base, err := srv.Listen()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- srv.Run(ctx) }()
	t.Cleanup(func() { stop(); require.NoError(t, <-done); require.NoError(t, s.Stop()) })
	return &counter{t: t, stack: s, base: base, patience: 20 * time.Second}
}

func putAlert(t *testing.T, db *store.DB, id, org, region string) {
	t.Helper()
	at := time.Now().UTC().Add(-time.Hour)
	for table, columns := range map[string]struct {
		names  string
		values []any
	}{
		"alerts": {"alert_id, fold_version, seq, rule_id, rule_version, category, subject_kind, source_sys, subject_no, org_code, region_code," +
			" state, severity, raised_at, severity_at, recorded_at",
			[]any{id, uint64(1), uint32(1), "R-DDL-04", uint16(1), "timeliness", "case", "hall", "C-" + id, org, region,
				"issued", "red", at, at, at}},
		"alert_events": {"alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at",
			[]any{id, uint32(1), uint64(1), "raised", "issued", "red", at, at}},
	} {
		batch, err := db.Conn().PrepareBatch(t.Context(), "INSERT INTO "+table+" ("+columns.names+")")
		require.NoError(t, err)
		require.NoError(t, batch.Append(columns.values...))
		require.NoError(t, batch.Send())
	}
}

// recorded is how many actions the topic holds.
func (c *counter) recorded() uint64 {
	c.t.Helper()
	topics, err := topicStatus{ingest.NewAuditor(c.stack.kafka, c.stack.db.Conn(), c.stack.reg)}.Topics(c.t.Context())
	require.NoError(c.t, err)
	for _, s := range topics {
		if s.Topic == string(event.TopicActions) {
			return s.Received
		}
	}
	c.t.Fatal("no topic of actions")
	return 0
}

// as signs a new user in and returns how that browser posts.
func (c *counter) as(name string, u access.User) func(path string, pairs ...string) (status int, to, body string) {
	c.t.Helper()
	u.Name = name
	_, err := c.stack.access.Users.Add(c.t.Context(), u, deskPassword)
	require.NoError(c.t, err)
	jar, err := cookiejar.New(nil)
	require.NoError(c.t, err)
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(path string, pairs ...string) (int, string, string) {
		c.t.Helper()
		form := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		ctx, cancel := context.WithTimeout(c.t.Context(), c.patience)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, strings.NewReader(form.Encode()))
		require.NoError(c.t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := client.Do(r)
		if errors.Is(err, context.DeadlineExceeded) {
			return 0, "", ""
		}
		require.NoError(c.t, err)
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		require.NoError(c.t, err)
		return res.StatusCode, res.Header.Get("Location"), string(body)
	}
	status, _, _ := post("/signin", "name", name, "password", deskPassword)
	require.Equal(c.t, http.StatusSeeOther, status)
	return post
}

func TestWhatRoleOrScopeNeverAllowsIsRefusedAndNotRecorded(t *testing.T) {
	c := newCounter(t)
	manager := c.as("manager", access.User{Role: access.DeptManager, OrgCode: "bureau"})
	handler := c.as("handler", access.User{Role: access.Handler, OrgCode: "bureau"})
	elsewhere := c.as("elsewhere", access.User{Role: access.Supervisor, ScopeRegion: "620000"})
	analyst := c.as("analyst", access.User{Role: access.Analyst})
	refused := func(post func(string, ...string) (int, string, string), action, matter string) {
		t.Helper()
		status, to, _ := post("/work/actions", "action", action, "matter", matter, "back", "/alerts", "comment", "c", "ground", "wrong_data")
		require.Equal(t, http.StatusSeeOther, status)
		require.Equal(t, "/alerts?did=forbidden.1.refusal.not_permitted", to)
	}
	refused(manager, "ack", "alert/a0000003/1")      // of another organisation
	refused(handler, "ack", "alert/a0000003/1")      // and by its handler
	refused(manager, "revoke", "alert/a0000001/1")   // own, but the supervisor's
	refused(elsewhere, "revoke", "alert/a0000001/1") // the supervisor of another province
	refused(analyst, "ack", "alert/a0000001/1")      // who only reads
	refused(manager, "sign", "order/0000/1")         // there is none
	require.Zero(t, c.recorded())

	for _, x := range []struct{ org, want string }{{"bureau", "没有“bureau”"}, {"", "主办单位"}} {
		status, _, body := elsewhere("/orders/new", "id", strings.Repeat("0", 32), "seq", "0", "org_code", x.org, "title", "t", "demand", "d")
		require.Equal(t, http.StatusUnprocessableEntity, status)
		require.Contains(t, body, x.want, "an order for an organisation out of scope")
	}
	status, _, _ := manager("/orders/new", "id", strings.Repeat("0", 32), "seq", "0", "org_code", "office", "title", "t", "demand", "d")
	require.Equal(t, http.StatusForbidden, status)
	require.Zero(t, c.recorded())

	// A card is given to somebody of the organisation, or of one above, who may sign in:
	// u-1 is its manager, u-3 a supervisor of another province, u-5 of another organisation.
	c.as("foreigner", access.User{Role: access.Handler, OrgCode: "other"})
	for _, who := range []string{"u-3", "u-5", "u-99", "handler", ""} {
		status, to, _ := manager("/work/actions", "action", "assign", "matter", "alert/a0000002/1", "back", "/alerts", "assignee", who)
		require.Equal(t, http.StatusSeeOther, status)
		require.Equal(t, "/alerts?did=invalid.1.refusal.no_such_person", to, who)
	}
	require.Zero(t, c.recorded())

	// What lies below the own organisation is in scope, and is recorded; nobody
	// answers here, so nobody waits for the answer.
	c.patience = 2 * time.Second
	manager("/work/actions", "action", "ack", "matter", "alert/a0000002/1", "back", "/alerts")
	require.EqualValues(t, 1, c.recorded())
	manager("/work/actions", "action", "assign", "matter", "alert/a0000002/1", "back", "/alerts", "assignee", "u-2")
	require.EqualValues(t, 2, c.recorded())
}
