package engine_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

// talker draws what a source may send about one overdue case after its due: everything
// that it knows, with event times after the due, or about what was told before.
type talker struct {
	r  *rand.Rand
	no string
	n  int
	// named: one of the ways that may take the card to a supervisor was gone; inTime: a late
	// fact about before the due was sent within a day of it.
	named, inTime bool
	facts         []event.Case
}

func (k *talker) pick(of ...string) string { return of[k.r.IntN(len(of))] }

// after is an instant of the afternoon of 10 March, the day after the due.
func (k *talker) after() time.Time {
	return march(10, 10).Add(time.Duration(k.r.IntN(300)) * time.Minute)
}

func (k *talker) send(f event.Case, at time.Time) {
	k.facts = append(k.facts, arrived(f, at))
}

// say sends an ordinary fact that happened after the due.
func (k *talker) say() {
	at := k.after()
	f := fact(k.no, event.CaseType(k.pick("activity", "material", "visit", "transfer", "extend", "suspend_start", "fee_notice", "step_start", "step_end", "deliver")), at.UnixMilli(), "")
	k.n++
	f.EventID = fmt.Sprintf("%s-%d", k.no, k.n)
	f.OrgCode = k.pick("org", "other")
	f.Payload = map[event.CaseType]string{
		event.Transfer: `{"to_org":"other"}`, event.Extend: `{"days":10,"approver":"h","approver_level":"agency_head"}`,
		event.SuspendStart: `{"suspend_type":"hearing","approved_days":60}`,
	}[f.Type]
	if f.Payload == "" {
		f.Payload = k.pick("", `{"is_test":true}`, `{"secret":true}`, `{"limit_regime":"source","source_due_at":"2028-01-01T00:00:00Z"}`,
			`{"promise_days":90,"legal_days":90}`, `{"urgent":false}`, `{"item_type":"public_service"}`)
	}
	k.send(f, at)
}

// correct sends a void, an amend or a revision of what was told, or tells it anew.
func (k *talker) correct(told []event.Case) {
	at, target := k.after(), told[k.r.IntN(len(told))]
	k.named = true
	k.n++
	id := fmt.Sprintf("%s-%d", k.no, k.n)
	switch k.r.IntN(5) {
	case 0:
		f := corrects(target, event.Void, at, "")
		f.EventID = id
		k.send(f, at)
		k.send(f, at.Add(time.Minute)) // once more
	case 1:
		f := corrects(target, event.Amend, at, `,"set":`+k.pick(`{"event_time":"2026-03-09T12:00:00+08:00"}`, `{"event_time":"2026-03-06T12:00:00+08:00"}`,
			`{"payload":{"promise_days":30}}`, `{"payload":{"is_test":true}}`, `{"payload":{"secret":true}}`))
		f.EventID = id
		k.send(f, at)
	case 2: // says that it was made before the due
		f := corrects(target, event.Amend, at, `,"set":{"event_time":"2026-03-08T12:00:00+08:00"}`)
		f.EventID, f.OccurredAt = id, march(9, 8).UnixMilli()
		k.send(f, at)
	case 3:
		f := target
		f.Revision, f.OrgCode, f.StaffID = 1, k.pick("org", "other"), k.pick("", "s2")
		f.OccurredAt = min(f.OccurredAt, march(9, 15).UnixMilli())
		if f.Type == event.Accept {
			f.Payload = k.pick(f.Payload, `{"promise_days":60,"promise_unit":"W"}`)
			f.OccurredAt = k.pickAt(f.OccurredAt, march(6, 9).UnixMilli())
		}
		k.send(f, at)
	default: // the result anew, in time
		f := fact(k.no, event.CaseType(k.pick("finish", "decide")), march(9, 16).UnixMilli(), `{"result_type":"approved"}`)
		f.EventID = id
		k.inTime = true
		k.send(f, at)
	}
}

func (k *talker) pickAt(of ...int64) int64 { return of[k.r.IntN(len(of))] }

// Random facts after the due of 640 lives, with every way round that a source has beside:
// a card that stood is taken back by nothing but a fact about before the due that was sent
// within a day, unless that contradicts what was told; what a correction, a revision or a
// fact told anew takes back goes to a supervisor, and the history says by which fact
// (docs/supervision.md, section 1).
func TestRandomFactsTalkNoCardAway(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03")
	r := rand.New(rand.NewPCG(11, 3))
	lives := map[string]*talker{}
	var told, after []any
	for i := range 640 {
		k := &talker{r: r, no: fmt.Sprintf("L%03d", i)}
		var before []event.Case
		for _, f := range overdue(k.no) {
			before = append(before, arrived(f.(event.Case), time.UnixMilli(f.(event.Case).OccurredAt).Add(time.Minute)))
		}
		for _, f := range before {
			told = append(told, f)
		}
		if r.IntN(2) == 0 { // ended late, as the card says
			f := fact(k.no, event.Finish, march(10, 9).UnixMilli(), `{"result_type":"approved"}`)
			before = append(before, f)
			k.send(f, march(10, 9).Add(time.Minute))
		}
		for range r.IntN(4) {
			k.say()
		}
		for range r.IntN(3) {
			k.correct(before)
		}
		for _, f := range k.facts {
			after = append(after, f)
		}
		lives[k.no] = k
	}
	enginetest.Insert(t, db, told...)
	look(march(10, 1))
	require.Equal(t, len(lives), count(t, db, "alerts FINAL WHERE state = 'issued'"))
	slices.SortStableFunc(after, func(a, b any) int { // as a topic has them
		return cmp.Compare(a.(event.Case).Origin.ReceivedAt, b.(event.Case).Origin.ReceivedAt)
	})
	enginetest.Insert(t, db, after...)
	look(march(10, 20))

	seen := map[string]int{}
	for no, k := range lives {
		var state, org, trace string
		scan(t, db, "SELECT toString(state), toString(org_code) FROM alerts FINAL WHERE subject_no = '"+no+"'", &state, &org)
		scan(t, db, "SELECT ifNull((SELECT any(payload) FROM alert_events FINAL WHERE event IN ('review', 'cancelled') AND alert_id IN (SELECT alert_id FROM alerts FINAL WHERE subject_no = '"+no+"')), '')", &trace)
		seen[state]++
		told := fmt.Sprintf("%s: %s %s, facts %+v", no, state, trace, k.facts)
		switch state {
		case "issued":
			require.Equal(t, "org", org, told)
		case "cancelled": // a late result, in time, that contradicts nothing
			require.True(t, k.inTime, told)
			require.NotContains(t, trace, `"rewritten":true`, told)
		case "review":
			require.True(t, k.named, told)
			require.Contains(t, trace, no+"-", told)
		default:
			t.Fatal(told)
		}
	}
	for _, state := range []string{"issued", "review", "cancelled"} {
		require.Greater(t, seen[state], 10, "%v", seen)
	}
}
