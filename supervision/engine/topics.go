package engine

import (
	"context"

	"duban/ingest/event"
	"duban/supervision/alert"
	"duban/supervision/fold"
	"duban/supervision/rule"
)

// topic is what the deliveries of a topic do to states.
type topic struct {
	// subject is the kind of subject whose states move and about which rules are evaluated
	// then; empty when there is none.
	subject string
	// serves: the states say when a service was, which ratings that do not say it wait for.
	serves bool
	// fold makes the states of the subjects that a span touches; of a topic that is not listed
	// only the cursor moves, as rules about days and hours read the facts themselves.
	fold func(ctx context.Context, f *folding, next func() uint64, s fold.Span, version uint64, n *fold.Counts) error
}

// topics are those whose facts move states.
var topics = map[event.Topic]topic{
	event.TopicCases:   {subject: rule.SubjectCase, serves: true, fold: foldCases},
	event.TopicTickets: {subject: rule.SubjectTicket, serves: true, fold: foldTickets},
	event.TopicRatings: {subject: rule.SubjectRating, fold: foldRatings},
	event.TopicItems:   {subject: rule.SubjectCase, serves: true, fold: foldItems}, // items refold their cases
	event.TopicActions: {fold: foldActions},
}

func foldCases(ctx context.Context, f *folding, _ func() uint64, s fold.Span, version uint64, n *fold.Counts) error {
	touched := s.Args()
	touched["fold_version"] = version
	return f.folder.Cases(ctx, "engine/facts_of_touched_cases", touched, version, n)
}

func foldTickets(ctx context.Context, f *folding, _ func() uint64, s fold.Span, version uint64, n *fold.Counts) error {
	touched := s.Args()
	touched["fold_version"] = version
	return f.folder.Tickets(ctx, "engine/facts_of_touched_tickets", touched, version, n)
}

func foldRatings(ctx context.Context, f *folding, _ func() uint64, s fold.Span, version uint64, n *fold.Counts) error {
	touched := s.Args()
	touched["fold_version"] = version
	if err := f.folder.Ratings(ctx, "engine/facts_of_touched_ratings", touched, version, n); err != nil {
		return err
	}
	return f.casework.OpenRatingOrders(ctx, version)
}

func foldActions(ctx context.Context, f *folding, _ func() uint64, s fold.Span, version uint64, n *fold.Counts) error {
	answered, err := f.casework.Answer(ctx, s.Args(), version)
	n.Facts.Add(int64(answered.Actions))
	n.Subjects.Add(int64(answered.Subjects))
	return err
}

func foldItems(ctx context.Context, f *folding, next func() uint64, s fold.Span, version uint64, n *fold.Counts) error {
	if err := f.folder.LoadCatalogueUntil(ctx, s); err != nil {
		return err
	}
	if err := f.announcer.Because(ctx, next, version, alert.CatalogueChanged); err != nil {
		return err
	}
	return f.folder.Cases(ctx, "engine/facts_of_cases_of_items", s.Args(), version, n)
}
