package lifecycle

import (
	"iter"
	"slices"
	"sort"
)

// needsPieces reports whether the past reads differently at some instant.
func (r *resolver) needsPieces() bool { return len(r.cuts) > 0 || len(r.mods) > 0 }

// orderMods puts the corrections in fold order and finds those that may name a
// later correction.
func (r *resolver) orderMods() {
	slices.SortFunc(r.mods, func(a, b mod) int { return compareFold(&a.ref, &b.ref) })
	places := make(map[string]int32, len(r.mods)) // the last of an event
	for i := range r.mods {
		places[r.mods[i].id] = int32(i)
	}
	for i := range r.mods {
		last, corrects := places[r.mods[i].target]
		r.mods[i].namesLater = corrects && int(last) > i
	}
}

// findCuts completes cuts once the voids and amends are known. A correction
// changes the past when it is said, or when a fact is said that it already
// names.
func (r *resolver) findCuts() {
	said := make(map[string]int64, len(r.mods)) // target → its first correction
	for i := range r.mods {
		m := &r.mods[i]
		r.cuts = append(r.cuts, m.saidAt)
		if at, ok := said[m.target]; !ok || m.saidAt < at {
			said[m.target] = m.saidAt
		}
	}
	for k := range r.winners {
		w := &r.winners[k]
		if at, ok := said[w.id]; ok && w.saidAt > at {
			r.cuts = append(r.cuts, w.saidAt)
		}
	}
	slices.Sort(r.cuts)
	r.cuts = slices.Compact(r.cuts)
}

// pieces yields the spans [from, end) between the cuts in which anything was
// said, with the facts in force set for each.
func (r *resolver) pieces() iter.Seq2[int64, int64] {
	return func(yield func(from, end int64) bool) {
		r.findCuts()
		from := int64(0)
		for i := 0; i <= len(r.cuts); i++ {
			end := int64(1<<63 - 1)
			if i < len(r.cuts) {
				end = r.cuts[i]
			}
			r.piece(end)
			r.passing = i < len(r.cuts)
			if r.seenAt != 0 && !yield(from, end) {
				return
			}
			from = end
		}
	}
}

// piece sets facts to those in force for someone who knows what was said before
// the instant end. Between two cuts nothing said changes the past, so one piece
// serves every instant between them.
func (r *resolver) piece(end int64) {
	r.facts = r.facts[:0]
	r.inForce, r.firstAt, r.lastAt, r.seenAt = 0, 0, 0, 0
	r.judgeMods(end)
	first := int64(0)
	for k := range r.winners {
		w := &r.winners[k]
		if w.saidAt >= end || r.superseded(k, end) {
			continue
		}
		if r.seenAt == 0 || w.saidAt < r.seenAt {
			r.seenAt = w.saidAt
		}
		if _, gone := r.voided[w.id]; gone {
			continue
		}
		r.inForce++
		if first == 0 || w.at < first {
			first = w.at
		}
		if w.correction {
			r.lastAt = max(r.lastAt, w.at)
			continue
		}
		x := *w
		x.amends = r.amends[w.id]
		for _, m := range x.amends {
			if at := r.mods[m].setAt; at != 0 {
				x.at = at
			}
		}
		r.lastAt = max(r.lastAt, x.at)
		r.facts = append(r.facts, x)
	}
	slices.SortFunc(r.facts, func(a, b ref) int { return compareFold(&a, &b) })
	r.firstAt = first
	if len(r.facts) > 0 {
		r.firstAt = r.facts[0].at
	}
}

// judgeMods fills voided, and amends by target in fold order. A later correction
// can void an earlier one; an earlier one cannot undo a later one.
func (r *resolver) judgeMods(end int64) {
	if r.voided == nil || len(r.voided)+len(r.amends) > 4096 { // a huge map is slow to clear
		r.voided, r.amends = map[string]struct{}{}, map[string][]int32{}
	}
	clear(r.voided)
	clear(r.amends)
	for i := len(r.mods) - 1; i >= 0; i-- { // mods are in fold order
		m := &r.mods[i]
		if _, gone := r.voided[m.id]; gone || !r.modSaid(m, end) {
			continue
		}
		if !m.void {
			r.amends[m.target] = append(r.amends[m.target], int32(i))
			continue
		}
		if m.target != m.id && !r.undoesLater(m, end) {
			r.voided[m.target] = struct{}{}
		}
	}
	for _, list := range r.amends {
		slices.Reverse(list)
	}
}

// undoesLater reports whether what a correction names is, as said before end, a
// correction after it.
func (r *resolver) undoesLater(m *mod, end int64) bool {
	if !m.namesLater {
		return false
	}
	from := sort.Search(len(r.winners), func(k int) bool { return r.winners[k].id >= m.target })
	revisions := r.winners[from:]
	revisions = revisions[:sort.Search(len(revisions), func(k int) bool { return revisions[k].id > m.target })]
	k := sort.Search(len(revisions), func(k int) bool { return revisions[k].saidAt < end })
	return k < len(revisions) && revisions[k].correction && compareFold(&revisions[k], &m.ref) > 0
}

// modSaid reports whether a correction was said before end and not revised.
func (r *resolver) modSaid(m *mod, end int64) bool {
	return m.saidAt < end && !r.superseded(m.winner, end)
}

// superseded reports whether winner k has a higher revision said before end.
// The revisions of an event stand together, the highest first, each said later than the
// one after it: the one before tells for all.
func (r *resolver) superseded(k int, end int64) bool {
	return k > 0 && r.winners[k-1].id == r.winners[k].id && r.winners[k-1].saidAt < end
}
