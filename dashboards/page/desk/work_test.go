package desk_test

import (
	"bufio"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
)

// The pages are looked at on Monday 15 June 2026, 12:00. The appeal of Monday 8
// June has to be decided by the fifth working day after it, the 15th (domain guide
// 6.1); a reply waits for no limit, and a note after an appeal moves none.
func TestWhatWaitsForWhom(t *testing.T) {
	h := sitetest.WorkHouse(t)
	for name, x := range map[string]struct {
		user access.User
		want []string
	}{
		"manager of the bureau": {access.User{Role: access.DeptManager, OrgCode: "bureau"},
			[]string{"rating.verify bad", "alert.feedback answer", "order.co_reply beside", "order.reply longer", "alert.ack sign",
				"alert.ack assigned"}},
		"handler of the office": {access.User{Role: access.Handler, OrgCode: "office"},
			[]string{"order.co_reply beside", "order.reply longer", "alert.ack sign"}},
		"handler elsewhere": {access.User{Role: access.Handler, OrgCode: "nowhere"}, []string{}},
		"supervisor": {access.User{Role: access.Supervisor},
			[]string{"rating.verify bad", "alert.uphold appealed", "order.extend longer", "rating.exclude contested",
				"alert.accept_feedback answered", "order.accept replied",
				"alert.close escalated", "alert.confirm pending", "order.issue draft", "referral.record_result register"}},
		"supervisor of a region": {access.User{Role: access.Supervisor, ScopeRegion: "620000"},
			[]string{"alert.accept_feedback answered", "alert.confirm pending", "order.issue draft"}},
		"hotline office": {access.User{Role: access.HotlineAdmin}, []string{"rating.verify bad", "order.extend longer", "alert.ack hotline"}},
		"leader":         {access.User{Role: access.Leader}, []string{"order.accept replied"}},
		"analyst":        {access.User{Role: access.Analyst}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			sign := strings.ReplaceAll(name, " ", "-")
			x.user.Name = sign
			_, err := h.People.Users.Add(t.Context(), x.user, sitetest.GoodPassword)
			require.NoError(t, err)
			r := h.Reader()
			r.T = t
			r.SignIn(sign)
			if len(x.want) == 0 {
				require.NotContains(t, r.Get("/todo").Body, `class="work-line`)
				return
			}
			got := r.Columns("/todo?format=csv", "task", "work_id")
			require.ElementsMatch(t, x.want, got)
			require.Equal(t, x.want[0], got[0], "what is overdue longest comes first")
			require.Regexp(t, `class="badge[^"]*"[^>]*>`+strconv.Itoa(len(x.want))+`<`, r.Get("/alerts").Body, "the navigation counts it")
		})
	}
}

func TestListsKeepToTheScopeAndWhatStandsBelow(t *testing.T) {
	h := sitetest.WorkHouse(t)
	_, err := h.People.Users.Add(t.Context(), access.User{Name: "chen", Role: access.DeptManager, OrgCode: "bureau"}, sitetest.GoodPassword)
	require.NoError(t, err)
	r := h.Reader()
	r.SignIn("chen")
	require.ElementsMatch(t, []string{"sign", "assigned", "answer", "appealed", "escalated", "ordered"},
		r.Columns("/alerts?format=csv", "alert_id"), "later comes below the bureau next year")
	require.ElementsMatch(t, []string{"sign", "assigned", "appealed", "escalated", "ordered"},
		r.Columns("/alerts?format=csv&org=office", "alert_id"))
	require.ElementsMatch(t, []string{"beside", "longer", "replied"}, r.Columns("/orders?format=csv", "work_id"),
		"also where it stands beside the lead")
	require.Equal(t, []string{"done"}, r.Columns("/orders?format=csv&group=ended", "work_id"))
	require.Equal(t, []string{"longer"}, r.Columns("/orders?format=csv&state=signed", "work_id"))
	require.Empty(t, r.Columns("/orders?format=csv&overdue=1", "work_id"), "a reply waits for no limit")
	require.ElementsMatch(t, []string{"bad", "contested"}, r.Columns("/work?format=csv", "work_id"))
	require.Equal(t, []string{"bad"}, r.Columns("/work?format=csv&overdue=1", "work_id"))
	require.Equal(t, []string{"appealed wrong data 2026-06-08T09:00:00.000+08:00 2026-06-15T23:59:59.999+08:00"},
		r.Columns("/appeals?format=csv&lang=en", "alert_id", "ground", "appealed_at", "decide_by"))
	for path, status := range map[string]int{
		"/work/order/beside": 200, "/work/order/longer": 200, "/work/rating/bad": 200, "/work/order/draft": 404, "/work/order/none": 404,
		"/work/nonsense/x":        404,
		"/work/referral/register": 404, "/work?kind=referral": 403, "/orders?org=other": 403, "/alerts?org=other": 403, "/todo?org=later": 403,
		"/orgs/office": 200, "/orgs/other": 403,
		"/orders/new": 403, "/work/exposure/new": 403, "/orders?state=nonsense": 400, "/todo?task=nonsense": 400, "/work?kind=nonsense": 400,
	} {
		require.Equal(t, status, r.Get(path).Status, path)
	}
	require.Equal(t, "/alerts/sign?org=bureau", r.Get("/work/alert/sign").To, "notices of every kind lead somewhere")
	body := r.Get("/appeals").Body
	require.Contains(t, body, "log 7")
	require.Contains(t, body, "decided by the supervision office")
	require.Contains(t, sitetest.Squeeze(r.Get("/work/order/longer").Body), "1 working day left", "due on Tuesday")
	require.Contains(t, r.Get("/work/order/longer?as_of=2026-06-05T10:00:00").Body, "past instant")
	require.Equal(t, 404, r.Get("/work/order/longer?as_of=2026-05-05T10:00:00").Status, "it did not exist then")
	h.Add("hand", access.Handler)
	other := h.Reader()
	other.SignIn("hand")
	require.Equal(t, 404, other.Get("/work/order/longer").Status)
}

