package server_test

import (
	"bufio"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/ingest/event"
	"duban/supervision/engine/enginetest"
)

// columns reads two columns of a file as "a b".
func (r *reader) columns(path string, names ...string) []string {
	r.t.Helper()
	a := r.get(path)
	require.Equal(r.t, http.StatusOK, a.status, path)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	require.NoError(r.t, err)
	out := []string{}
	for _, row := range rows[1:] {
		var parts []string
		for _, n := range names {
			parts = append(parts, row[slices.Index(rows[0], n)])
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out
}

// workHouse is a bureau with an office below it and one that comes below it next
// year, another organisation elsewhere, and work for all of them.
func workHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	org := func(code, parent, region string, from int32) event.Organisation {
		return event.Organisation{SourceSys: "dir", EventID: "o-" + code, OrgCode: code, ParentCode: parent, Name: code,
			RegionCode: region, ValidFrom: from}
	}
	nextYear := int32(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	enginetest.Insert(t, h.db, org("bureau", "", "610800", 1), org("office", "bureau", county, 1), org("later", "bureau", county, nextYear),
		org("other", "", "620102", 1))
	enginetest.Fold(t, h.db)
	putCards(t, h.db,
		card{id: "sign", org: "office", region: county, state: "issued", severity: "red", due: endOf(time.June, 17)},
		card{id: "assigned", org: "office", region: county, state: "issued", severity: "yellow", due: endOf(time.June, 18), assignee: "u-99"},
		card{id: "answer", org: "bureau", region: "610800", state: "acked", severity: "yellow", due: endOf(time.June, 12)},
		card{id: "appealed", org: "office", region: county, state: "appealed", severity: "red",
			events: []happening{{"raised", day(time.June, 1), ""}, {"appeal", day(time.June, 8), `{"ground":"wrong_data","evidence":["log 7"]}`},
				{"note", day(time.June, 9), ""}}},
		card{id: "answered", org: "other", region: "620102", state: "fed_back", severity: "red"},
		card{id: "pending", org: "other", region: "620102", state: "pending", severity: "yellow"},
		card{id: "hotline", org: "other", region: "620102", state: "issued", severity: "yellow", category: "hotline", due: endOf(time.June, 19)},
		card{id: "nextyear", org: "later", region: county, state: "issued", severity: "red", due: endOf(time.June, 17)},
		card{id: "escalated", org: "office", region: county, state: "escalated", severity: "red"},
		card{id: "ordered", org: "office", region: county, state: "escalated", severity: "red"},
		card{id: "over", org: "office", region: county, state: "closed", severity: "red"})
	putPieces(t, h.db,
		piece{kind: "order", id: "draft", org: "other", region: "620102", state: "draft", level: "normal", origin: "rule"},
		piece{kind: "order", id: "beside", org: "other", co: []string{"office"}, region: county, state: "issued", level: "key", origin: "rule",
			due: endOf(time.June, 15), final: endOf(time.June, 22)},
		piece{kind: "order", id: "longer", org: "office", region: county, state: "signed", level: "normal", origin: "hotline",
			due: endOf(time.June, 16), final: endOf(time.June, 16), data: `{"extension_requested":3}`},
		piece{kind: "order", id: "replied", alerts: []string{"ordered"}, org: "office", region: county, state: "replied", level: "leader",
			origin: "leader", due: endOf(time.June, 10), final: endOf(time.June, 10)},
		piece{kind: "order", id: "done", org: "office", region: county, state: "closed", level: "normal", origin: "rule"},
		piece{kind: "rating", id: "bad", org: "office", region: county, state: "verifying", due: endOf(time.June, 11)},
		piece{kind: "rating", id: "contested", org: "office", region: county, state: "invalid_claimed", due: endOf(time.June, 16)},
		piece{kind: "referral", id: "register", org: "office", region: county, state: "referred"})
	return h
}

// The pages are looked at on Monday 15 June 2026, 12:00. The appeal of Monday 8
// June has to be decided by the fifth working day after it, the 15th (domain guide
// 6.1); a reply waits for no limit, and a note after an appeal moves none.
func TestWhatWaitsForWhom(t *testing.T) {
	h := workHouse(t)
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
			_, err := h.people.Users.Add(t.Context(), x.user, goodPassword)
			require.NoError(t, err)
			r := h.reader()
			r.t = t
			r.signIn(sign)
			if len(x.want) == 0 {
				require.NotContains(t, r.get("/todo").body, `class="work-line`)
				return
			}
			got := r.columns("/todo?format=csv", "task", "work_id")
			require.ElementsMatch(t, x.want, got)
			require.Equal(t, x.want[0], got[0], "what is overdue longest comes first")
			require.Regexp(t, `class="badge[^"]*"[^>]*>`+strconv.Itoa(len(x.want))+`<`, r.get("/alerts").body, "the navigation counts it")
		})
	}
}

