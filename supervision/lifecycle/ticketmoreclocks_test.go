package lifecycle_test

import (
	"slices"
	"strings"
	"testing"

	"duban/supervision/lifecycle"

	"github.com/stretchr/testify/assert"
)

// October 2018 has plain weeks from the 8th on: 15 October is a Monday.
func TestTheOtherClocksOfATicket(t *testing.T) {
	for _, v := range []struct {
		name, channel string
		facts         []fact
		names, want   string
	}{
		{"T1: answered in the fifteenth second", "phone",
			[]fact{{"10-15 09:00:15.000", "t_receive", `{"queued_at":"2018-10-15T09:00:00+08:00"}`}},
			"T1", "T1#1 10-15_09:00 due 10-15_09:00 stop 10-15_09:00 met"},
		{"T1: answered a millisecond later", "phone",
			[]fact{{"10-15 09:00:15.001", "t_receive", `{"queued_at":"2018-10-15T09:00:00+08:00"}`}},
			"T1", "T1#1 10-15_09:00 due 10-15_09:00 stop 10-15_09:00 missed"},
		{"T1: without the time of the queue nothing is known", "phone", []fact{{"10-15 09", "t_receive", ""}}, "T1 T2", ""},
		{"T2: social media, three minutes, handled in the second", "wechat",
			[]fact{{"10-15 09:00", "t_receive", ""}, {"10-15 09:02", "t_dispatch@o1", ""}},
			"T2", "T2#1 10-15_09:00 due 10-15_09:03 stop 10-15_09:02 met"},
		{"T2: the mailbox, 24 hours of the clock, weekend or not", "web_mailbox",
			[]fact{{"10-19 17:00", "t_receive", ""}, {"10-20 17:01", "t_answer_direct", ""}},
			"T2", "T2#1 10-19_17:00 due 10-20_17:00 stop 10-20_17:01 missed"},
		{"T2: the counter has no limit", "hall", []fact{{"10-15 09", "t_receive", ""}}, "T1 T2", ""},
		{"T4: back on the second working day", "", signed("", fact{"10-17 17", "t_return", ""}),
			"T4", "T4#1 10-15_10:00 due 10-17 stop 10-17_17:00 2W met"},
		{"T4: back on the third, dispatched again", "", signed("", fact{"10-18 09", "t_return", ""}, fact{"10-18 10", "t_redispatch@o2", ""}),
			"T4", "T4#1 10-15_10:00 due 10-17 stop 10-18_09:00 2W missed\nT4#2 10-18_10:00 due 10-22 2W running"},
		{"T4: at work the right is used up", "", signed("", fact{"10-15 12", "t_process", ""}),
			"T4", "T4#1 10-15_10:00 due 10-17 stop 10-15_12:00 2W cancelled"},
		{"T6: granted before the due", "",
			signed("", fact{"10-18 10", "t_extend_request", ""}, fact{"10-19 10", "t_extend_approve", `{"days":10}`}),
			"T6", "T6#1 10-18_10:00 due 10-22 stop 10-19_10:00 extended 10 met"},
		{"T6: granted after the due", "",
			signed("", fact{"10-22 10", "t_extend_request", ""}, fact{"10-23 10", "t_extend_approve", `{"days":10}`}),
			"T6", "T6#1 10-22_10:00 due 10-22 stop 10-23_10:00 extended 10 missed"},
		{"T6: refused by an approval that says no", "",
			signed("", fact{"10-22 10", "t_extend_request", ""}, fact{"10-22 12", "t_extend_approve", `{"days":10,"approved":false}`}),
			"T6", "T6#1 10-22_10:00 due 10-22 stop 10-22_12:00 met"},
		{"T7: visited on the next working day, over the weekend", "",
			signed("", fact{"10-19 10", "t_reply", ""}, fact{"10-22 10", "t_visit", ""}),
			"T7", "T7#1 10-19_10:00 due 10-22 stop 10-22_10:00 1W met"},
		{"T7: closed without a visit", "", signed("", fact{"10-19 10", "t_reply", ""}, fact{"10-22 10", "t_close", ""}),
			"T7", "T7#1 10-19_10:00 due 10-22 stop 10-22_10:00 1W cancelled"},
		{"T9: five working days to answer a written notice, the second gives no new time", "",
			signed("", fact{"10-22 10", "t_urge", ""}, fact{"10-24 10", "t_urge", ""}, fact{"10-30 10", "t_reply", ""}),
			"T9", "T9#1 10-22_10:00 due 10-29 stop 10-30_10:00 5W missed"},
		{"T9: nothing to urge after the reply", "", signed("", fact{"10-16 10", "t_reply", ""}, fact{"10-22 10", "t_urge", ""}), "T9", ""},
		{"T10: the third redo order makes a problem ticket, until it is escalated", "",
			signed("", fact{"10-16 10", "t_reply", ""}, fact{"10-16 11", "t_redo", ""}, fact{"10-17 10", "t_reply", ""},
				fact{"10-17 11", "t_redo", ""},
				fact{"10-18 10", "t_reply", ""}, fact{"10-18 11", "t_redo", ""}, fact{"10-19 11", "t_escalate", ""}),
			"T10", "T10#1 10-18_11:00 stop 10-19_11:00 unlimited"},
		{"T10: the third organisation that gives it back", "",
			signed("", fact{"10-15 12", "t_return", ""}, fact{"10-15 13", "t_redispatch@o2", ""}, fact{"10-15 14", "t_return", ""},
				fact{"10-15 15", "t_redispatch@o3", ""}, fact{"10-15 16", "t_return", ""}),
			"T10", "T10#1 10-15_16:00 running"},
		{"T10: the same organisation three times is not three", "",
			signed("", fact{"10-15 12", "t_return", ""}, fact{"10-15 13", "t_redispatch@o1", ""}, fact{"10-15 14", "t_return", ""},
				fact{"10-15 15", "t_redispatch@o1", ""}, fact{"10-15 16", "t_return", ""}),
			"T10", ""},
		{"a process of the source's own has none of them", "wechat",
			[]fact{{"10-15 09", "t_receive", ownCase}, {"10-15 10", "t_dispatch@o1", ""}, {"10-16 10", "t_urge", ""}, {"10-17 10", "t_reply", ""}},
			"T1 T2 T4 T6 T7 T9 T10", ""},
		{"a void takes a clock back", "", signed("", fact{"10-19 10", "t_reply", ""}, fact{"10-19 11", "t_void", `{"target_event_id":"e04"}`}),
			"T7", ""},
	} {
		t.Run(v.name, func(t *testing.T) {
			facts := ticketFacts(v.facts...)
			facts[0].Channel = v.channel
			s := lifecycle.FoldTicket(facts, cal(t), policyOfTests())
			var asked []lifecycle.Clock
			for _, k := range s.Clocks { // clockLines looks for the name in a text: T1 is in T10
				if in(k.Clock, v.names) {
					asked = append(asked, k)
				}
			}
			assert.Equal(t, v.want, clockLines(asked, v.names))
		})
	}
}

func in(name, names string) bool {
	return slices.Contains(strings.Fields(names), name)
}
