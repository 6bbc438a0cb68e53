package lifecycle

// snapshot is an element of a history: comparable, with an instant from which
// it holds.
type snapshot[S any] interface {
	comparable
	from() int64
	movedTo(at int64) S
	// void is what holds when nothing is in force any more.
	void() S
}

func (s Snapshot) from() int64                           { return s.At }
func (s Snapshot) movedTo(at int64) Snapshot             { s.At = at; return s }
func (Snapshot) void() Snapshot                          { return Snapshot{Excluded: ExcludedVoid, PromiseBasis: BasisNone} }
func (s TicketSnapshot) from() int64                     { return s.At }
func (s TicketSnapshot) movedTo(at int64) TicketSnapshot { s.At = at; return s }
func (TicketSnapshot) void() TicketSnapshot {
	return TicketSnapshot{Excluded: ExcludedVoid, DueBasis: BasisNone}
}

// lookup returns the element that holds at an instant.
func lookup[S snapshot[S]](history []S, at int64) (S, bool) {
	lo, hi := 0, len(history)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if history[mid].from() <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		var none S
		return none, false
	}
	return history[lo-1], true
}

// appendSnapshot adds what holds from an instant on, or nothing when it is what
// held before.
func appendSnapshot[S snapshot[S]](h []S, s S) []S {
	for n := len(h); n > 0; n = len(h) {
		last := h[n-1]
		if last.movedTo(s.from()) == s {
			return h
		}
		if last.from() != s.from() {
			break
		}
		h = h[:n-1]
	}
	return append(h, s)
}

// appendPiece adds the part [from, end) of a piece's history to what was known
// before.
func appendPiece[S snapshot[S]](past, piece []S, from, end int64) []S {
	if from != 0 {
		start, known := lookup(piece, from)
		if !known {
			start = start.void()
		}
		past = appendSnapshot(past, start.movedTo(from))
	}
	for _, s := range piece {
		if s.from() > from && s.from() < end {
			past = appendSnapshot(past, s)
		}
	}
	return past
}
