package sitetest

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/assets"
	"duban/dashboards/locale"
	"duban/dashboards/page"
	"duban/dashboards/page/kit"
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
	HostileCase = `a/b?c=1#<img src=x onerror=alert(1)>%2F ..`
	hostileOrg  = `</script><script>alert("org")</script>`
	OrgCode     = "11610802MB2900001X"
	OtherOrg    = "11610802MB2900002Y"
	County      = "610802"
)

// Local is an hour of a day of 2026 in Beijing, in milliseconds.
func Local(month time.Month, day, hour int) int64 {
	return time.Date(2026, month, day, hour, 0, 0, 0, lawzone.Zone).UnixMilli()
}

// Now is when the tests look at the pages: 2026-06-15 12:00 in Beijing.
func Now() time.Time { return time.UnixMilli(Local(time.June, 15, 12)) }

// Fact is one fact of a case.
func Fact(caseNo string, n int, kind event.CaseType, at int64, payload string) event.Case {
	return event.Case{
		SourceSys: "hall", CaseNo: caseNo, EventID: fmt.Sprintf("%s-%d", caseNo,
			n), Seq: int64(n), Type: kind, OccurredAt: at, Payload: payload,
		RegionCode: County, OrgCode: OrgCode, TaskCode: "T1", ApplyChannel: "web", Activity: string(kind),
	}
}

// Run is a case accepted on day with a promise of 5 working days, finished on
// end (0 = still open).
func Run(caseNo string, month time.Month, day, end int) []any {
	facts := []any{
		Fact(caseNo, 1, event.Apply, Local(month, day, 9), `{"applicant_name":"tok:ABCDEFGHIJKLMNOP"}`),
		Fact(caseNo, 2, event.Accept, Local(month, day, 10), `{"promise_days":5,"promise_unit":"W","legal_days":20,"legal_unit":"W"}`),
	}
	if end > 0 {
		facts = append(facts, Fact(caseNo, 3, event.Finish, Local(month, end, 15), `{"result_type":"approved","note":"13812345678"}`))
	}
	return facts
}

// Fill stores 40 cases finished on time in March, one finished late, one open
// and overdue, one with a hostile number, one step that the life cycle does
// not allow; a ticket; a rating; a reject.
func Fill(t *testing.T, db *store.DB) {
	t.Helper()
	var facts []any
	for i := range 40 {
		facts = append(facts, Run(fmt.Sprintf("M%03d", i), time.March, 2, 5)...)
	}
	facts = append(facts, Run("LATE", time.April, 1, 30)...)
	facts = append(facts, Run("OPEN", time.May, 6, 0)...)
	facts = append(facts, Run(HostileCase, time.June, 1, 3)...)
	facts = append(facts, Fact("OPEN", 9, event.Deliver, Local(time.May, 8, 9), ""))
	small := Fact("SMALL", 1, event.Apply, Local(time.June, 1, 9), "")
	small.OrgCode = OtherOrg
	facts = append(facts, small)
	facts = append(facts, event.Organisation{SourceSys: "dir", EventID: "o1", OrgCode: OrgCode, Name: hostileOrg, RegionCode: County,
		ValidFrom: 1})
	ticket := func(n int, kind event.TicketType, at int64) event.Ticket {
		return event.Ticket{SourceSys: "12345", TicketNo: "G-1", EventID: fmt.Sprint("g", n), Seq: int64(n), Type: kind, OccurredAt: at,
			RegionCode: County, OrgCode: OrgCode, Channel: "phone", Kind: "complaint"}
	}
	facts = append(facts, ticket(1, event.TReceive, Local(time.June, 1, 9)), ticket(2, event.TDispatch, Local(time.June, 1, 10)),
		ticket(3, event.TReply, Local(time.June, 3, 10)))
	facts = append(facts, event.Rating{SourceSys: "hall", RatingID: "r1", CaseNo: "M001", RatedAt: Local(time.March, 5, 16),
		ServedAt: Local(time.March, 5, 15), Level: 5, OrgCode: OrgCode, RegionCode: County})
	enginetest.Insert(t, db, facts...)
	enginetest.Fold(t, db)
	FillWork(t, db)

	batch, err := db.Conn().PrepareBatch(t.Context(),
		"INSERT INTO ingest_rejects (topic, partition, offset, reason, field, detail, source_sys, key, raw, received_at, stored_at)")
	require.NoError(t, err)
	require.NoError(t, batch.Append("case-events", uint32(0), uint64(7), "malformed_json", "", "unexpected end of input", "hall", "k",
		`{"applicant_name":"张三","phone":"13812345678","x":<b>`, Now(), Now()))
	require.NoError(t, batch.Send())
}

