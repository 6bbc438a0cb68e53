package sink

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
)

// Every topic has columns of its own, into which its facts fit, and files them.
func TestEveryTopicHasColumnsForItsFacts(t *testing.T) {
	facts := map[event.Topic]event.Fact{
		event.TopicCases: &event.Case{SourceSys: "s", CaseNo: "n"}, event.TopicTickets: &event.Ticket{SourceSys: "s", TicketNo: "n"},
		event.TopicRatings: &event.Rating{SourceSys: "s", CaseNo: "n"}, event.TopicItems: &event.Item{SourceSys: "s", TaskCode: "n"},
		event.TopicOrganisations: &event.Organisation{SourceSys: "s", OrgCode: "n"},
		event.TopicActions:       &event.Action{SourceSys: "s", SubjectKind: "alert", SubjectID: "n"},
		event.TopicMeasurements:  &event.Measurement{SourceSys: "s", Name: "n"},
	}
	require.Len(t, tables, len(event.Topics()))
	for _, topic := range event.Topics() {
		require.Contains(t, tables, topic)
		b := NewBatch(topic)
		b.Add(facts[topic])
		require.Equal(t, 1, b.Facts(), topic)
		f := facts[topic].Filing()
		require.Equal(t, "n", f.Subject, topic)
		require.Equal(t, event.PartitionKey(map[bool]string{true: "alert", false: "s"}[topic == event.TopicActions], "n"), f.Key(), topic)
	}
}
