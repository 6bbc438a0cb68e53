package access

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Proxies are the networks whose word about the reader's address and
// encryption is taken, besides this machine itself.
type Proxies []netip.Prefix

// ParseProxies reads addresses and networks.
func ParseProxies(texts []string) (Proxies, error) {
	var out Proxies
	for _, s := range texts {
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, &InvalidError{"proxies", "proxies_form", s + " is neither an address nor a network such as 10.0.0.0/8"}
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

func (p Proxies) trusted(a netip.Addr) bool {
	if a.IsLoopback() {
		return true
	}
	for _, n := range p {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// peer is the address at the other end of the connection.
func peer(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

// Client is the address of the reader: the last one in X-Forwarded-For that is
// no trusted proxy, when the connection comes from one.
func (p Proxies) Client(r *http.Request) netip.Addr {
	at := peer(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.trusted(at); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = next.Unmap().WithZone("")
	}
	return at
}

// Encrypted reports whether the reader's connection is encrypted: to us, or to
// a trusted proxy that says so.
func (p Proxies) Encrypted(r *http.Request) bool {
	return r.TLS != nil || p.trusted(peer(r)) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// Local reports whether the request comes from a program on this machine and
// was not handed on by a proxy.
func Local(r *http.Request) bool {
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	return FromLoopback(r) && LoopbackHost(r.Host)
}

// OfAnotherSite reports whether a browser sends the request for a page of another site: it
// comes from this machine and from no program of it.
func OfAnotherSite(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	}
	return false
}

// Embedded reports whether a page of another site asks for something to use within itself: a
// stream, a socket, an image, a frame, a script's question. To be led here by a link is another
// matter. Browsers that say nothing of sites, as all do over connections that are not encrypted,
// still name the origin of what a script asks for.
func Embedded(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Site") != "" {
		h := r.Header
		led := h.Get("Sec-Fetch-Mode") == "navigate" && h.Get("Sec-Fetch-Dest") == "document"
		return OfAnotherSite(r) && !led
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || u.Host != r.Host
}

// FromLoopback reports whether the connection comes from this machine, be it
// from a proxy on it.
func FromLoopback(r *http.Request) bool { return peer(r).IsLoopback() }

// Network is the network of an address, for the trail: /24 of IPv4, /48 of
// IPv6; "" when it is not known.
func Network(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	bits := 48
	if a.Is4() {
		bits = 24
	}
	n, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return n.String()
}
