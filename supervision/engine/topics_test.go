package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/supervision/fold"
)

// A topic that nobody named would only move its cursor, or hold it for ever.
func TestEveryTopicIsFoldedAndHasAPlaceInTheOrder(t *testing.T) {
	require.ElementsMatch(t, event.Topics(), fold.TopicOrder())
	for _, topic := range event.Topics() {
		require.Contains(t, topics, topic)
	}
	require.Len(t, topics, len(event.Topics()))
}
