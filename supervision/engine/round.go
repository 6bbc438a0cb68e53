package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/alert"
	"duban/supervision/casework"
	"duban/supervision/fold"
	"duban/supervision/rule"
)

// round folds the next deliveries of every topic; busy when there were any, behind
// when it left some to the next round.
func (e *Engine) round(ctx context.Context, l *lease) (busy, behind bool, err error) {
	if busy, err = e.foldRereads(ctx, l); err != nil {
		return false, false, err
	}
	backlog, err := e.folder.Backlog(ctx, l.version)
	if err != nil {
		return false, false, err
	}
	for _, topic := range fold.TopicOrder() {
		e.in.lag.WithLabelValues(string(topic)).Set(float64(backlog.Lag[topic]))
	}
	for _, topic := range fold.TopicOrder() {
		s, ok := backlog.Spans[topic]
		if !ok || s.Empty() {
			continue
		}
		if err := e.foldSpan(ctx, l, s); err != nil {
			return false, false, fmt.Errorf("round of %s: %w", topic, err)
		}
		busy = true
	}
	return busy, backlog.Cut, nil
}

// foldSpan folds every subject that a span touches and then moves the
// cursors. A crash in between repeats it with the same result.
func (e *Engine) foldSpan(ctx context.Context, l *lease, s fold.Span) error {
	started, version := e.now(), l.version()
	var n fold.Counts
	contested, err := e.folder.RecordConflicts(ctx, s, version)
	if contested > 0 {
		e.in.conflicts.WithLabelValues(string(s.Topic)).Add(float64(contested))
	}
	if err != nil {
		return err
	}
	touched := s.Args()
	switch s.Topic {
	case event.TopicCases:
		touched["fold_version"] = version
		err = e.folder.Cases(ctx, "engine/facts_of_touched_cases", touched, version, &n)
	case event.TopicTickets:
		touched["fold_version"] = version
		err = e.folder.Tickets(ctx, "engine/facts_of_touched_tickets", touched, version, &n)
	case event.TopicRatings:
		touched["fold_version"] = version
		if err = e.folder.Ratings(ctx, "engine/facts_of_touched_ratings", touched, version, &n); err == nil {
			err = e.casework.OpenRatingOrders(ctx, version)
		}
	case event.TopicActions:
		var answered casework.Answered
		answered, err = e.casework.Answer(ctx, s.Args(), version)
		n.Facts.Add(int64(answered.Actions))
		n.Subjects.Add(int64(answered.Subjects))
	case event.TopicItems:
		if err = e.folder.LoadCatalogueUntil(ctx, s); err == nil {
			err = e.announcer.Because(ctx, l.version, version, alert.CatalogueChanged)
		}
		if err == nil {
			err = e.folder.Cases(ctx, "engine/facts_of_cases_of_items", touched, version, &n)
		}
	}
	if err != nil {
		return err
	}
	if err := e.evaluateRound(ctx, kindOfTopic(s.Topic), version); err != nil {
		return err
	}
	if s.Topic == event.TopicCases || s.Topic == event.TopicTickets || s.Topic == event.TopicItems {
		if err := e.foldServed(ctx, l, s, version); err != nil {
			return err
		}
	}
	if e.cfg.Rules != nil {
		if err := e.saveBehind(ctx, l); err != nil {
			return err
		}
	}
	if err := e.noteTouched(ctx, l, s, kindOfTopic(s.Topic), version); err != nil {
		return err
	}
	if s.Again {
		return nil
	}
	if err := e.folder.Advance(ctx, s, version); err != nil {
		return err
	}
	e.observe(s, &n, started)
	return nil
}

// foldServed folds again the ratings that do not say when the service was: it is the
// end of the case or ticket that has just been folded.
func (e *Engine) foldServed(ctx context.Context, l *lease, s fold.Span, version uint64) error {
	var n fold.Counts
	if err := e.folder.Ratings(ctx, "engine/facts_of_served_ratings", queries.Args{"fold_version": version}, version, &n); err != nil {
		return err
	}
	if n.Subjects.Load() == 0 {
		return nil
	}
	if err := e.casework.OpenRatingOrders(ctx, version); err != nil {
		return err
	}
	if err := e.evaluateRound(ctx, rule.SubjectRating, version); err != nil {
		return err
	}
	return e.noteTouched(ctx, l, s, rule.SubjectRating, version)
}

func (e *Engine) observe(s fold.Span, n *fold.Counts, started time.Time) {
	topic := string(s.Topic)
	e.in.rounds.WithLabelValues(topic).Inc()
	e.in.subjects.WithLabelValues(topic).Add(float64(n.Subjects.Load()))
	e.in.facts.WithLabelValues(topic).Add(float64(n.Facts.Load()))
	e.in.seconds.WithLabelValues(topic).Observe(e.now().Sub(started).Seconds())
	e.in.folded.WithLabelValues(topic).Set(float64(slices.MaxFunc(s.Received, time.Time.Compare).Unix()))
	e.log.Debug("folded", "topic", topic, "subjects", n.Subjects.Load(), "facts", n.Facts.Load(), "took_s", e.now().Sub(started).Seconds())
}
