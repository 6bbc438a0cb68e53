package source

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"github.com/segmentio/kafka-go"

	"duban/ingest/event"
)

// DefaultPartitions is how many partitions EnsureTopics gives a new topic.
const DefaultPartitions = 4

// timestampConfig is the topic setting that makes the broker stamp arrival.
const timestampConfig, timestampAppend = "message.timestamp.type", "LogAppendTime"

// EnsureTopics creates the topics that do not exist, each with the given
// number of partitions (DefaultPartitions when 0), the broker's own
// replication factor and arrival stamped by the broker. Topics that exist stay
// as they are. It returns when every topic can be used.
func (c *Client) EnsureTopics(ctx context.Context, topics []event.Topic, partitions int) error {
	if partitions <= 0 {
		partitions = DefaultPartitions
	}
	req := &kafka.CreateTopicsRequest{}
	for _, t := range topics {
		req.Topics = append(req.Topics, kafka.TopicConfig{
			Topic: string(t), NumPartitions: partitions, ReplicationFactor: -1,
			ConfigEntries: []kafka.ConfigEntry{{ConfigName: timestampConfig, ConfigValue: timestampAppend}},
		})
	}
	res, err := c.client.CreateTopics(ctx, req)
	if err != nil {
		return fmt.Errorf("create topics: %w", err)
	}
	for name, err := range res.Errors {
		if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			return fmt.Errorf("create topic %s: %w", name, err)
		}
	}
	for _, t := range topics {
		if _, err := c.waitPartitions(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// EnsureTopics creates every topic of the product on the given brokers; see
// Client.EnsureTopics.
func EnsureTopics(ctx context.Context, brokers []string, sec Security, partitions int) error {
	c, err := NewClient(brokers, "duban", sec)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.EnsureTopics(ctx, event.Topics(), partitions)
}

// Partitions returns how many partitions a topic has.
func (c *Client) Partitions(ctx context.Context, topic event.Topic) (int, error) {
	res, err := c.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{string(topic)}})
	if err != nil {
		return 0, fmt.Errorf("ask broker for topic %s: %w", topic, err)
	}
	for _, t := range res.Topics {
		if t.Name != string(topic) {
			continue
		}
		if t.Error != nil {
			return 0, fmt.Errorf("ask broker for topic %s: %w", topic, t.Error)
		}
		if len(t.Partitions) > 0 {
			return len(t.Partitions), nil
		}
	}
	return 0, fmt.Errorf("ask broker for topic %s: %w", topic, kafka.UnknownTopicOrPartition)
}

// waitPartitions is Partitions for a topic that may just have been made: a
// cluster needs a moment until every broker knows it.
func (c *Client) waitPartitions(ctx context.Context, topic event.Topic) (int, error) {
	for wait := 20 * time.Millisecond; ; wait *= 2 {
		n, err := c.Partitions(ctx, topic)
		if err == nil || wait > 10*time.Second {
			return n, err
		}
		select {
		case <-ctx.Done():
			return 0, errors.Join(err, ctx.Err())
		case <-time.After(wait):
		}
	}
}

// CreateTimeTopics returns those of the given topics whose arrival time is not
// stamped by the broker: for them received_at is only the producer's claim.
func (c *Client) CreateTimeTopics(ctx context.Context, topics []event.Topic) ([]event.Topic, error) {
	req := &kafka.DescribeConfigsRequest{}
	for _, t := range topics {
		req.Resources = append(req.Resources, kafka.DescribeConfigRequestResource{
			ResourceType: kafka.ResourceTypeTopic, ResourceName: string(t), ConfigNames: []string{timestampConfig},
		})
	}
	res, err := c.client.DescribeConfigs(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("ask broker for topic settings: %w", err)
	}
	var out []event.Topic
	for _, r := range res.Resources {
		if r.Error != nil {
			return nil, fmt.Errorf("ask broker for settings of topic %s: %w", r.ResourceName, r.Error)
		}
		stamped := false
		for _, e := range r.ConfigEntries {
			stamped = stamped || e.ConfigName == timestampConfig && e.ConfigValue == timestampAppend
		}
		if !stamped {
			out = append(out, event.Topic(r.ResourceName))
		}
	}
	return out, nil
}

// Offsets is the range of one partition that a broker holds: Begin is the
// first offset still there, End the offset the next message will get.
type Offsets struct {
	Partition int
	Begin     int64
	End       int64
}

// Offsets returns the ranges of every partition of the topics, sorted by
// partition; a topic the broker does not know is absent.
func (c *Client) Offsets(ctx context.Context, topics []event.Topic) (out map[event.Topic][]Offsets, err error) {
	err = whileLeadersMove(ctx, func() (err error) {
		out, err = c.offsets(ctx, topics)
		return err
	})
	return out, err
}

