package simulate

import (
	"math/rand/v2"
	"sort"
)

// lottery draws an index with a chance in proportion to its weight.
type lottery struct{ upTo []int }

func newLottery(weights []int) *lottery {
	l := &lottery{upTo: make([]int, len(weights))}
	sum := 0
	for i, w := range weights {
		sum += w
		l.upTo[i] = sum
	}
	return l
}

// draw returns an index whose weight is not zero; the weights must not all be.
func (l *lottery) draw(r *rand.Rand) int {
	n := r.IntN(l.upTo[len(l.upTo)-1])
	return sort.SearchInts(l.upTo, n+1)
}

// pick draws one of a list of weighted words.
func pick(r *rand.Rand, words []weighted) string {
	sum := 0
	for i := range words {
		sum += words[i].weight
	}
	n := r.IntN(sum)
	for i := range words {
		if n -= words[i].weight; n < 0 {
			return words[i].word
		}
	}
	return words[len(words)-1].word
}

// weighted is a word and how often it comes up.
type weighted struct {
	word   string
	weight int
}
