package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine/enginetest"
)

// A card that is told more than a day after its instant is history that is being loaded, and
// the rest of the load may take it back. A correction may not, whenever it says that it was
// made or sent: that is its sender's word, and its arrival is after the card (docs/supervision.md,
// section 1). Nor does a case become a joint one behind the back of its card. All was due on
// Monday 9 March 2026 or before, arrived on the 12th and was told then.
func TestNoCardOfHistoryIsTalkedAway(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03", "R-HOT-02")
	loaded, then := march(12, 9), march(12, 14)
	accept := func(no string) event.Case { return overdue(no)[1].(event.Case) }
	const longer = `{"promise_days":60,"promise_unit":"W","revision_approver":"h"}`
	corrected := func(no string, typ event.CaseType, made time.Time, set string) event.Case {
		return arrived(corrects(accept(no), typ, made, set), then)
	}
	revised := accept("REVISED")
	revised.Revision, revised.Payload, revised.EmittedAt = 1, longer, march(3, 9).UnixMilli()
	unsent := accept("UNSENT")
	unsent.Revision, unsent.Payload = 1, longer
	part := func(no, parent string, typ event.CaseType, at int64) event.Case {
		body := map[event.CaseType]string{event.Apply: `{"parent_case_no":"` + parent + `"}`, event.Accept: `{"promise_days":200,"promise_unit":"W"}`}
		return arrived(fact(no, typ, at, body[typ]), then)
	}
	running := []any{arrived(fact("RUNNING", event.Apply, day(2), ""), loaded), arrived(fact("RUNNING", event.Accept, day(4), `{"promise_days":200,"promise_unit":"W"}`), loaded)}
	ticket := func(id string, typ event.TicketType, at time.Time, payload string, came time.Time) event.Ticket {
		x := event.Ticket{SourceSys: "s", TicketNo: "TICKET", EventID: id, Type: typ, OccurredAt: at.UnixMilli(), RegionCode: "610102", Kind: "complaint", OrgCode: "org", Payload: payload}
		x.Origin.ReceivedAt = came.UnixMilli()
		return x
	}
	cases := map[string]struct {
		facts []any // after the card
		state string
	}{
		"VOIDED":  {[]any{corrected("VOIDED", event.Void, march(3, 10), "")}, "review"},
		"AMENDED": {[]any{corrected("AMENDED", event.Amend, march(3, 10), `,"set":{"payload":{"promise_days":60}}`)}, "review"},
		"REVISED": {[]any{arrived(revised, then)}, "review"},
		"UNSENT":  {[]any{arrived(unsent, then)}, "review"},
		"LOADED":  {[]any{arrived(fact("LOADED", event.Finish, march(9, 16).UnixMilli(), `{"result_type":"approved"}`), then)}, "cancelled"},
		"JOINED":  {[]any{part("JOINED-1", "JOINED", event.Apply, day(3)), part("JOINED-1", "JOINED", event.Accept, day(4))}, "review"},
		"DUMMY":   {[]any{part("DUMMY-1", "DUMMY", event.Apply, day(3)), part("DUMMY-1", "DUMMY", event.Material, day(3)+1)}, "issued"},
		"SECOND":  {[]any{part("RUNNING", "SECOND", event.Apply, day(3))}, "review"},
		"TICKET":  {[]any{ticket("void", event.TVoid, march(3, 10), `{"target_event_id":"b","approver":"h"}`, then)}, "review"},
	}
	for no := range cases {
		if no == "TICKET" {
			continue
		}
		for _, f := range overdue(no) {
			enginetest.Insert(t, db, arrived(f.(event.Case), loaded))
		}
	}
	enginetest.Insert(t, db, append(running, ticket("a", event.TReceive, march(2, 9), "", loaded), ticket("b", event.TDispatch, march(2, 10), "", loaded))...)
	look(march(12, 10))
	require.Equal(t, len(cases), count(t, db, "alerts FINAL WHERE state = 'issued' AND severity IN ('yellow', 'red')"))
	for _, c := range cases {
		enginetest.Insert(t, db, c.facts...)
	}
	look(march(12, 15))
	for no, want := range cases {
		var state string
		scan(t, db, "SELECT toString(state) FROM alerts FINAL WHERE subject_no = '"+no+"'", &state)
		require.Equal(t, want.state, state, no)
	}
}

