package channel

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Hosts are the rules for where HTTP channels may go. Redirects are never
// followed, proxies of the environment are not used, certificates are always
// checked.
type Hosts struct {
	// Allowed are the hosts, each HOST or HOST:PORT (without port: 443).
	Allowed []string
	// Private are those of them that may lie on private or loopback addresses.
	// Link-local addresses (cloud metadata) are never used.
	Private []string
	// CAFile holds further authorities, PEM; empty = those of the system.
	CAFile string
}

// hostError says that a host or its address may not be used.
type hostError struct{ reason Reason }

func (e hostError) Error() string { return string(e.reason) }

func hostPort(u *url.URL) string {
	if u.Port() == "" {
		return net.JoinHostPort(strings.ToLower(u.Hostname()), "443")
	}
	return strings.ToLower(u.Host)
}

func listed(list []string, target string) bool {
	return slices.ContainsFunc(list, func(h string) bool {
		h = strings.ToLower(h)
		return h == target || net.JoinHostPort(h, "443") == target
	})
}

// poster posts JSON under the rules of Hosts.
type poster struct {
	hosts  Hosts
	client *http.Client
}

func newPoster(hosts Hosts) (*poster, error) {
	pool, err := certPool(hosts.CAFile)
	if err != nil {
		return nil, err
	}
	p := &poster{hosts: hosts}
	p.client = &http.Client{
		Transport: &http.Transport{
			TLSClientConfig:       &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
			DialContext:           p.dial,
			TLSHandshakeTimeout:   10 * time.Second,
			ResponseHeaderTimeout: 30 * time.Second,
			MaxIdleConnsPerHost:   2,
			IdleConnTimeout:       30 * time.Second,
			ForceAttemptHTTP2:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p, nil
}

// certPool reads further authorities beside those of the system.
func certPool(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // nil means the pool of the system
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read authorities: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read authorities: %s holds no certificate in PEM", file)
	}
	return pool, nil
}

// dial checks the address after the name was resolved, so that a name that
// points inside is refused whenever it starts to.
func (p *poster) dial(ctx context.Context, network, target string) (net.Conn, error) {
	private := listed(p.hosts.Private, strings.ToLower(target))
	d := net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil || !usable(ap.Addr().Unmap(), private) {
			return hostError{PrivateAddress}
		}
		return nil
	}}
	return d.DialContext(ctx, network, target)
}

// usable tells addresses that messages may go to.
func usable(a netip.Addr, private bool) bool {
	switch {
	case a.IsUnspecified(), a.IsMulticast(), a.IsLinkLocalUnicast():
		return false
	case a.IsLoopback(), a.IsPrivate(), sharedAddress(a):
		return private
	}
	return true
}

// sharedAddress is 100.64.0.0/10, the space behind carriers' translation.
func sharedAddress(a netip.Addr) bool {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64, 0, 0}), 10).Contains(a)
}

// answer is what the other side said.
type answer struct {
	status int
	body   []byte
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 64 << 10

// post sends body to target. The result is only set when there is no answer to
// judge.
func (p *poster) post(ctx context.Context, target string, header map[string]string, body []byte) (answer, *Result) {
	fail := func(r Result) (answer, *Result) { return answer{}, &r }
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return fail(refuse(BadAddress, "want an https URL"))
	}
	if !listed(p.hosts.Allowed, hostPort(u)) {
		return fail(refuse(HostNotAllowed, ""))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return fail(refuse(BadAddress, "want an https URL"))
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "duban")
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := p.client.Do(req)
	if err != nil {
		return fail(network(err))
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fail(network(err))
	}
	return answer{res.StatusCode, got}, nil
}

// byStatus judges an answer by its status alone; nil for 2xx.
func byStatus(status int) *Result {
	detail := fmt.Sprintf("HTTP %d", status)
	var r Result
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 300 && status < 400:
		r = refuse(Redirected, detail)
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
		r = retry(Busy, detail)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		r = refuse(AuthFailed, detail)
	default:
		r = refuse(Refused, detail)
	}
	return &r
}
