package event

import (
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
