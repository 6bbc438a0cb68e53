package simulate

import "duban/supervision/simulate/plan"

// queue holds the subjects that have something to send, the next one first. It
// is a binary heap; equal times are told apart by kind and index, so that the
// order never depends on chance.
type queue []*plan.Subject

func (q queue) less(i, j int) bool {
	a, b := q[i], q[j]
	if x, y := a.Sends[a.Next].At, b.Sends[b.Next].At; x != y {
		return x < y
	}
	if a.Ticket != b.Ticket {
		return b.Ticket
	}
	return a.Index < b.Index
}

func (q *queue) push(s *plan.Subject) {
	*q = append(*q, s)
	h := *q
	for i := len(h) - 1; i > 0; {
		parent := (i - 1) / 2
		if !h.less(i, parent) {
			return
		}
		h[i], h[parent] = h[parent], h[i]
		i = parent
	}
}

// settle puts the first subject where it belongs after its next send changed.
func (q queue) settle() {
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(q) {
			return
		}
		if child+1 < len(q) && q.less(child+1, child) {
			child++
		}
		if !q.less(child, i) {
			return
		}
		q[i], q[child] = q[child], q[i]
		i = child
	}
}

// drop removes the first subject.
func (q *queue) drop() *plan.Subject {
	h := *q
	first := h[0]
	h[0] = h[len(h)-1]
	h[len(h)-1] = nil
	*q = h[:len(h)-1]
	if len(*q) > 0 {
		q.settle()
	}
	return first
}
