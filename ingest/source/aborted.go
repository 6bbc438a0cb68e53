package source

import (
	"cmp"
	"slices"
)

// takenBack tells which record batches of one answer belong to transactions
// that were taken back. The broker lists these by producer and first offset;
// each lasts until its producer's next mark. One pass over the batches in their
// order suffices, as in Kafka's own Java client: the producers whose transaction
// is being taken back at this place are a set.
type takenBack struct {
	coming    []abortedTxn // not begun yet, by first offset
	producers map[int64]struct{}
}

func newTakenBack(listed []abortedTxn) *takenBack {
	t := &takenBack{}
	if len(listed) == 0 {
		return t
	}
	t.coming, t.producers = slices.Clone(listed), map[int64]struct{}{}
	slices.SortFunc(t.coming, func(a, b abortedTxn) int { return cmp.Compare(a.first, b.first) })
	return t
}

// has is asked for every batch in order.
func (t *takenBack) has(h *header) bool {
	if t.producers == nil {
		return false
	}
	for len(t.coming) > 0 && t.coming[0].first <= h.last {
		t.producers[t.coming[0].producer] = struct{}{}
		t.coming = t.coming[1:]
	}
	_, in := t.producers[h.producer]
	if h.control {
		delete(t.producers, h.producer)
	}
	return in && h.txn
}
