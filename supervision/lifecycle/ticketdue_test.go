package lifecycle_test

import (
	"fmt"
	"testing"

	"duban/ingest/event"
	"duban/supervision/lifecycle"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// TestTicketDuesAreNotTalkedAway holds the fold against the principle of docs/supervision.md, section 1:
// what was due by the facts in force then is not undone by what happens after the due. Dues are
// counted by hand: in October 2018 after the 7th Monday to Friday work, complaints have five
// working days (Mon 10-15: due Mon 10-22), consultations three (Thu 10-18); domain guide 3.
func TestTicketDuesAreNotTalkedAway(t *testing.T) {
	late := func(more ...fact) []fact { return signed("", more...) }
	for _, v := range []struct {
		name, kind string
		facts      []fact
		want       string
		missed     string
		clocks     string
	}{
		{name: "urgent by upgrade: the same day counts from the upgrade", facts: late(fact{"10-18 10", "t_note", `{"urgent":true}`}),
			want: "signed at o1 due 10-18 rule", clocks: "T5#1 10-15_10:00 due 10-18 0C running"},
		{name: "urgent by upgrade on the due day: not later than it was due", facts: late(fact{"10-22 10", "t_note", `{"urgent":true}`}),
			want: "signed at o1 due 10-22 rule"},
		{name: "urgent by upgrade on a day off: that day, as for a dispatch", facts: late(fact{"10-20 10", "t_note", `{"urgent":true}`}),
			want: "signed at o1 due 10-20 rule"},
		{name: "urgent no more before the due: five days from the dispatch",
			facts: late(fact{"10-16 10", "t_note", `{"urgent":true}`}, fact{"10-16 12", "t_note", `{"urgent":false}`}),
			want:  "signed at o1 due 10-22 rule"},
		{name: "urgent no more after the due: stays late",
			facts: late(fact{"10-16 10", "t_note", `{"urgent":true}`}, fact{"10-17 12", "t_note", `{"urgent":false}`}),
			want:  "signed at o1 due 10-16 rule", missed: "10-16 o1"},
		{name: "urgent five minutes before midnight on a Sunday: not before the hour to sign is over",
			facts: []fact{{"10-21 23:50", "t_receive", `{"urgent":true}`}, {"10-21 23:55", "t_dispatch@o1", ""}},
			want:  "dispatched at o1 due 10-22_00:55 rule", clocks: "T5#1 10-21_23:55 due 10-22_00:55 0C running"},
		{name: "kind corrected after the due: the shorter limit had run out", kind: "consult",
			facts: late(fact{"10-19 10", "t_note#complaint", ""}), want: "signed at o1 due 10-18 rule", missed: "10-18 o1"},
		{name: "kind corrected before the due: the limit of the kind", kind: "consult",
			facts: late(fact{"10-18 10", "t_note#complaint", ""}), want: "signed at o1 due 10-22 rule"},
		{name: "kind corrected to the shorter limit after it would have been over: by the end of the day on which it was told",
			facts: late(fact{"10-19 10", "t_note#consult", ""}), want: "signed at o1 due 10-19 rule"},
		{name: "a deadline of the source that comes with an end, and was over by then, stays missed by who had it",
			facts: []fact{{"10-15 09", "t_receive@o1", ""}, {"10-24 18", "t_answer_direct", ownCase}, {"10-24 19", "t_reopen@o2", ""}},
			want:  "processing at o2 due 10-24_12:00 source", missed: "10-24_12:00 o1"},
		{name: "answered on the call, taken up again and late: a receipt afterwards begins nothing",
			facts: []fact{{"10-15 09", "t_answer_direct@o1", ""}, {"10-15 10", "t_reopen@o1", ""}, {"10-24 10", "t_receive@o9", ""}},
			want:  "processing at o1 due 10-22 rule", missed: "10-22 o1"},
		{name: "nor does it tell the first one then",
			facts: []fact{{"10-15 09", "t_receive@o1", `{"limit_regime":"source"}`}, {"10-16 10", "t_reply@o1", ""},
				{"10-17 10", "t_note", `{"source_due_at":"2018-10-15T12:00:00+08:00"}`}},
			want: "replied at o1 stop 10-16_10:00 net 1"},
		{name: "a source moves no deadline of what has been answered",
			facts: []fact{{"10-15 09", "t_receive@o1", ownCase}, {"10-16 10", "t_reply@o1", ""},
				{"10-17 10", "t_note", `{"source_due_at":"2018-10-15T12:00:00+08:00"}`}, {"10-18 10", "t_reopen@o2", ""}},
			want: "processing at o2 due 10-24_12:00 source"},
		{name: "hung after the due: neither excluded nor paused",
			facts: late(fact{"10-24 10", "t_hang", ""}), want: "hung at o1 due 10-22 rule", missed: "10-22 o1"},
		{name: "closed as not solvable after a hang that came after the due",
			facts: late(fact{"10-24 10", "t_hang", ""}, fact{"10-26 10", "t_close", ""}),
			want:  "closed at o1 due 10-22 rule stop 10-26_10:00 net 9 margin -4", missed: "10-22 o1"},
		{name: "hung before the due, taken up after it: the hung days are paused",
			facts: late(fact{"10-16 10", "t_hang", ""}, fact{"10-30 10", "t_unhang", ""}), want: "processing at o1 due 11-05 rule"},
		{name: "T6: extension asked for after the due",
			facts: late(fact{"10-23 10", "t_extend_request", ""}, fact{"10-23 11", "t_extend_approve", `{"days":5}`}),
			want:  "processing at o1 due 10-22 rule", missed: "10-22 o1"},
		{name: "T6: asked for on the due day, granted after it: counts from the request",
			facts: late(fact{"10-22 15", "t_extend_request", ""}, fact{"10-24 15", "t_extend_approve", `{"days":5}`}),
			want:  "processing at o1 due 10-29 rule"},
		{name: "T6: asked for in time, granted when the new due was over too",
			facts: late(fact{"10-22 15", "t_extend_request", ""}, fact{"10-31 15", "t_extend_approve", `{"days":5}`},
				fact{"10-31 16", "t_reply", ""}),
			want: "replied at o1 due 10-29 rule stop 10-31_16:00 net 12 margin -2", missed: "10-29 o1"},
		{name: "T6: a kind told after the due, before the grant, counts for nothing: three days of a consultation and one more", kind: "consult",
			facts: late(fact{"10-18 15", "t_extend_request", ""}, fact{"10-19 09", "t_note#complaint", ""},
				fact{"10-22 10", "t_extend_approve", `{"days":1}`}, fact{"10-22 15", "t_reply", ""}),
			want:   "replied at o1 due 10-19 rule stop 10-22_15:00 net 5 margin -1",
			missed: "10-19 o1", clocks: "T5#1 10-15_10:00 due 10-19 stop 10-22_15:00 3W extended 1 missed"},
		{name: "T6: nor does it that it is urgent no more",
			facts: late(fact{"10-16 10", "t_note", `{"urgent":true}`}, fact{"10-16 12", "t_extend_request", ""},
				fact{"10-17 09", "t_note", `{"urgent":false}`}, fact{"10-17 10", "t_extend_approve", `{"days":1}`}),
			want: "processing at o1 due 10-17 rule"},
		{name: "T6: nor that it is urgent now",
			facts: late(fact{"10-22 15", "t_extend_request", ""}, fact{"10-23 09", "t_note", `{"urgent":true}`},
				fact{"10-24 15", "t_extend_approve", `{"days":5}`}),
			want: "processing at o1 due 10-29 rule"},
		{name: "T6: urgent after the grant is urgent",
			facts: late(fact{"10-22 15", "t_extend_request", ""}, fact{"10-24 15", "t_extend_approve", `{"days":5}`},
				fact{"10-25 09", "t_note", `{"urgent":true}`}),
			want: "processing at o1 due 10-25 rule"},
		{name: "T6: a hang after the grant, before the new due, is paused",
			facts: late(fact{"10-22 15", "t_extend_request", ""}, fact{"10-24 15", "t_extend_approve", `{"days":5}`},
				fact{"10-25 09", "t_hang", ""}, fact{"10-29 09", "t_unhang", ""}),
			want: "processing at o1 due 10-31 rule"},
		{name: "T6: an approval that says no is a refusal, and uses nothing up",
			facts: late(fact{"10-17 15", "t_extend_request", ""}, fact{"10-17 16", "t_extend_approve", `{"days":5,"approved":false}`},
				fact{"10-22 15", "t_extend_request", ""}, fact{"10-24 15", "t_extend_approve", `{"days":1,"approved":true}`}),
			want: "processing at o1 due 10-23 rule"},
		{name: "T6: nor one of no days", facts: late(fact{"10-22 15", "t_extend_request", ""}, fact{"10-24 15", "t_extend_approve", ""}),
			want: "processing at o1 due 10-22 rule", missed: "10-22 o1"},
		{name: "T4: asked on the first day, ruled for after the due: it was not its ticket since it asked",
			facts: late(fact{"10-15 15", "t_return", ""}, fact{"10-24 10", "t_redispatch@o2", ""}), want: "dispatched at o2 due 10-31 rule",
			clocks: "T5#1 10-15_10:00 due 10-22 stop 10-15_15:00 5W cancelled\nT5#2 10-24_10:00 due 10-31 5W running"},
		{name: "T4: asked after the due and ruled for: what was missed stays missed, and with whom",
			facts: late(fact{"10-23 15", "t_return", ""}, fact{"10-24 10", "t_redispatch@o2", ""}, fact{"10-25 10", "t_sign", ""},
				fact{"10-25 11", "t_reply", ""}),
			want: "replied at o2 due 10-31 rule stop 10-25_11:00 net 1 margin 4", missed: "10-22 o1",
			clocks: "T5#1 10-15_10:00 due 10-22 stop 10-24_10:00 5W missed\nT5#2 10-24_10:00 due 10-31 stop 10-25_11:00 5W met"},
		{name: "T4: the same organisation is never the new one, though its return says that it was accepted",
			facts: late(fact{"10-16 15", "t_return", `{"accepted":true}`}, fact{"10-24 10", "t_redispatch@o1", ""}),
			want:  "dispatched at o1 due 10-22 rule", missed: "10-22 o1"},
		{name: "T4: nor though the dispatch says so",
			facts: late(fact{"10-16 15", "t_return", ""}, fact{"10-24 10", "t_redispatch@o1", `{"accepted":true}`}),
			want:  "dispatched at o1 due 10-22 rule", missed: "10-22 o1"},
		{name: "T4: nor where the dispatch named nobody and it signed",
			facts: []fact{{"10-15 09", "t_receive", ""}, {"10-15 10", "t_dispatch", ""}, {"10-15 11", "t_sign@o1", ""},
				{"10-16 15", "t_return", `{"accepted":true}`}, {"10-24 10", "t_redispatch@o1", `{"accepted":true}`}},
			want: "dispatched at o1 due 10-22 rule", missed: "10-22 o1"},
		{name: "T4: a return that says it was rejected is ruled on by the dispatch to another",
			facts: late(fact{"10-16 15", "t_return", `{"accepted":false}`}, fact{"10-24 10", "t_redispatch@o2", ""}),
			want:  "dispatched at o2 due 10-31 rule"},
		{name: "T4: asked after its two days, before the due, ruled for after it: the time ran on meanwhile",
			facts: late(fact{"10-18 15", "t_return", ""}, fact{"10-24 10", "t_redispatch@o2", ""}),
			want:  "dispatched at o2 due 10-31 rule", missed: "10-22 o1",
			clocks: "T5#1 10-15_10:00 due 10-22 stop 10-24_10:00 5W missed\nT5#2 10-24_10:00 due 10-31 5W running"},
		{name: "T4: a kind told after the due does not move the clock that was given up", kind: "consult",
			facts:  late(fact{"10-16 15", "t_return", ""}, fact{"10-19 10", "t_note#complaint", ""}, fact{"10-24 10", "t_redispatch@o2", ""}),
			want:   "dispatched at o2 due 10-31 rule",
			clocks: "T5#1 10-15_10:00 due 10-18 stop 10-16_15:00 3W cancelled\nT5#2 10-24_10:00 due 10-31 5W running"},
		{name: "redo after a late reply: the reply was late all the same",
			facts: late(fact{"10-24 10", "t_reply", ""}, fact{"10-24 11", "t_redo", ""}, fact{"10-25 10", "t_reply", ""}),
			want:  "replied at o1 due 10-29 rule stop 10-25_10:00 net 1 margin 2", missed: "10-22 o1"},
		{name: "redo after a reply in time: nothing was missed",
			facts: late(fact{"10-22 10", "t_reply", ""}, fact{"10-24 11", "t_redo", ""}, fact{"10-25 10", "t_reply", ""}),
			want:  "replied at o1 due 10-29 rule stop 10-25_10:00 net 1 margin 2"},
		{name: "reopened after a late reply: late it stays",
			facts: late(fact{"10-24 10", "t_reply", ""}, fact{"10-24 11", "t_close", ""}, fact{"10-25 10", "t_reopen", ""}),
			want:  "processing at o1 due 10-22 rule", missed: "10-22 o1"},
		{name: "a test flag of a later fact does not exclude, before the due neither",
			facts: late(fact{"10-22 10", "t_note", `{"is_test":true}`}), want: "signed at o1 due 10-22 rule"},
		{name: "a test flag after the due does not", facts: late(fact{"10-23 10", "t_note", `{"is_test":true}`}),
			want: "signed at o1 due 10-22 rule", missed: "10-22 o1"},
		{name: "nor a secret one", facts: late(fact{"10-23 10", "t_note", `{"secret":true}`}),
			want: "signed at o1 due 10-22 rule", missed: "10-22 o1"},
		{name: "nor a deadline of its own", facts: late(fact{"10-16 10", "t_note", ownCase}), want: "signed at o1 due 10-22 rule", missed: ""},
		{name: "re-dispatched without a return: nobody else gets it", facts: late(fact{"10-20 10", "t_redispatch@o2", ""}),
			want: "signed at o1 due 10-22 rule"},
		{name: "a note, a visit or an approval by the centre does not make it the holder",
			facts: late(fact{"10-16 10", "t_note@centre", ""}, fact{"10-16 10", "t_urge@centre", ""}, fact{"10-17 10", "t_extend_request", ""},
				fact{"10-17 11", "t_extend_reject@centre", ""}),
			want: "processing at o1 due 10-22 rule"},
		{name: "answered by another after the due: late with who held it then",
			facts: late(fact{"10-23 10", "t_reply@o2", ""}), want: "replied at o2 due 10-22 rule stop 10-23_10:00 net 6 margin -1",
			missed: "10-22 o1"},
		{name: "invalid after the due of its source", facts: []fact{{"10-15 09", "t_receive", ownCase}, {"10-25 09", "t_invalid", ""}},
			want: "invalid due 10-24_12:00 source stop 10-25_09:00 net 8 margin -1", missed: "10-24_12:00 "},
		{name: "a later deadline of the source after its first one",
			facts: []fact{{"10-15 09", "t_receive", ownCase}, {"10-25 09", "t_note", `{"source_due_at":"2018-12-24T12:00:00+08:00"}`}},
			want:  "received due 10-24_12:00 source", missed: "10-24_12:00 "},
		{name: "a void takes it all back", facts: late(fact{"10-23 10", "t_reply", ""}, fact{"10-24 10", "t_void", `{"target_event_id":"e02",` +
			`"approver":"h","reason":"r"}`}),
			want: "received"},
	} {
		t.Run(v.name, func(t *testing.T) {
			facts := ticketFacts(v.facts...)
			facts[0].Kind = v.kind
			for i := range facts { // t_note#consult gives the kind
				var typ, kind string
				if n, _ := fmt.Sscanf(string(facts[i].Type), "t_note#%s", &kind); n == 1 {
					typ = "t_note"
					facts[i].Type, facts[i].Kind = event.TicketType(typ), kind
				}
			}
			s := lifecycle.FoldTicket(facts, cal(t), policyOfTests())
			got := s.History[len(s.History)-1]
			assert.Equal(t, v.want, ticketLine(got))
			missed := ""
			if got.MissedDue != 0 {
				missed = show(got.MissedDue) + " " + got.MissedOrg
			}
			assert.Equal(t, v.missed, missed)
			if v.clocks != "" {
				assert.Equal(t, v.clocks, clockLines(s.Clocks, "T5"))
			}
		})
	}
}

// TestUrgencyMovesSigningFromWhenItIsTold: T3 is an hour when urgent, from the upgrade; what had run out stays so.
func TestUrgencyMovesSigningFromWhenItIsTold(t *testing.T) {
	sent := []fact{{"10-15 09", "t_receive", ""}, {"10-15 10", "t_dispatch@o1", ""}}
	for _, v := range []struct {
		more []fact
		want string
	}{
		{[]fact{{"10-15 15", "t_note", `{"urgent":true}`}}, "T3#1 10-15_10:00 due 10-15_16:00 running"},
		{[]fact{{"10-16 23:30", "t_note", `{"urgent":true}`}}, "T3#1 10-15_10:00 due 10-16 1W running"},
		{[]fact{{"10-17 10", "t_note", `{"urgent":true}`}}, "T3#1 10-15_10:00 due 10-16 1W running"},
		{[]fact{{"10-15 15", "t_note", `{"urgent":true}`}, {"10-15 15:30", "t_note", `{"urgent":false}`}},
			"T3#1 10-15_10:00 due 10-16 1W running"},
		{[]fact{{"10-15 15", "t_note", `{"urgent":true}`}, {"10-15 17", "t_note", `{"urgent":false}`}},
			"T3#1 10-15_10:00 due 10-15_16:00 running"},
	} {
		s := lifecycle.FoldTicket(ticketFacts(append(sent[:2:2], v.more...)...), cal(t), policyOfTests())
		assert.Equal(t, v.want, clockLines(s.Clocks, "T3"))
	}
}

// A help ticket of Monday 15 October is due on Monday the 22nd (5 working days); it is
// answered on the 19th. That it was a consultation, told on the 23rd (3 working days would
// have ended on the 18th), makes it late in hindsight for nobody.
func TestAKindToldAfterTheAnswerMakesNothingLate(t *testing.T) {
	facts := ticketFacts(fact{"10-15 09", "t_receive", ""}, fact{"10-15 10", "t_dispatch@o1", ""}, fact{"10-15 11", "t_sign@o1", ""},
		fact{"10-15 12", "t_process@o1", ""}, fact{"10-19 10", "t_reply@o1", ""}, fact{"10-23 10", "t_note", ""})
	facts[0].Kind, facts[5].Kind = "help", "consult"
	s := lifecycle.FoldTicket(facts, cal(t), policyOfTests())
	last := s.History[len(s.History)-1]
	assert.Equal(t, "10-22", show(last.DueAt)[:5])
	assert.Zero(t, last.MissedDue)
}

// verdict is what is held against a ticket as of an instant: that it is late, since which due and with whom.
func verdict(h []lifecycle.TicketSnapshot, at int64) (due int64, org string) {
	s, ok := lifecycle.TicketAsOf(h, at)
	switch {
	case !ok || s.Excluded != "":
	case s.MissedDue != 0:
		return s.MissedDue, s.MissedOrg
	case s.DueAt != 0 && (s.StopAt > s.DueAt || s.StopAt == 0 && at > s.DueAt):
		return s.DueAt, s.Org
	}
	return 0, ""
}

// TestNothingSaidAfterTheDueWithdrawsTheVerdictOnATicket draws a life, looks at an instant at which a ticket is late,
// and adds random facts with event times after it, of every type but the named ways round: voids and amends, and
// the two decisions of the hotline about what was asked for in time (an extension granted, a return accepted).
// At every later instant the verdict is the same, due and organisation.
func TestNothingSaidAfterTheDueWithdrawsTheVerdictOnATicket(t *testing.T) {
	f := folder(t)
	plain := func(t *rapid.T, id string, when int64, typ event.TicketType) event.Ticket {
		e := event.Ticket{SourceSys: "s", TicketNo: "t", EventID: id, OccurredAt: when, Type: typ}
		e.OrgCode = rapid.SampledFrom([]string{"", "o1", "o2", "centre"}).Draw(t, "org")
		e.Kind = rapid.SampledFrom([]string{"", "", "consult", "help"}).Draw(t, "kind")
		e.Payload = rapid.SampledFrom([]string{"", "", "", `{"urgent":true}`, `{"urgent":false}`, `{"is_test":true}`, `{"secret":true}`, ownCase,
			`{"limit_regime":"law"}`, `{"source_due_at":"2019-12-24T12:00:00+08:00"}`, `{"accepted":true}`, `{"days":9}`,
			`{"accepted":false}`}).Draw(t, "payload")
		return e
	}
	types := event.TicketTypes()
	types = types[:len(types)-2] // without void and amend
	verdicts := 0
	rapid.Check(t, func(t *rapid.T) {
		life := []event.Ticket{
			{SourceSys: "s", TicketNo: "t", EventID: "a", Type: event.TReceive, OccurredAt: spanFrom,
				Kind:    rapid.SampledFrom([]string{"", "consult", "help"}).Draw(t, "first kind"),
				Payload: rapid.SampledFrom([]string{"", "", `{"urgent":true}`, ownCase}).Draw(t, "first payload")},
			{SourceSys: "s", TicketNo: "t", EventID: "b", Type: event.TDispatch, OccurredAt: spanFrom + 3_600_000, OrgCode: "o1"},
			{SourceSys: "s", TicketNo: "t", EventID: "c", Type: event.TSign, OccurredAt: spanFrom + 7_200_000},
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "before") {
			life = append(life, plain(t, fmt.Sprintf("d%d", i), instants.Draw(t, "at"), rapid.SampledFrom(types).Draw(t, "type")))
		}
		look := instants.Draw(t, "look")
		var said []event.Ticket
		for _, e := range life {
			if e.OccurredAt <= look {
				said = append(said, e)
			}
		}
		var before, after lifecycle.TicketState
		f.Ticket(said, &before)
		due, org := verdict(before.History, look)
		if due == 0 {
			return
		}
		verdicts++
		// A request that was made in time and waits for its decision may be granted: one of the named ways.
		held, _ := lifecycle.TicketAsOf(before.History, look)
		pending := held.State == lifecycle.TicketPendingExt || held.State == lifecycle.TicketReturned
		more := append([]event.Ticket(nil), said...)
		for i := range rapid.IntRange(1, 8).Draw(t, "after") {
			e := plain(t, fmt.Sprintf("z%d", i), look+1+rapid.Int64Range(0, 40*24).Draw(t, "hours")*3_600_000,
				rapid.SampledFrom(types).Draw(t, "later"))
			if pending && (e.Type == event.TExtendApprove || e.Type == event.TDispatch || e.Type == event.TRedispatch) {
				continue
			}
			more = append(more, e)
		}
		f.Ticket(more, &after)
		for _, e := range append(more, event.Ticket{OccurredAt: look}, event.Ticket{OccurredAt: lifecycle.Still - 1}) {
			if e.OccurredAt < look {
				continue
			}
			if d, o := verdict(after.History, e.OccurredAt); d != due || o != org {
				t.Fatalf("late since %s with %q at %s; at %s since %s with %q:\n%+v\nof %+v", show(due), org, show(look), show(e.OccurredAt), show(d),
					o, after.History, more)
			}
		}
	})
	if verdicts < 300 {
		t.Fatalf("only %d of the random tickets were late: nothing is shown", verdicts)
	}
}
