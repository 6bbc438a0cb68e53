package lifecycle_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"

	"duban/ingest/event"
	"duban/supervision/calendar"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/items"

	"pgregory.net/rapid"
)

// TestMain raises the number of random subjects: with the library's 100, three
// errors of the fold once stayed hidden that 3000 found.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		if err := f.Value.Set("3000"); err != nil {
			fmt.Fprintln(os.Stderr, "set the number of checks:", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// span is the time in which random facts lie: six weeks of 2018, by the quarter
// of a day so that instants meet.
var (
	spanFrom = at("10-08 00")
	instants = rapid.Map(rapid.Int64Range(0, 4*42), func(n int64) int64 { return spanFrom + n*6*3_600_000 })
	ids      = rapid.Map(rapid.IntRange(0, 9), func(n int) string { return fmt.Sprintf("e%d", n) })
)

func stamp(ms int64) string {
	return fmt.Sprintf(`"2018-10-%02dT%02d:00:00+08:00"`, 8+(ms-spanFrom)/86_400_000%20, (ms-spanFrom)/3_600_000%24)
}

// casePayload draws a payload that fits the type, now and then with the keys
// that any fact may carry.
func casePayload(t *rapid.T, typ event.CaseType) string {
	days := func() int { return rapid.IntRange(0, 9).Draw(t, "days") }
	switch typ {
	case event.Accept:
		return rapid.SampledFrom([]string{"", limits, `{"promise_days":0}`, `{"promise_days":3,"promise_unit":"C"}`,
			`{"legal_days":1,"legal_unit":"M","promise_days":20,"promise_unit":"H"}`}).Draw(t, "limits")
	case event.SuspendStart:
		if d := days(); d < 8 {
			return fmt.Sprintf(`{"suspend_type":"hearing","approved_days":%d}`, d)
		}
		return `{"suspend_type":"hearing"}`
	case event.Extend:
		return fmt.Sprintf(`{"days":%d}`, days()+1)
	case event.Decide, event.Finish:
		return rapid.SampledFrom([]string{"", `{"result_type":"approved"}`, `{"result_type":"denied"}`}).Draw(t, "result")
	case event.Terminate:
		return rapid.SampledFrom([]string{"", `{"actor":"applicant"}`}).Draw(t, "actor")
	case event.StepStart, event.StepEnd:
		return rapid.SampledFrom([]string{`{"step_code":"a","limit_days":1}`, `{"step_code":"b"}`}).Draw(t, "step")
	case event.Transfer:
		return `{"to_org":"o2"}`
	case event.Void:
		return fmt.Sprintf(`{"target_event_id":%q}`, ids.Draw(t, "target"))
	case event.Amend:
		set := `"event_time":` + stamp(instants.Draw(t, "moved"))
		if rapid.Bool().Draw(t, "body") {
			set = `"payload":{"promise_days":2,"approved_days":1,"result_type":"approved"}`
		}
		return fmt.Sprintf(`{"target_event_id":%q,"set":{%s}}`, ids.Draw(t, "target"), set)
	case event.Activity:
		return rapid.SampledFrom([]string{"", "", "", `{"is_test":true}`, `{"secret":false}`, `{"limit_regime":"source"}`,
			`{"limit_regime":"law"}`, ownCase, `{"attributes":{"a":"1"}}`}).Draw(t, "common")
	}
	return ""
}

// randomCase draws the facts of a case; every (event id, revision) is said once.
func randomCase(t *rapid.T) []event.Case {
	n := rapid.IntRange(1, 14).Draw(t, "n")
	corrections := rapid.Bool().Draw(t, "corrections")
	var out []event.Case
	seen := map[string]bool{}
	for i := range n {
		e := event.Case{SourceSys: "s", CaseNo: "c", OccurredAt: instants.Draw(t, "at"), EventID: fmt.Sprintf("e%d", i)}
		if corrections {
			e.EventID, e.Revision = ids.Draw(t, "id"), uint32(rapid.IntRange(0, 2).Draw(t, "rev"))
		}
		if key := fmt.Sprint(e.EventID, "/", e.Revision); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		types := event.CaseTypes()
		if !corrections {
			types = types[:len(types)-2]
		}
		e.Type = rapid.SampledFrom(types).Draw(t, "type")
		if i == 0 {
			e.Type = rapid.SampledFrom([]event.CaseType{event.Apply, event.Accept, event.Apply, e.Type}).Draw(t, "first")
		}
		e.Payload = casePayload(t, e.Type)
		e.TaskCode = rapid.SampledFrom([]string{"", "t", "fee"}).Draw(t, "task")
		e.ApplyChannel = rapid.SampledFrom([]string{"", "web"}).Draw(t, "channel")
		e.Origin = event.Origin{ReceivedAt: 1_700_000_000_000 + int64(i), Offset: int64(i)}
		out = append(out, e)
	}
	return out
}

// folder is shared by the runs of a check, so that reuse is part of the test.
func folder(t testing.TB) *lifecycle.Folder {
	return lifecycle.NewFolder(items.New([]event.Item{
		{EventID: "1", TaskCode: "t", TaskVersion: "1", LegalDays: intp(8), PromiseDays: intp(4)},
		{EventID: "2", TaskCode: "fee", TaskVersion: "1", LegalDays: intp(12), LegalUnit: "C", RollForward: true, FeePauses: true},
	}), cal(t), policyOfTests())
}

// disturb shuffles the facts and sends some again with another sequence number
// and later.
func disturb(t *rapid.T, facts []event.Case) []event.Case {
	out := append([]event.Case(nil), facts...)
	for i := range facts {
		if rapid.Bool().Draw(t, "again") {
			e := facts[i]
			e.EmittedAt, e.Origin.Offset, e.Origin.ReceivedAt = 77, e.Origin.Offset+1000, e.Origin.ReceivedAt+1000
			e.Seq += 5
			out = append(out, e)
		}
	}
	rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// normal replaces empty slices by nil, so that a reused state compares equal.
func normal(s *lifecycle.CaseState) lifecycle.CaseState {
	c := *s
	for _, x := range []struct {
		n int
		f func()
	}{
		{len(c.Attributes), func() { c.Attributes = nil }}, {len(c.History), func() { c.History = nil }},
		{len(c.Clocks), func() { c.Clocks = nil }},
		{len(c.FactEntries), func() { c.FactEntries = nil }}, {len(c.Steps), func() { c.Steps = nil }},
		{len(c.Illegal), func() { c.Illegal = nil }}, {len(c.Pauses), func() { c.Pauses = nil }},
	} {
		if x.n == 0 {
			x.f()
		}
	}
	return c
}

func TestFoldDependsOnTheSetOfFactsOnly(t *testing.T) {
	f, g := folder(t), folder(t)
	var again lifecycle.CaseState
	rapid.Check(t, func(t *rapid.T) {
		facts := randomCase(t)
		var once lifecycle.CaseState
		f.Case(facts, &once)
		g.Case(disturb(t, facts), &again)
		if !reflect.DeepEqual(normal(&once), normal(&again)) {
			t.Fatalf("in order and once:\n%+v\ndisturbed:\n%+v", once, again)
		}
	})
}

func TestConflictsDependOnArrivalOnly(t *testing.T) {
	f := folder(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := randomCase(t)
		rewritten := append([]event.Case(nil), facts...)
		for i, e := range facts {
			if rapid.Bool().Draw(t, "rewrite") {
				e.OccurredAt = instants.Draw(t, "other")
				e.OrgCode = "rewriter"
				e.Origin.ReceivedAt += int64(i) + 50
				rewritten = append(rewritten, e)
			}
		}
		var plain, a, b lifecycle.CaseState
		f.Case(facts, &plain)
		f.Case(rewritten, &a)
		f.Case(disturb(t, rewritten), &b)
		if !reflect.DeepEqual(normal(&a), normal(&b)) {
			t.Fatalf("arrival in another order gives\n%+v\nnot\n%+v", b, a)
		}
		plain.Conflict = len(rewritten) > len(facts)
		if !reflect.DeepEqual(normal(&plain), normal(&a)) {
			t.Fatalf("the rewrites are in force:\n%+v\nnot\n%+v", a, plain)
		}
	})
}

// TestHistoryIsTheFoldOfWhatWasSaid is the promise of the h_ columns: the state
// as of T is the state that the facts with OccurredAt <= T give at T.
func TestHistoryIsTheFoldOfWhatWasSaid(t *testing.T) {
	f := folder(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := randomCase(t)
		var whole, part lifecycle.CaseState
		f.Case(facts, &whole)
		for i := 1; i < len(whole.History); i++ {
			if whole.History[i].At <= whole.History[i-1].At {
				t.Fatalf("history is not ascending: %+v", whole.History)
			}
		}
		var moments []int64
		for _, e := range facts {
			moments = append(moments, e.OccurredAt, e.OccurredAt-1)
		}
		for _, h := range whole.History {
			moments = append(moments, h.At, h.At-1)
		}
		moments = append(moments, instants.Draw(t, "moment"), lifecycle.Still)
		for _, m := range moments {
			var said []event.Case
			for _, e := range facts {
				if e.OccurredAt <= m {
					said = append(said, e)
				}
			}
			want, known := lifecycle.Snapshot{Excluded: lifecycle.ExcludedVoid, PromiseBasis: lifecycle.BasisNone}, false
			if len(said) > 0 {
				f.Case(said, &part)
				if s, ok := lifecycle.AsOf(part.History, m); ok {
					want, known = s, true
				}
			}
			got, ok := lifecycle.AsOf(whole.History, m)
			if !ok {
				if known && want.Excluded != lifecycle.ExcludedVoid {
					t.Fatalf("nothing at %s, the fold of what was said has %s", show(m), line(want))
				}
				continue
			}
			got.At, want.At = 0, 0
			if got != want {
				t.Fatalf("at %s the history has\n%+v\nthe fold of what was said\n%+v", show(m), got, want)
			}
		}
	})
}

