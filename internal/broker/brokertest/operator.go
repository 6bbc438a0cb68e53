package brokertest

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"duban/ingest/event"
)

// What an operator does to topics with Kafka's own tools, over the protocol, so that it
// is the same for every broker. What takes a cluster a moment is waited for.

// settleWithin bounds how long a broker may take for what it has acknowledged.
const settleWithin = 30 * time.Second

// CreateTopic makes a topic.
func (b *Broker) CreateTopic(topic event.Topic, partitions int32) {
	b.t.Helper()
	b.create(string(topic), partitions)
	b.eventually("topic "+string(topic)+" is there", func() bool { return b.count(string(topic)) == int(partitions) })
}

func (b *Broker) create(topic string, partitions int32) {
	b.t.Helper()
	req := kmsg.NewPtrCreateTopicsRequest()
	x := kmsg.NewCreateTopicsRequestTopic()
	x.Topic, x.NumPartitions, x.ReplicationFactor = topic, partitions, 1
	req.Topics, req.TimeoutMillis = append(req.Topics, x), 30_000
	b.request(req, func(res kmsg.Response) error {
		return kerr.ErrorForCode(res.(*kmsg.CreateTopicsResponse).Topics[0].ErrorCode)
	})
}

// DeleteTopic removes a topic with its messages.
func (b *Broker) DeleteTopic(topic event.Topic) {
	b.t.Helper()
	b.remove(string(topic))
}

func (b *Broker) remove(topic string) {
	b.t.Helper()
	req := kmsg.NewPtrDeleteTopicsRequest()
	x := kmsg.NewDeleteTopicsRequestTopic()
	x.Topic = kmsg.StringPtr(topic)
	req.Topics, req.TopicNames, req.TimeoutMillis = append(req.Topics, x), []string{topic}, 30_000
	b.request(req, func(res kmsg.Response) error {
		return kerr.ErrorForCode(res.(*kmsg.DeleteTopicsResponse).Topics[0].ErrorCode)
	})
}

// AddPartitions gives a topic that many partitions in all.
func (b *Broker) AddPartitions(topic event.Topic, partitions int32) {
	b.t.Helper()
	req := kmsg.NewPtrCreatePartitionsRequest()
	x := kmsg.NewCreatePartitionsRequestTopic()
	x.Topic, x.Count = string(topic), partitions
	req.Topics, req.TimeoutMillis = append(req.Topics, x), 30_000
	b.request(req, func(res kmsg.Response) error {
		return kerr.ErrorForCode(res.(*kmsg.CreatePartitionsResponse).Topics[0].ErrorCode)
	})
	b.eventually("the partitions are there", func() bool { return b.count(string(topic)) == int(partitions) })
}

// DropBefore removes the messages of every partition that lie more than keep before its
// end, as retention does.
func (b *Broker) DropBefore(topic event.Topic, keep int64) {
	b.t.Helper()
	req := kmsg.NewPtrDeleteRecordsRequest()
	x := kmsg.NewDeleteRecordsRequestTopic()
	x.Topic = string(topic)
	for p, end := range b.ends(string(topic)) {
		y := kmsg.NewDeleteRecordsRequestTopicPartition()
		y.Partition, y.Offset = p, max(0, end-keep)
		x.Partitions = append(x.Partitions, y)
	}
	req.Topics, req.TimeoutMillis = append(req.Topics, x), 30_000
	b.request(req, func(res kmsg.Response) error {
		for _, t := range res.(*kmsg.DeleteRecordsResponse).Topics {
			for _, p := range t.Partitions {
				if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Committed is up to where a group has read each partition of a topic; partitions of
// which it has committed nothing are absent.
func (b *Broker) Committed(group string, topic event.Topic) map[int32]int64 {
	b.t.Helper()
	req := kmsg.NewPtrOffsetFetchRequest()
	x := kmsg.NewOffsetFetchRequestTopic()
	x.Topic = string(topic)
	for p := range b.ends(string(topic)) {
		x.Partitions = append(x.Partitions, p)
	}
	req.Group, req.Topics = group, append(req.Topics, x)
	out := map[int32]int64{}
	b.request(req, func(res kmsg.Response) error {
		for _, t := range res.(*kmsg.OffsetFetchResponse).Topics {
			for _, p := range t.Partitions {
				if p.Offset >= 0 {
					out[p.Partition] = p.Offset
				}
			}
		}
		return nil
	})
	return out
}

func (b *Broker) ends(topic string) map[int32]int64 {
	b.t.Helper()
	req := kmsg.NewPtrListOffsetsRequest()
	req.ReplicaID = -1
	x := kmsg.NewListOffsetsRequestTopic()
	x.Topic = topic
	for p := range b.count(topic) {
		y := kmsg.NewListOffsetsRequestTopicPartition()
		y.Partition, y.Timestamp = int32(p), -1 // the end
		x.Partitions = append(x.Partitions, y)
	}
	req.Topics = append(req.Topics, x)
	out := map[int32]int64{}
	b.request(req, func(res kmsg.Response) error {
		for _, t := range res.(*kmsg.ListOffsetsResponse).Topics {
			for _, p := range t.Partitions {
				if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
					return err
				}
				out[p.Partition] = p.Offset
			}
		}
		return nil
	})
	return out
}

// count is how many partitions of a topic have a leader, -1 when there is no such topic.
func (b *Broker) count(topic string) int {
	b.t.Helper()
	n, found := 0, false
	for _, t := range b.topics() {
		if t.Topic != nil && *t.Topic == topic && t.ErrorCode == 0 {
			found = true
			for _, p := range t.Partitions {
				if p.ErrorCode == 0 {
					n++
				}
			}
		}
	}
	if !found {
		return -1
	}
	return n
}

func (b *Broker) topics() (out []kmsg.MetadataResponseTopic) {
	b.t.Helper()
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = nil // all
	b.request(req, func(res kmsg.Response) error {
		out = res.(*kmsg.MetadataResponse).Topics
		return nil
	})
	return out
}

// request asks with a client of its own, which remembers nothing of topics that were.
func (b *Broker) request(req kmsg.Request, check func(kmsg.Response) error) {
	b.t.Helper()
	c, err := kgo.NewClient(kgo.SeedBrokers(b.addr))
	if err != nil {
		b.t.Fatalf("operate broker: %v", err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), settleWithin)
	defer cancel()
	for {
		res, err := c.Request(ctx, req)
		if err == nil {
			err = check(res)
		}
		if err == nil {
			return
		}
		if !kerr.IsRetriable(err) || ctx.Err() != nil {
			b.t.Fatalf("operate broker, %s: %v", kmsg.NameForKey(req.Key()), err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (b *Broker) eventually(what string, ok func() bool) {
	b.t.Helper()
	for end := time.Now().Add(settleWithin); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("operate broker: after %s it is not so that %s", settleWithin, what)
		}
	}
}
