package notify_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/queries"
	"duban/supervision/notify"
	"duban/supervision/notify/channel"
)

// certificate is a self-signed one for 127.0.0.1 and localhost, and the file
// that makes a client accept it.
func certificate(t testing.TB) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter:    time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

// post is a mail that arrived.
type post struct {
	to     string
	header netmail.Header
	body   string
}

// postOffice is a real mail server that takes mail over STARTTLS from those
// who log in. answer may refuse a recipient.
type postOffice struct {
	mu     sync.Mutex
	got    []post
	answer func(to string) error
	config channel.SMTP
}

func newPostOffice(t testing.TB) *postOffice {
	t.Helper()
	cert, ca := certificate(t)
	o := &postOffice{answer: func(string) error { return nil }}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &counter{o: o}, nil }))
	srv.Domain, srv.TLSConfig, srv.ErrorLog = "localhost", &tls.Config{Certificates: []tls.Certificate{cert}}, discard{}
	o.config = channel.SMTP{
		Host: "127.0.0.1", Port: listen(t, srv), CAFile: ca, Username: "duban", Password: "letter-box",
		From: "督办 <duban@example.org>", Helo: "localhost", Timeout: 5 * time.Second,
	}
	return o
}

// listen starts a mail server and returns its port.
func listen(t testing.TB, srv *smtp.Server) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

func (o *postOffice) sender(t testing.TB) channel.Sender {
	t.Helper()
	e, err := channel.NewEmail(o.config)
	require.NoError(t, err)
	return e
}

func (o *postOffice) mails() []post {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]post(nil), o.got...)
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

// counter is one session of the mail server.
type counter struct {
	o  *postOffice
	in bool
	to string
}

func (c *counter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "duban" || password != "letter-box" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
		}
		c.in = true
		return nil
	}), nil
}

func (c *counter) Mail(string, *smtp.MailOptions) error {
	if !c.in {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	return c.o.answer(to)
}

func (c *counter) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	c.o.mu.Lock()
	defer c.o.mu.Unlock()
	c.o.got = append(c.o.got, post{c.to, m.Header, string(body)})
	return nil
}

func (*counter) Reset()        {}
func (*counter) Logout() error { return nil }

// received is a webhook that arrived with a good signature.
type received struct {
	id     string
	repeat bool
	events []string
	total  int
}

// hook is a real HTTPS receiver that checks signatures. answer gives the status.
type hook struct {
	mu     sync.Mutex
	got    []received
	bad    []error
	answer func(n int) int
	url    string
	hosts  channel.Hosts
}

const hookSecret = "a-secret-of-the-tests"

func newHook(t testing.TB) *hook {
	t.Helper()
	cert, ca := certificate(t)
	h := &hook{answer: func(int) int { return http.StatusOK }}
	srv := httptest.NewUnstartedServer(h)
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	h.url = srv.URL
	host := strings.TrimPrefix(srv.URL, "https://")
	h.hosts = channel.Hosts{Allowed: []string{host}, Private: []string{host}, CAFile: ca}
	return h
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h.mu.Lock()
	if err := channel.Verify(r.Header, body, hookSecret, time.Now()); err != nil {
		h.bad = append(h.bad, err)
	}
	var d struct {
		Events []string `json:"events"`
		Total  int      `json:"total"`
	}
	_ = json.Unmarshal(body, &d)
	h.got = append(h.got, received{r.Header.Get(channel.HeaderMessage), r.Header.Get(channel.HeaderRepeat) == "1", d.Events, d.Total})
	status := h.answer(len(h.got))
	h.mu.Unlock()
	w.WriteHeader(status)
}

func (h *hook) all() []received {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]received(nil), h.got...)
}

func (h *hook) sender(t testing.TB) channel.Sender {
	t.Helper()
	w, err := channel.NewWebhook(h.hosts, map[string]string{channel.DefaultSecret: hookSecret}, time.Now)
	require.NoError(t, err)
	return w
}

// bench is a database with events, and a clock.
type bench struct {
	t   *testing.T
	db  *store.DB
	reg *queries.Registry

	mu  sync.Mutex
	now time.Time
}

