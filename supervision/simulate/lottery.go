package simulate

import "math/rand/v2"

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
