package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
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
	"github.com/stretchr/testify/require"

	"duban/supervision/notify/channel"
)

// posts are a real mail server (STARTTLS, login) and a real HTTPS receiver that
// checks signatures; they keep what arrives.
type posts struct {
	mu    sync.Mutex
	mails []netmail.Header
	hooks []hooked
	bad   []error

	ca, secrets, password string // files
	smtpPort              int
	hookURL, hookHost     string
}

// hooked is one webhook.
type hooked struct {
	id     string
	repeat bool
	events []string
}

const hookSecret = "a-secret-of-the-tests"

func newPosts(t *testing.T) *posts {
	t.Helper()
	p, dir := &posts{}, t.TempDir()
	cert := p.certificate(t, dir)
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	p.secrets, p.password = write("secrets", channel.DefaultSecret+" "+hookSecret+"\n"), write("password", "letter-box\n")

	mail := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{posts: p}, nil }))
	mail.Domain, mail.TLSConfig = "localhost", &tls.Config{Certificates: []tls.Certificate{cert}}
	mail.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo) // clients are killed in mid-session
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = mail.Serve(l) }()
	t.Cleanup(func() { _ = mail.Close() })
	p.smtpPort = l.Addr().(*net.TCPAddr).Port

	srv := httptest.NewUnstartedServer(http.HandlerFunc(p.hook))
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	p.hookURL, p.hookHost = srv.URL, strings.TrimPrefix(srv.URL, "https://")
	return p
}

// certificate makes a self-signed one for the loopback, and the file that makes a
// client accept it.
func (p *posts) certificate(t *testing.T, dir string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter:    time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	p.ca = filepath.Join(dir, "ca.pem")
	require.NoError(t, os.WriteFile(p.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (p *posts) hook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil { // the sender was killed: it never was a message
		return
	}
	if err := channel.Verify(r.Header, body, hookSecret, time.Now()); err != nil {
		p.bad = append(p.bad, err)
	}
	var d struct {
		Events []string `json:"events"`
	}
	if err := json.Unmarshal(body, &d); err != nil {
		p.bad = append(p.bad, err)
	}
	p.hooks = append(p.hooks, hooked{r.Header.Get(channel.HeaderMessage), r.Header.Get(channel.HeaderRepeat) == "1", d.Events})
	w.WriteHeader(http.StatusNoContent)
}

func (p *posts) all() ([]netmail.Header, []hooked, []error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]netmail.Header(nil), p.mails...), append([]hooked(nil), p.hooks...), append([]error(nil), p.bad...)
}

// mailSession is one session of the mail server.
type mailSession struct {
	posts *posts
	in    bool
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if s.in = user == "duban" && password == "letter-box"; !s.in {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *mailSession) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (*mailSession) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (s *mailSession) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, m.Body); err != nil {
		return err
	}
	s.posts.mu.Lock()
	defer s.posts.mu.Unlock()
	s.posts.mails = append(s.posts.mails, m.Header)
	return nil
}

func (*mailSession) Reset()        {}
func (*mailSession) Logout() error { return nil }
