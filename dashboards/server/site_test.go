package server_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/assets"
	"duban/dashboards/locale"
	"duban/dashboards/page"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/dashboards/server"
	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/almanac"
	"duban/supervision/engine/enginetest"
	"duban/supervision/lawzone"
	"duban/supervision/rule"
)

// The hostile names: whatever a source sends, a page shows it as text.
const (
	hostileCase = `a/b?c=1#<img src=x onerror=alert(1)>%2F ..`
	hostileOrg  = `</script><script>alert("org")</script>`
	orgCode     = "11610802MB2900001X"
	otherOrg    = "11610802MB2900002Y"
	county      = "610802"
)

func local(month time.Month, day, hour int) int64 {
	return time.Date(2026, month, day, hour, 0, 0, 0, lawzone.Zone).UnixMilli()
}

// now is when the tests look at the pages: 2026-06-15 12:00 in Beijing.
func now() time.Time { return time.UnixMilli(local(time.June, 15, 12)) }

func fact(caseNo string, n int, kind event.CaseType, at int64, payload string) event.Case {
	return event.Case{
		SourceSys: "hall", CaseNo: caseNo, EventID: fmt.Sprintf("%s-%d", caseNo,
			n), Seq: int64(n), Type: kind, OccurredAt: at, Payload: payload,
		RegionCode: county, OrgCode: orgCode, TaskCode: "T1", ApplyChannel: "web", Activity: string(kind),
	}
}

// run is a case accepted on day with a promise of 5 working days, finished on
// end (0 = still open).
func run(caseNo string, month time.Month, day, end int) []any {
	facts := []any{
		fact(caseNo, 1, event.Apply, local(month, day, 9), `{"applicant_name":"tok:ABCDEFGHIJKLMNOP"}`),
		fact(caseNo, 2, event.Accept, local(month, day, 10), `{"promise_days":5,"promise_unit":"W","legal_days":20,"legal_unit":"W"}`),
	}
	if end > 0 {
		facts = append(facts, fact(caseNo, 3, event.Finish, local(month, end, 15), `{"result_type":"approved","note":"13812345678"}`))
	}
	return facts
}

// fill stores 40 cases finished on time in March, one finished late, one open
// and overdue, one with a hostile number, one step that the life cycle does
// not allow; a ticket; a rating; a reject.
func fill(t *testing.T, db *store.DB) {
	t.Helper()
	var facts []any
	for i := range 40 {
		facts = append(facts, run(fmt.Sprintf("M%03d", i), time.March, 2, 5)...)
	}
	facts = append(facts, run("LATE", time.April, 1, 30)...)
	facts = append(facts, run("OPEN", time.May, 6, 0)...)
	facts = append(facts, run(hostileCase, time.June, 1, 3)...)
	facts = append(facts, fact("OPEN", 9, event.Deliver, local(time.May, 8, 9), ""))
	small := fact("SMALL", 1, event.Apply, local(time.June, 1, 9), "")
	small.OrgCode = otherOrg
	facts = append(facts, small)
	facts = append(facts, event.Organisation{SourceSys: "dir", EventID: "o1", OrgCode: orgCode, Name: hostileOrg, RegionCode: county,
		ValidFrom: 1})
	ticket := func(n int, kind event.TicketType, at int64) event.Ticket {
		return event.Ticket{SourceSys: "12345", TicketNo: "G-1", EventID: fmt.Sprint("g", n), Seq: int64(n), Type: kind, OccurredAt: at,
			RegionCode: county, OrgCode: orgCode, Channel: "phone", Kind: "complaint"}
	}
	facts = append(facts, ticket(1, event.TReceive, local(time.June, 1, 9)), ticket(2, event.TDispatch, local(time.June, 1, 10)),
		ticket(3, event.TReply, local(time.June, 3, 10)))
	facts = append(facts, event.Rating{SourceSys: "hall", RatingID: "r1", CaseNo: "M001", RatedAt: local(time.March, 5, 16),
		ServedAt: local(time.March, 5, 15), Level: 5, OrgCode: orgCode, RegionCode: county})
	enginetest.Insert(t, db, facts...)
	enginetest.Fold(t, db)
	fillWork(t, db)

	batch, err := db.Conn().PrepareBatch(t.Context(),
		"INSERT INTO ingest_rejects (topic, partition, offset, reason, field, detail, source_sys, key, raw, received_at, stored_at)")
	require.NoError(t, err)
	require.NoError(t, batch.Append("case-events", uint32(0), uint64(7), "malformed_json", "", "unexpected end of input", "hall", "k",
		`{"applicant_name":"张三","phone":"13812345678","x":<b>`, now(), now()))
	require.NoError(t, batch.Send())
}

// topics is what the ledger says in these tests; set holds to false for a loss.
type topics struct {
	mu    sync.Mutex
	holds bool
}

func (s *topics) set(holds bool) { s.mu.Lock(); defer s.mu.Unlock(); s.holds = holds }

