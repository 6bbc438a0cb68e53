package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/internal/instance"
	"duban/supervision/lawzone"
)

const walkPassword = "correct horse battery"

// walker is one person at a browser of his own.
type walker struct {
	t    *testing.T
	ctx  context.Context
	base string
}

func newWalker(t *testing.T, base, name string) *walker {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("accept-lang", "en"),
		chromedp.WindowSize(1440, 1800))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(stop)
	w := &walker{t: t, ctx: ctx, base: base}
	w.do(chromedp.Navigate(base+"/signin?lang=en"), chromedp.WaitReady("main"), chromedp.SendKeys("input[name=name]", name),
		chromedp.SendKeys("input[name=password]", walkPassword), chromedp.Click("main button"), chromedp.WaitReady(".me"))
	return w
}

func (w *walker) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	require.NoError(w.t, chromedp.Do(w.ctx, steps...))
}

func (w *walker) open(path string) {
	w.t.Helper()
	w.do(chromedp.Navigate(w.base+path), chromedp.WaitReady("main"))
}

func look[T any](w *walker, expression string) T {
	w.t.Helper()
	v, err := chromedp.Run(w.ctx, chromedp.Evaluate[T](expression))
	require.NoError(w.t, err)
	return v
}

// sees waits until an expression of the page is true.
func (w *walker) sees(what, expression string) {
	w.t.Helper()
	require.Eventually(w.t, func() bool { return look[bool](w, expression) }, 40*time.Second, 200*time.Millisecond, what)
}

// act fills in the form of an action, whose fields come as name and text, and
// sends it; the page says that it is done.
func (w *walker) act(action string, fields ...string) {
	w.t.Helper()
	form := `form:has(button[value="` + action + `"])`
	if len(fields) > 0 {
		w.do(chromedp.Click(`details.action:has(button[value="`+action+`"]) > summary`), chromedp.WaitVisible(form+" button"))
	}
	for i := 0; i+1 < len(fields); i += 2 {
		w.do(chromedp.SendKeys(form+` [name="`+fields[i]+`"]`, fields[i+1]))
	}
	if look[bool](w, `!!document.querySelector('`+form+` .confirm input')`) {
		w.do(chromedp.Click(form + " .confirm input"))
	}
	// The page that is left may say the same of the action before.
	require.True(w.t, look[bool](w, `document.documentElement.setAttribute("data-left", "") === undefined`))
	w.do(chromedp.Click(form+" button"), chromedp.WaitVisible("html:not([data-left]) .notice-line"))
	require.Equal(w.t, "Done.", look[string](w, `document.querySelector(".notice-line").textContent`), action)
}