// Ways that a source tried to have its card taken back by itself. Limits of five working days
// from Monday 2 March 2026, told as they happened; the card is of the 10th, where not said
// otherwise. Each goes to a supervisor (docs/supervision.md, section 1), for its reason.
func TestNoWayRoundTakesACardBackByItself(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03", "R-HOT-02")
	soon := func(f event.Case) event.Case { return arrived(f, time.UnixMilli(f.OccurredAt).Add(time.Minute)) }
	accept := func(no string) event.Case { return overdue(no)[1].(event.Case) }
	at := march(10, 10)
	revised := func(no string, typ event.CaseType, payload string) event.Case {
		f := accept(no)
		f.Revision, f.Type, f.Payload = 1, typ, payload
		return arrived(f, at)
	}
	end := func(no string, typ event.CaseType, payload string) []any { // the late end is told, then another one in time
		return []any{soon(fact(no, event.Finish, march(10, 9).UnixMilli(), `{"result_type":"denied"}`)), arrived(fact(no, typ, march(9, 23).UnixMilli(), payload), at)}
	}
	ticket := func(no, id string, typ event.TicketType, when time.Time, kind, payload string, came time.Time) event.Ticket {
		x := event.Ticket{SourceSys: "s", TicketNo: no, EventID: no + id, Type: typ, OccurredAt: when.UnixMilli(), RegionCode: "610102", Kind: kind, OrgCode: "org", Payload: payload}
		x.Origin.ReceivedAt = came.UnixMilli()
		return x
	}
	dispatch := func(no string) event.Ticket {
		return ticket(no, "b", event.TDispatch, march(2, 10), "", "", march(2, 10))
	}
	gone := dispatch("T-GONE")
	gone.Revision, gone.Type, gone.Payload = 1, event.TVoid, `{"target_event_id":"nope","approver":"h"}`
	gone.Origin.ReceivedAt = at.UnixMilli()
	cases := map[string][]any{
		// A fact that is made another one, which corrects nothing that there is.
		"VOID":   {revised("VOID", event.Void, `{"target_event_id":"nope","approver":"h"}`)},
		"AMEND":  {revised("AMEND", event.Amend, `{"target_event_id":"nope","approver":"h","set":{}}`)},
		"T-GONE": {gone},
		// The late end was told: it confirmed the card.
		"WITHDRAWN":  end("WITHDRAWN", event.Withdraw, ""),
		"TERMINATED": end("TERMINATED", event.Terminate, `{"actor":"applicant"}`),
		"DECIDED":    end("DECIDED", event.Decide, `{"result_type":"approved"}`),
		"CONSENTED":  end("CONSENTED", event.DeemedConsent, `{"result_type":"deemed","rule":"art. 50"}`),
		"PAUSED":     end("PAUSED", event.SuspendStart, `{"suspend_type":"hearing","approved_days":250}`),
		// A fact in passing that names another kind of ticket.
		"T-NOTE": {ticket("T-NOTE", "n", event.TNote, march(3, 10), "complaint", "", march(6, 10))},
		// The engine was down for days: nothing is history that was told in time.
		"DOWN": {arrived(fact("DOWN", event.Finish, march(9, 16).UnixMilli(), `{"result_type":"approved"}`), march(12, 14))},
	}
	for no := range cases {
		switch no {
		case "T-GONE", "T-NOTE":
			enginetest.Insert(t, db, ticket(no, "a", event.TReceive, march(2, 9), "consult", "", march(2, 9)), dispatch(no))
		default:
			for _, f := range overdue(no) {
				enginetest.Insert(t, db, soon(f.(event.Case)))
			}
		}
	}
	look(march(6, 9)) // three working days for a consultation
	enginetest.Insert(t, db, cases["T-NOTE"]...)
	look(march(6, 12))
	look(march(10, 1))
	for no, facts := range cases {
		if no != "DOWN" && no != "T-NOTE" {
			enginetest.Insert(t, db, facts...)
		}
	}
	look(march(10, 12))
	look(march(12, 10))
	enginetest.Insert(t, db, cases["DOWN"]...)
	look(march(12, 15))
	for no := range cases {
		var state string
		scan(t, db, "SELECT ifNull((SELECT any(toString(state)) FROM alerts FINAL WHERE subject_no = '"+no+"' AND severity IN ('yellow', 'red')), 'none')", &state)
		want := "review"
		if no == "CONSENTED" { // nobody is silent while the limit runs: it says nothing
			want = "issued"
		}
		require.Equal(t, want, state, no)
	}
}

