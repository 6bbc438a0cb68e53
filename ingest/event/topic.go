package event

import "slices"

// Topic is the name of a Kafka topic that carries facts of one kind.
type Topic string

// The topics that the product reads.
const (
	TopicCases         Topic = "case-events"
	TopicTickets       Topic = "hotline-tickets"
	TopicRatings       Topic = "satisfaction-ratings"
	TopicItems         Topic = "service-items"
	TopicOrganisations Topic = "organisations"
	// TopicActions carries what people do in the product itself.
	TopicActions Topic = "actions"
	// TopicMeasurements carries what other systems have counted.
	TopicMeasurements Topic = "measurements"
)

// Topics lists every topic in a fixed order.
func Topics() []Topic {
	return []Topic{TopicCases, TopicTickets, TopicRatings, TopicItems, TopicOrganisations, TopicActions, TopicMeasurements}
}

// Known reports whether t is one of Topics.
func (t Topic) Known() bool {
	return slices.Contains(Topics(), t)
}

// Table is the table that holds the facts of a topic; empty for one that is none of Topics.
func (t Topic) Table() string {
	return map[Topic]string{
		TopicCases: "case_events", TopicTickets: "ticket_events", TopicRatings: "ratings", TopicItems: "items",
		TopicOrganisations: "organisations", TopicActions: "actions", TopicMeasurements: "measurements",
	}[t]
}

// PartitionKey is the Kafka message key of a fact: everything about one
// subject goes to one partition, so that its facts keep their order.
func PartitionKey(sourceSys, subject string) string { return sourceSys + "\x1f" + subject }