// Orders that follow from cards are called, and found, by the rule in the reader's
// language; a title that a person gave stands.
func TestOrdersOfCardsAreCalledByTheirRule(t *testing.T) {
	h := sitetest.WorkHouse(t)
	made := `"rule":"R-PRC-07","day":"2026-06-01","alerts":[]}`
	sitetest.PutPieces(t, h.DB,
		sitetest.Piece{Kind: "order", ID: "ofcards", Org: "office", Region: sitetest.County, State: "issued", Level: "normal", Origin: "rule",
			Data: `{"title":"未听证 2026-06-01 · Hearing not held R-PRC-07",` + made},
		sitetest.Piece{Kind: "order", ID: "renamed", Org: "office", Region: sitetest.County, State: "issued", Level: "normal", Origin: "rule",
			Data: `{"title":"听证专项整改",` + made},
		sitetest.Piece{Kind: "order", ID: "escalated", Org: "office", Region: sitetest.County, State: "issued", Level: "normal", Origin: "rule",
			Data: `{"title":"R-PRC-07 OPEN"}`})
	_, err := h.People.Users.Add(t.Context(), access.User{Name: "chen", Role: access.DeptManager, OrgCode: "bureau"}, sitetest.GoodPassword)
	require.NoError(t, err)
	r := h.Reader()
	r.SignIn("chen")
	want := map[string][]string{
		"zh-CN": {"ofcards 未听证 2026-06-01 · R-PRC-07", "escalated 未听证 OPEN · R-PRC-07"},
		"en":    {"ofcards Hearing not held 2026-06-01 · R-PRC-07", "escalated Hearing not held OPEN · R-PRC-07"},
	}
	for lang, titles := range want {
		for _, search := range []string{"未听证", "hearing NOT held"} { // by either name, whatever the page's language
			require.ElementsMatch(t, titles, r.Columns("/orders?format=csv&lang="+lang+"&q="+url.QueryEscape(search), "work_id", "title"),
				"%s in %s", search, lang)
		}
		require.Equal(t, []string{"renamed 听证专项整改"}, r.Columns("/orders?format=csv&lang="+lang+"&q="+url.QueryEscape("专项整改"), "work_id", "title"))
		for _, path := range []string{"/orders", "/work/order/ofcards", "/todo"} {
			body := r.Get(path + "?lang=" + lang).Body
			require.Contains(t, body, strings.TrimPrefix(titles[0], "ofcards "), path)
			require.NotContains(t, body, "2026-06-01 · Hearing not held R-PRC-07", path)
		}
	}
}

func TestANewOrderSaysWhatIsWrong(t *testing.T) {
	h := sitetest.WorkHouse(t)
	_, err := h.People.Users.Add(t.Context(), access.User{Name: "li", Role: access.Supervisor, ScopeRegion: "610000"}, sitetest.GoodPassword)
	require.NoError(t, err)
	r := h.Reader()
	r.SignIn("li")
	form := r.Get("/orders/new?alert=sign&lang=en").Body
	require.Contains(t, form, `value="office · office"`, "the organisation of the alert")
	require.Contains(t, form, "CASE-sign")
	require.NotContains(t, form, "other · other", "out of scope")
	require.NotContains(t, form, `name="due"`, "only a leader sets a date")
	id := strings.Repeat("a", 32)
	a := r.Post("/orders/new", "id", id, "seq", "0", "org_code", "nobody", "title", "T <b>", "demand", "D")
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, "there is no “nobody” in your scope")
	require.Contains(t, a.Body, `value="T &lt;b&gt;"`, "what was typed stays")
	a = r.Post("/orders/new", "id", id, "seq", "0", "org_code", "off", "title", "T", "demand", "D")
	require.Contains(t, a.Body, "“Demand” is missing", "what the desk refuses is said in the form")
	require.Equal(t, http.StatusBadRequest, r.Post("/orders/new", "id", "../x", "seq", "0", "org_code", "office", "title",
		"T", "demand", "D").Status)
	require.Equal(t, 404, r.Get("/orders/new?alert=answered").Status, "an alert out of scope")
	require.Equal(t, 404, r.Get("/orders/new?edit=draft").Status, "a draft out of scope")
	sitetest.PutPieces(t, h.DB, sitetest.Piece{Kind: "order", ID: "mine", Org: "office", Co: []string{"bureau"}, Region: sitetest.County,
		State: "draft", Level: "key",
		Origin: "hotline", Data: `{"title":"Queue","demand":"Shorten it","attachments":["f-1","f-2"]}`})
	form = r.Get("/orders/new?edit=mine").Body
	for _, want := range []string{`value="office · office"`, `value="bureau · bureau"`, `value="Queue"`, "Shorten it", "f-1\nf-2",
		`value="key" selected`, `value="hotline" selected`} {
		require.Contains(t, form, want, "a draft is changed as it stands")
	}
}

