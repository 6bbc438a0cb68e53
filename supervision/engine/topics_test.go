package engine

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
)

// A topic that nobody named would only move its cursor, or hold it for ever.
func TestEveryTopicIsFoldedAndHasAPlaceInTheOrder(t *testing.T) {
	rest := maps.Clone(topics)
	require.ElementsMatch(t, event.Topics(), event.FoldOrder())
	for _, topic := range event.Topics() {
		moves, listed := topics[topic]
		require.Equal(t, topic.MovesStates(), listed, topic)
		require.Equal(t, listed, moves.fold != nil, topic)
		delete(rest, topic)
	}
	require.Empty(t, rest)
}
