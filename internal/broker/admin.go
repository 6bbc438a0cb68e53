package broker

import (
	"errors"
	"fmt"
)

// What an operator does to topics with Kafka's own tools.

// CreateTopic makes a topic.
func (b *Broker) CreateTopic(topic string, partitions int32) error {
	if err := b.cluster.CreateTopic(topic, partitions, nil); err != nil {
		return fmt.Errorf("create topic %s: %w", topic, err)
	}
	return nil
}

// DeleteTopic removes a topic with its messages.
func (b *Broker) DeleteTopic(topic string) error {
	if err := b.cluster.DeleteTopic(topic); err != nil {
		return fmt.Errorf("delete topic %s: %w", topic, err)
	}
	return nil
}

// DropBefore removes the messages of every partition that lie more than keep
// before its end, as retention does, and returns how many went.
func (b *Broker) DropBefore(topic string, keep int64) (int64, error) {
	var n int64
	var errs []error
	for _, p := range b.cluster.PartitionInfos(topic) {
		at := max(p.LogStartOffset, p.HighWatermark-keep)
		if err := b.cluster.DeleteRecords(topic, p.Partition, at); err != nil {
			errs = append(errs, err)
			continue
		}
		n += at - p.LogStartOffset
	}
	return n, errors.Join(errs...)
}