func TestClocksKeepTheirLaws(t *testing.T) {
	f, c := folder(t), cal(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := randomCase(t)
		var s lifecycle.CaseState
		f.Case(facts, &s)
		for _, h := range s.History {
			if h.PromiseBasis == lifecycle.BasisPromise && h.PromiseDue > h.LegalDue {
				// A pause, an extension or a roll may differ by unit, a plain promise never ends later.
				if h.Suspensions == 0 && h.Extensions == 0 && facts[0].TaskCode == "" {
					t.Fatalf("the promise ends after the law: %s", line(h))
				}
			}
			if h.StopAt != 0 && h.AcceptedAt != 0 && (!h.NetDays.OK || h.NetDays.V < 0) {
				t.Fatalf("stopped without net days: %s", line(h))
			}
			if h.MarginDays.OK && (h.MarginDays.V < 0) != (h.StopAt > h.PromiseDue) {
				t.Fatalf("margin and due do not agree: %s", line(h))
			}
			if h.PauseUntil != 0 && h.StopAt != 0 {
				t.Fatalf("paused after the stop: %s", line(h))
			}
		}
		for _, k := range s.Clocks {
			if k.StopAt != 0 && k.StopAt < k.StartAt || k.Outcome == lifecycle.Met && k.StopAt > k.DueAt ||
				k.Outcome == lifecycle.Running && k.StopAt != 0 {
				t.Fatalf("clock %+v", k)
			}
			if k.Clock == "K3" && k.Unit == "W" && k.Limit.V > 0 {
				want := c.AddWD(calendar.DayOf(k.StartAt), k.Limit.V+k.PausedDays+k.ExtendedDays)
				if k.DueAt != want.End() {
					t.Fatalf("due of %+v is not %s", k, want)
				}
			}
		}
	})
}

