package brokertest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/broker"
)

// A broker that holds what no test made is not emptied; one that was empty is marked, and
// known again.
func TestABrokerWithTopicsOfOthersIsRefused(t *testing.T) {
	on := func(topics ...string) *Broker {
		e, err := broker.Start(broker.Config{Topics: topics})
		require.NoError(t, err)
		t.Cleanup(func() { _ = e.Close() })
		return &Broker{t: t, addr: e.Addr()}
	}
	require.ErrorContains(t, on("case-events", "other").claim(), "holds topic case-events, which no test made")
	b := on("other")
	require.NoError(t, b.claim())
	b.CreateTopic(event.TopicCases, 2)
	require.NoError(t, b.claim())
	b.empty()
	require.Equal(t, -1, b.count("case-events"))
	require.Equal(t, 4, b.count("other"), "what is not of the product stays")
}
