package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/evaluate"
	"duban/supervision/fold"
	"duban/supervision/movement"
	"duban/supervision/rule"
)

// folding makes states of what the ledger holds above the cursors, and has the rules
// evaluated about them before the cursors move.
type folding struct {
	*parts
	// rereadAt is when it was asked last what was read once more.
	rereadAt time.Time
}

// run folds the next deliveries of every topic. What it leaves to the next turn holds the
// watermark back; what arrived long ago is followed an hour of arrivals at a time.
func (f *folding) run(ctx context.Context, t *Turn) error {
	if err := f.rereads(ctx, t); err != nil {
		return err
	}
	announced := f.announcer.Until()
	backlog, err := f.folder.Backlog(ctx, t.next, announced)
	if err != nil {
		return err
	}
	for _, topic := range event.FoldOrder() {
		f.in.lag.WithLabelValues(string(topic)).Set(float64(backlog.Lag[topic]))
	}
	for _, topic := range event.FoldOrder() {
		s, ok := backlog.Spans[topic]
		if !ok || s.Empty() {
			continue
		}
		if err := f.span(ctx, t.next, s); err != nil {
			return fmt.Errorf("round of %s: %w", topic, err)
		}
		t.Folded = true
	}
	if behind := !backlog.Known.IsZero(); behind && t.Watermark.After(backlog.Known) {
		t.Watermark, t.Behind = backlog.Known, !backlog.Cut
	}
	if t.Backlog = backlog.Cut; t.Backlog || t.Watermark.Before(announced) {
		t.Watermark = announced
	}
	return nil
}

// span folds every subject that a span touches and then moves the
// cursors. A crash in between repeats it with the same result.
func (f *folding) span(ctx context.Context, next func() uint64, s fold.Span) error {
	started, version := f.now(), next()
	n := fold.Counts{New: s.Holds}
	contested, err := f.folder.RecordConflicts(ctx, s, version)
	if contested > 0 {
		f.in.conflicts.WithLabelValues(string(s.Topic)).Add(float64(contested))
	}
	if err != nil {
		return err
	}
	kind := topics[s.Topic]
	if kind.fold != nil {
		if err := kind.fold(ctx, f, next, s, version, &n); err != nil {
			return err
		}
	}
	if s.Topic == event.TopicOrganisations { // nothing is made of them, but figures are told by them
		f.folder.Passed(movement.Organisation)
	}
	if err := f.evaluator.Round(ctx, kind.subject, version); err != nil {
		return err
	}
	if kind.serves {
		if err := f.served(ctx, next, s, version); err != nil {
			return err
		}
	}
	if err := f.evaluator.SaveFailed(ctx, next); err != nil {
		return err
	}
	if err := f.evaluator.NoteLate(ctx, next, evaluate.Arrived{Span: s.Args(), Kind: kind.subject, Version: version, Corrected: n.Corrected}); err != nil {
		return err
	}
	if s.Again {
		return nil
	}
	if err := f.folder.Advance(ctx, s, version); err != nil {
		return err
	}
	f.observe(s, &n, started)
	return nil
}

// served folds again the ratings that do not say when the service was: it is the
// end of the case or ticket that has just been folded.
func (f *folding) served(ctx context.Context, next func() uint64, s fold.Span, version uint64) error {
	var n fold.Counts
	if err := f.folder.Ratings(ctx, "engine/facts_of_served_ratings", queries.Args{"fold_version": version}, version, &n); err != nil {
		return err
	}
	if n.Subjects.Load() == 0 {
		return nil
	}
	if err := f.casework.OpenRatingOrders(ctx, version); err != nil {
		return err
	}
	if err := f.evaluator.Round(ctx, rule.SubjectRating, version); err != nil {
		return err
	}
	return f.evaluator.NoteLate(ctx, next, evaluate.Arrived{Span: s.Args(), Kind: rule.SubjectRating, Version: version})
}

func (f *folding) observe(s fold.Span, n *fold.Counts, started time.Time) {
	topic := string(s.Topic)
	f.in.rounds.WithLabelValues(topic).Inc()
	f.in.subjects.WithLabelValues(topic).Add(float64(n.Subjects.Load()))
	f.in.facts.WithLabelValues(topic).Add(float64(n.Facts.Load()))
	f.in.seconds.WithLabelValues(topic).Observe(f.now().Sub(started).Seconds())
	f.in.folded.WithLabelValues(topic).Set(float64(slices.MaxFunc(s.Received, time.Time.Compare).Unix()))
	f.log.Debug("folded", "topic", topic, "subjects", n.Subjects.Load(), "facts", n.Facts.Load(), "took_s", f.now().Sub(started).Seconds())
}
