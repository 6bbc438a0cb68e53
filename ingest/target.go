package ingest

import (
	"context"

	"duban/ingest/event"
	"duban/ingest/source"
)

// Partition names one partition of a topic.
type Partition struct {
	Topic  event.Topic
	Number int
}

// Target is what the broker holds at an instant, as places in the ledger.
type Target struct {
	begins, ends map[Partition]int64
	// Held is how many of its messages are held back by transactions that are not
	// ended.
	Held int64
}

// Target asks for the ends of all partitions; it fails with a RewoundError when a
// topic is not the one that was read.
func (a *Auditor) Target(ctx context.Context) (*Target, error) {
	all, err := loadIncarnations(ctx, a.conn, a.reg)
	if err != nil {
		return nil, err
	}
	read, _, err := ledgerEnds(ctx, a.conn, a.reg) // before the ends, which must not lie before it
	if err != nil {
		return nil, err
	}
	infos, err := a.kafka.Describe(ctx, a.topics)
	if err != nil {
		return nil, err
	}
	offsets, err := a.kafka.Offsets(ctx, a.topics)
	if err != nil {
		return nil, err
	}
	held, err := a.kafka.Held(ctx, offsets)
	if err != nil {
		return nil, err
	}
	t := &Target{begins: map[Partition]int64{}, ends: map[Partition]int64{}}
	for topic, ps := range offsets {
		for _, o := range ps {
			key := partitionKey{topic, o.Partition}
			if all.stranger(topic, infos[topic]) && read[key] > 0 || all[key].base+o.End < read[key] {
				return nil, &RewoundError{Topic: string(topic), Partition: o.Partition, End: o.End, Ledger: read[key] - all[key].base}
			}
			p := Partition{topic, o.Partition}
			t.begins[p], t.ends[p] = all[key].base+o.Begin, all[key].base+o.End
		}
		t.Held += held[topic]
	}
	return t, nil
}

// Lag counts the messages before the target that the given places do not reach.
func (t *Target) Lag(next map[Partition]int64) int64 {
	var lag int64
	for p, end := range t.ends {
		lag += max(0, end-max(t.begins[p], next[p]))
	}
	return lag
}

// stranger says that the broker's topic is not the one that was read last.
func (all incarnations) stranger(topic event.Topic, info source.TopicInfo) bool {
	latest, _ := all.of(topic)
	return latest.topicID != "" && info.ID != "" && latest.topicID != info.ID
}

// Folded counts the messages of the topic that lie below the given places of the
// states, and those that the broker has and the states have not.
func (s TopicStatus) Folded(next map[Partition]int64) (folded, lag int64) {
	for _, r := range s.read {
		at := next[Partition{s.Topic, r.partition}]
		if at >= r.next {
			folded += r.next - r.first
		} else {
			folded += max(0, at-r.first)
		}
	}
	for _, h := range s.held {
		lag += max(0, h.end-max(h.begin, next[Partition{s.Topic, h.partition}]))
	}
	return folded, lag
}

// stretch is a range of places of one partition.
type stretch struct {
	partition   int
	first, next int64
}

// held is what the broker holds of a partition, in places.
type held struct {
	partition  int
	begin, end int64
}