func (c *Client) offsets(ctx context.Context, topics []event.Topic) (map[event.Topic][]Offsets, error) {
	req := &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{}}
	known, err := c.Describe(ctx, topics)
	if err != nil {
		return nil, err
	}
	for t := range known {
		// What the client remembers of the cluster, by which it finds the leaders,
		// may not know a new topic yet.
		n, err := c.waitPartitions(ctx, t)
		if err != nil {
			return nil, err
		}
		for p := range min(n, known[t].Partitions) {
			req.Topics[string(t)] = append(req.Topics[string(t)], kafka.FirstOffsetOf(p), kafka.LastOffsetOf(p))
		}
	}
	out := make(map[event.Topic][]Offsets, len(req.Topics))
	if len(req.Topics) == 0 {
		return out, nil
	}
	res, err := c.client.ListOffsets(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("ask broker for offsets: %w", err)
	}
	for name, ps := range res.Topics {
		t := event.Topic(name)
		for _, p := range ps {
			if p.Error != nil {
				return nil, fmt.Errorf("ask broker for offsets of %s/%d: %w", name, p.Partition, p.Error)
			}
			out[t] = append(out[t], Offsets{Partition: p.Partition, Begin: p.FirstOffset, End: p.LastOffset})
		}
		sort.Slice(out[t], func(i, j int) bool { return out[t][i].Partition < out[t][j].Partition })
	}
	return out, nil
}

// Committed returns the offset that a consumer group goes on at in each of the given
// partitions; 0 where it has committed none.
func (c *Client) Committed(ctx context.Context, group string, of map[event.Topic][]Offsets) (map[event.Topic]map[int]int64, error) {
	req := &kafka.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{}}
	for t, ps := range of {
		for _, p := range ps {
			req.Topics[string(t)] = append(req.Topics[string(t)], p.Partition)
		}
	}
	res, err := c.client.OffsetFetch(ctx, req)
	if err == nil {
		err = res.Error
	}
	if errors.Is(err, kafka.GroupIdNotFound) {
		return map[event.Topic]map[int]int64{}, nil // nobody has read anything
	}
	if err != nil {
		return nil, fmt.Errorf("ask broker for the offsets of group %s: %w", group, err)
	}
	out := map[event.Topic]map[int]int64{}
	for name, ps := range res.Topics {
		out[event.Topic(name)] = map[int]int64{}
		for _, p := range ps {
			if p.Error != nil {
				return nil, fmt.Errorf("ask broker for the offsets of group %s in %s/%d: %w", group, name, p.Partition, p.Error)
			}
			out[event.Topic(name)][p.Partition] = max(0, p.CommittedOffset)
		}
	}
	return out, nil
}

// Held counts the messages of each topic that are held back by a transaction that
// is not ended: they lie between the last stable offset and the given ends.
func (c *Client) Held(ctx context.Context, ends map[event.Topic][]Offsets) (out map[event.Topic]int64, err error) {
	err = whileLeadersMove(ctx, func() (err error) {
		out, err = c.heldBack(ctx, ends)
		return err
	})
	return out, err
}

func (c *Client) heldBack(ctx context.Context, ends map[event.Topic][]Offsets) (map[event.Topic]int64, error) {
	req := &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{}, IsolationLevel: kafka.ReadCommitted}
	for t, ps := range ends {
		for _, p := range ps {
			req.Topics[string(t)] = append(req.Topics[string(t)], kafka.LastOffsetOf(p.Partition))
		}
	}
	out := map[event.Topic]int64{}
	if len(req.Topics) == 0 {
		return out, nil
	}
	res, err := c.client.ListOffsets(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("ask broker for open transactions: %w", err)
	}
	for name, ps := range res.Topics {
		t := event.Topic(name)
		for _, p := range ps {
			if p.Error != nil {
				return nil, fmt.Errorf("ask broker for open transactions of %s/%d: %w", name, p.Partition, p.Error)
			}
			for _, o := range ends[t] {
				if o.Partition == p.Partition {
					out[t] += max(0, o.End-p.LastOffset)
				}
			}
		}
	}
	return out, nil
}

// leadersSettle is how long a partition may be between two leaders, or new and not
// taken up by its first one, until a question about it fails.
const leadersSettle = 10 * time.Second

// whileLeadersMove asks again while the answer is that a partition has no leader at
// this moment: a topic that was just made, or a broker that is restarted.
func whileLeadersMove(ctx context.Context, ask func() error) error {
	begun := time.Now()
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		err := ask()
		moving := errors.Is(err, kafka.NotLeaderForPartition) || errors.Is(err, kafka.LeaderNotAvailable) ||
			errors.Is(err, kafka.UnknownTopicOrPartition)
		if !moving || time.Since(begun) > leadersSettle {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}
