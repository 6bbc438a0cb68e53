package ruletest_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/supervision/acceptance"
	"duban/supervision/lawzone"
)

// What only the course of time brings, worked out anew: no calendar, query or machine of
// the product is used.

// works says whether a day of March or of the first half of April 2026 is a working day:
// 4 to 6 April are Qingming, and no Saturday or Sunday makes up for it.
func works(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && (day.Month() != time.April || day.Day() < 4 || day.Day() > 6)
}

func startOfDay(at time.Time) time.Time {
	y, m, d := at.In(lawzone.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, lawzone.Zone)
}

// after is the working day that is n working days after a day.
func after(day time.Time, n int) time.Time {
	for n > 0 {
		if day = day.AddDate(0, 0, 1); works(day) {
			n--
		}
	}
	return day
}

// endAfter is the end of the n-th working day after the day of an instant.
func endAfter(at time.Time, n int) time.Time { return after(startOfDay(at), n).AddDate(0, 0, 1) }

// halls counts the time in hall hours (9:00 to 12:00, 13:30 to 17:30) between two instants.
func halls(from, until time.Time) (sum time.Duration) {
	for day := startOfDay(from); day.Before(until); day = day.AddDate(0, 0, 1) {
		for _, half := range [][2]time.Duration{{9 * time.Hour, 12 * time.Hour}, {13*time.Hour + 30*time.Minute, 17*time.Hour + 30*time.Minute}} {
			a, b := day.Add(half[0]), day.Add(half[1])
			if a.Before(from) {
				a = from
			}
			if b.After(until) {
				b = until
			}
			if works(day) && b.After(a) {
				sum += b.Sub(a)
			}
		}
	}
	return sum
}

// afterHalls is the first millisecond at which more than so much has passed in hall hours.
func afterHalls(from time.Time, limit time.Duration) time.Time {
	low, high := from.UnixMilli(), from.Add(40*24*time.Hour).UnixMilli()
	for low+1 < high {
		if mid := (low + high) / 2; halls(from, time.UnixMilli(mid)) > limit {
			high = mid
		} else {
			low = mid
		}
	}
	return time.UnixMilli(high)
}

// beats are the messages of four sources beside the province, one every seven minutes of
// the day's work, about cases for tests, which no figure counts. The first is cut off for
// two hours and a half on the third working day, which is too early to say anything, and
// on 11 March; the second from Thursday 12 to Monday 16 March; the third since 26 March;
// the fourth sends what it has within three days.
func beats() []any {
	cut := map[string][][2]time.Time{}
	at := func(d, h, m int) time.Time { return time.Date(2026, 3, d, h, m, 0, 0, lawzone.Zone) }
	cut["first"] = [][2]time.Time{{at(4, 9, 30), at(4, 15, 0)}, {at(11, 9, 30), at(11, 15, 0)}}
	cut["second"] = [][2]time.Time{{at(12, 16, 0), at(16, 11, 0)}}
	cut["third"] = [][2]time.Time{{at(26, 15, 0), at(31, 24, 0).AddDate(0, 0, 30)}}
	cut["fourth"] = [][2]time.Time{{at(5, 0, 0), at(31, 24, 0).AddDate(0, 0, 30)}}
	var out []any
	for i, source := range []string{"first", "second", "third", "fourth"} {
		for day := at(2, 0, 0); day.Before(at(32, 0, 0)); day = day.AddDate(0, 0, 1) {
			for n := 0; works(day) && n < 75; n++ {
				sent := day.Add(8*time.Hour + 50*time.Minute).Add(time.Duration(n)*7*time.Minute +
					time.Duration((n*37+i*11)%60)*time.Second + time.Duration(i*250+1)*time.Millisecond)
				for _, c := range cut[source] { // what waited comes when the line is back
					if !sent.Before(c[0]) && sent.Before(c[1]) {
						sent = c[1].Add(time.Duration(n) * time.Millisecond)
					}
				}
				no := fmt.Sprintf("%s-%d-%d", source, day.Day(), n)
				out = append(out, &event.Case{SourceSys: source, CaseNo: no, EventID: no, Type: event.Apply, OccurredAt: sent.UnixMilli(),
					EmittedAt: sent.UnixMilli(),
					OrgCode:   "beat", TaskCode: "beat", RegionCode: "610802", Payload: `{"is_test":true}`,
					Origin: event.Origin{ReceivedAt: sent.UnixMilli()}})
			}
		}
	}
	return out
}