func TestListsKeepToTheScopeAndWhatStandsBelow(t *testing.T) {
	h := workHouse(t)
	_, err := h.people.Users.Add(t.Context(), access.User{Name: "chen", Role: access.DeptManager, OrgCode: "bureau"}, goodPassword)
	require.NoError(t, err)
	r := h.reader()
	r.signIn("chen")
	require.ElementsMatch(t, []string{"sign", "assigned", "answer", "appealed", "escalated", "ordered"},
		r.columns("/alerts?format=csv", "alert_id"), "later comes below the bureau next year")
	require.ElementsMatch(t, []string{"sign", "assigned", "appealed", "escalated", "ordered"},
		r.columns("/alerts?format=csv&org=office", "alert_id"))
	require.ElementsMatch(t, []string{"beside", "longer", "replied"}, r.columns("/orders?format=csv", "work_id"),
		"also where it stands beside the lead")
	require.Equal(t, []string{"done"}, r.columns("/orders?format=csv&group=ended", "work_id"))
	require.Equal(t, []string{"longer"}, r.columns("/orders?format=csv&state=signed", "work_id"))
	require.Empty(t, r.columns("/orders?format=csv&overdue=1", "work_id"), "a reply waits for no limit")
	require.ElementsMatch(t, []string{"bad", "contested"}, r.columns("/work?format=csv", "work_id"))
	require.Equal(t, []string{"bad"}, r.columns("/work?format=csv&overdue=1", "work_id"))
	require.Equal(t, []string{"appealed wrong data 2026-06-08T09:00:00.000+08:00 2026-06-15T23:59:59.999+08:00"},
		r.columns("/appeals?format=csv&lang=en", "alert_id", "ground", "appealed_at", "decide_by"))
	for path, status := range map[string]int{
		"/work/order/beside": 200, "/work/order/longer": 200, "/work/rating/bad": 200, "/work/order/draft": 404, "/work/order/none": 404,
		"/work/nonsense/x":        404,
		"/work/referral/register": 404, "/work?kind=referral": 403, "/orders?org=other": 403, "/alerts?org=other": 403, "/todo?org=later": 403,
		"/orgs/office": 200, "/orgs/other": 403,
		"/orders/new": 403, "/work/exposure/new": 403, "/orders?state=nonsense": 400, "/todo?task=nonsense": 400, "/work?kind=nonsense": 400,
	} {
		require.Equal(t, status, r.get(path).status, path)
	}
	require.Equal(t, "/alerts/sign?org=bureau", r.get("/work/alert/sign").to, "notices of every kind lead somewhere")
	body := r.get("/appeals").body
	require.Contains(t, body, "log 7")
	require.Contains(t, body, "decided by the supervision office")
	require.Contains(t, squeeze(r.get("/work/order/longer").body), "1 working day left", "due on Tuesday")
	require.Contains(t, r.get("/work/order/longer?as_of=2026-06-05T10:00:00").body, "past instant")
	require.Equal(t, 404, r.get("/work/order/longer?as_of=2026-05-05T10:00:00").status, "it did not exist then")
	h.add("hand", access.Handler)
	other := h.reader()
	other.signIn("hand")
	require.Equal(t, 404, other.get("/work/order/longer").status)
}

// Orders that follow from cards are called, and found, by the rule in the reader's
// language; a title that a person gave stands.
func TestOrdersOfCardsAreCalledByTheirRule(t *testing.T) {
	h := workHouse(t)
	made := `"rule":"R-PRC-07","day":"2026-06-01","alerts":[]}`
	putPieces(t, h.db,
		piece{kind: "order", id: "ofcards", org: "office", region: county, state: "issued", level: "normal", origin: "rule",
			data: `{"title":"未听证 2026-06-01 · Hearing not held R-PRC-07",` + made},
		piece{kind: "order", id: "renamed", org: "office", region: county, state: "issued", level: "normal", origin: "rule",
			data: `{"title":"听证专项整改",` + made},
		piece{kind: "order", id: "escalated", org: "office", region: county, state: "issued", level: "normal", origin: "rule",
			data: `{"title":"R-PRC-07 OPEN"}`})
	_, err := h.people.Users.Add(t.Context(), access.User{Name: "chen", Role: access.DeptManager, OrgCode: "bureau"}, goodPassword)
	require.NoError(t, err)
	r := h.reader()
	r.signIn("chen")
	want := map[string][]string{
		"zh-CN": {"ofcards 未听证 2026-06-01 · R-PRC-07", "escalated 未听证 OPEN · R-PRC-07"},
		"en":    {"ofcards Hearing not held 2026-06-01 · R-PRC-07", "escalated Hearing not held OPEN · R-PRC-07"},
	}
	for lang, titles := range want {
		for _, search := range []string{"未听证", "hearing NOT held"} { // by either name, whatever the page's language
			require.ElementsMatch(t, titles, r.columns("/orders?format=csv&lang="+lang+"&q="+url.QueryEscape(search), "work_id", "title"),
				"%s in %s", search, lang)
		}
		require.Equal(t, []string{"renamed 听证专项整改"}, r.columns("/orders?format=csv&lang="+lang+"&q="+url.QueryEscape("专项整改"), "work_id", "title"))
		for _, path := range []string{"/orders", "/work/order/ofcards", "/todo"} {
			body := r.get(path + "?lang=" + lang).body
			require.Contains(t, body, strings.TrimPrefix(titles[0], "ofcards "), path)
			require.NotContains(t, body, "2026-06-01 · Hearing not held R-PRC-07", path)
		}
	}
}

