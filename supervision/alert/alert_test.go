package alert_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"duban/supervision/alert"
)

const hour = int64(3_600_000)

func rank(s string) int {
	return map[string]int{"": 0, "notice": 1, "warning": 2, "yellow": 3, "red": 4}[s]
}

func names(events []alert.Event) []string {
	out := []string{}
	for _, e := range events {
		out = append(out, e.Name+" "+e.Severity+" "+e.State)
	}
	return out
}

func steps(pairs ...any) []alert.Step {
	var out []alert.Step
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, alert.Step{At: int64(pairs[i].(int)) * hour, Severity: pairs[i+1].(string)})
	}
	return out
}

// The chain warning → yellow → red is one alert (domain guide 6.1).
func TestAlertsFollowTheirSteps(t *testing.T) {
	terms := alert.Terms{Auto: true, Rank: rank}
	violation := alert.Terms{Rank: rank}
	for name, v := range map[string]struct {
		terms alert.Terms
		steps []alert.Step
		at    int
		want  []string
	}{
		"nothing is announced before its instant": {terms, steps(10, "warning"), 9, []string{}},
		"it is announced at its instant":          {terms, steps(10, "warning"), 10, []string{"raised warning issued"}},
		"a higher severity upgrades": {violation, steps(10, "warning", 20, "yellow"), 20,
			[]string{"raised warning issued", "upgraded yellow issued"}},
		"a warning whose condition is over is cleared": {terms, steps(10, "warning", 15, ""), 15,
			[]string{"raised warning issued", "cleared warning closed"}},
		"a violation is not cleared by itself": {violation, steps(10, "yellow", 15, ""), 15, []string{"raised yellow issued"}},
		"it comes again": {terms, steps(10, "warning", 15, "", 20, "warning"), 20,
			[]string{"raised warning issued", "cleared warning closed", "raised warning issued"}},
		"some wait for a person":       {alert.Terms{Manual: true, Rank: rank}, steps(10, "yellow"), 10, []string{"raised yellow pending"}},
		"a step is held":               {alert.Terms{Hold: 2 * hour, Rank: rank}, steps(10, "yellow"), 11, []string{}},
		"and announced after the hold": {alert.Terms{Hold: 2 * hour, Rank: rank}, steps(10, "yellow"), 12, []string{"raised yellow issued"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, events := alert.Advance(alert.Alert{}, alert.Chain{Steps: v.steps}, int64(v.at)*hour, 0, v.terms)
			require.Equal(t, v.want, names(events))
		})
	}
}

// Domain guide 2.6: a late finish with an event time before the due takes an
// issued card back by itself when it was pushed within 24 hours, else it is
// reviewed and stands.
func TestLateFactsTakeCardsBack(t *testing.T) {
	terms := alert.Terms{Rank: rank}
	card, _ := alert.Advance(alert.Alert{}, alert.Chain{Steps: steps(10, "yellow")}, 10*hour, 0, terms)

	a, events := alert.Advance(card, alert.Chain{Gone: true}, 30*hour, 24*hour, terms)
	require.Equal(t, []string{"cancelled yellow cancelled"}, names(events))
	require.Equal(t, alert.LateData, events[0].Reason)
	require.True(t, a.Ended())

	a, events = alert.Advance(card, alert.Chain{Gone: true}, 40*hour, 24*hour+1, terms)
	require.Equal(t, []string{"review yellow review"}, names(events))
	require.False(t, a.Ended())

	card.State = alert.Closed
	_, events = alert.Advance(card, alert.Chain{Gone: true}, 40*hour, 0, terms)
	require.Empty(t, events, "what people have closed stays closed")

	card.State = alert.Acked
	moved, events := alert.Advance(card, alert.Chain{Steps: steps(11, "yellow")}, 40*hour, hour, terms)
	require.Equal(t, []string{"corrected yellow acked"}, names(events), "the same card with another instant goes on where it was")
	_, events = alert.Advance(moved, alert.Chain{Steps: steps(11, "yellow", 20, "red")}, 40*hour, hour, terms)
	require.Equal(t, []string{"upgraded red issued"}, names(events), "a higher card has to be signed for anew")
}

// However often and at whatever watermarks it is asked, an alert's history is the
// same as when it is asked once at the end.
func TestHistoryDoesNotDependOnWhenTheEngineLooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var chain alert.Chain
		at := int64(0)
		for range rapid.IntRange(0, 6).Draw(t, "steps") {
			at += rapid.Int64Range(1, 5).Draw(t, "gap") * hour
			chain.Steps = append(chain.Steps,
				alert.Step{At: at, Severity: rapid.SampledFrom([]string{"", "notice", "warning", "yellow", "red"}).Draw(t, "severity")})
		}
		terms := alert.Terms{Auto: rapid.Bool().Draw(t, "auto"), Manual: rapid.Bool().Draw(t, "manual"), Rank: rank}
		_, want := alert.Advance(alert.Alert{}, chain, 1000*hour, 0, terms)
		var a alert.Alert
		var got []alert.Event
		for _, w := range rapid.SliceOfN(rapid.Int64Range(0, 40), 0, 10).Draw(t, "watermarks") {
			var events []alert.Event
			if w*hour >= last(a) {
				a, events = alert.Advance(a, chain, w*hour, 0, terms)
				got = append(got, events...)
			}
		}
		a, events := alert.Advance(a, chain, 1000*hour, 0, terms)
		got = append(got, events...)
		require.Len(t, got, len(want))
		for i := range want {
			require.Equal(t, want[i], got[i])
		}
		_, again := alert.Advance(a, chain, 1000*hour, 0, terms)
		require.Empty(t, again)
	})
}

