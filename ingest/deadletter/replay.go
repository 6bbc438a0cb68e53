package deadletter

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"duban/ingest/event"
	"duban/ingest/source"
)

// Sender publishes messages and returns when they are durable.
type Sender interface {
	PublishAll(ctx context.Context, topic event.Topic, msgs []source.Message) error
}

// Check decodes a message without storing it: the partition key of the fact,
// or why it would be refused again.
type Check func(topic event.Topic, value []byte) (key string, refusal error)

// Summary says what a replay did.
type Summary struct {
	// Found is how many rejects the filter chose.
	Found int `json:"found"`
	// Sent is how many were published again.
	Sent int `json:"sent"`
	// Unrepaired is how many the repair had nothing for, or left as they were
	// although only a change can help.
	Unrepaired int `json:"unrepaired"`
	// Emptied is how many have no bytes any more, as the retention setting took them away.
	Emptied int `json:"emptied,omitempty"`
	// StillRefused is how many would be refused again; they were not sent.
	StillRefused int `json:"still_refused"`
	// Problems tells of the first of these, with their places.
	Problems []string `json:"problems,omitempty"`
}

const maxProblems = 50

func (s *Summary) emptied(r Row) {
	s.Emptied++
	if len(s.Problems) < maxProblems {
		s.Problems = append(s.Problems, fmt.Sprintf("%s: the original bytes were removed on %s by the retention setting", r.Place,
			r.RemovedAt.UTC().Format(time.DateOnly)))
	}
}

func (s *Summary) problem(p Place, err error) {
	s.StillRefused++
	if len(s.Problems) < maxProblems {
		s.Problems = append(s.Problems, fmt.Sprintf("%s: %v", p, err))
	}
}

// Replay repairs the rejects of a filter, publishes those that are facts now
// and notes when. A crash between publishing and noting sends them once more
// next time, which changes no figure. With dryRun nothing is sent.
func (b *Box) Replay(ctx context.Context, f Filter, repair Repair, check Check, to Sender, now func() time.Time,
	dryRun bool) (Summary, error) {
	var sum Summary
	err := b.Each(ctx, f, func(rows []Row) error {
		msgs := map[event.Topic][]source.Message{}
		var places []string
		for _, r := range rows {
			sum.Found++
			if !r.RemovedAt.IsZero() {
				sum.emptied(r)
				continue
			}
			value, err := repair(r)
			if err != nil {
				sum.problem(r.Place, err)
				continue
			}
			if value == nil || r.Reason == ConflictingRewrite && bytes.Equal(value, r.Raw) {
				sum.Unrepaired++
				continue
			}
			key, err := check(r.Topic, value)
			if err != nil {
				sum.problem(r.Place, err)
				continue
			}
			msgs[r.Topic] = append(msgs[r.Topic], source.Message{Key: []byte(key), Value: value})
			places = append(places, r.String())
		}
		sum.Sent += len(places)
		if dryRun || len(places) == 0 {
			return nil
		}
		for topic, m := range msgs {
			if err := to.PublishAll(ctx, topic, m); err != nil {
				return fmt.Errorf("publish repaired messages: %w", err)
			}
		}
		return b.markReplayed(ctx, places, now())
	})
	return sum, err
}
