package ruletest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/lawzone"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/items"
)

// messages are the facts of a case as its source would send them.
func (c lawCase) messages() []map[string]any {
	var out []map[string]any
	for _, it := range c.Items {
		m := map[string]any{"topic": string(event.TopicItems), "event_id": c.ID + "-item"}
		maps.Copy(m, it)
		out = append(out, m)
	}
	envelope := map[string]string{"org": "org_code", "task": "task_code", "kind": "kind", "activity": "activity"}
	for i, f := range c.Facts {
		m, payload := map[string]any{"event_id": fmt.Sprintf("%s-%02d", c.ID, i+1)}, map[string]any{}
		typ := fmt.Sprint(f["event"])
		ticket := strings.HasPrefix(typ, "t_")
		m["topic"], m["case_no"] = string(event.TopicCases), c.ID
		channel := "apply_channel"
		if ticket {
			m["topic"], m["ticket_no"], channel = string(event.TopicTickets), c.ID, "channel"
			delete(m, "case_no")
		}
		for k, v := range f {
			switch {
			case k == "at":
				m["event_time"] = instantOf(fmt.Sprint(v)).Format(time.RFC3339Nano)
			case k == "event":
				m["event_type"] = v
			case k == "id":
				m["event_id"] = fmt.Sprint(c.ID, "-", v)
			case k == "channel":
				m[channel] = v
			case k == "target_event_id":
				payload[k] = fmt.Sprint(c.ID, "-", v)
			case envelope[k] != "":
				m[envelope[k]] = v
			default:
				payload[k] = v
			}
		}
		if len(payload) > 0 {
			m["payload"] = payload
		}
		out = append(out, m)
	}
	return out
}

// moment is what holds of a case or a ticket from an instant on.
type moment struct {
	at, accepted    int64
	state, excluded string
	deemed          bool
}

// foldLaw decodes the facts of a case and folds them.
func foldLaw(t *testing.T, c lawCase, cal *calendar.Calendar) ([]lifecycle.Clock, []moment) {
	t.Helper()
	dec, err := decode.New(decode.Config{TokenKey: []byte("a key for the cases of the law")})
	require.NoError(t, err)
	var cases []event.Case
	var tickets []event.Ticket
	var versions []event.Item
	for i, body := range c.messages() {
		m, err := message(body, i)
		require.NoError(t, err)
		m.Offset = int64(i)
		switch m.Topic {
		case event.TopicCases:
			var x event.Case
			require.Nil(t, dec.Case(m, &x), "%v", body)
			keep(&x)
			cases = append(cases, x)
		case event.TopicTickets:
			var x event.Ticket
			require.Nil(t, dec.Ticket(m, &x), "%v", body)
			keep(&x)
			tickets = append(tickets, x)
		default:
			var x event.Item
			require.Nil(t, dec.Item(m, &x), "%v", body)
			keep(&x)
			versions = append(versions, x)
		}
	}
	var history []moment
	if len(tickets) > 0 {
		s := lifecycle.FoldTicket(tickets, cal, lifecycle.DefaultPolicy())
		for _, h := range s.History {
			history = append(history, moment{at: h.At, state: string(h.State), excluded: string(h.Excluded)})
		}
		return s.Clocks, history
	}
	s := lifecycle.FoldCase(cases, items.New(versions), cal, lifecycle.DefaultPolicy())
	for _, h := range s.History {
		history = append(history, moment{at: h.At, accepted: h.AcceptedAt, state: string(h.State),
			excluded: string(h.Excluded), deemed: h.Deemed})
	}
	return s.Clocks, history
}

// keep copies the strings of a fact: those of the decoder are good until its next
// message only.
func keep(fact any) {
	v := reflect.ValueOf(fact).Elem()
	for _, f := range v.Fields() {
		if f.Kind() == reflect.String {
			f.SetString(strings.Clone(f.String()))
		}
	}
}