func TestANewOrderSaysWhatIsWrong(t *testing.T) {
	h := workHouse(t)
	_, err := h.people.Users.Add(t.Context(), access.User{Name: "li", Role: access.Supervisor, ScopeRegion: "610000"}, goodPassword)
	require.NoError(t, err)
	r := h.reader()
	r.signIn("li")
	form := r.get("/orders/new?alert=sign&lang=en").body
	require.Contains(t, form, `value="office · office"`, "the organisation of the alert")
	require.Contains(t, form, "CASE-sign")
	require.NotContains(t, form, "other · other", "out of scope")
	require.NotContains(t, form, `name="due"`, "only a leader sets a date")
	id := strings.Repeat("a", 32)
	a := r.post("/orders/new", "id", id, "seq", "0", "org_code", "nobody", "title", "T <b>", "demand", "D")
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.body, "there is no “nobody” in your scope")
	require.Contains(t, a.body, `value="T &lt;b&gt;"`, "what was typed stays")
	a = r.post("/orders/new", "id", id, "seq", "0", "org_code", "off", "title", "T", "demand", "D")
	require.Contains(t, a.body, "“Demand” is missing", "what the desk refuses is said in the form")
	require.Equal(t, http.StatusBadRequest, r.post("/orders/new", "id", "../x", "seq", "0", "org_code", "office", "title",
		"T", "demand", "D").status)
	require.Equal(t, 404, r.get("/orders/new?alert=answered").status, "an alert out of scope")
	require.Equal(t, 404, r.get("/orders/new?edit=draft").status, "a draft out of scope")
	putPieces(t, h.db, piece{kind: "order", id: "mine", org: "office", co: []string{"bureau"}, region: county, state: "draft", level: "key",
		origin: "hotline", data: `{"title":"Queue","demand":"Shorten it","attachments":["f-1","f-2"]}`})
	form = r.get("/orders/new?edit=mine").body
	for _, want := range []string{`value="office · office"`, `value="bureau · bureau"`, `value="Queue"`, "Shorten it", "f-1\nf-2",
		`value="key" selected`, `value="hotline" selected`} {
		require.Contains(t, form, want, "a draft is changed as it stands")
	}
}

// An open page hears of what happened since it was made, or since its last stream ended,
// and of nothing else; how often anybody asks, nothing of the content is told.
func TestAnOpenPageHearsThatSomethingHappened(t *testing.T) {
	h := workHouse(t)
	_, err := h.people.Users.Add(t.Context(), access.User{Name: "chen", Role: access.DeptManager, OrgCode: "bureau"}, goodPassword)
	require.NoError(t, err)
	require.Equal(t, "/signin?next=%2Falerts%2Fstream%3Fsince%3D0-0", h.reader().get("/alerts/stream?since=0-0").to)
	r := h.reader()
	r.signIn("chen")
	page := r.get("/todo").body
	_, after, ok := strings.Cut(page, `data-stream="`)
	require.True(t, ok, "the page listens")
	address, _, _ := strings.Cut(after, `"`)
	stream := strings.ReplaceAll(address, "&amp;", "&")
	require.NotContains(t, r.get("/todo?as_of=2026-06-10").body, "data-stream", "the past does not move")

	listen := func(address, lastEvent string) (first string) {
		q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.base+address, nil)
		require.NoError(t, err)
		if lastEvent != "" {
			q.Header.Set("Last-Event-ID", lastEvent)
		}
		a, err := r.client.Do(q)
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
	h := workHouse(t)
	putPieces(t, h.db, piece{kind: "order", id: "across", org: "other", co: []string{"office"}, region: "620102", state: "issued",
		level: "key", origin: "rule", due: endOf(time.June, 15), final: endOf(time.June, 22)})
	for name, u := range map[string]access.User{
		"helper": {Role: access.DeptManager, OrgCode: "office", ScopeRegion: county}, "county": {Role: access.Supervisor, ScopeRegion: county},
		"lead": {Role: access.DeptManager, OrgCode: "other", ScopeRegion: "620102"},
	} {
		u.Name = name
		_, err := h.people.Users.Add(t.Context(), u, goodPassword)
		require.NoError(t, err)
		r := h.reader()
		r.signIn(name)
		require.Contains(t, r.columns("/orders?format=csv", "work_id"), "across", name)
		require.Equal(t, 200, r.get("/work/order/across").status, name)
	}
	u := access.User{Name: "else", Role: access.Supervisor, ScopeRegion: "610100"}
	_, err := h.people.Users.Add(t.Context(), u, goodPassword)
	require.NoError(t, err)
	r := h.reader()
	r.signIn("else")
	require.NotContains(t, r.columns("/orders?format=csv", "work_id"), "across")
	require.Equal(t, 404, r.get("/work/order/across").status)
}
