package server_test

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
)

func TestPagesAboutPeopleInABrowser(t *testing.T) {
	h := sitetest.NewHouse(t)
	token, _, err := h.People.Users.OfferSetup()
	require.NoError(t, err)
	b := newBrowser(t)
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	require.NoError(t, err, "axe-core is installed by make deps")
	check := func(path string) {
		t.Helper()
		for _, look := range []string{"light", "dark"} {
			b.do(t, prefer(look), chromedp.EmulateViewport(1440, 900), chromedp.Navigate(h.Base+path), chromedp.WaitReady("main"))
			ask[bool](t, b, string(axe)+"; true")
			found := ask[[]finding](t, b, `axe.run(document,
				{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r =>
				r.violations.map(v => ({ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.map(n => ({HTML: n.html}))})))`)
			for _, f := range found {
				if f.Impact == "serious" || f.Impact == "critical" {
					t.Errorf("%s (%s): %s: %s: %v", path, look, f.ID, f.Help, f.Nodes[:min(3, len(f.Nodes))])
				}
			}
		}
		b.do(t, chromedp.EmulateViewport(360, 740), chromedp.Navigate(h.Base+path+"#"), chromedp.WaitReady("main"))
		require.LessOrEqual(t, ask[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`), 0, path)
		require.Empty(t, b.take(), path)
	}
	check("/setup?token=" + token)
	b.do(t, script(false), chromedp.Navigate(h.Base+"/setup?token="+token), chromedp.WaitReady("main"),
		chromedp.SendKeys("input[name=name]", "root"), chromedp.SendKeys("input[name=password]", sitetest.GoodPassword),
		chromedp.SendKeys("input[name=again]", sitetest.GoodPassword),
		chromedp.Click("main button"), chromedp.WaitReady(".me"), chromedp.Click(".me button"),
		chromedp.WaitReady("form[action='/signin']"), script(true))
	check("/signin")
	b.do(t, script(false), chromedp.Navigate(h.Base+"/signin?next=/users"), chromedp.WaitReady("main"),
		chromedp.SendKeys("input[name=name]", "root"), chromedp.SendKeys("input[name=password]",
			sitetest.GoodPassword), chromedp.Click("main button"),
		chromedp.WaitReady("#add-title"), script(true))
	require.Equal(t, h.Base+"/users", ask[string](t, b, `location.href`))
	h.Add("wang", access.Handler)
	for _, path := range []string{"/users", "/users/u-2", "/audit", "/account"} {
		check(path)
	}
	sitetest.FillWork(t, h.DB)
	_, err = h.People.Users.Add(t.Context(), access.User{Name: "li", Role: access.Supervisor}, sitetest.GoodPassword)
	require.NoError(t, err)
	b.do(t, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(h.Base+"/account"), chromedp.WaitReady(".me"), chromedp.Click(".me button"),
		chromedp.WaitReady("form[action='/signin']"),
		chromedp.SendKeys("input[name=name]", "li"), chromedp.SendKeys("input[name=password]",
			sitetest.GoodPassword), chromedp.Click("main button"),
		chromedp.WaitReady(".me"))
	for _, path := range []string{"/todo", "/orders", "/orders/new?alert=a1000000", "/work/order/o2", "/appeals", "/alerts/a1000000",
		"/work?kind=rating", "/work?kind=exposure", "/work?kind=referral", "/work/exposure/new", "/work/referral/new", "/outages"} {
		check(path)
	}
	// The board by keyboard: down to the first draft, picked; to the next column.
	b.do(t, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(h.Base+"/orders"), chromedp.WaitReady(".board"), chromedp.KeyEvent("j"),
		chromedp.KeyEvent("x"))
	require.Equal(t, "order/o1/1", ask[string](t, b, `document.querySelector("input[name=matter]:checked").value`))
	b.do(t, chromedp.KeyEvent("l"))
	require.Equal(t, "state-issued", ask[string](t, b, `document.activeElement.closest(".board-column").classList[1]`))
	b.do(t, chromedp.KeyEvent(kb.Enter), chromedp.WaitReady("#history"))
	require.Equal(t, h.Base+"/work/order/o2", ask[string](t, b, `location.href`))
	// What others do shows on an open board, on which nobody is choosing, without a reload.
	b.do(t, chromedp.Navigate(h.Base+"/orders"), chromedp.WaitVisible(".live-mark"), chromedp.KeyEvent("j"))
	require.False(t, ask[bool](t, b, `!!document.querySelector("a.open[href*='/work/order/fresh']")`))
	ask[bool](t, b, `window.stays = true`)
	sitetest.PutPieces(t, h.DB, sitetest.Piece{Kind: "order", ID: "fresh", Org: "bureau", Region: "610802", State: "issued",
		Level: "normal", Origin: "leader",
		Data: `{"title":"新督办"}`})
	b.do(t, chromedp.WaitReady("a.open[href*='/work/order/fresh']"))
	require.True(t, ask[bool](t, b, `window.stays`), "the page was not loaded anew")
	require.Equal(t, "/work/order/o1", ask[string](t, b, `document.activeElement.querySelector("a.open").pathname`),
		"the line that had the focus keeps it")
	require.Empty(t, b.take())
}
