package access

import (
	"net"
	"net/url"
	"strings"
)

// SafeNext is the address of this site to go to after signing in: next when it
// is a plain local path, else "/". What a browser could read as another site
// (//evil, /\evil, a scheme, control characters) is not plain.
func SafeNext(next string) string {
	if !strings.HasPrefix(next, "/") || len(next) > 2000 {
		return "/"
	}
	for _, c := range next {
		if c < ' ' || c == '\\' || c == 0x7f {
			return "/"
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" ||
		strings.HasPrefix(next, "//") || strings.HasPrefix(u.Path, "//") || strings.ContainsRune(u.Path, '\\') {
		return "/"
	}
	switch u.Path {
	case "/signin", "/signout", "/setup":
		return "/"
	}
	return next
}

// LoopbackHost reports whether the Host of a request names this machine
// itself.
func LoopbackHost(host string) bool {
	host = HostName(host)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// HostName is a Host without its port, in small letters.
func HostName(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
