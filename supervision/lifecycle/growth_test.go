package lifecycle_test

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"duban/ingest/event"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/items"

	"github.com/stretchr/testify/require"
)

// flood is one subject to which a source sends n times the same few events.
type flood struct {
	name    string
	opening []fact
	each    func(i int) []fact
	ticket  bool
}

const ownPayload = `{"limit_regime":"source","source_due_at":"2018-11-01T00:00:00Z"}`

const hour = int64(time.Hour / time.Millisecond)

var (
	begun      = []fact{{"10-15 09", "apply", ""}, {"10-15 10", "accept", `{"legal_days":20,"promise_days":5}`}}
	ownBegun   = []fact{{"10-15 09", "apply", ownPayload}, {"10-15 10", "accept", ""}}
	dispatched = []fact{{"10-15 09", "receive", ""}, {"10-15 10", "dispatch@o1", ""}, {"10-15 11", "sign", ""}}
)

func said(list ...fact) func(int) []fact { return func(int) []fact { return list } }

// floods are what a source can send thousands of for one subject.
func floods() []flood {
	pause := `{"suspend_type":"hearing","approved_days":1}`
	return []flood{
		{"pauses", begun, said(fact{"", "suspend_start", pause}, fact{"", "suspend_end", ""}), false},
		{"pauses without a length", begun, said(fact{"", "suspend_start", `{}`}, fact{"", "suspend_end", ""}), false},
		{"pauses of a source's own process", ownBegun, said(fact{"", "suspend_start", pause}, fact{"", "suspend_end", ""}), false},
		{"fees in one pause", append(begun[:2:2], fact{"10-15 11", "suspend_start", `{"approved_days":60}`}),
			said(fact{"", "fee_notice", ""}, fact{"", "fee_paid", ""}), false},
		{"pauses while a fee is due", append(begun[:2:2], fact{"10-15 11", "fee_notice", ""}),
			said(fact{"", "suspend_start", pause}, fact{"", "suspend_end", ""}), false},
		{"extensions", begun, said(fact{"", "extend", `{"days":1}`}), false},
		{"extensions and pauses", begun,
			said(fact{"", "extend", `{"days":1}`}, fact{"", "suspend_start", pause}, fact{"", "suspend_end", ""}), false},
		{"ends and reopenings", begun, said(fact{"", "finish", ""}, fact{"", "reopen", ""}), false},
		{"steps in pauses", begun, said(fact{"", "step_start", `{"step_code":"a","limit_days":1}`}, fact{"", "suspend_start", pause},
			fact{"", "suspend_end", ""}, fact{"", "step_end", `{"step_code":"a"}`}), false},
		{"steps that stay open, and pauses", begun, func(i int) []fact {
			step := fmt.Sprintf(`{"step_code":"a%d","limit_days":3}`, i)
			return []fact{{"", "step_start", step}, {"", "suspend_start", pause}, {"", "suspend_end", ""}}
		}, false},
		{"attributes", begun, func(i int) []fact { return []fact{{"", "activity", fmt.Sprintf(`{"attributes":{"a%d":"1"}}`, i)}} }, false},
		{"parents", []fact{{"10-15 09", "apply", ""}},
			func(i int) []fact { return []fact{{"", "activity", fmt.Sprintf(`{"parent_case_no":"p%d"}`, i)}} }, false},
		{"what is not allowed", begun, said(fact{"", "suspend_end", ""}), false},
		{"hangs", dispatched, said(fact{"", "hang", ""}, fact{"", "unhang", ""}), true},
		{"hangs of what is urgent", append(dispatched[:3:3], fact{"10-15 12", "note", `{"urgent":true}`}),
			said(fact{"", "hang", ""}, fact{"", "unhang", ""}), true},
		{"redo orders", dispatched, said(fact{"", "reply", ""}, fact{"", "redo", ""}), true},
		{"requests for an extension", dispatched, said(fact{"", "extend_request", ""}, fact{"", "extend_reject", ""}), true},
		{"ends and reopenings of a ticket", dispatched, said(fact{"", "close", ""}, fact{"", "reopen", ""}), true},
		{"returns", dispatched, func(i int) []fact {
			return []fact{{"", "return", `{"accepted":true}`}, {"", fmt.Sprintf("dispatch@o%d", i), ""}, {"", "sign", ""}}
		}, true},
		{"attributes of a ticket", dispatched,
			func(i int) []fact { return []fact{{"", "note", fmt.Sprintf(`{"attributes":{"a%d":"1"}}`, i)}} }, true},
	}
}

