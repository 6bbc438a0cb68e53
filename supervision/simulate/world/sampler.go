package world

import (
	"math/rand/v2"
	"sort"
)

// Sampler draws an index with a chance in proportion to its weight.
type Sampler struct{ upTo []int }

func newSampler(weights []int) *Sampler {
	l := &Sampler{upTo: make([]int, len(weights))}
	sum := 0
	for i, w := range weights {
		sum += w
		l.upTo[i] = sum
	}
	return l
}

// Draw returns an index whose weight is not zero; the weights must not all be.
func (l *Sampler) Draw(r *rand.Rand) int {
	n := r.IntN(l.upTo[len(l.upTo)-1])
	return sort.SearchInts(l.upTo, n+1)
}
