package workflow

import (
	"reflect"
	"sort"
	"testing"

	"pgregory.net/rapid"
)

func actionsOf(kind Kind) []string {
	var out []string
	for a := range who[kind] {
		out = append(out, a)
	}
	sort.Strings(out)
	return out
}

// any draws an action that may be right or wrong.
func anyAction(t *rapid.T, kind Kind, seq uint32, now int64) Action {
	a := act(rapid.SampledFrom(everyRole()).Draw(t, "role"), rapid.SampledFrom(actionsOf(kind)).Draw(t, "action"), seq, everything)
	a.OrgCode = rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, "org")
	a.At, a.RecordedAt = now, now
	if a.Action == "raised" || a.Action == "upgraded" {
		a.Payload = `{"severity":"` + rapid.SampledFrom([]string{Notice, Warning, Yellow, Red}).Draw(t, "severity") + `","mode":"` +
			rapid.SampledFrom([]string{"auto", "manual_confirm"}).Draw(t, "mode") + `"}`
	}
	return a
}

// walk makes a random history and checks on the way that a closed item knows
// reopen alone.
func walk(t *rapid.T, m *Machine) (first, last Item, events []Event, now int64) {
	first = Item{Kind: m.Kind(), ID: "1", OrgCode: "a", Category: "hotline", Appealable: true}
	last, now = first, monday
	for range rapid.IntRange(0, 60).Draw(t, "steps") {
		now += rapid.Int64Range(0, 3*86_400_000).Draw(t, "pause")
		next, e, r := m.Apply(last, anyAction(t, m.Kind(), last.Seq, now))
		if r != nil {
			continue
		}
		if m.Closed(last.State) && e.Event != "reopen" {
			t.Fatalf("%s after %s", e.Event, last.State)
		}
		if e.Seq != last.Seq+1 {
			t.Fatalf("event %d after %d", e.Seq, last.Seq)
		}
		last, events = next, append(events, e)
	}
	return first, last, events, now
}

func TestReplayGivesTheSameItem(t *testing.T) {
	world := env(t)
	for _, kind := range Kinds() {
		m := New(kind, world)
		t.Run(string(kind), rapid.MakeCheck(func(t *rapid.T) {
			again, want, events, _ := walk(t, m)
			for _, e := range events {
				again = m.Next(again, e)
			}
			if !reflect.DeepEqual(again, want) {
				t.Fatalf("replay gives\n%+v\nwant\n%+v", again, want)
			}
		}))
	}
}

func TestOfTwoPeopleWhoSawTheSameOneIsAccepted(t *testing.T) {
	world := env(t)
	for _, kind := range Kinds() {
		m := New(kind, world)
		t.Run(string(kind), rapid.MakeCheck(func(t *rapid.T) {
			_, it, _, now := walk(t, m)
			a, b := anyAction(t, kind, it.Seq, now), anyAction(t, kind, it.Seq, now)
			for _, order := range [][2]Action{{a, b}, {b, a}} {
				if _, _, r := m.Apply(it, order[1]); r != nil {
					continue // the second could not have acted alone either
				}
				after, _, r := m.Apply(it, order[0])
				_, _, second := m.Apply(after, order[1])
				if accepted := r == nil; accepted && (second == nil || second.Outcome != Conflict) {
					t.Fatalf("both %s and %s were accepted", order[0].Action, order[1].Action)
				} else if !accepted && second != nil {
					t.Fatalf("%s was refused, and %s too: %v", order[0].Action, order[1].Action, second)
				}
			}
		}))
	}
}