// facts are n rounds of a flood.
func (f flood) facts(n int, apart int64) (cases []event.Case, tickets []event.Ticket) {
	list := append([]fact(nil), f.opening...)
	for i := range n {
		list = append(list, f.each(i)...)
	}
	for i := len(f.opening); i < len(list); i++ {
		list[i].at = list[0].at
	}
	move := func(i int, to *int64) {
		if i >= len(f.opening) {
			*to += 4*hour + int64(i)*apart
		}
	}
	if f.ticket {
		tickets = ticketFacts(list...)
		for i := range tickets {
			move(i, &tickets[i].OccurredAt)
			tickets[i].EventID = fmt.Sprintf("e%07d", i)
		}
		return nil, tickets
	}
	cases = caseFacts(list...)
	for i := range cases {
		move(i, &cases[i].OccurredAt)
		cases[i].EventID, cases[i].TaskCode = fmt.Sprintf("e%07d", i), "fee"
	}
	return cases, nil
}

func floodFolder(t testing.TB) *lifecycle.Folder {
	fee := event.Item{EventID: "1", TaskCode: "fee", TaskVersion: "1", FeePauses: true}
	return lifecycle.NewFolder(items.New([]event.Item{fee}), cal(t), policyOfTests())
}

// busy is the processor time that this thread has used: what else the machine does is not
// in it.
func busy(t testing.TB) time.Duration {
	var u syscall.Rusage
	const thread = 1 // RUSAGE_THREAD
	require.NoError(t, syscall.Getrusage(thread, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fold folds n rounds of a flood; it returns the processor time and the dues looked at.
func (f flood) fold(t testing.TB, n int, apart int64) (time.Duration, int) {
	folder := floodFolder(t)
	cases, tickets := f.facts(n, apart)
	before := busy(t)
	if f.ticket {
		var s lifecycle.TicketState
		folder.Ticket(tickets, &s)
	} else {
		var s lifecycle.CaseState
		folder.Case(cases, &s)
	}
	return busy(t) - before, folder.Rounds()
}

// A source that sends thousands of events of one kind for one subject holds up nobody: the
// work grows with their number, not with its square or cube. Twenty thousand rounds took
// 0.1 s; with the pauses gone through anew at each fact 1,200 took 13 s.
func TestManyFactsOfOneSubjectCostInProportion(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, f := range floods() {
		for _, apart := range []int64{hour, hour / 60} {
			_, few := f.fold(t, 1000, apart)
			_, many := f.fold(t, 4000, apart)
			require.LessOrEqual(t, many, 6*few+100, "%s: dues looked at for 4,000 rounds, and for 1,000", f.name)
			took, _ := f.fold(t, 20_000, apart)
			require.Less(t, took, 3*time.Second, "%s: 20,000 rounds", f.name)
		}
	}
}

// BenchmarkFoldFlood folds cases and tickets with 4,000 rounds of the same events.
func BenchmarkFoldFlood(b *testing.B) {
	for _, f := range floods() {
		b.Run(f.name, func(b *testing.B) {
			folder := floodFolder(b)
			cases, tickets := f.facts(4000, hour/60)
			var s lifecycle.CaseState
			var k lifecycle.TicketState
			for b.Loop() {
				if f.ticket {
					folder.Ticket(tickets, &k)
				} else {
					folder.Case(cases, &s)
				}
			}
		})
	}
}