func (s *topics) Topics(context.Context) ([]kit.TopicStatus, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []kit.TopicStatus{{Topic: "case-events", Received: 10, Stored: 7, Duplicate: 1, Rejected: 1, Pending: 1, Holds: s.holds}}, nil
}

// explained is one day of K3 of every case.
type explained struct{}

func (explained) ExplainCase(context.Context, string, string, time.Time) (*kit.Explanation, error) {
	day := time.UnixMilli(local(time.May, 7, 0))
	return &kit.Explanation{CalendarVersion: "test", Clocks: []kit.ClockExplanation{{Clock: "K3", No: 1, Days: []kit.DayExplanation{
		{Day: day, Role: "counted", Reason: "workday", Counted: 1}, {Day: day.AddDate(0, 0, 2), Role: "skipped",
			Reason: "make_up_workday", Name: "劳动节"},
	}}}}, nil
}

func (explained) ExplainTicket(context.Context, string, string, time.Time) (*kit.Explanation, error) {
	return nil, nil
}

// site is a running server over a real database.
type site struct {
	t      *testing.T
	base   string
	topics *topics
	routes chi.Routes
}

func newSite(t *testing.T) *site {
	t.Helper()
	db := storetest.New(t)
	fill(t, db)
	return serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)
}

// serve starts a server over a database; people are nil on one without users.
func serve(t *testing.T, db *store.DB, cfg server.Config, people *access.Service, with ...func(*kit.Deps)) *site {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	files, err := assets.Load()
	require.NoError(t, err)
	texts, err := locale.Load()
	require.NoError(t, err)
	log := slog.New(slog.DiscardHandler)
	var desk kit.ActionService
	if people != nil {
		desk = testDesk{reg, db.Conn()}
	}
	ledger := &topics{holds: true}
	rules, err := rule.Load(reg, "")
	require.NoError(t, err)
	deps := kit.Deps{Almanac: almanac.New(reg, db.Conn(), "", now), Rules: rules, Registry: reg, Conn: db.Conn(), Status: ledger,
		Explain: explained{}, ActionService: desk, Assets: files, Locale: texts, Access: people, Log: log, Now: now, RequestID: server.RequestID}
	for _, f := range with {
		f(&deps)
	}
	pages, err := page.New(deps)
	require.NoError(t, err)
	srv, err := server.New(cfg, server.Deps{
		Access: people, Site: pages, Assets: files, Metrics: prometheus.NewRegistry(), Log: log, Ready: db.Ping,
		API: &server.API{Queries: reg, Conn: db.Conn(), Log: log, Now: now},
	})
	require.NoError(t, err)
	base, err := srv.Listen()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- srv.Run(ctx) }()
	t.Cleanup(func() { stop(); require.NoError(t, <-done) })
	return &site{t: t, base: base, topics: ledger, routes: srv.Routes()}
}

// get fetches a path and returns status, body and headers.
func (s *site) get(path string, header ...string) (int, string, http.Header) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.base+path, nil)
	require.NoError(s.t, err)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return res.StatusCode, string(body), res.Header
}

func casePath(no string) string { return "/cases/hall/" + url.PathEscape(no) }

// pages lists one address of every kind of page.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{
		"overview": "/", "region": "/regions/610802", "organisation": "/orgs/" + orgCode, "cases": "/cases", "tickets": "/tickets",
		"evidence": "/cases?indicator=D01&role=numerator", "case": casePath("OPEN"), "hostile case": casePath(hostileCase),
		"ticket":  "/tickets/12345/G-1",
		"process": "/process?source=hall", "quality": "/quality", "rejects": "/quality/rejects", "reject": "/quality/rejects/case-events/0/7",
		"risk": "/risk", "rules": "/rules", "outages": "/outages?outage=none", "profiles": "/profiles",
		"profile cases": "/profiles/cases?indicator=suspension", "indicators": "/indicators", "indicator": "/indicators/D01?by=org",
		"rating evidence": "/cases?indicator=E02",
		"alerts":          "/alerts", "alert": "/alerts/a1000000", "bad ratings": "/work", "not found": "/no/such",
	}
	for _, p := range server.Pages(t).Routes() { // and what the navigation leads to for everybody
		if _, known := all[p.Nav.Name]; p.Nav.Group == route.Main && !p.Nav.Personal && !known && p.Nav.Name != "orders" {
			all[p.Nav.Name] = p.Pattern
		}
	}
	return all
}

// allPages are those and the pages about people's work that the browser sees as
// somebody signed in.
func allPages(t *testing.T) map[string]string {
	all := pages(t)
	maps.Copy(all, map[string]string{
		"orders": "/orders", "orders that are over": "/orders?group=ended", "order": "/work/order/o2", "exposures": "/work?kind=exposure",
		"referral": "/work/referral/f1", "appeals": "/appeals", "to do": "/todo",
	})
	return all
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