// What explains that a card goes, and what does not. Five working days from Monday 2 March
// end with 9 March; the card is of the 10th.
func TestACardGoesByWhatExplainsIt(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03")
	ends := func(no string, typ event.CaseType, at, came time.Time) event.Case {
		return arrived(fact(no, typ, at.UnixMilli(), `{"result_type":"approved"}`), came)
	}
	night := march(10, 10)
	part := func(typ event.CaseType, at time.Time, payload string) event.Case {
		return arrived(fact("PARENT-1", typ, at.UnixMilli(), payload), at.Add(time.Minute))
	}
	item := event.Item{SourceSys: "s", EventID: "i", TaskCode: "listed", TaskVersion: "1", ValidFrom: int32(day(1) / 86_400_000), PromiseDays: new(int32(5)), PromiseUnit: "W",
		LegalDays: new(int32(90)), LegalUnit: "W", Name: "before"}
	named := item
	named.Revision, named.Name = 1, "after"
	listed := func(f event.Case) event.Case { f.TaskCode = "listed"; return f }
	cases := map[string]struct {
		facts []any
		state string
	}{
		// A nightly batch: decided in time, finished and delivered the day after.
		"BATCH": {[]any{ends("BATCH", event.Decide, march(9, 15), night), ends("BATCH", event.Finish, march(10, 9), night.Add(time.Second)),
			arrived(fact("BATCH", event.Deliver, march(10, 9).UnixMilli()+1, ""), night.Add(2*time.Second))}, "cancelled"},
		// Arrived before the card was announced, by an engine that was behind.
		"BEHIND": {[]any{ends("BEHIND", event.Finish, march(9, 22), march(10, 0).Add(50*time.Minute))}, "cancelled"},
		// A list of items that comes along excuses nothing that is told eleven days late.
		"LISTED": {[]any{named, listed(ends("LISTED", event.Finish, march(9, 16), march(20, 16)))}, "review"},
		// A part that ended before the due is taken up again after it.
		"PARENT": {[]any{part(event.Reopen, march(10, 9), "")}, "issued"},
		// An end that the life cycle does not allow, told in time, vouches for no later one.
		"PLANTED": {[]any{ends("PLANTED", event.Finish, march(10, 9), march(10, 9)), ends("PLANTED", event.Withdraw, march(9, 23), night)}, "review"},
		// A second end in time, once the late one was told, is no news.
		"LATER": {[]any{ends("LATER", event.Finish, march(10, 9), march(10, 9)), ends("LATER", event.Finish, march(9, 23), night)}, "review"},
	}
	enginetest.Insert(t, db, item)
	for no := range cases {
		for _, f := range overdue(no) {
			c := f.(event.Case)
			if no == "LISTED" {
				c = listed(c)
			}
			enginetest.Insert(t, db, arrived(c, time.UnixMilli(c.OccurredAt).Add(time.Minute)))
		}
	}
	enginetest.Insert(t, db, ends("PLANTED", event.NotAccept, march(2, 11), march(2, 11)))
	enginetest.Insert(t, db, part(event.Apply, march(2, 10), `{"parent_case_no":"PARENT"}`), part(event.Accept, march(2, 11), `{"promise_days":200,"promise_unit":"W"}`),
		part(event.Terminate, march(3, 9), `{"actor":"dept"}`))
	look(march(10, 1))
	require.Equal(t, len(cases), count(t, db, "alerts FINAL WHERE state = 'issued' AND severity = 'yellow'"))
	for no, c := range cases {
		if no != "LISTED" {
			enginetest.Insert(t, db, c.facts...)
		}
	}
	look(march(10, 12))
	enginetest.Insert(t, db, cases["LISTED"].facts...)
	look(march(20, 17))
	for no, want := range cases {
		var state string
		scan(t, db, "SELECT toString(state) FROM alerts FINAL WHERE subject_no = '"+no+"'", &state)
		require.Equal(t, want.state, state, no)
	}
}

