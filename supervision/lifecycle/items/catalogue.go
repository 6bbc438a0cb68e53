// Package items holds the catalogue of service items, as far as clocks depend on it:
// which version of an item governs a case (domain guide 1.2).
package items

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"duban/ingest/event"
	"duban/supervision/calendar"
)

// load is how long after the first word about an item its versions are still the first load,
// milliseconds: who connects a catalogue tells what has been in force for years.
const load = 24 * 60 * 60 * 1000

// Catalogue is a lifecycle.ItemLookup over the item versions in force. The zero value is
// empty. It is safe for concurrent use once built.
type Catalogue struct {
	byTask map[string][]version
}

// version is what one event says of a version of an item, with the days on which it governs.
type version struct {
	event.Item
	// late: it was told when the item was known, and nobody approved that it counts before.
	late bool
}

// told is what one event says, and when the first delivery of the event arrived.
type told struct {
	event.Item
	at int64
}

// New builds a Catalogue. Items may come in any order, twice and in
// several revisions; of an identity the first delivery counts, of an event the
// highest revision, of several events for one version the one that arrived last.
//
// What is told once the item is known, more than a day after the first word about it, was
// not in force before it was told: it counts from the later of its first day and the local
// day of its first arrival, and what stood for the version stands until then. It counts from
// its first day when its payload names who approved that (revision_approver).
func New(items []event.Item) *Catalogue {
	tasks := map[string][]told{}
	for _, x := range lastRevisions(items) {
		tasks[x.TaskCode] = append(tasks[x.TaskCode], x)
	}
	c := &Catalogue{byTask: make(map[string][]version, len(tasks))}
	for task, said := range tasks {
		c.byTask[task] = versionsOf(said)
	}
	return c
}

// lastRevisions leaves one statement of each event.
func lastRevisions(items []event.Item) []told {
	sorted := slices.Clone(items)
	slices.SortFunc(sorted, func(a, b event.Item) int {
		return cmp.Or(
			strings.Compare(a.SourceSys, b.SourceSys),
			strings.Compare(a.EventID, b.EventID),
			cmp.Compare(b.Revision, a.Revision),
			cmp.Compare(a.Origin.ReceivedAt, b.Origin.ReceivedAt),
			cmp.Compare(a.Origin.Offset, b.Origin.Offset),
			cmp.Compare(a.Content, b.Content),
		)
	})
	var out []told
	for i := range sorted {
		x := &sorted[i]
		if n := len(out); n > 0 && out[n-1].SourceSys == x.SourceSys && out[n-1].EventID == x.EventID {
			out[n-1].at = min(out[n-1].at, x.Origin.ReceivedAt)
			continue
		}
		out = append(out, told{Item: *x, at: x.Origin.ReceivedAt})
	}
	return out
}

// versionsOf are the versions of one item by the day from which they count.
func versionsOf(said []told) []version {
	known := said[0].at
	for i := range said {
		known = min(known, said[i].at)
	}
	slices.SortFunc(said, func(a, b told) int {
		return cmp.Or(
			strings.Compare(a.TaskVersion, b.TaskVersion),
			cmp.Compare(a.Origin.ReceivedAt, b.Origin.ReceivedAt),
			cmp.Compare(a.Origin.Offset, b.Origin.Offset),
			strings.Compare(b.SourceSys, a.SourceSys),
			strings.Compare(b.EventID, a.EventID),
		)
	})
	var out []version
	first := 0 // of what was said of this version
	for i := range said {
		x := version{Item: said[i].Item, late: said[i].at-known > load && !approved(said[i].Payload)}
		if i > 0 && said[i-1].TaskVersion != x.TaskVersion {
			first = len(out)
		}
		if !x.late { // it replaces what was said of the version
			out = append(out[:first], x)
			continue
		}
		x.ValidFrom = max(x.ValidFrom, int32(calendar.DayOf(said[i].at)))
		for j := first; j < len(out); j++ {
			if out[j].ValidTo == 0 || out[j].ValidTo > x.ValidFrom {
				out[j].ValidTo = x.ValidFrom
			}
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b version) int {
		return cmp.Or(cmp.Compare(a.ValidFrom, b.ValidFrom), strings.Compare(a.TaskVersion, b.TaskVersion))
	})
	return out
}

// approved reports whether a payload names who approved that it replaces what was told.
func approved(payload string) bool {
	var by struct {
		Approver any `json:"revision_approver"`
	}
	if payload == "" || json.Unmarshal([]byte(payload), &by) != nil {
		return false
	}
	name, ok := by.Approver.(string)
	return ok && strings.TrimSpace(name) != ""
}

// Item implements lifecycle.ItemLookup. The version in force at the acceptance governs (domain guide
// 1.2): a name chooses among versions that overlap, and one that is unknown or not in
// force chooses nothing, lest a typo, or an old version, give more time.
func (c *Catalogue) Item(taskCode, name string, day int32) (*event.Item, bool) {
	versions := c.byTask[taskCode]
	var inForce, named *event.Item
	for i := len(versions) - 1; i >= 0; i-- {
		v := &versions[i]
		force := v.ValidFrom <= day && (v.ValidTo == 0 || day < v.ValidTo)
		switch {
		case name != "" && v.TaskVersion == name && force:
			return &v.Item, true
		case name != "" && v.TaskVersion == name && (!v.late || v.ValidFrom <= day):
			named = &v.Item
		case force && inForce == nil:
			inForce = &v.Item
		}
	}
	if inForce == nil {
		inForce = named
	}
	return inForce, inForce != nil
}
