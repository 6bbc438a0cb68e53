package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
)

// everyWay tries from a page every way in which a script can ask another server for
// something, and says what it could read.
const everyWay = `(async (base) => {
	const got = [], late = ms => new Promise(r => setTimeout(r, ms)), once = f => Promise.race([new Promise(f), late(4000)]);
	for (const path of ["/", "/alerts/stream", "/api/v1/indicators/C01", "/alerts?format=csv", "/metrics", "/healthz"])
		for (const o of [{}, {credentials: "include"}, {mode: "no-cors", credentials: "include"}])
			try { got.push("fetch " + path + " " + (await (await fetch(base + path, o)).text()).length) } catch (e) {}
	for (const type of ["text/plain", "application/x-www-form-urlencoded"])
		for (const path of ["/signin", "/signout", "/alerts/actions", "/api/v1/events?topic=case-events"])
			try { await fetch(base + path, {method: "POST", mode: "no-cors", credentials: "include", headers: {"Content-Type": type},
				body: "a=b"}); got.push("post " + path) } catch (e) {}
	for (const withCredentials of [false, true]) await once(done => {
		const s = new EventSource(base + "/alerts/stream", {withCredentials});
		s.onopen = () => { got.push("stream"); s.close(); done() }; s.onerror = () => { s.close(); done() } });
	for (const path of ["/alerts/stream", "/", "/api/v1/events"]) await once(done => {
		const s = new WebSocket(base.replace("http", "ws") + path);
		s.onopen = () => { got.push("socket " + path); s.close(); done() }; s.onerror = done });
	for (const tag of ["script", "img", "iframe"]) await once(done => {
		const e = document.createElement(tag); e.onload = () => {
			let told = tag != "iframe"; try { told = told || e.contentDocument !== null } catch (x) {}
			if (told) got.push(tag); done() }; e.onerror = done; e.src = base + "/alerts?format=csv"; document.body.append(e) });
	return got.join(", ");
})`

// A page of another site that a reader has open gets nothing of this one, by any of the ways
// that browsers have, and sets nothing to work: neither while there is nobody to ask for a
// password nor with the cookie of somebody who is signed in, which browsers send along from
// another port of the same machine.
func TestAPageOfAnotherSiteGetsAndCausesNothing(t *testing.T) {
	h := sitetest.NewHouse(t)
	sitetest.Fill(t, h.DB)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>other</title><body>other"))
	}))
	defer other.Close()
	b := newBrowser(t)
	try := func() {
		t.Helper()
		for _, origin := range []string{other.URL, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)} {
			b.do(t, chromedp.Navigate(origin), chromedp.WaitReady("body"))
			require.Empty(t, ask[string](t, b, everyWay+`("`+h.Base+`")`), origin)
		}
	}
	answered := func() (routes []string) {
		for line := range strings.SplitSeq(h.Reader().Get("/metrics").Body, "\n") {
			if strings.HasPrefix(line, "duban_server_requests_total{") && !strings.Contains(line, `route="none",status="403"`) &&
				!strings.Contains(line, `route="/metrics"`) {
				routes = append(routes, line)
			}
		}
		return routes
	}
	try()
	require.Empty(t, answered(), "nothing was set to work in an open server")

	h.Add("li", access.Supervisor)
	b.do(t, chromedp.Navigate(h.Base+"/signin"), chromedp.WaitReady("main"), chromedp.SendKeys("input[name=name]", "li"),
		chromedp.SendKeys("input[name=password]", sitetest.GoodPassword), chromedp.Click("main button"), chromedp.WaitReady(".me"))
	b.do(t, chromedp.Navigate("about:blank")) // ends the stream of the page
	before := answered()
	try()
	require.Equal(t, before, answered(), "nor with the cookie of who is signed in")
	// A link of another site leads here all the same.
	b.do(t, chromedp.Navigate(other.URL), chromedp.WaitReady("body"))
	ask[bool](t, b, `(() => { const a = document.createElement("a"); a.href = "`+h.Base+`/cases"; document.body.append(a); a.click();
		return true })()`)
	b.do(t, chromedp.WaitReady(".me"))
	require.Equal(t, h.Base+"/cases", ask[string](t, b, "location.href"))
}
