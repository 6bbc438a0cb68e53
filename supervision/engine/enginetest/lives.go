package enginetest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"duban/ingest/event"
)

// Lives makes the facts of random cases and tickets: most go their way, some are suspended,
// corrected, withdrawn, reopened, voided, amended, joint, secret or tests, and some are told
// in an order that no life has.
type Lives struct {
	*rand.Rand
	facts []any
	n     int
}

// NewLives makes the lives of a seed.
func NewLives(seed uint64) *Lives { return &Lives{Rand: rand.New(rand.NewPCG(seed, 12))} }

const hour = int64(3600_000)

// One is one of some texts.
func (l *Lives) One(of ...string) string { return of[l.IntN(len(of))] }

// Chance is true so many times in a hundred.
func (l *Lives) Chance(percent int) bool { return l.IntN(100) < percent }

// after is a random instant, on the hour more often than not, up to that many hours after at.
func (l *Lives) after(at int64, hours int) int64 {
	at += l.Int64N(int64(hours)) * hour
	if l.Chance(40) {
		at += l.Int64N(hour)
	}
	return at
}

func (l *Lives) id() string { l.n++; return fmt.Sprint("e", l.n) }

// caseLife tells of one case and returns its number.
func (l *Lives) caseLife(from int64, parent string) string {
	no := fmt.Sprint("c", l.n)
	base := event.Case{
		SourceSys: l.One("a", "a", "b"), CaseNo: no, RegionCode: l.One("610102", "610103", "610113", "610400"), OrgCode: l.One("o1", "o2", "o3"),
		TaskCode: l.One("t1", "t2", "t3"), ApplyChannel: l.One("hall", "web", "app", ""), WindowID: l.One("", "w1", "w2"),
	}
	if parent != "" {
		base.SourceSys = "a"
	}
	tell := func(t event.CaseType, at int64, payload string) string {
		f := base
		f.EventID, f.Type, f.OccurredAt, f.Payload = l.id(), t, at, payload
		l.facts = append(l.facts, f)
		return f.EventID
	}
	correct := func(t event.CaseType, target string, at int64, set string) {
		tell(t, at, `{"target_event_id":"`+target+`","approver":"z","reason":"r"`+set+`}`)
	}
	applied := from
	said := []string{tell(event.Apply, applied, func() string {
		switch {
		case parent != "":
			return `{"parent_case_no":"` + parent + `"}`
		case l.Chance(4):
			return `{"is_test":true}`
		case l.Chance(3):
			return `{"secret":true}`
		}
		return ""
	}())}
	at := l.after(applied, 60)
	if l.Chance(5) {
		tell(event.NotAccept, at, "")
		return no
	}
	if l.Chance(90) {
		said = append(said, tell(event.Accept, at, fmt.Sprintf(`{"promise_days":%d,"promise_unit":"W","legal_days":%d,"legal_unit":"W"}`, l.IntN(8), 8+l.IntN(12))))
	}
	if l.Chance(15) {
		begin := l.after(at, 100)
		tell(event.SuspendStart, begin, fmt.Sprintf(`{"suspend_type":"expert_review","approved_days":%d}`, l.IntN(9)))
		if l.Chance(70) {
			said = append(said, tell(event.SuspendEnd, l.after(begin, 200), ""))
		}
	}
	if l.Chance(8) {
		tell(event.Extend, l.after(at, 100), `{"days":3}`)
	}
	end := l.after(at, 24*16)
	for range 1 + l.IntN(5)/4 {
		switch {
		case l.Chance(8):
			said = append(said, tell(event.Withdraw, end, ""))
		case l.Chance(8):
			said = append(said, tell(event.Terminate, end, l.One(`{"by":"applicant"}`, "")))
		case l.Chance(12):
		default:
			if l.Chance(50) {
				said = append(said, tell(event.Decide, end, ""))
				end = l.after(end, 30)
			}
			said = append(said, tell(event.Finish, end, `{"result_type":"approved"}`))
			for range l.IntN(3) {
				end = l.after(end, 40)
				tell(event.Deliver, end, l.One(`{"method":"post"}`, `{"method":"window"}`))
			}
		}
		if !l.Chance(20) {
			break
		}
		end = l.after(end, 200)
		said = append(said, tell(event.Reopen, end, ""))
		end = l.after(end, 24*10)
	}
	for l.Chance(14) {
		correct(event.Void, said[l.IntN(len(said))], l.after(end, 24*20), "")
	}
	for l.Chance(14) {
		when := time.UnixMilli(l.after(applied, 24*20)).UTC().Format(time.RFC3339)
		correct(event.Amend, said[l.IntN(len(said))], l.after(end, 24*20), `,"set":`+l.One(`{"event_time":"`+when+`"}`, `{"event_time":"`+when+`"}`, `{"payload":{"secret":true}}`, `{"org_code":"o2"}`, `{"region_code":"610400"}`, `{"payload":{"parent_case_no":""}}`))
	}
	return no
}

