package simulate_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/supervision/calendar"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/items"
	"duban/supervision/lifecycle/rating"
	"duban/supervision/simulate"
)

// arrivedAt is when the messages of these tests arrive; it is after the period.
var arrivedAt = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// facts are decoded messages by subject.
type facts struct {
	cases   map[string][]event.Case
	tickets map[string][]event.Ticket
	ratings map[string][]event.Rating
	items   []event.Item
	refused map[string]int64 // by topic and reason
}

// decoded reads everything that was published.
func decoded(t *testing.T, c *collector) facts {
	t.Helper()
	d, err := decode.New(decode.Config{TokenKey: []byte("a key only for this test")})
	require.NoError(t, err)
	f := facts{map[string][]event.Case{}, map[string][]event.Ticket{}, map[string][]event.Rating{}, nil, map[string]int64{}}
	for i, p := range c.messages {
		m := &decode.Message{Topic: p.topic, Offset: int64(i), ReceivedAt: arrivedAt + int64(i), Key: p.key, Value: p.value}
		key, refusal := d.Check(m)
		if refusal != nil {
			f.refused[string(p.topic)+" "+string(refusal.Reason)]++
			continue
		}
		require.Equal(t, key, string(p.key))
		switch p.topic {
		case event.TopicCases:
			var e event.Case
			require.Nil(t, d.Case(m, &e))
			own(&e)
			f.cases[e.CaseNo] = append(f.cases[e.CaseNo], e)
		case event.TopicTickets:
			var e event.Ticket
			require.Nil(t, d.Ticket(m, &e))
			own(&e)
			f.tickets[e.TicketNo] = append(f.tickets[e.TicketNo], e)
		case event.TopicRatings:
			var e event.Rating
			require.Nil(t, d.Rating(m, &e))
			own(&e)
			f.ratings[e.CaseNo+e.TicketNo] = append(f.ratings[e.CaseNo+e.TicketNo], e)
		case event.TopicItems:
			var e event.Item
			require.Nil(t, d.Item(m, &e))
			own(&e)
			f.items = append(f.items, e)
		}
	}
	return f
}

// own copies the strings of a fact, which are only good until the next message.
func own(fact any) {
	v := reflect.ValueOf(fact).Elem()
	for _, field := range v.Fields() {
		if field.Kind() == reflect.String {
			field.SetString(strings.Clone(field.String()))
		}
	}
}

// moment reads an instant of a line of the ledger; null is 0.
func moment(t *testing.T, v any) int64 {
	t.Helper()
	if v == nil {
		return 0
	}
	at, err := time.Parse(time.RFC3339Nano, v.(string))
	require.NoError(t, err)
	return at.UnixMilli()
}

func eachLine(t *testing.T, text []byte, do func(line string, r map[string]any)) {
	t.Helper()
	for line := range bytes.Lines(text) {
		do(string(line), fields(t, line))
	}
}

// Two implementations that share nothing, the planner's ledger and the fold of
// the messages, say the same of every case, ticket and rating, now and in the
// past; and every message is what the contract says, or refused for the reason
// that the ledger names.
func TestTheFoldOfTheMessagesAgreesWithTheLedger(t *testing.T) {
	for _, asOf := range []time.Time{{}, time.Date(2026, 2, 11, 5, 0, 0, 0, time.UTC)} {
		var cases, tickets bytes.Buffer
		c, ledger := simulated(t, func(c *simulate.Config) {
			c.Seed, c.Events, c.AsOf = 11, 60_000, asOf
			c.Malformed, c.Conflicts, c.Faults = 290, 0.002, 0.01
			c.Violations = 0.1
			c.Cases, c.Tickets = &cases, &tickets
		})
		f := decoded(t, c)
		expected := map[string]int64{}
		for topic, l := range ledger.Topics {
			for reason, n := range l.Malformed {
				expected[topic+" "+reason] = n
			}
		}
		require.Equal(t, expected, f.refused)
		require.GreaterOrEqual(t, len(expected), 25)

		at := ledger.AsOf.UnixMilli()
		cal, err := calendar.Default()
		require.NoError(t, err)
		catalogue, policy := items.New(f.items), lifecycle.DefaultPolicy()
		eachLine(t, cases.Bytes(), func(line string, r map[string]any) {
			state := lifecycle.FoldCase(f.cases[r["case_no"].(string)], catalogue, cal, policy)
			require.Equal(t, r["planted"] == "R-PRC-02" || r["planted"] == "R-OTN-02", len(state.Illegal) > 0, line)
			require.Equal(t, []any{r["org_code"], r["region_code"], r["task_code"], r["channel"]},
				[]any{state.OrgCode, state.RegionCode, state.TaskCode, state.Channel}, line)
			now, _ := lifecycle.AsOf(state.History, at)
			compare(t, line,
				[]any{r["state"], r["excluded"], r["deemed"], moment(t, r["applied_at"]), moment(t, r["accepted_at"]), moment(t, r["stop_at"]),
					moment(t, r["promise_due"]), moment(t, r["legal_due"]), moment(t, r["pause_until"])},
				[]any{string(now.State), string(now.Excluded), now.Deemed, now.AppliedAt, now.AcceptedAt, now.StopAt,
					now.PromiseDue, now.LegalDue, now.PauseUntil}, r["state"] == "")
		})
		eachLine(t, tickets.Bytes(), func(line string, r map[string]any) {
			state := lifecycle.FoldTicket(f.tickets[r["ticket_no"].(string)], cal, policy)
			require.Equal(t, r["planted"] == "R-PRC-02-T", len(state.Illegal) > 0, line)
			now, _ := lifecycle.TicketAsOf(state.History, at)
			want := []any{r["state"], r["excluded"], r["org_code"], moment(t, r["received_at"]), moment(t, r["dispatched_at"]),
				moment(t, r["closed_at"])}
			got := []any{string(now.State), string(now.Excluded), now.Org, now.ReceivedAt, now.DispatchedAt, now.ClosedAt}
			if r["dispatched_at"] != nil {
				want, got = append(want, moment(t, r["stop_at"]), moment(t, r["due"])), append(got, now.StopAt, now.DueAt)
			}
			compare(t, line, want, got, r["state"] == "")
		})
		var valid int64
		for _, ratings := range f.ratings {
			for _, r := range rating.Fold(ratings, cal, policy).Ratings {
				if r.Status == rating.Valid && r.From <= at && at < r.Until {
					valid++
				}
			}
		}
		require.Equal(t, ledger.Figures.Total.E02.Denominator+excludedBySupervisors(t, c, at), valid)
	}
}

// excludedBySupervisors counts the ratings that people took out by an instant: no fold knows of it.
func excludedBySupervisors(t *testing.T, c *collector, at int64) (n int64) {
	t.Helper()
	for _, m := range c.messages {
		if m.topic != event.TopicActions {
			continue
		}
		if f := fields(t, m.value); f["action"] == "exclude" && moment(t, f["event_time"]) <= at {
			n++
		}
	}
	return n
}

// compare compares what is said about one subject; a subject that has not
// begun has nothing said about it.
func compare(t *testing.T, line string, want, got []any, notBegun bool) {
	t.Helper()
	if notBegun {
		return
	}
	w, err := json.Marshal(want)
	require.NoError(t, err)
	g, err := json.Marshal(got)
	require.NoError(t, err)
	require.Equal(t, string(w), string(g), line)
}
