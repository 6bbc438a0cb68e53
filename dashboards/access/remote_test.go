package access_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

func TestOnlyLocalAddressesAreGoneTo(t *testing.T) {
	for _, next := range []string{"/", "/cases?region=610800&q=a%2Fb", "/alerts/9f", "/cases/hall/a%2F%2Fb"} {
		require.Equal(t, next, access.SafeNext(next))
	}
	for _, next := range []string{
		"", "cases", "//evil.example", "/\\evil.example", "/%5Cevil.example", "\\\\evil.example", "https://evil.example/", "javascript:alert(1)",
		"/\t/evil.example", "/\n/evil.example", "///evil.example", "/%2Fevil.example", " /cases", "/signin?next=/", "/signout",
		"/setup?token=x", "/%zz",
	} {
		require.Equal(t, "/", access.SafeNext(next), "%q", next)
	}
}

func TestAddressesAreCutToTheirNetwork(t *testing.T) {
	proxies, err := access.ParseProxies([]string{"10.0.0.0/8", "2001:db8::1"})
	require.NoError(t, err)
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.77:1234", "", "203.0.113.0/24"},
		{"[2001:db8:1:2:3::4]:1234", "", "2001:db8:1::/48"},
		{"203.0.113.77:1234", "198.51.100.9", "203.0.113.0/24"}, // not a proxy: not believed
		{"10.1.2.3:1234", "198.51.100.9", "198.51.100.0/24"},
		{"10.1.2.3:1234", "192.0.2.1, 198.51.100.9, 10.9.9.9", "198.51.100.0/24"}, // what the reader wrote itself stands first
		{"127.0.0.1:1234", "junk", "127.0.0.0/24"},
		{"[::ffff:127.0.0.1]:1234", "198.51.100.9", "198.51.100.0/24"},
		{"junk", "", ""},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		require.Equal(t, c.want, access.Network(proxies.Client(r)), "%+v", c)
	}
	_, err = access.ParseProxies([]string{"proxy.example"})
	require.ErrorContains(t, err, "proxies")
}

func TestARequestThatAProxyHandedOnIsNotLocal(t *testing.T) {
	r := httptest.NewRequest("GET", "http://127.0.0.1:8080/metrics", nil)
	r.RemoteAddr = "127.0.0.1:1234"
	require.True(t, access.Local(r))
	r.Header.Set("X-Forwarded-For", "198.51.100.9")
	require.False(t, access.Local(r))
	r = httptest.NewRequest("GET", "http://duban.example/metrics", nil)
	r.RemoteAddr = "127.0.0.1:1234"
	require.False(t, access.Local(r), "by a name of the outside")
	r = httptest.NewRequest("GET", "http://127.0.0.1:8080/metrics", nil)
	r.RemoteAddr = "198.51.100.9:1234"
	require.False(t, access.Local(r))
}