// arrivals are the instants at which something came from each source, in order.
func arrivals(facts []any) map[string][]time.Time {
	out := map[string][]time.Time{}
	for _, f := range facts {
		source := reflect.ValueOf(f).Elem().FieldByName("SourceSys").String()
		out[source] = append(out[source], time.UnixMilli(received(f)))
	}
	return out
}

// silences are the alerts of R-DAT-03 (domain guide 6.2, 2.6: more than two hours and
// more than twice the usual gap in hall hours, red after a working day of seven) as of an
// instant, for every source that has any.
func silences(heard map[string][]time.Time, asOf time.Time) map[string][]acceptance.Expected {
	out := map[string][]acceptance.Expected{}
	for source, at := range heard {
		longest := map[time.Time]time.Duration{} // of each working day
		for i, now := range at {
			if !now.Before(asOf) {
				break
			}
			day := startOfDay(now)
			gap := time.Duration(0)
			if i > 0 {
				gap = halls(at[i-1], now)
			}
			if works(day) {
				longest[day] = max(longest[day], gap)
			}
			next, ended := asOf, false
			if i+1 < len(at) && at[i+1].Before(asOf) {
				next, ended = at[i+1], true
			}
			active, gaps := 0, []time.Duration{}
			for d, back := day, 0; back < 10 || d.Equal(day); d = d.AddDate(0, 0, -1) {
				if !works(d) {
					continue
				}
				if _, ok := longest[d]; ok {
					active++
				}
				back++
			}
			for d, back := day.AddDate(0, 0, -1), 0; back < 10 && d.After(day.AddDate(0, 0, -40)); d = d.AddDate(0, 0, -1) {
				if works(d) {
					back++
					if g, ok := longest[d]; ok {
						gaps = append(gaps, g)
					}
				}
			}
			if active < 5 || len(gaps) == 0 {
				continue
			}
			slices.Sort(gaps)
			usual := (gaps[(len(gaps)-1)/2] + gaps[len(gaps)/2]) / 2
			limit := max(2*time.Hour, 2*usual)
			if halls(now, next) <= limit {
				continue
			}
			since, severity := afterHalls(now, limit), "warning"
			if red := afterHalls(now, limit+5*time.Hour); !red.After(next) {
				since, severity = red, "red"
			}
			e := acceptance.Expected{Rule: "R-DAT-03", SubjectKind: "source", SubjectNo: source,
				ClockNo:  now.In(lawzone.Zone).Format("2006-01-02T15:04:05"),
				Severity: severity, Since: &since, Active: !ended}
			if ended {
				e.Cleared = &next
			}
			out[source] = append(out[source], e)
		}
	}
	return out
}

// entry is one line of a history.
type entry struct {
	id, event, state, severity string
	at                         time.Time
}

func (p *province) history(query string) map[string][]entry {
	p.t.Helper()
	rows, err := p.db.Conn().Query(p.t.Context(), query)
	require.NoError(p.t, err)
	out := map[string][]entry{}
	for rows.Next() {
		var e entry
		require.NoError(p.t, rows.Scan(&e.id, &e.event, &e.state, &e.severity, &e.at))
		out[e.id] = append(out[e.id], e)
	}
	require.NoError(p.t, rows.Err())
	return out
}

// unanswered are the alerts of R-ORD-02 as of an instant: each time that an answer is
// asked for, the department has five working days (domain guide 6.1), unless it is asked
// anew before these are over.
func (p *province) unanswered(asOf time.Time) (out []acceptance.Expected) {
	p.t.Helper()
	asks := func(e entry) bool {
		return slices.Contains([]string{"raised", "upgraded", "confirm", "reopen", "reject_feedback", "uphold"}, e.event) &&
			slices.Contains([]string{"issued", "acked", "upheld"}, e.state) && (e.severity == "yellow" || e.severity == "red")
	}
	waits := func(e entry) bool { return slices.Contains([]string{"pending", "issued", "acked", "upheld"}, e.state) }
	kinds := map[string]int{}
	for id, entries := range p.history(`SELECT alert_id, toString(event), toString(state), toString(severity), if(actor = '', recorded_at,
		effective_at) FROM alert_events FINAL
		WHERE alert_id IN (SELECT alert_id FROM alerts FINAL WHERE rule_id != 'R-ORD-02') ORDER BY alert_id, seq`) {
		n := 0
		for i, e := range entries {
			if !asks(e) {
				continue
			}
			over := endAfter(e.at, 5)
			if !over.Before(asOf) || slices.ContainsFunc(entries[i+1:], func(x entry) bool { return x.at.Before(over) && (asks(x) || !waits(x)) }) {
				continue
			}
			n++
			clock := ""
			if n > 1 {
				clock = fmt.Sprint(n)
			}
			kinds[e.event]++
			out = append(out, acceptance.Expected{Rule: "R-ORD-02", SubjectKind: "alert", SubjectNo: id, ClockNo: clock, Severity: "yellow",
				Since: &over, Active: true})
		}
	}
	require.Subset(p.t, keys(kinds), []string{"raised", "reject_feedback", "uphold"}, "%v", kinds)
	return out
}