// The walk of a red card: raised live while the wall is open, signed for, answered
// and appealed by the department above the one it fell on, revoked by the
// supervisor with a ground; the history tells all of it, and it counts no more.
func TestTheWalkOfARedCard(t *testing.T) {
	dir := t.TempDir()
	users := access.NewUsers(dir, time.Now)
	for _, u := range []access.User{{Name: "li", Display: "李监察", Role: access.Supervisor},
		{Name: "chen", Display: "陈处长", Role: access.DeptManager, OrgCode: "bureau"}} {
		_, err := users.Add(t.Context(), u, walkPassword)
		require.NoError(t, err)
	}
	r := up(t, dir)
	where, err := instance.Read(dir)
	require.NoError(t, err)
	post(t, dir, where.HTTP, "organisations",
		map[string]any{"event_id": "o1", "source_sys": "dir", "org_code": "bureau", "name": "市住房局", "region_code": "610800",
			"valid_from": "2020-01-01"},
		map[string]any{"event_id": "o2", "source_sys": "dir", "org_code": "office", "parent_code": "bureau", "name": "县住房局",
			"region_code": "610802", "valid_from": "2020-01-01"})

	supervisor := newWalker(t, where.HTTP, "li")
	supervisor.open("/alerts")
	supervisor.do(chromedp.WaitVisible(".live-mark"))
	require.Equal(t, "0", redCards(supervisor))
	require.True(t, look[bool](supervisor, `window.sameDocument = true`))

	accepted := time.Now().AddDate(0, -6, 0)
	fact := func(id, kind string, at time.Time, payload map[string]any) map[string]any {
		return map[string]any{"event_id": id, "source_sys": "hall", "case_no": "ZW-1", "event_type": kind, "event_time": at.Format(time.RFC3339),
			"region_code": "610802",
			"org_code":    "office", "task_code": "T1", "apply_channel": "web", "payload": payload}
	}
	post(t, dir, where.HTTP, "case-events", fact("e1", "apply", accepted.Add(-time.Hour), nil),
		fact("e2", "accept", accepted, map[string]any{"promise_days": 5, "promise_unit": "W", "legal_days": 10, "legal_unit": "W"}))
	supervisor.sees("the card is on the wall", `!!document.querySelector(".alert-line.sev-red")`)
	require.Contains(t, look[string](supervisor, `document.querySelector(".alert-line.sev-red").textContent`), "R-DDL-04")
	require.True(t, look[bool](supervisor, `window.sameDocument === true`), "the wall was not loaded again")
	require.Equal(t, "1", redCards(supervisor))

	// The card of the office waits for the manager of the bureau above it.
	department := newWalker(t, where.HTTP, "chen")
	department.open("/todo?task=alert.ack")
	department.do(chromedp.Click(`//li[contains(@class,"work-line")][contains(.,"R-DDL-04")]//a[contains(@class,"open")]`),
		chromedp.WaitVisible("#history"))
	card := regexp.MustCompile(`/alerts/([0-9a-f]{32})`).FindStringSubmatch(look[string](department, `location.href`))
	require.NotNil(t, card)
	department.act("ack")
	department.act("feedback", "cause", "人手不足", "fix", "今日办结")
	department.act("appeal", "ground", "wrong data", "evidence", "日志截图 7", "comment", "事件未推送")

	supervisor.open("/appeals")
	require.Contains(t, look[string](supervisor, `document.querySelector(".appeal").textContent`), "日志截图 7")
	require.Contains(t, look[string](supervisor, `document.querySelector(".appeal-due").textContent`), "5 working days left")
	supervisor.act("revoke", "ground", "wrong data", "comment", "已核实，系统漏推")
	require.False(t, look[bool](supervisor, `!!document.querySelector(".appeal")`), "nothing waits any more")

	supervisor.open("/alerts/" + card[1])
	history := look[[]string](supervisor,
		`Array.from(document.querySelectorAll(".history > li")).map(x => x.textContent.replace(/\s+/g, " "))`)
	require.Len(t, history, 5)
	for i, want := range [][]string{
		{"Raised", "System", "Red card"}, {"Signed for", "陈处长 · department manager"}, {"Answered", "人手不足", "今日办结"},
		{"Appealed", "陈处长", "wrong data", "日志截图 7", "事件未推送"}, {"Revoked", "李监察 · supervisor", "wrong data", "已核实，系统漏推"},
	} {
		for _, text := range want {
			require.Contains(t, history[i], text)
		}
	}
	supervisor.open("/alerts")
	require.Equal(t, "0", redCards(supervisor), "a revoked card is not open")
	for _, x := range r.rows("query", "page/alert_counts") {
		if x["severity"] == "red" {
			require.EqualValues(t, 0, x["total"], "nor does it stand in the figures")
		}
	}
	requireOutageByCommand(t, r)
}

// An outage is declared and ended from the command line, by who may.
func requireOutageByCommand(t *testing.T, r *running) {
	t.Helper()
	from, until := time.Now().In(lawzone.Zone).Add(-time.Hour).Format("2006-01-02T15:04:05"),
		time.Now().In(lawzone.Zone).Add(time.Hour).Format("2006-01-02T15:04:05")
	declare := func(as string) ([]byte, error) {
		return r.try("outage", "declare", "--as", as, "--source", "hall", "--from", from, "--until", until, "--reason", "机房断电")
	}
	_, err := declare("chen")
	require.ErrorContains(t, err, "forbidden")
	out, err := declare("li")
	require.NoError(t, err)
	words := strings.Fields(string(out))
	require.Len(t, words, 2)
	require.Equal(t, "accepted", words[1])
	require.Contains(t, string(r.duban("outage", "end", words[0], "--as", "li")), "accepted")
}

func redCards(w *walker) string {
	return look[string](w, `document.querySelector(".alert-tile.sev-red .value").textContent`)
}

// post sends facts to the intake as a source system does.
func post(t *testing.T, dir, base, topic string, facts ...map[string]any) {
	t.Helper()
	token, err := os.ReadFile(filepath.Join(dir, "secrets", "intake-token"))
	require.NoError(t, err)
	var body strings.Builder
	for _, f := range facts {
		line, err := json.Marshal(f)
		require.NoError(t, err)
		body.Write(line)
		body.WriteByte('\n')
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/v1/events?topic="+topic, strings.NewReader(body.String()))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	r.Header.Set("Content-Type", "application/x-ndjson")
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	require.Equal(t, http.StatusOK, res.StatusCode)
}
