package simulate

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"duban/ingest/event"
	"duban/supervision/simulate/encode"
	"duban/supervision/simulate/inject"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/truth"
	"duban/supervision/simulate/world"
)

// run is one run of a simulator.
type run struct {
	*Simulator
	out       Publisher
	progress  func(Progress)
	planner   *inject.Injector
	encoder   *encode.Encoder
	tally     *truth.Tally
	malformed *encode.Malformer
	judge     *truth.Judge
	alerts    AlertLedger
	stats     truth.Statistics
	rates     truth.Rates
	// posts are messages about no life, bad the bad ratings that count, moved
	// what is sent at the very end.
	posts []post
	bad   []plan.BadRating
	moved []post

	queue queue
	free  []*plan.Subject // subjects that are done, to be used again

	sent       int64 // messages of every kind
	sentFacts  int64 // messages about subjects
	sentBroken int64
	today      int32
	byTopic    [7]*TopicLedger // in the order of event.Topics
	topics     map[string]*TopicLedger
	types      map[string]map[string]int64
	states     map[string]map[string]int64
	subjects   SubjectLedger
	line       []byte // buffer for the per-case ledger
}

// everything sends the directory and the catalogue, then lives the days of the
// period one by one, then sends what is still on its way.
func (r *run) everything(ctx context.Context) error {
	if err := r.reference(ctx); err != nil {
		return err
	}
	if err := r.prepare(); err != nil {
		return err
	}
	var nextCase, nextTicket int64
	for r.today = r.from; r.today <= r.to; r.today++ {
		for until := r.caseDays.Before(r.today+1, r.cases); nextCase < until; nextCase++ {
			if err := r.begin(ctx, false, nextCase); err != nil {
				return err
			}
		}
		for until := r.ticketDays.Before(r.today+1, r.tickets); nextTicket < until; nextTicket++ {
			if err := r.begin(ctx, true, nextTicket); err != nil {
				return err
			}
		}
		for len(r.queue) > 0 && r.due() < world.StartOf(r.today+1) {
			if err := r.sendPosts(ctx, r.due()); err != nil {
				return err
			}
			if err := r.sendNext(ctx); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	for len(r.queue) > 0 {
		if err := r.sendNext(ctx); err != nil {
			return err
		}
	}
	if err := r.sendPosts(ctx, world.Forever); err != nil {
		return err
	}
	for r.sentBroken < r.config.Malformed {
		if err := r.sendMalformed(ctx); err != nil {
			return err
		}
	}
	if err := r.afterwards(ctx); err != nil {
		return err
	}
	return r.recordStatistics()
}

// reference sends every organisation and every version of every item.
func (r *run) reference(ctx context.Context) error {
	for i := range r.world.Orgs {
		key, value := r.encoder.OrganisationMessage(&r.world.Orgs[i])
		if err := r.publish(ctx, event.TopicOrganisations, key, value); err != nil {
			return err
		}
		r.byTopic[4].Facts++
	}
	if err := r.recordReference(); err != nil {
		return err
	}
	for i := range r.world.Items {
		it := &r.world.Items[i]
		for v := range it.Versions {
			key, value := r.encoder.ItemMessage(it, v)
			if err := r.publish(ctx, event.TopicItems, key, value); err != nil {
				return err
			}
			r.byTopic[3].Facts++
			r.subjects.ItemVersions++
		}
	}
	return nil
}

// begin plans one life, records what it has to lead to, and puts it into the queue; when too many
// are under way it sends what comes first.
func (r *run) begin(ctx context.Context, ticket bool, index int64) error {
	s := r.take()
	if ticket {
		r.planner.PlanTicket(s, plan.StreamTicket, index, r.today)
	} else {
		r.planner.PlanCase(s, plan.StreamCase, index, r.today)
	}
	delayed := r.planner.Schedule(r.end, r.config.Faults, r.config.Conflicts)
	var subs []truth.SubCase
	relatives := s.Family
	if relatives.Members > 0 {
		relatives.No, relatives.Index, relatives.Org, relatives.Item = string(s.No), s.Index, s.Org, s.Item
		if relatives.Day == 0 {
			relatives.Day = s.Day
		}
		var err error
		if subs, err = r.beginFamily(s, relatives); err != nil {
			return err
		}
		for i := range subs {
			s.HeadSince = min(s.HeadSince, subs[i].Member)
		}
	}
	if err := r.recordExpected(s, subs, delayed); err != nil {
		return err
	}
	for i := range s.Facts {
		if f := &s.Facts[i]; f.Afterwards && r.config.Pace == nil {
			topic, key, value := r.encoder.Message(s, plan.Send{At: f.At + 1000, Fact: int32(i)})
			r.moved = append(r.moved, post{f.At, topic, bytes.Clone(key), bytes.Clone(value)})
		}
	}
	r.queue.push(s)
	for len(r.queue) > r.config.OpenSubjects {
		if err := r.sendNext(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) take() *plan.Subject {
	if n := len(r.free); n > 0 {
		s := r.free[n-1]
		r.free = r.free[:n-1]
		return s
	}
	return &plan.Subject{}
}

// due returns when the next message leaves.
func (r *run) due() int64 { s := r.queue[0]; return s.Sends[s.Next].At }

// sendNext sends the next message of the first subject of the queue.
func (r *run) sendNext(ctx context.Context) error {
	s := r.queue[0]
	x := s.Sends[s.Next]
	if r.config.Pace != nil {
		if err := r.pace(ctx, x.At); err != nil {
			return err
		}
	}
	topic, key, value := r.encoder.Message(s, x)
	counts := r.byTopic[s.Facts[x.Fact].About]
	switch x.Mode {
	case plan.SendOriginal:
		counts.Facts++
	case plan.SendConflict:
		counts.Conflicts++
	default:
		counts.Duplicates++
	}
	if err := r.publish(ctx, topic, key, value); err != nil {
		return err
	}
	r.sentFacts++
	if s.Next++; s.Next < len(s.Sends) {
		r.queue.settle()
	} else {
		r.free = append(r.free, r.queue.drop())
	}
	// Malformed messages are spread evenly among the others.
	for r.sentBroken < r.config.Malformed && r.sentBroken*r.config.Events < r.sentFacts*r.config.Malformed {
		if err := r.sendMalformed(ctx); err != nil {
			return err
		}
	}
	return nil
}

// pace waits until a message may leave.
func (r *run) pace(ctx context.Context, at int64) error {
	return r.config.Pace(ctx, time.UnixMilli(at))
}

func (r *run) sendMalformed(ctx context.Context) error {
	topic, reason, key, value := r.malformed.Next()
	r.sentBroken++
	for i, t := range event.Topics() {
		if t == topic {
			r.byTopic[i].Malformed[reason]++
		}
	}
	return r.publish(ctx, topic, key, value)
}

func (r *run) publish(ctx context.Context, topic event.Topic, key, value []byte) error {
	if err := r.out.Publish(ctx, topic, key, value); err != nil {
		return fmt.Errorf("publish message %d to %s: %w", r.sent+1, topic, err)
	}
	r.sent++
	r.topics[string(topic)].Sent++
	if r.sent%20_000 == 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.tell(min(r.today, r.to))
	}
	return nil
}

func (r *run) tell(day int32) {
	if r.progress != nil {
		r.progress(Progress{Sent: r.sent, Expected: r.Expected(), Day: world.Date(max(day, r.from)).Format(time.DateOnly)})
	}
}
