package lifecycle_test

import (
	"strings"
	"testing"

	"duban/supervision/lifecycle"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// signed is a ticket received, dispatched to o1 and signed on Monday 2018-10-15.
func signed(receive string, more ...fact) []fact {
	return append([]fact{{"10-15 09", "t_receive", receive}, {"10-15 10", "t_dispatch@o1", ""}, {"10-15 11", "t_sign", ""}}, more...)
}

func TestTicketRules(t *testing.T) {
	for _, v := range []struct {
		name, kind string
		facts      []fact
		asOf, want string
		illegal    string
		names      string
		clocks     string
	}{
		{name: "T5: five working days from dispatch", kind: "help", facts: signed("", fact{"10-22 10", "t_reply", ""}),
			want: "replied at o1 due 10-22 rule stop 10-22_10:00 net 5 margin 0", names: "T3 T5",
			clocks: "T3#1 10-15_10:00 due 10-16 stop 10-15_11:00 1W met\nT5#1 10-15_10:00 due 10-22 stop 10-22_10:00 5W met"},
		{name: "T5: three for a consultation", kind: "consult", facts: signed("", fact{"10-19 10", "t_reply", ""}),
			want: "replied at o1 due 10-18 rule stop 10-19_10:00 net 4 margin -1", names: "T5",
			clocks: "T5#1 10-15_10:00 due 10-18 stop 10-19_10:00 3W missed"},
		{name: "T5: urgent on the same day, T3 within the hour", facts: signed(`{"urgent":true}`), names: "T3 T5",
			want:   "signed at o1 due 10-15 rule",
			clocks: "T3#1 10-15_10:00 due 10-15_11:00 stop 10-15_11:00 met\nT5#1 10-15_10:00 due 10-15 0C running"},
		{name: "T5: urgent on a Saturday is due that Saturday",
			facts: []fact{{"10-13 09", "t_receive", `{"urgent":true}`}, {"10-13 10", "t_dispatch@o1", ""}}, want: "dispatched at o1 due 10-13 rule"},
		{name: "before dispatch nothing runs", facts: []fact{{"10-15 09", "t_receive", ""}}, want: "received"},
		{name: "answered on the call: closed, no limit", facts: []fact{{"10-15 09", "t_receive@centre", ""}, {"10-15 09", "t_answer_direct", ""}},
			want: "closed at centre stop 10-15_09:00"},
		{name: "T6: an approved extension moves the due",
			facts: signed("", fact{"10-17 10", "t_process", ""}, fact{"10-18 10", "t_extend_request", ""},
				fact{"10-19 10", "t_extend_approve", `{"days":10}`}),
			want: "processing at o1 due 11-05 rule", names: "T5", clocks: "T5#1 10-15_10:00 due 11-05 5W extended 10 running"},
		{name: "T6: a rejected one does not",
			facts: signed("", fact{"10-18 10", "t_extend_request", ""}, fact{"10-19 10", "t_extend_reject", ""}),
			want:  "processing at o1 due 10-22 rule"},
		{name: "T4: an accepted return restarts the clock for the new organisation",
			facts: signed("", fact{"10-16 10", "t_return", ""}, fact{"10-17 10", "t_redispatch@o2", ""}),
			want:  "dispatched at o2 due 10-24 rule", names: "T5",
			clocks: "T5#1 10-15_10:00 due 10-22 stop 10-16_10:00 5W cancelled\nT5#2 10-17_10:00 due 10-24 5W running"},
		{name: "T4: a rejected return does not, the time keeps running",
			facts: signed("", fact{"10-16 10", "t_return", ""}, fact{"10-17 10", "t_redispatch@o1", ""}), want: "dispatched at o1 due 10-22 rule"},
		{name: "T4: the ruling of the source wins over the organisations",
			facts: signed("", fact{"10-16 10", "t_return", ""}, fact{"10-17 10", "t_redispatch@o2", `{"accepted":false}`}),
			want:  "dispatched at o2 due 10-22 rule"},
		{name: "T8: a redo order gives half the limit, a started day whole",
			facts: signed("", fact{"10-18 10", "t_reply", ""}, fact{"10-19 10", "t_visit@centre", ""}, fact{"10-19 11", "t_redo", ""}),
			want:  "redo at o1 due 10-24 rule", names: "T5 T8",
			clocks: "T5#1 10-15_10:00 due 10-22 stop 10-18_10:00 5W met\nT8#1 10-19_11:00 due 10-24 3W running"},
		{name: "T8: at least one working day, the second reply is the stop",
			facts: signed(`{"urgent":true}`, fact{"10-15 12", "t_reply", ""}, fact{"10-15 13", "t_redo", ""}, fact{"10-16 10", "t_reply", ""}),
			want:  "replied at o1 due 10-16 rule stop 10-16_10:00 net 1 margin 0"},
		{name: "C9: the visit by the centre does not take the ticket from who replied",
			facts: signed("", fact{"10-18 10", "t_reply", ""}, fact{"10-19 10", "t_visit@centre", ""}, fact{"10-19 12", "t_close@centre", ""}),
			want:  "closed at o1 due 10-22 rule stop 10-18_10:00 net 3 margin 2"},
		{name: "a close without a reply stops the clock, and is counted as illegal from processing",
			facts: signed("", fact{"10-23 10", "t_close", ""}), want: "closed at o1 due 10-22 rule stop 10-23_10:00 net 6 margin -1",
			illegal: "t_close<signed"},
		{name: "hung: excluded, time stands still", facts: signed("", fact{"10-16 10", "t_hang", ""}),
			want: "hung [hung] at o1 due 10-22 rule provisional"},
		{name: "hung and taken up again: the hung days are paused",
			facts: signed("", fact{"10-16 10", "t_hang", ""}, fact{"10-18 10", "t_unhang", ""}), want: "processing at o1 due 10-24 rule"},
		{name: "closed as not solvable stays excluded",
			facts: signed("", fact{"10-16 10", "t_hang", ""}, fact{"10-18 10", "t_close", ""}),
			want:  "closed [hung] at o1 due 10-24 rule stop 10-18_10:00 net 1 margin 4"},
		{name: "invalid is excluded", facts: []fact{{"10-15 09", "t_receive", ""}, {"10-15 10", "t_invalid", ""}}, want: "invalid [invalid]"},
		{name: "merged is excluded", facts: []fact{{"10-15 09", "t_receive", ""}, {"10-15 10", "t_merge", `{"into":"t0"}`}},
			want: "merged [merged]"},
		{name: "after dispatch a ticket cannot be merged", facts: signed("", fact{"10-15 12", "t_merge", `{"into":"t0"}`}),
			want: "signed at o1 due 10-22 rule", illegal: "t_merge<signed"},
		{name: "reopened within 30 days: the time that was left",
			facts: signed("", fact{"10-18 10", "t_reply", ""}, fact{"10-18 12", "t_close", ""}, fact{"10-23 10", "t_reopen", ""}),
			want:  "processing at o1 due 10-25 rule"}, // 3 used; gap 19, 22, 23; left 24 and 25
		{name: "reopened after 30 days is illegal",
			facts: signed("", fact{"10-18 10", "t_reply", ""}, fact{"10-18 12", "t_close", ""}, fact{"11-18 10", "t_reopen", ""}),
			want:  "closed at o1 due 10-22 rule stop 10-18_10:00 net 3 margin 2", illegal: "t_reopen<closed"},
		{name: "reopened after a direct answer gets its first limit",
			facts: []fact{{"10-15 09", "t_receive", ""}, {"10-15 09", "t_answer_direct", ""}, {"10-16 10", "t_reopen@o3", ""}},
			want:  "processing at o3 due 10-23 rule"},
		{name: "a reply before signing is illegal", facts: []fact{{"10-15 09", "t_receive", ""}, {"10-15 10", "t_dispatch@o1", ""},
			{"10-16 10", "t_reply", ""}},
			want: "replied at o1 due 10-22 rule stop 10-16_10:00 net 1 margin 4", illegal: "t_reply<dispatched", names: "T3",
			clocks: "T3#1 10-15_10:00 due 10-16 stop 10-16_10:00 1W met"},
		{name: "a reply while the hotline decides on an extension answers in time, and is illegal",
			facts: signed("", fact{"10-18 10", "t_extend_request", ""}, fact{"10-22 10", "t_reply@o1", ""}, fact{"10-24 10", "t_extend_reject", ""}),
			want:  "replied at o1 due 10-22 rule stop 10-22_10:00 net 5 margin 0", illegal: "t_reply<pending_ext"},
		{name: "T6: asked for in time and granted after the answer: nobody is late by the time that the ruling took",
			facts: signed("", fact{"10-18 10", "t_extend_request", ""}, fact{"10-24 10", "t_reply@o1", ""},
				fact{"10-25 10", "t_extend_approve", `{"days":5}`}),
			want: "replied at o1 due 10-29 rule stop 10-24_10:00 net 7 margin 3", illegal: "t_reply<pending_ext"},
		{name: "T3: who has answered has nothing to sign for", names: "T3",
			facts: signed("", fact{"10-16 09", "t_return", ""}, fact{"10-16 10", "t_reply@o1", ""}, fact{"10-17 10", "t_redispatch@o1", ""}),
			want:  "dispatched at o1 due 10-22 rule stop 10-16_10:00 net 1 margin 4", illegal: "t_reply<returned",
			clocks: "T3#1 10-15_10:00 due 10-16 stop 10-15_11:00 1W met"},
		{name: "a reply while the hotline rules on a return answers in time",
			facts: signed("", fact{"10-16 10", "t_return", ""}, fact{"10-22 10", "t_reply@o1", ""}, fact{"10-24 10", "t_redispatch@o1", ""}),
			want:  "dispatched at o1 due 10-22 rule stop 10-22_10:00 net 5 margin 0", illegal: "t_reply<returned"},
		{name: "and is not the answer of whom it goes to then",
			facts: signed("", fact{"10-16 10", "t_return", ""}, fact{"10-17 09", "t_reply@o1", ""}, fact{"10-17 10", "t_redispatch@o2", ""}),
			want:  "dispatched at o2 due 10-24 rule", illegal: "t_reply<returned"},
		{name: "nor is what another organisation says",
			facts: signed("", fact{"10-18 10", "t_extend_request", ""}, fact{"10-19 10", "t_reply@o2", ""}),
			want:  "pending_ext at o1 due 10-22 rule", illegal: "t_reply<pending_ext"},
		{name: "a reply while hung ends the hang", facts: signed("", fact{"10-16 10", "t_hang", ""}, fact{"10-18 10", "t_reply@o1", ""}),
			want: "replied at o1 due 10-24 rule stop 10-18_10:00 net 1 margin 4", illegal: "t_reply<hung"},
		{name: "a hang that was refused is none", facts: signed("", fact{"10-16 10", "t_hang", `{"approved":false}`}),
			want: "signed at o1 due 10-22 rule"},
		{name: "what had run out is not undone by who is sent next: T3",
			facts: []fact{{"10-15 09", "t_receive", ""}, {"10-15 10", "t_dispatch@o1", ""}, {"10-18 10", "t_return", ""},
				{"10-18 11", "t_redispatch@o2", ""}},
			want: "dispatched at o2 due 10-25 rule", names: "T3",
			clocks: "T3#1 10-15_10:00 due 10-16 stop 10-18_10:00 1W missed\nT3#2 10-18_11:00 due 10-19 1W running"},
		{name: "urging and publishing move nothing", facts: signed("", fact{"10-16 10", "t_urge", ""}, fact{"10-16 10", "t_supervise", ""},
			fact{"10-16 10", "t_publish", ""}),
			want: "signed at o1 due 10-22 rule"},
		{name: "no beginning: incomplete", facts: []fact{{"10-16 10", "t_sign@o1", ""}}, want: "signed [incomplete] at o1"},
		{name: "test tickets are out", facts: []fact{{"10-15 09", "t_receive", `{"is_test":true}`}}, want: "received [test]"},
		{name: "source regime: the source's deadline, closing from anywhere",
			facts: []fact{{"10-15 09", "t_receive", ownCase}, {"10-25 09", "t_close", ""}},
			want:  "closed due 10-24_12:00 source stop 10-25_09:00 net 8 margin -1", names: "T5",
			clocks: "T5#1 10-15_09:00 due 10-24_12:00 stop 10-25_09:00 missed"},
		{name: "a void takes a reply back", facts: signed("", fact{"10-18 10", "t_reply", ""},
			fact{"10-19 10", "t_void", `{"target_event_id":"e04"}`}), want: "signed at o1 due 10-22 rule"},
		{name: "and before it the reply stands",
			facts: signed("", fact{"10-18 10", "t_reply", ""}, fact{"10-19 10", "t_void", `{"target_event_id":"e04"}`}), asOf: "10-19 09",
			want: "replied at o1 due 10-22 rule stop 10-18_10:00 net 3 margin 2"},
	} {
		t.Run(v.name, func(t *testing.T) {
			facts := ticketFacts(v.facts...)
			facts[0].Kind = v.kind
			s := lifecycle.FoldTicket(facts, cal(t), policyOfTests())
			when := at("12-31 00")
			if v.asOf != "" {
				when = at(v.asOf)
			}
			got, ok := lifecycle.TicketAsOf(s.History, when)
			require.True(t, ok)
			assert.Equal(t, v.want, ticketLine(got))
			var illegal []string
			for _, x := range s.Illegal {
				illegal = append(illegal, x.Type+"<"+x.From)
			}
			assert.Equal(t, v.illegal, strings.Join(illegal, " "))
			if v.names != "" {
				assert.Equal(t, v.clocks, clockLines(s.Clocks, v.names))
			}
		})
	}
}

func TestTicketColumns(t *testing.T) {
	facts := ticketFacts(signed(`{"repeat_of":"t0","attributes":{"ward":"3"}}`, fact{"10-18 10", "t_reply@o1", ""},
		fact{"10-19 10", "t_visit@centre", ""}, fact{"10-20 10", "t_redo", ""})...)
	facts[0].RegionCode, facts[0].Channel, facts[0].CalledNumber, facts[0].Topic, facts[0].Kind, facts[0].CaseNo = "210100", "phone",
		"96123", "noise", "help", "c7"
	facts[1].Topic, facts[1].Activity = "noise/night", "dispatch"
	s := lifecycle.FoldTicket(facts, cal(t), policyOfTests())
	assert.Equal(t, []string{"210100", "phone", "96123", "noise/night", "help", "c7", "t0", "o1"},
		[]string{s.RegionCode, s.Channel, s.CalledNumber, s.Topic, s.Kind, s.CaseNo, s.RepeatOf, s.OrgCode})
	assert.Equal(t, []lifecycle.Attribute{{Key: "ward", Value: "3"}}, s.Attributes)
	end := s.History[len(s.History)-1]
	assert.Equal(t, uint16(1), end.Redos)
	assert.Equal(t, at("10-15 10"), end.DispatchedAt)
	assert.Equal(t, uint32(1), s.Activities)
	assert.Equal(t, uint32(6), s.Facts)
}
