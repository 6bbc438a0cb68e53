package lifecycle

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"duban/ingest/event"
)

// ref stands for one fact of either kind while the facts of a subject are put
// in order.
type ref struct {
	// idx is the place in the input.
	idx int32
	rev uint32
	// at is the instant in force: the fact's own, or the one an amend gives.
	at int64
	// saidAt is the fact's own OccurredAt: from then on it can be seen.
	saidAt  int64
	seq     int64
	id      string
	rank    uint8
	content uint64
	origin  event.Origin
	// firstReceived is when the event arrived first, in whatever revision.
	firstReceived int64
	// correction marks a void or an amend.
	correction bool
	// amends are the places in resolver.mods of the amends in force, in order.
	amends []int32
}

// compareFold orders facts as the fold reads them (domain guide 2.6).
func compareFold(a, b *ref) int {
	switch {
	case a.at != b.at:
		return cmp.Compare(a.at, b.at)
	case a.rank != b.rank:
		return cmp.Compare(a.rank, b.rank)
	case a.seq != b.seq:
		return cmp.Compare(a.seq, b.seq)
	}
	return strings.Compare(a.id, b.id)
}

// compareArrival orders the deliveries of one identity, the one in force first.
func compareArrival(a, b *ref) int {
	if c := cmp.Compare(a.origin.ReceivedAt, b.origin.ReceivedAt); c != 0 {
		return c
	}
	if c := cmp.Compare(a.origin.Offset, b.origin.Offset); c != 0 {
		return c
	}
	if c := cmp.Compare(a.origin.Partition, b.origin.Partition); c != 0 {
		return c
	}
	if c := cmp.Compare(a.content, b.content); c != 0 {
		return c
	}
	return cmp.Compare(a.seq, b.seq)
}

// mod is a void or an amend.
type mod struct {
	ref
	// winner is its place in resolver.winners.
	winner  int
	void    bool
	target  string
	setAt   int64
	setBody string
	// namesLater: some revision of what it names is a correction after it.
	namesLater bool
}

// resolver turns what arrived about one subject into the facts in force. When a
// fact changes what was said before (void, amend, a revision with a later
// instant), the past has to stay as it was seen: then there are cuts, and the
// facts in force differ between them.
type resolver struct {
	refs []ref
	// facts are the facts in force of the piece asked for, in fold order,
	// without voids and amends.
	facts []ref
	// cuts are the instants from which the past reads differently, ascending.
	cuts []int64
	mods []mod
	// conflict: two deliveries of one identity differ.
	conflict bool
	// inForce counts facts and mods in force of the piece; firstAt and lastAt
	// are their limits; seenAt is the first instant at which any can be seen.
	inForce         uint32
	firstAt, lastAt int64
	seenAt          int64
	// passing: the piece is one that later ones replace; only its history is read.
	passing bool
	// scratch
	winners []ref
	voided  map[string]struct{}
	amends  map[string][]int32
}

// reset forgets the last subject and makes room for n facts.
func (r *resolver) reset(n int) {
	r.refs = slices.Grow(r.refs[:0], n)
	r.conflict, r.passing = false, false
	r.cuts, r.mods = r.cuts[:0], r.mods[:0]
}

// dedupe keeps one delivery of every identity, and of the revisions of an event
// those that were in force at some time; it leaves them in winners. same tells
// whether two facts without content hash claim the same.
func (r *resolver) dedupe(same func(i, j int32) bool) {
	slices.SortFunc(r.refs, func(a, b ref) int {
		if c := strings.Compare(a.id, b.id); c != 0 {
			return c
		}
		if a.rev != b.rev {
			return cmp.Compare(b.rev, a.rev)
		}
		return compareArrival(&a, &b)
	})
	r.winners = r.winners[:0]
	for i := 0; i < len(r.refs); {
		first := &r.refs[i]
		r.winners = append(r.winners, *first)
		top := len(r.winners) - 1
		earliest := first.saidAt
		head := i // the delivery in force of the revision at hand
		arrived := first.origin.ReceivedAt
		var j int
		for j = i + 1; j < len(r.refs) && r.refs[j].id == first.id; j++ {
			x := &r.refs[j]
			arrived = min(arrived, x.origin.ReceivedAt)
			if x.rev == r.refs[head].rev {
				r.conflict = r.conflict || r.differ(&r.refs[head], x, same)
				continue
			}
			head = j
			// A lower revision matters only before the higher ones were said.
			if x.saidAt < earliest {
				r.winners = append(r.winners, *x)
				earliest = x.saidAt
			}
		}
		for k := top; k < len(r.winners); k++ {
			r.winners[k].firstReceived = arrived
		}
		for k := top; k < len(r.winners)-1; k++ {
			r.cuts = append(r.cuts, r.winners[k].saidAt)
		}
		i = j
	}
}

// deliveries are all that arrived of an event, in whatever revision.
func (r *resolver) deliveries(id string) []ref {
	from := sort.Search(len(r.refs), func(k int) bool { return r.refs[k].id >= id })
	of := r.refs[from:]
	return of[:sort.Search(len(of), func(k int) bool { return of[k].id > id })]
}

func (r *resolver) differ(a, b *ref, same func(i, j int32) bool) bool {
	if a.content != 0 || b.content != 0 {
		return a.content != b.content
	}
	return !same(a.idx, b.idx)
}

// plain finishes a subject that nothing changes in hindsight.
func (r *resolver) plain() {
	r.facts = append(r.facts[:0], r.winners...)
	if !slices.IsSortedFunc(r.facts, func(a, b ref) int { return compareFold(&a, &b) }) {
		slices.SortFunc(r.facts, func(a, b ref) int { return compareFold(&a, &b) })
	}
	r.inForce = uint32(len(r.facts))
	r.firstAt, r.lastAt, r.seenAt = 0, 0, 0
	if n := len(r.facts); n > 0 {
		r.firstAt, r.lastAt = r.facts[0].at, r.facts[n-1].at
		r.seenAt = r.firstAt
	}
}