func randomTicket(t *rapid.T) []event.Ticket {
	n := rapid.IntRange(1, 14).Draw(t, "n")
	var out []event.Ticket
	seen := map[string]bool{}
	for i := range n {
		e := event.Ticket{SourceSys: "s", TicketNo: "t", OccurredAt: instants.Draw(t, "at"), EventID: ids.Draw(t, "id"),
			Revision: uint32(rapid.IntRange(0, 1).Draw(t, "rev"))}
		if key := fmt.Sprint(e.EventID, "/", e.Revision); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		e.Type = rapid.SampledFrom(event.TicketTypes()).Draw(t, "type")
		if i < 3 {
			e.Type = []event.TicketType{event.TReceive, event.TDispatch, event.TSign}[i]
		}
		switch e.Type {
		case event.TVoid:
			e.Payload = fmt.Sprintf(`{"target_event_id":%q}`, ids.Draw(t, "target"))
		case event.TAmend:
			e.Payload = fmt.Sprintf(`{"target_event_id":%q,"set":{"event_time":%s}}`, ids.Draw(t, "target"), stamp(instants.Draw(t, "moved")))
		case event.TExtendApprove:
			e.Payload = `{"days":3}`
		default:
			e.Payload = rapid.SampledFrom([]string{"", "", "", `{"urgent":true}`, ownCase}).Draw(t, "payload")
		}
		e.OrgCode = rapid.SampledFrom([]string{"", "o1", "o2"}).Draw(t, "org")
		e.Kind = rapid.SampledFrom([]string{"", "consult", "help"}).Draw(t, "kind")
		e.Origin = event.Origin{ReceivedAt: 1_700_000_000_000 + int64(i), Offset: int64(i)}
		out = append(out, e)
	}
	return out
}

func TestTicketHistoryIsTheFoldOfWhatWasSaid(t *testing.T) {
	f := folder(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := randomTicket(t)
		var whole, part, shuffled lifecycle.TicketState
		f.Ticket(facts, &whole)
		mixed := append([]event.Ticket(nil), facts...)
		mixed = append(mixed, facts[rapid.IntRange(0, len(facts)-1).Draw(t, "again")])
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		f.Ticket(mixed, &shuffled)
		if fmt.Sprintf("%+v", whole) != fmt.Sprintf("%+v", shuffled) {
			t.Fatalf("order matters:\n%+v\n%+v", whole, shuffled)
		}
		var moments []int64
		for _, e := range facts {
			moments = append(moments, e.OccurredAt, e.OccurredAt-1)
		}
		for _, h := range whole.History {
			moments = append(moments, h.At)
		}
		for _, m := range moments {
			var said []event.Ticket
			for _, e := range facts {
				if e.OccurredAt <= m {
					said = append(said, e)
				}
			}
			want := lifecycle.TicketSnapshot{Excluded: lifecycle.ExcludedVoid, DueBasis: lifecycle.BasisNone}
			if len(said) > 0 {
				f.Ticket(said, &part)
				if s, ok := lifecycle.TicketAsOf(part.History, m); ok {
					want = s
				}
			}
			got, ok := lifecycle.TicketAsOf(whole.History, m)
			if !ok {
				got = lifecycle.TicketSnapshot{Excluded: lifecycle.ExcludedVoid, DueBasis: lifecycle.BasisNone}
			}
			got.At, want.At = 0, 0
			if got != want {
				t.Fatalf("at %s the history has\n%+v\nthe fold of what was said\n%+v", show(m), got, want)
			}
		}
	})
}