func newBench(t *testing.T, db *store.DB, start time.Time) *bench {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	b := &bench{t: t, db: db, reg: reg, now: start}
	for _, table := range []string{"notices", "notice_cursors", "alerts", "alert_events", "work_items", "work_events",
		"organisations", "regions", "cases"} {
		b.exec("TRUNCATE TABLE %s", table)
	}
	return b
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) set(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = now
}

func (b *bench) exec(text string, args ...any) {
	b.t.Helper()
	require.NoError(b.t, b.db.Conn().Exec(b.t.Context(), fmt.Sprintf(text, args...)))
}

// organisation enters one with its contacts.
func (b *bench) organisation(code, region, parent, contacts string) {
	b.t.Helper()
	b.exec(`INSERT INTO organisations (source_sys, org_code, event_id, name, name_en, parent_code, region_code, valid_from, payload)
		VALUES ('test', '%s', '%s', '住建局', 'Housing Bureau', '%s', '%s', '2020-01-01', '{"contacts":%s}')`, code, code, parent, region, contacts)
}

// raise writes n alerts with their first event.
func (b *bench) raise(prefix string, n int, severity string, version uint64, recorded time.Time) {
	b.t.Helper()
	stamp := recorded.UTC().Format("2006-01-02 15:04:05")
	b.exec(`INSERT INTO alerts (alert_id, fold_version, seq, rule_id, rule_version, subject_kind, source_sys, subject_no, org_code,
		region_code,
			state, severity, active, notify, raised_at, severity_at, recorded_at, updated_at)
		SELECT concat('%s', leftPad(toString(number), 4, '0')), %d, 1, 'R-DDL-03', 1, 'case', 'test', concat('C', toString(number)), 'bureau',
		'610802',
			'issued', '%s', 1, 'N1', '%s', '%s', '%s', '%s' FROM numbers(%d)`, prefix, version, severity, stamp, stamp, stamp, stamp, n)
	b.exec(`INSERT INTO alert_events (alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at)
		SELECT concat('%s', leftPad(toString(number), 4, '0')), 1, %d, 'raised', 'issued', '%s', '%s', '%s' FROM numbers(%d)`,
		prefix, version, severity, stamp, stamp, n)
}

func (b *bench) config() notify.Config {
	cfg := notify.DefaultConfig()
	cfg.BaseURL, cfg.Timeout = "https://duban.example.org", 5*time.Second
	return cfg
}

func (b *bench) notifier(senders channel.Senders) *notify.Notifier {
	b.t.Helper()
	return b.notifierWith(b.config(), senders)
}

func (b *bench) notifierWith(cfg notify.Config, senders channel.Senders) *notify.Notifier {
	b.t.Helper()
	n, err := notify.New(cfg, notify.Deps{
		Conn: b.db.Conn(), Queries: b.reg, Directory: notify.NewOrganisations(b.db.Conn(), b.reg), Senders: senders,
		Rules: func(string) (string, string) { return "超承诺时限", "Promise overdue" },
		Log:   slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(), Now: b.clock,
	})
	require.NoError(b.t, err)
	return n
}

// step runs a round at an instant and waits for its messages.
func (b *bench) step(n *notify.Notifier, now time.Time, version uint64) notify.Report {
	b.t.Helper()
	b.set(now)
	rep, err := n.Step(b.t.Context(), now, version)
	require.NoError(b.t, err)
	n.Wait()
	return rep
}

// states counts the notices of the ledger by channel, state and reason.
func (b *bench) states() map[string]uint64 {
	b.t.Helper()
	rows, err := b.db.Conn().Query(b.t.Context(),
		`SELECT concat(channel, ' ', state, if(reason = '', '', concat(' ', reason)), if(possible_repeat, ' repeat', '')) AS s, count() FROM `+
			`notices_now GROUP BY s`)
	require.NoError(b.t, err)
	defer func() { _ = rows.Close() }()
	out := map[string]uint64{}
	for rows.Next() {
		var s string
		var n uint64
		require.NoError(b.t, rows.Scan(&s, &n))
		out[strings.TrimSpace(s)] = n
	}
	require.NoError(b.t, rows.Err())
	return out
}
