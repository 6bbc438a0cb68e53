package lifecycle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"duban/ingest/event"
	"duban/supervision/lifecycle"
)

// What takes a subject out of supervision counts from its first fact on, or by an amend
// (docs/supervision.md, section 1): due on 2018-10-24, whatever is said afterwards.
func TestNothingTakesACaseOutOfItsDueInHindsight(t *testing.T) {
	const due = "accepted due 10-24 legal legal 10-29"
	amend := func(set string) fact {
		return fact{"10-26 10", "amend", `{"target_event_id":"e02","approver":"h","set":{"payload":` + set + `}}`}
	}
	for name, v := range map[string]struct {
		facts []fact
		want  string
	}{
		"test, told by a later fact":   {accepted(limits, fact{"10-26 10", "activity", `{"is_test":true}`}), ""},
		"test, told by the acceptance": {accepted(`{"promise_days":7,"legal_days":10,"is_test":true}`), ""},
		"secret, told by a later fact": {accepted(limits, fact{"10-26 10", "activity", `{"secret":true}`}), ""},
		"test, by an amend":            {accepted(limits, amend(`{"is_test":true}`)), "test"},
		"secret, by an amend":          {accepted(limits, amend(`{"secret":true}`)), "secret"},
		"test, from the first fact on": {[]fact{{"10-15 09", "apply", `{"is_test":true}`}, {"10-15 10", "accept", limits}}, "test"},
		"a test that a later fact says is none": {[]fact{{"10-15 09", "apply", `{"is_test":true}`}, {"10-15 10", "accept", limits},
			{"10-26 10", "activity", `{"is_test":false}`}}, "test"},
		"a test that an amend says is none": {[]fact{{"10-15 09", "apply", `{"is_test":true}`}, {"10-15 10", "accept", limits},
			amend(`{"is_test":false}`)}, ""},
		"limits of its own after the acceptance": {accepted(limits,
			fact{"10-23 10", "activity", `{"limit_regime":"source","source_due_at":"2019-12-31T00:00:00Z"}`}), ""},
		"limits of its own by a second acceptance": {accepted(limits, fact{"10-23 10", "accept", `{"limit_regime":"source"}`}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := fold(t, caseFacts(v.facts...))
			last := s.History[len(s.History)-1]
			assert.Equal(t, lifecycle.Exclusion(v.want), last.Excluded)
			assert.Equal(t, v.want == "test", s.IsTest)
			assert.NotZero(t, last.LegalDue, "the law's limits govern: "+due)
		})
	}
	hidden := fold(t, caseFacts(accepted(limits, fact{"10-26 10", "activity", `{"secret":true}`})...))
	assert.True(t, hidden.Hidden && !hidden.Secret, "hidden all the same")
}

// A fact that is put before the others in hindsight flags nothing: what begins a subject is
// told within an hour of its first arrival (docs/supervision.md, section 1).
func TestAFirstFactInHindsightFlagsNothing(t *testing.T) {
	const hour = int64(3_600_000)
	facts := caseFacts(append([]fact{{"10-15 08", "activity", `{"is_test":true}`}}, accepted(limits)...)...)
	for i := range facts {
		facts[i].Origin.ReceivedAt = facts[i].OccurredAt
	}
	facts[0].Origin.ReceivedAt = facts[1].Origin.ReceivedAt + hour
	assert.True(t, fold(t, facts).IsTest)
	facts[0].Origin.ReceivedAt++
	assert.False(t, fold(t, facts).IsTest)
	// A later revision of the first fact is told when it arrives; a redelivery is not news.
	facts[0].Origin.ReceivedAt -= 1
	again := facts[0]
	again.Revision, again.Origin.ReceivedAt, again.Payload = 1, facts[0].Origin.ReceivedAt+99*hour, `{"is_test":true,"note":"x"}`
	assert.True(t, fold(t, append([]event.Case{again}, facts...)).IsTest)
	facts[0].Payload = ""
	assert.False(t, fold(t, append([]event.Case{again}, facts...)).IsTest)
}

// Nor does one that comes within it, when something was due meanwhile: a promise of one
// working day from Monday 15 October 2018 is over with the 16th. Of a history that arrives
// when all was due long ago the beginning may come after the rest.
func TestAFirstFactThatComesAfterTheDueFlagsNothing(t *testing.T) {
	arriving := func(first, rest string) []event.Case {
		facts := caseFacts(fact{"10-15 08", "activity", `{"is_test":true}`}, fact{"10-15 09", "apply", ""},
			fact{"10-15 10", "accept", `{"promise_days":1,"promise_unit":"W","legal_days":10,"legal_unit":"W"}`})
		for i := range facts {
			facts[i].Origin.ReceivedAt = at(rest)
		}
		facts[0].Origin.ReceivedAt = at(first)
		return facts
	}
	for _, v := range []struct {
		first, rest string
		test        bool
	}{
		{"2018-10-16 23:50", "2018-10-16 23:30", true}, {"2018-10-17 00:10", "2018-10-16 23:30", false},
		{"2018-12-01 10:50", "2018-12-01 10:00", true}, {"2018-10-15 09:00", "2018-10-15 10:00", true},
	} {
		s := fold(t, arriving(v.first, v.rest))
		assert.Equal(t, v.test, s.IsTest, v.first)
		assert.Equal(t, v.test, s.History[len(s.History)-1].Excluded == lifecycle.ExcludedTest, v.first)
		assert.Equal(t, 3, int(s.Facts))
	}
}

func TestOnlyRegisteredSourcesHaveLimitsOfTheirOwn(t *testing.T) {
	facts := caseFacts(fact{"10-15 09", "apply", `{"limit_regime":"source","source_due_at":"2019-12-31T00:00:00Z"}`},
		fact{"10-15 10", "accept", limits})
	policy := lifecycle.DefaultPolicy()
	for _, v := range []struct {
		registered []string
		own        bool
	}{{nil, false}, {[]string{facts[0].SourceSys}, true}, {[]string{facts[0].SourceSys + "x"}, false}, {[]string{"*"}, true},
		{[]string{facts[0].SourceSys[:1] + "*"}, true}} {
		policy.OwnLimits = v.registered
		s := lifecycle.FoldCase(facts, nil, cal(t), policy)
		assert.Equal(t, v.own, s.History[len(s.History)-1].LegalDue == 0, v.registered)
		want := `"limit_regime":"refused"`
		if v.own {
			want = `"limit_regime":"source"`
		}
		assert.Contains(t, s.FactEntries[0].Payload, want)
	}
}

func TestADeadlineOfTheSourceThatIsOverStays(t *testing.T) {
	own := func(due string) string { return `{"limit_regime":"source","source_due_at":"` + due + `"}` }
	facts := []fact{{"10-15 09", "apply", own("2018-10-20T00:00:00Z")}, {"10-19 10", "activity", own("2018-10-22T00:00:00Z")},
		{"10-26 10", "activity", own("2019-10-22T00:00:00Z")}}
	s := fold(t, caseFacts(facts...))
	assert.Equal(t, "2018-10-22", time.UnixMilli(s.History[len(s.History)-1].PromiseDue).UTC().Format(time.DateOnly))
}