// What kind of case it is, its beginning says. A fact in passing that arrives after the card
// of loaded history and calls the case a joint one, whose legal limit is that of its stage
// (K9), leaves the card to a supervisor. Twenty working days (Licensing Law art. 42) from 2 March
// 2026 end with 30 March.
func TestNoFactInPassingMakesACaseJoint(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-04")
	loaded := march(43, 9) // 12 April
	enginetest.Insert(t, db, arrived(fact("A", event.Apply, day(2), ""), loaded),
		arrived(fact("A", event.Accept, day(2)+2, ""), loaded))
	look(loaded.Add(time.Hour))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE state = 'issued' AND severity = 'red'"))
	enginetest.Insert(t, db, arrived(fact("A", event.Material, day(2)+1, `{"project_type":"joint"}`), loaded.Add(5*time.Hour)))
	look(loaded.Add(6 * time.Hour))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE state = 'review' AND severity = 'red'"), events(t, db))

	// Nor does another event that comes before the acceptance.
	enginetest.Insert(t, db, arrived(fact("C", event.Apply, day(2), ""), loaded), arrived(fact("C", event.Accept, day(2)+2, ""), loaded))
	look(loaded.Add(6*time.Hour + 20*time.Minute))
	enginetest.Insert(t, db, arrived(fact("C", event.PrereviewPass, day(2)+1, `{"project_type":"joint"}`), loaded.Add(6*time.Hour+30*time.Minute)))
	look(loaded.Add(6*time.Hour + 40*time.Minute))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE subject_no = 'C' AND state = 'review' AND severity = 'red'"), events(t, db))

	// Nor does it put the case under another item: one that allows ninety days.
	item := event.Item{SourceSys: "s", EventID: "i", TaskCode: "long", TaskVersion: "1", ValidFrom: int32(day(1) / 86_400_000), PromiseDays: new(int32(90)),
		PromiseUnit: "W", LegalDays: new(int32(90)), LegalUnit: "W"}
	apply, accept, passing := fact("B", event.Apply, day(2), ""), fact("B", event.Accept, day(2)+2, ""), fact("B", event.Material, day(2)+1, "")
	apply.TaskCode, accept.TaskCode, passing.TaskCode = "", "", "long"
	enginetest.Insert(t, db, item, arrived(apply, march(2, 10)), arrived(accept, march(2, 10)))
	look(loaded.Add(7 * time.Hour))
	enginetest.Insert(t, db, arrived(passing, loaded.Add(8*time.Hour)))
	look(loaded.Add(9 * time.Hour))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE subject_no = 'B' AND state = 'review' AND severity = 'red'"), events(t, db))
}