// An open page hears of what happened since it was made, or since its last stream ended,
// and of nothing else; how often anybody asks, nothing of the content is told.
func TestAnOpenPageHearsThatSomethingHappened(t *testing.T) {
	h := sitetest.WorkHouse(t)
	_, err := h.People.Users.Add(t.Context(), access.User{Name: "chen", Role: access.DeptManager, OrgCode: "bureau"}, sitetest.GoodPassword)
	require.NoError(t, err)
	require.Equal(t, "/signin?next=%2Falerts%2Fstream%3Fsince%3D0-0", h.Reader().Get("/alerts/stream?since=0-0").To)
	r := h.Reader()
	r.SignIn("chen")
	page := r.Get("/todo").Body
	_, after, ok := strings.Cut(page, `data-stream="`)
	require.True(t, ok, "the page listens")
	address, _, _ := strings.Cut(after, `"`)
	stream := strings.ReplaceAll(address, "&amp;", "&")
	require.NotContains(t, r.Get("/todo?as_of=2026-06-10").Body, "data-stream", "the past does not move")

	listen := func(address, lastEvent string) (first string) {
		q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.Base+address, nil)
		require.NoError(t, err)
		if lastEvent != "" {
			q.Header.Set("Last-Event-ID", lastEvent)
		}
		a, err := r.Client.Do(q)
		require.NoError(t, err)
		defer func() { _ = a.Body.Close() }()
		require.Equal(t, "text/event-stream", a.Header.Get("Content-Type"))
		lines := bufio.NewScanner(a.Body)
		for lines.Scan() && lines.Text() != "" {
			first += lines.Text() + "\n"
		}
		return first
	}
	_, pulse, _ := strings.Cut(stream, "since=")
	require.Regexp(t, `^[A-Za-z0-9_-]{16}$`, pulse, "a mark, and no count of what happens elsewhere")
	require.Equal(t, "id: "+pulse+"\n: alive\n", listen(stream, ""))
	require.Equal(t, "id: "+pulse+"\nevent: changed\ndata: "+pulse+"\n", listen("/alerts/stream?since=0-0", ""))
	require.Equal(t, "id: "+pulse+"\n: alive\n", listen("/alerts/stream?since=0-0", pulse),
		"a stream that is opened again goes on where the last one ended")
}

// An order belongs to the divisions of all who have to answer it: who stands beside a lead
// of another division sees it there, and so does the supervision of that division.
func TestAnOrderIsSeenInTheDivisionOfACoOrganisation(t *testing.T) {
	h := sitetest.WorkHouse(t)
	sitetest.PutPieces(t, h.DB, sitetest.Piece{Kind: "order", ID: "across", Org: "other", Co: []string{"office"}, Region: "620102",
		State: "issued",
		Level: "key", Origin: "rule", Due: sitetest.EndOf(time.June, 15), Final: sitetest.EndOf(time.June, 22)})
	for name, u := range map[string]access.User{
		"helper": {Role: access.DeptManager, OrgCode: "office", ScopeRegion: sitetest.County}, "county": {Role: access.Supervisor,
			ScopeRegion: sitetest.County},
		"lead": {Role: access.DeptManager, OrgCode: "other", ScopeRegion: "620102"},
	} {
		u.Name = name
		_, err := h.People.Users.Add(t.Context(), u, sitetest.GoodPassword)
		require.NoError(t, err)
		r := h.Reader()
		r.SignIn(name)
		require.Contains(t, r.Columns("/orders?format=csv", "work_id"), "across", name)
		require.Equal(t, 200, r.Get("/work/order/across").Status, name)
	}
	u := access.User{Name: "else", Role: access.Supervisor, ScopeRegion: "610100"}
	_, err := h.People.Users.Add(t.Context(), u, sitetest.GoodPassword)
	require.NoError(t, err)
	r := h.Reader()
	r.SignIn("else")
	require.NotContains(t, r.Columns("/orders?format=csv", "work_id"), "across")
	require.Equal(t, 404, r.Get("/work/order/across").Status)
}