func last(a alert.Alert) int64 {
	if n := len(a.Announced); n > 0 {
		return a.Announced[n-1].At
	}
	return 0
}

// What the system cleared follows later facts as what is open does; what people
// have closed stays as they decided.
func TestLateFactsCorrectWhatTheSystemHasCleared(t *testing.T) {
	terms := alert.Terms{Auto: true, Rank: rank}
	for name, v := range map[string]struct {
		said   alert.Chain
		closed bool // by people, before the condition was over
		want   []string
	}{
		"it never was":          {alert.Chain{Gone: true}, false, []string{"cancelled warning cancelled"}},
		"it was over earlier":   {alert.Chain{Steps: steps(10, "warning", 12, "")}, false, []string{"cleared warning closed"}},
		"it is not over":        {alert.Chain{Steps: steps(11, "warning")}, false, []string{"raised warning issued"}},
		"people have closed it": {alert.Chain{Gone: true}, true, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			first := alert.Chain{Steps: steps(10, "warning", 15, "")}
			at := 20 * hour
			if v.closed {
				first, at = alert.Chain{Steps: steps(10, "warning")}, 12*hour
			}
			a, _ := alert.Advance(alert.Alert{}, first, at, 0, terms)
			if v.closed {
				a.State = alert.Closed
			}
			_, events := alert.Advance(a, v.said, 20*hour, 0, terms)
			require.Equal(t, v.want, names(events))
		})
	}
}

// Domain guide 6.1, clear C, and 2.6: what a supervisor has to decide waits for that
// decision, also when the deadline that it is about comes to its next severity.
func TestAHigherSeverityLeavesTheSupervisorsDecisionAlone(t *testing.T) {
	chain := []alert.Step{{At: 10, Severity: "yellow"}, {At: 20, Severity: "red"}}
	for state, want := range map[string]string{
		alert.Issued: alert.Issued, alert.Acked: alert.Issued, alert.FedBack: alert.Issued, alert.Closed: alert.Issued,
		alert.Appealed: alert.Appealed, alert.Review: alert.Review, alert.Upheld: alert.Upheld, alert.Escalated: alert.Escalated,
		alert.Pending: alert.Pending,
	} {
		a := alert.Alert{Seq: 3, State: state, Severity: "yellow", Announced: chain[:1]}
		next, events := alert.Advance(a, alert.Chain{Steps: chain}, 25, 0, alert.Terms{Rank: rank})
		require.Len(t, events, 1, state)
		require.Equal(t, alert.Upgraded, events[0].Name, state)
		require.Equal(t, want, next.State, state)
		require.Equal(t, "red", next.Severity, state)
	}
}

// A version of an item that is published in hindsight puts a card into the past: it says
// why it stands there. What comes due by itself needs no reason.
func TestACardThatAChangePutsIntoThePastSaysWhy(t *testing.T) {
	terms := alert.Terms{Rank: rank}
	_, events := alert.Advance(alert.Alert{}, alert.Chain{Steps: steps(10, "yellow"), Why: alert.CatalogueChanged}, 10*24*hour, 0, terms)
	require.Equal(t, []string{alert.Raised, alert.CatalogueChanged}, []string{events[0].Name, events[0].Reason})
	_, events = alert.Advance(alert.Alert{}, alert.Chain{Steps: steps(10, "yellow"), Why: alert.CatalogueChanged}, 11*hour, 0, terms)
	require.Empty(t, events[0].Reason)
	_, events = alert.Advance(alert.Alert{}, alert.Chain{Steps: steps(10, "yellow")}, 10*24*hour, 0, terms)
	require.Empty(t, events[0].Reason)
}

// What a supervisor has to decide, or has decided, closes by nothing else: neither by the end of
// its condition nor by facts that would take it back (docs/supervision.md, section 1).
func TestWhatWaitsForASupervisorClosesByNothingElse(t *testing.T) {
	terms := alert.Terms{Auto: true, Rank: rank, Card: 3}
	for _, state := range []string{alert.Review, alert.Appealed, alert.Upheld, alert.Escalated} {
		card, _ := alert.Advance(alert.Alert{}, alert.Chain{Steps: steps(10, "yellow")}, 10*hour, 0, terms)
		card.State = state
		after, events := alert.Advance(card, alert.Chain{Steps: steps(10, "yellow", 20, "")}, 20*hour, 0, terms)
		require.Empty(t, events, state)
		require.Equal(t, state, after.State)
		after, events = alert.Advance(card, alert.Chain{Gone: true}, 20*hour, hour, terms)
		require.Equal(t, alert.Review, after.State, state)
		if state == alert.Review {
			require.Empty(t, events)
		}
	}
}