// A case becomes a joint one by a sub-case that is named and accepted, and both have arrived,
// before its own promise is over or within 72 hours of its own first arrival (domain guide 2.5,
// 2.6; docs/supervision.md, section 10). Five working days from Monday 2 March end with 9 March.
func TestACaseIsJointByWhatWasToldInTime(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03")
	parents := map[string]struct {
		named, accepted     time.Time // by the source's word; no acceptance: zero
		named2nd, accepted2 time.Time // when they arrived
		state               string    // of the card of the parent: none, when it is a joint case
	}{
		"TOLD":       {march(3, 9), march(4, 9), march(3, 9), march(4, 9), ""},
		"UNACCEPTED": {march(3, 9), time.Time{}, march(3, 9), time.Time{}, "issued"},
		"ACCEPTED":   {march(3, 9), march(10, 9), march(3, 9), march(10, 9), "issued"},
		"BACKDATED":  {march(3, 9), march(4, 9), march(3, 9), march(10, 9), "issued"},
		"HINDSIGHT":  {march(3, 9), march(4, 9), march(10, 9), march(10, 9), "issued"},
		"BEFORE":     {march(1, 9), march(1, 10), march(10, 9), march(10, 9), "issued"}, // before the parent began
		"AMENDED":    {time.Time{}, time.Time{}, time.Time{}, time.Time{}, "issued"},
		"DEEMED":     {march(-2, 9), time.Time{}, march(8, 9), march(8, 9), "issued"}, // by law when it was told, by nobody
	}
	for no := range parents {
		for _, f := range overdue(no) {
			enginetest.Insert(t, db, arrived(f.(event.Case), time.UnixMilli(f.(event.Case).OccurredAt).Add(time.Minute)))
		}
	}
	tell := func(from, until time.Time) {
		for no, p := range parents {
			for _, x := range []struct {
				typ      event.CaseType
				at, came time.Time
				body     string
			}{{event.Apply, p.named, p.named2nd, `{"parent_case_no":"` + no + `"}`}, {event.Accept, p.accepted, p.accepted2, `{"promise_days":200,"promise_unit":"W"}`}} {
				if !x.at.IsZero() && x.came.After(from) && !x.came.After(until) {
					enginetest.Insert(t, db, arrived(fact(no+"-1", x.typ, x.at.UnixMilli(), x.body), x.came.Add(time.Minute)))
				}
			}
		}
	}
	tell(time.Time{}, march(9, 12))
	look(march(10, 1))
	tell(march(9, 12), march(11, 0))
	// An old case that is amended into a part in hindsight.
	old := fact("AMENDED-1", event.Apply, march(2, 9).UnixMilli(), "")
	enginetest.Insert(t, db, arrived(old, march(10, 9)), arrived(fact("AMENDED-1", event.Accept, march(3, 9).UnixMilli(), ""), march(10, 9)))
	look(march(10, 12))
	enginetest.Insert(t, db, corrects(old, event.Amend, march(10, 13), `,"set":{"payload":{"parent_case_no":"AMENDED"}}`))
	look(march(11, 1))
	for no, want := range parents {
		var state string
		scan(t, db, "SELECT ifNull((SELECT any(toString(state)) FROM alerts FINAL WHERE severity IN ('yellow', 'red') AND subject_no = '"+no+"'), '')", &state)
		require.Equal(t, want.state, state, no)
	}
	// Who was late counts as late, by itself; the one that is joint counts by its sub-case.
	reg, err := queries.Load()
	require.NoError(t, err)
	res, err := reg.Run(t.Context(), db.Conn(), "indicator/D01_cases", queries.Args{"as_of": march(11, 1), "limit": uint64(100), "direction": int8(1)})
	require.NoError(t, err)
	counted := map[string]bool{}
	for _, m := range res.Maps() {
		counted[fmt.Sprint(m["case_no"])] = m["in_numerator"].(bool)
	}
	delete(counted, "AMENDED-1")
	delete(counted, "DEEMED-1")
	require.Equal(t, map[string]bool{"AMENDED": false, "DEEMED": false, "ACCEPTED": false, "BACKDATED": false, "BEFORE": false, "HINDSIGHT": false, "UNACCEPTED": false}, counted)
}