func keys(m map[string]int) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// ordersOfCards are the alerts of R-ORD-01 about the orders that cards have opened, on
// which nobody acts: due after five working days, a warning from the start of the working
// day before, red when more than three have passed (domain guide 6.3, 6.2).
func (p *province) ordersOfCards(asOf time.Time) (out []acceptance.Expected) {
	p.t.Helper()
	for id, entries := range p.history(`SELECT id, toString(event), toString(state), '', recorded_at FROM work_events FINAL
		WHERE kind = 'order' AND id IN (SELECT id FROM work_events FINAL WHERE kind = 'order' AND seq = 1 AND actor = '') ORDER BY id, seq`) {
		issued := entries[0].at
		var e acceptance.Expected
		for _, s := range []struct {
			since    time.Time
			severity string
		}{
			{endAfter(issued, 4).AddDate(0, 0, -1), "warning"}, {endAfter(issued, 5), "yellow"},
			{after(endAfter(issued, 5).AddDate(0, 0, -1), 4), "red"},
		} {
			if since := s.since; !since.After(asOf) {
				e = acceptance.Expected{Rule: "R-ORD-01", SubjectKind: "order", SubjectNo: id, Severity: s.severity, Since: &since, Active: true}
			}
		}
		if e.Rule != "" {
			out = append(out, e)
		}
	}
	return out
}

// moved are the alerts of R-DAT-05 that only time brings: the time of a fact was moved, by
// an amendment or by another revision of the fact, when a card of the case or ticket had
// been announced (domain guide 2.6, back-dating). Those of the ledger are left out.
func (p *province) moved(facts []any, known []acceptance.Expected) (out []acceptance.Expected) {
	p.t.Helper()
	cards := map[string]time.Time{} // when the first was announced
	for _, entries := range p.history(`SELECT a.subject_no, toString(e.event), toString(e.state), toString(e.severity), e.recorded_at
		FROM (SELECT * FROM alert_events FINAL WHERE severity IN ('yellow', 'red')) AS e
		INNER JOIN (SELECT * FROM alerts FINAL WHERE subject_kind IN ('case',
			'ticket')) AS a ON a.alert_id = e.alert_id ORDER BY e.recorded_at`) {
		cards[entries[0].id] = entries[0].at
	}
	said := map[string]bool{}
	for _, e := range known {
		said[e.Rule+" "+e.SubjectNo+" "+e.ClockNo] = true
	}
	first := map[string]int64{} // the time that the first revision gave
	for _, f := range facts {
		var rule, kind, no, id, payload string
		var at int64
		var revision uint32
		var amend bool
		switch f := f.(type) {
		case *event.Case:
			rule, kind, no, id, at, revision, amend, payload = "R-DAT-05", "case", f.CaseNo, f.EventID, f.OccurredAt, f.Revision,
				f.Type == event.Amend, f.Payload
		case *event.Ticket:
			rule, kind, no, id, at, revision, amend, payload = "R-DAT-05-T", "ticket", f.TicketNo, f.EventID, f.OccurredAt, f.Revision,
				f.Type == "t_amend", f.Payload
		default:
			continue
		}
		before, again := first[id]
		if !again || revision == 0 {
			first[id] = at
		}
		announced, card := cards[no]
		if !(amend && strings.Contains(payload, `"event_time"`) || revision > 0 && again && before != at) || !card ||
			!time.UnixMilli(received(f)).After(announced) {
			continue
		}
		if key := rule + " " + no + " moved"; !said[key] {
			said[key] = true
			out = append(out, acceptance.Expected{Rule: rule, SubjectKind: kind, SubjectNo: no, ClockNo: "moved", Severity: "red", Active: true})
		}
	}
	return out
}
