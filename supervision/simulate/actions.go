package simulate

import (
	"context"
	"fmt"
	"sort"

	"duban/ingest/event"
	"duban/supervision/simulate/encode"
	"duban/supervision/simulate/plan"
)

// post is a message about no life: an action on an order, or a measurement.
type post struct {
	at         int64
	topic      event.Topic
	key, value []byte
}

// prepare plans and records what is not about lives: orders, exposures and
// measurements. Their number depends on the world and the period only.
func (r *run) prepare() error {
	for _, e := range plan.WorkItems(r.world, r.config.Seed, r.config.Source, r.config.Violations, r.from, r.to) {
		for i := range e.Actions {
			if d := &e.Actions[i]; d.At < r.end {
				key, value := r.encoder.ActionMessage(e.Kind, e.ID, i, d)
				r.posts = append(r.posts, post{d.At, event.TopicActions, key, value})
			}
		}
		if e.Violation != "" {
			r.alerts.Planted[e.Violation]++
		}
		if err := r.recordAlerts("order", []byte(e.ID), r.judge.WorkItem(&e)); err != nil {
			return err
		}
	}
	if err := r.sendMeasurements(); err != nil {
		return err
	}
	sort.SliceStable(r.posts, func(i, k int) bool { return r.posts[i].at < r.posts[k].at })
	return nil
}

// sendPosts sends what is not about lives and was due before an instant.
func (r *run) sendPosts(ctx context.Context, until int64) error {
	for len(r.posts) > 0 && r.posts[0].at < until {
		p := &r.posts[0]
		if r.config.Pace != nil {
			if err := r.pace(ctx, p.at); err != nil {
				return err
			}
		}
		r.topics[string(p.topic)].Facts++
		if err := r.publish(ctx, p.topic, p.key, p.value); err != nil {
			return err
		}
		r.posts = r.posts[1:]
	}
	return nil
}

// afterwards sends what presupposes that the product has seen the rest: the work
// on the orders that it opens for bad ratings, and the times that are moved after
// a card was announced. Config.Settle waits for that.
func (r *run) afterwards(ctx context.Context) error {
	if r.config.Pace != nil || len(r.bad) == 0 && len(r.moved) == 0 {
		return nil
	}
	if r.config.Settle != nil {
		if err := r.out.Flush(ctx); err != nil {
			return fmt.Errorf("flush the simulated messages: %w", err)
		}
		if err := r.config.Settle(ctx); err != nil {
			return fmt.Errorf("wait until the product has seen what people act on: %w", err)
		}
	}
	for i := range r.bad {
		b := &r.bad[i]
		id := encode.RatingOrder(r.config.Source, fmt.Sprintf("PJ%s-%d", b.No, b.Fact))
		actions := plan.RatingWork(r.world, r.config.Seed, r.config.Violations, b)
		for k := range actions {
			if d := &actions[k]; d.At < r.end {
				key, value := r.encoder.ActionMessage("rating", id, k+1, d)
				r.topics[string(event.TopicActions)].Facts++
				if err := r.publish(ctx, event.TopicActions, key, value); err != nil {
					return err
				}
			}
		}
		if err := r.recordAlerts("order", []byte(id), r.judge.RatingWork(b, actions)); err != nil {
			return err
		}
	}
	for i := range r.moved {
		p := &r.moved[i]
		r.topics[string(p.topic)].Facts++
		if err := r.publish(ctx, p.topic, p.key, p.value); err != nil {
			return err
		}
	}
	return nil
}