// topics is what the ledger says in these tests; set holds to false for a loss.
type topics struct {
	mu    sync.Mutex
	holds bool
}

// Set says whether every message is accounted for.
func (s *topics) Set(holds bool) { s.mu.Lock(); defer s.mu.Unlock(); s.holds = holds }

func (s *topics) Topics(context.Context) ([]kit.TopicStatus, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []kit.TopicStatus{{Topic: "case-events", Received: 10, Stored: 7, Duplicate: 1, Rejected: 1, Pending: 1, Holds: s.holds}}, nil
}

// explained is one day of K3 of every case.
type explained struct{}

func (explained) ExplainCase(context.Context, string, string, time.Time) (*kit.Explanation, error) {
	day := time.UnixMilli(Local(time.May, 7, 0))
	return &kit.Explanation{CalendarVersion: "test", Clocks: []kit.ClockExplanation{{Clock: "K3", No: 1, Days: []kit.DayExplanation{
		{Day: day, Role: "counted", Reason: "workday", Counted: 1}, {Day: day.AddDate(0, 0, 2), Role: "skipped",
			Reason: "make_up_workday", Name: "劳动节"},
	}}}}, nil
}

func (explained) ExplainTicket(context.Context, string, string, time.Time) (*kit.Explanation, error) {
	return nil, nil
}

// Site is a running server over a real database.
type Site struct {
	T      *testing.T
	Base   string
	Topics *topics
	Server *server.Server
}

// NewSite is a running server without users over the facts of Fill.
func NewSite(t *testing.T) *Site {
	t.Helper()
	db := storetest.New(t)
	Fill(t, db)
	return Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)
}

// Serve starts a server over a database; people are nil on one without users.
func Serve(t *testing.T, db *store.DB, cfg server.Config, people *access.Service, with ...func(*kit.Deps)) *Site {
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
	deps := kit.Deps{Almanac: almanac.New(reg, db.Conn(), "", Now), Rules: rules, Registry: reg, Conn: db.Conn(), Status: ledger,
		Explain: explained{}, ActionService: desk, Assets: files, Locale: texts, Access: people, Log: log, Now: Now, RequestID: server.RequestID}
	for _, f := range with {
		f(&deps)
	}
	pages, err := page.New(deps)
	require.NoError(t, err)
	srv, err := server.New(cfg, server.Deps{
		Access: people, Site: pages, Assets: files, Metrics: prometheus.NewRegistry(), Log: log, Ready: db.Ping,
		API: &server.API{Queries: reg, Conn: db.Conn(), Log: log, Now: Now},
	})
	require.NoError(t, err)
	base, err := srv.Listen()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- srv.Run(ctx) }()
	t.Cleanup(func() { stop(); require.NoError(t, <-done) })
	return &Site{T: t, Base: base, Topics: ledger, Server: srv}
}

// Get fetches a path and returns status, body and headers.
func (s *Site) Get(path string, header ...string) (int, string, http.Header) {
	s.T.Helper()
	r, err := http.NewRequestWithContext(s.T.Context(), http.MethodGet, s.Base+path, nil)
	require.NoError(s.T, err)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	require.NoError(s.T, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(s.T, err)
	return res.StatusCode, string(body), res.Header
}

// Table reads one table of a page as a file, without its heading.
func (s *Site) Table(path string) [][]string {
	s.T.Helper()
	status, text, _ := s.Get(path)
	require.Equal(s.T, 200, status, path)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	require.NoError(s.T, err, path)
	require.NotEmpty(s.T, rows, path)
	return rows[1:]
}

// CasePath is the address of a case of the hall.
func CasePath(no string) string { return "/cases/hall/" + url.PathEscape(no) }

// Squeeze makes one blank of each run of them.
func Squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
