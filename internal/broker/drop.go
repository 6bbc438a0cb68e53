package broker

import "fmt"

// DropTo removes the messages of a partition before an offset and returns how many
// went. The last message stays: from it the broker knows after a crash where the
// partition goes on.
func (b *Broker) DropTo(topic string, partition int32, offset int64) (int64, error) {
	for _, p := range b.cluster.PartitionInfos(topic) {
		if p.Partition != partition {
			continue
		}
		if offset = min(offset, p.HighWatermark-1); offset <= p.LogStartOffset {
			return 0, nil
		}
		if err := b.cluster.DeleteRecords(topic, partition, offset); err != nil {
			return 0, fmt.Errorf("drop messages of %s/%d before %d: %w", topic, partition, offset, err)
		}
		return offset - p.LogStartOffset, nil
	}
	return 0, fmt.Errorf("drop messages of %s/%d: there is no such partition", topic, partition)
}
