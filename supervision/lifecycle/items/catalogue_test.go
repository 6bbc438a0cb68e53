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
