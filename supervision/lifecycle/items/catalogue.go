// Package items holds the catalogue of service items, as far as clocks depend on it:
// which version of an item governs a case (domain guide 1.2).
package items

import (
	"cmp"
	"slices"
	"strings"

	"duban/ingest/event"
)

// Catalogue is a lifecycle.ItemLookup over the item versions in force. The zero value is
// empty. It is safe for concurrent use once built.
type Catalogue struct {
	byTask map[string][]event.Item
}

// New builds a Catalogue. Items may come in any order, twice and in
// several revisions; of an identity the first delivery counts, of an event the
// highest revision, of several events for one version the one that arrived last.
func New(items []event.Item) *Catalogue {
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
	sorted = slices.CompactFunc(sorted, func(a, b event.Item) bool {
		return a.SourceSys == b.SourceSys && a.EventID == b.EventID
	})
	slices.SortFunc(sorted, func(a, b event.Item) int {
		return cmp.Or(
			strings.Compare(a.TaskCode, b.TaskCode),
			strings.Compare(a.TaskVersion, b.TaskVersion),
			cmp.Compare(b.Origin.ReceivedAt, a.Origin.ReceivedAt),
			cmp.Compare(b.Origin.Offset, a.Origin.Offset),
			strings.Compare(a.SourceSys, b.SourceSys),
			strings.Compare(a.EventID, b.EventID),
		)
	})
	sorted = slices.CompactFunc(sorted, func(a, b event.Item) bool {
		return a.TaskCode == b.TaskCode && a.TaskVersion == b.TaskVersion
	})
	c := &Catalogue{byTask: make(map[string][]event.Item)}
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j].TaskCode == sorted[i].TaskCode {
			j++
		}
		versions := sorted[i:j:j]
		slices.SortFunc(versions, func(a, b event.Item) int {
			return cmp.Or(cmp.Compare(a.ValidFrom, b.ValidFrom), strings.Compare(a.TaskVersion, b.TaskVersion))
		})
		c.byTask[sorted[i].TaskCode] = versions
		i = j
	}
	return c
}

// Item implements lifecycle.ItemLookup. The version in force at the acceptance governs (domain guide
// 1.2): a name chooses among versions that overlap, and one that is unknown or not in
// force chooses nothing, lest a typo, or an old version, give more time.
func (c *Catalogue) Item(taskCode, version string, day int32) (*event.Item, bool) {
	versions := c.byTask[taskCode]
	var inForce, named *event.Item
	for i := len(versions) - 1; i >= 0; i-- {
		v := &versions[i]
		force := v.ValidFrom <= day && (v.ValidTo == 0 || day < v.ValidTo)
		switch {
		case version != "" && v.TaskVersion == version && force:
			return v, true
		case version != "" && v.TaskVersion == version:
			named = v
		case force && inForce == nil:
			inForce = v
		}
	}
	if inForce == nil {
		inForce = named
	}
	return inForce, inForce != nil
}
