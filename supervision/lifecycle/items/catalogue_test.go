package items_test

import (
	"testing"

	"duban/ingest/event"
	"duban/supervision/lifecycle/items"

	"github.com/stretchr/testify/require"
)

// version is a version of the one item of these tests; offset is when it arrived.
func version(id, name string, from, to int32, offset int64) event.Item {
	return event.Item{SourceSys: "s", EventID: id, TaskCode: "t", TaskVersion: name, ValidFrom: from, ValidTo: to,
		Origin: event.Origin{Offset: offset, ReceivedAt: offset}}
}

// The version in force at the acceptance governs; a name chooses among those in force
// (domain guide 1.2).
func TestTheVersionInForceAtTheAcceptanceGoverns(t *testing.T) {
	first, second := version("e1", "1", 100, 200, 1), version("e2", "2", 200, 0, 2)
	trial := version("e3", "trial", 150, 0, 3)
	for _, v := range []struct {
		rule  string
		items []event.Item
		named string
		day   int32
		want  string
	}{
		{"an empty catalogue holds nothing", nil, "", 150, ""},
		{"before the first version came into force nothing governs", []event.Item{first, second}, "", 99, ""},
		{"the first day counts", []event.Item{first, second}, "", 100, "1"},
		{"the day of the end belongs to the next version", []event.Item{first, second}, "", 200, "2"},
		{"a version without an end is in force for good", []event.Item{first, second}, "", 9999, "2"},
		{"of two in force the one that came into force last", []event.Item{first, second, trial}, "", 160, "trial"},
		{"a name chooses among those in force", []event.Item{first, second, trial}, "1", 160, "1"},
		{"the name of one that is over chooses nothing", []event.Item{first, second}, "1", 250, "2"},
		{"an unknown name chooses nothing", []event.Item{first, second}, "typo", 150, "1"},
		{"where none is in force the named one is better than none", []event.Item{first}, "1", 250, "1"},
	} {
		got, ok := items.New(v.items).Item("t", v.named, v.day)
		require.Equal(t, v.want != "", ok, v.rule)
		if ok {
			require.Equal(t, v.want, got.TaskVersion, v.rule)
		}
		_, ok = items.New(v.items).Item("another task", v.named, v.day)
		require.False(t, ok, v.rule)
	}
}

// Of deliveries of one identity the first counts, of an event the highest revision, of
// several events for one version the one that arrived last; in whatever order they are read.
func TestWhatWasSaidOfOneVersionIsDecidedByTheFacts(t *testing.T) {
	say := func(id string, revision uint32, arrived int64, legalDays int32) event.Item {
		x := version(id, "1", 100, 0, arrived)
		x.Revision, x.LegalDays = revision, &legalDays
		return x
	}
	for _, v := range []struct {
		rule  string
		items []event.Item
		want  int32
	}{
		{"a rewrite of an identity does not count", []event.Item{say("e", 0, 1, 20), say("e", 0, 2, 60)}, 20},
		{"a revision does", []event.Item{say("e", 0, 1, 20), say("e", 1, 2, 30)}, 30},
		{"the highest of them, whichever came last", []event.Item{say("e", 2, 1, 15), say("e", 1, 2, 30)}, 15},
		{"another event for the version counts when it arrived later", []event.Item{say("e", 3, 1, 20), say("f", 0, 2, 45)}, 45},
	} {
		for _, list := range [][]event.Item{v.items, {v.items[1], v.items[0]}, append(append([]event.Item{}, v.items...), v.items...)} {
			got, ok := items.New(list).Item("t", "", 100)
			require.True(t, ok, v.rule)
			require.Equal(t, v.want, *got.LegalDays, v.rule)
		}
	}
}

// Domain guide 1.2: the version in force at the acceptance governs; one that was told later was
// not in force then, whatever first day it claims, unless somebody approved that. Item t is known
// on local day 300 with version 1 of day 100; what comes is told at noon of day 330 (Shanghai).
func TestAVersionOfAKnownItemCountsFromTheDayOnWhichItWasTold(t *testing.T) {
	noon := func(day int64) int64 { return day*86_400_000 + 4*3_600_000 }
	first := version("e1", "1", 100, 0, noon(300))
	late := func(id, name string, from int32, day int64) event.Item { return version(id, name, from, 0, noon(day)) }
	vouched := late("e2", "2", 150, 330)
	vouched.Payload = `{"revision_approver":"h"}`
	blank := vouched
	blank.Payload = `{"revision_approver":" "}`
	revised := late("e1", "1", 90, 330)
	revised.Revision = 1
	again := late("e9", "1", 100, 330)
	ending := again
	ending.ValidTo = 200
	over := first
	over.ValidTo = 200
	for _, v := range []struct {
		rule  string
		items []event.Item
		named string
		day   int32
		want  string // event
	}{
		{"of the first load the first day counts", []event.Item{first, late("e2", "2", 150, 301)}, "", 160, "e2"},
		{"told later it was not in force before", []event.Item{first, late("e2", "2", 150, 330)}, "", 329, "e1"},
		{"it counts from the day of its arrival", []event.Item{first, late("e2", "2", 150, 330)}, "", 330, "e2"},
		{"also for those who name it", []event.Item{first, late("e2", "2", 150, 330)}, "2", 329, "e1"},
		{"announced beforehand it counts from its first day", []event.Item{first, late("e2", "2", 340, 330)}, "", 339, "e1"},
		{"and governs from then on", []event.Item{first, late("e2", "2", 340, 330)}, "", 340, "e2"},
		{"an approver vouches for the days before", []event.Item{first, vouched}, "", 160, "e2"},
		{"who is blank vouches for nothing", []event.Item{first, blank}, "", 160, "e1"},
		{"a revision counts from when its event was told", []event.Item{first, revised}, "", 95, "e1"},
		{"another event for the same version is no revision", []event.Item{first, again}, "1", 329, "e1"},
		{"from its arrival on it is", []event.Item{first, again}, "1", 330, "e9"},
		{"nor does it end the version before it was told", []event.Item{first, ending}, "", 329, "e1"},
		{"it ends it then", []event.Item{first, ending}, "", 330, ""},
		{"what names a version that nobody knew yet chooses nothing", []event.Item{over, late("e2", "2", 150, 330)}, "2", 250, ""},
	} {
		for _, list := range [][]event.Item{v.items, {v.items[1], v.items[0]}} {
			got, ok := items.New(list).Item("t", v.named, v.day)
			require.Equal(t, v.want != "", ok, v.rule)
			if ok {
				require.Equal(t, v.want, got.EventID, v.rule)
			}
		}
	}
}
