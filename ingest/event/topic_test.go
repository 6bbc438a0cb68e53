package event

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// A topic that was forgotten must not end up in the table of another one.
func TestEachTopicHasATableOfItsOwn(t *testing.T) {
	tables := map[string]Topic{}
	for _, topic := range Topics() {
		require.NotEmpty(t, topic.Table(), topic)
		require.NotContains(t, tables, topic.Table(), topic)
		tables[topic.Table()] = topic
	}
	require.Empty(t, Topic("another").Table())
}

// Two topics with one place would change it from start to start.
func TestEachTopicHasAPlaceOfItsOwn(t *testing.T) {
	for name, place := range map[string]func(about) int{
		"in the list": func(a about) int { return a.place }, "when folding": func(a about) int { return a.folded },
	} {
		taken := map[int]Topic{}
		for _, topic := range Topics() {
			at := place(topics[topic])
			require.Positive(t, at, topic)
			require.NotContains(t, taken, at, "%s: %s", name, topic)
			taken[at] = topic
		}
	}
	// The catalogue comes before the cases that need it, what people do last.
	order := FoldOrder()
	require.Less(t, slices.Index(order, TopicItems), slices.Index(order, TopicCases))
	require.Less(t, slices.Index(order, TopicCases), slices.Index(order, TopicRatings))
	require.Equal(t, TopicActions, order[len(order)-1])
}