// ticketLife tells of one ticket.
func (l *Lives) ticketLife(from int64) {
	base := event.Ticket{
		SourceSys: l.One("h", "h", "a"), TicketNo: fmt.Sprint("k", l.n), RegionCode: l.One("610102", "610103", "610400"),
		Kind: l.One("help", "consult", "complaint"), OrgCode: l.One("o1", "o2"),
	}
	tell := func(t event.TicketType, at int64, payload string) string {
		f := base
		f.EventID, f.Type, f.OccurredAt, f.Payload = l.id(), t, at, payload
		l.facts = append(l.facts, f)
		return f.EventID
	}
	said := []string{tell(event.TReceive, from, "")}
	at := l.after(from, 10)
	said = append(said, tell(event.TDispatch, at, ""))
	at = l.after(at, 10)
	tell(event.TSign, at, "")
	if l.Chance(20) {
		base.OrgCode = l.One("o1", "o2", "o3")
		tell(event.TReturn, l.after(at, 10), "")
		at = l.after(at, 30)
		tell(event.TRedispatch, at, "")
	}
	if l.Chance(10) {
		tell(event.TExtendRequest, l.after(at, 30), `{"days":2}`)
		tell(event.TExtendApprove, l.after(at, 60), `{"days":2}`)
	}
	for range 1 + l.IntN(4)/3 {
		at = l.after(at, 24*12)
		if l.Chance(85) {
			said = append(said, tell(event.TReply, at, ""))
		}
		if l.Chance(60) {
			at = l.after(at, 60)
			said = append(said, tell(event.TVisit, at, `{"solved":false,"contacted":true}`))
		}
		at = l.after(at, 60)
		if l.Chance(30) {
			base.OrgCode = l.One("o1", "o2", "o3")
			said = append(said, tell(event.TRedo, at, ""))
			continue
		}
		break
	}
	switch {
	case l.Chance(70):
		said = append(said, tell(event.TClose, l.after(at, 30), ""))
	case l.Chance(20):
		said = append(said, tell(event.TInvalid, l.after(at, 30), ""))
	case l.Chance(20):
		said = append(said, tell(event.TMerge, l.after(at, 30), `{"into":"k1"}`))
	case l.Chance(10):
		said = append(said, tell(event.TReopen, l.after(at, 30), ""))
	}
	for l.Chance(15) {
		tell(event.TVoid, l.after(at, 24*20), `{"target_event_id":"`+said[l.IntN(len(said))]+`","approver":"z","reason":"r"}`)
	}
	for l.Chance(15) {
		when := time.UnixMilli(l.after(from, 24*20)).UTC().Format(time.RFC3339)
		tell(event.TAmend, l.after(at, 24*20), `{"target_event_id":"`+said[l.IntN(len(said))]+`","approver":"z","reason":"r","set":`+l.One(`{"event_time":"`+when+`"}`, `{"org_code":"o2"}`)+`}`)
	}
}

// wildFact is any fact about one of few cases or tickets, in any order.
func (l *Lives) wildFact(from int64) {
	at := l.after(from, 24*70)
	target := fmt.Sprint("x", l.IntN(120))
	if l.Chance(75) {
		types := event.CaseTypes()
		f := event.Case{
			SourceSys: l.One("a", "b"), CaseNo: l.One("1", "2", "3", "4", "5", "6"), EventID: target, Type: types[l.IntN(len(types))], OccurredAt: at,
			Revision: uint32(l.IntN(8) / 7), RegionCode: l.One("610102", "610103", ""), OrgCode: l.One("o1", "o2"), TaskCode: l.One("t1", "t2", ""),
			ApplyChannel: l.One("hall", "web", ""),
		}
		switch f.Type {
		case event.Void, event.Amend:
			f.Payload = fmt.Sprintf(`{"target_event_id":"x%d","approver":"z","reason":"r","set":{"event_time":"2026-03-%02dT02:00:00Z"}}`, l.IntN(120), 2+l.IntN(28))
		case event.SuspendStart:
			f.Payload = fmt.Sprintf(`{"suspend_type":"expert_review","approved_days":%d}`, l.IntN(9))
		case event.Extend:
			f.Payload = `{"days":3}`
		case event.Transfer:
			f.Payload = `{"to_org":"o3"}`
		case event.Accept:
			f.Payload = l.One(`{"promise_days":5,"promise_unit":"W"}`, `{"parent_case_no":"1","promise_days":2,"promise_unit":"W"}`, "")
		}
		l.facts = append(l.facts, f)
		return
	}
	types := event.TicketTypes()
	f := event.Ticket{
		SourceSys: l.One("a", "h"), TicketNo: l.One("1", "2", "3"), EventID: target, Type: types[l.IntN(len(types))], OccurredAt: at,
		OrgCode: l.One("o1", "o2"), Kind: l.One("help", "consult"), RegionCode: l.One("610102", "610400"),
	}
	switch f.Type {
	case event.TVoid, event.TAmend:
		f.Payload = fmt.Sprintf(`{"target_event_id":"x%d","approver":"z","reason":"r"}`, l.IntN(120))
	case event.TExtendApprove:
		f.Payload = `{"days":2}`
	}
	l.facts = append(l.facts, f)
}

// Tell makes the facts of so many cases and tickets, and so many facts in any order; they begin in February and March 2026.
func (l *Lives) Tell(cases, tickets, wild int) []any {
	begin := time.Date(2026, 2, 2, 1, 0, 0, 0, time.UTC).UnixMilli()
	for range cases {
		from := l.after(begin, 24*45)
		no := l.caseLife(from, "")
		for l.Chance(12) {
			l.caseLife(l.after(from, 80), no)
		}
	}
	for range tickets {
		l.ticketLife(l.after(begin, 24*45))
	}
	for range wild {
		l.wildFact(begin)
	}
	return l.facts
}