// checkClock compares the run asked for, the first when no number is given.
func (a lawAnswer) checkClock(t *testing.T, clocks []lifecycle.Clock) {
	t.Helper()
	i := slices.IndexFunc(clocks, func(k lifecycle.Clock) bool { return k.Clock == a.Clock && k.No == max(a.No, 1) })
	if a.Absent {
		require.Negative(t, i, "%s runs", a.Clock)
		return
	}
	require.GreaterOrEqual(t, i, 0, "%s does not run", a.Clock)
	k := clocks[i]
	if a.Due != nil {
		require.Equal(t, *a.Due == "", k.DueAt == 0, "%s: has it a due?", a.Clock)
		if *a.Due != "" {
			require.Equal(t, endOf(*a.Due), show(k.DueAt), "due of %s", a.Clock)
		}
	}
	if a.Start != "" {
		require.Equal(t, show(instantOf(a.Start).UnixMilli()), show(k.StartAt), "start of %s", a.Clock)
	}
	if a.Stop != "" {
		require.Equal(t, show(instantOf(a.Stop).UnixMilli()), show(k.StopAt), "stop of %s", a.Clock)
	}
	if a.Outcome != "" {
		require.Equal(t, a.Outcome, string(k.Outcome), "outcome of %s", a.Clock)
	}
	if a.Paused != nil {
		require.Equal(t, *a.Paused, k.PausedDays, "paused days of %s", a.Clock)
	}
	if a.Extended != nil {
		require.Equal(t, *a.Extended, k.ExtendedDays, "extended days of %s", a.Clock)
	}
	if a.Provisional != nil {
		require.Equal(t, *a.Provisional, k.Provisional, "is %s provisional?", a.Clock)
	}
}

// checkState compares what holds at the instant.
func (a lawAnswer) checkState(t *testing.T, history []moment) {
	t.Helper()
	at := instantOf(a.At).UnixMilli()
	i := len(history) - 1
	for i >= 0 && history[i].at > at {
		i--
	}
	require.GreaterOrEqual(t, i, 0, "nothing is known at %s", a.At)
	h := history[i]
	require.Equal(t, a.State, h.state, "state at %s", a.At)
	if a.Excluded != nil {
		require.Equal(t, *a.Excluded, h.excluded, "exclusion at %s", a.At)
	}
	if a.Deemed != nil {
		require.Equal(t, *a.Deemed, h.deemed, "deemed accepted at %s?", a.At)
	}
	if a.Accepted != "" {
		require.Equal(t, show(instantOf(a.Accepted).UnixMilli()), show(h.accepted), "acceptance as of %s", a.At)
	}
}

// checkAlert compares the alert of the rule about the case at the instant: none,
// over, or a severity.
func (a lawAnswer) checkAlert(t *testing.T, subject string, chains func(queries.Args) []map[string]any) {
	t.Helper()
	got, since, due := "none", "", ""
	for _, m := range chains(queries.Args{"rule_id": a.Alert, "at": instantOf(a.At).UTC()}) {
		if m["subject_no"].(string) != subject {
			continue
		}
		got, since = m["severity"].(string), show(m["since"].(time.Time).UnixMilli())
		if d, ok := m["due_at"].(time.Time); ok {
			due = show(d.UnixMilli())
		}
		if got == "" {
			got = "over"
		}
	}
	require.Equal(t, a.Severity, got, "%s at %s (since %s)", a.Alert, a.At, since)
	if a.Since != "" {
		require.Equal(t, show(instantOf(a.Since).UnixMilli()), since, "since when %s", a.Alert)
	}
	if a.Due != nil {
		require.Equal(t, endOf(*a.Due), due, "due of %s", a.Alert)
	}
}

// instantOf reads a local time with minutes, seconds or milliseconds.
func instantOf(s string) time.Time {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02 15:04:05.000"} {
		if t, err := time.ParseInLocation(layout, s, lawzone.Zone); err == nil {
			return t
		}
	}
	panic("not a local time in a case of the law: " + s)
}

// endOf is the last millisecond of a day, or the time itself.
func endOf(s string) string {
	if len(s) == len("2006-01-02") {
		return s + " 23:59:59.999"
	}
	return show(instantOf(s).UnixMilli())
}

func show(ms int64) string {
	return time.UnixMilli(ms).In(lawzone.Zone).Format("2006-01-02 15:04:05.000")
}
