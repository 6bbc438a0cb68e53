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
	"duban/supervision/rule"
)

// span is the part of a topic that a round folds: of each partition the
// offsets from froms up to, not including, untils.
type span struct {
	topic         event.Topic
	partitions    []uint64
	froms, untils []uint64
	received      []time.Time
	// again is set on what was folded before: it moves no cursor.
	again bool
}

func (s span) empty() bool { return len(s.partitions) == 0 }

// args are the parameters of fragment facts_range.
func (s span) args() queries.Args {
	return queries.Args{
		"topic": string(s.topic), "partitions": s.partitions, "froms": s.froms, "untils": s.untils,
		"from_offset": slices.Min(s.froms), "until_offset": slices.Max(s.untils),
	}
}

// position is where one partition stands.
type position struct {
	topic     string
	partition uint64
}

// topicOrder folds the catalogue before the cases that need it.
func topicOrder() []event.Topic {
	return []event.Topic{
		event.TopicItems, event.TopicOrganisations, event.TopicCases, event.TopicTickets, event.TopicRatings,
		event.TopicMeasurements, event.TopicActions,
	}
}

// round folds the next deliveries of every topic; busy when there were any, behind
// when it left some to the next round.
func (e *Engine) round(ctx context.Context, l *lease) (busy, behind bool, err error) {
	if busy, err = e.foldRereads(ctx, l); err != nil {
		return false, false, err
	}
	spans, behind, err := e.spans(ctx, l)
	if err != nil {
		return false, false, err
	}
	for _, topic := range topicOrder() {
		s, ok := spans[topic]
		if !ok || s.empty() {
			continue
		}
		if err := e.foldSpan(ctx, l, s); err != nil {
			return false, false, fmt.Errorf("round of %s: %w", topic, err)
		}
		busy = true
	}
	return busy, behind, nil
}

// spans compares the end of the ledger with what is folded.
func (e *Engine) spans(ctx context.Context, l *lease) (all map[event.Topic]span, behind bool, err error) {
	next, err := e.cursors(ctx)
	if err != nil {
		return nil, false, err
	}
	ends, err := selectEnds.All(ctx, e.reg, e.db.Conn(), queries.Args{})
	if err != nil {
		return nil, false, err
	}
	out, lag := map[event.Topic]span{}, map[event.Topic]uint64{}
	for _, m := range ends {
		p := uint64(m.Partition)
		from, end := next[position{string(m.Topic), p}], m.End
		if from > end {
			if err := e.rewind(ctx, l, string(m.Topic), p, from, end, m.ReceivedAt); err != nil {
				return nil, false, err
			}
		}
		if from >= end {
			continue
		}
		lag[m.Topic] += end - from
		s := out[m.Topic]
		s.topic = m.Topic
		s.partitions = append(s.partitions, p)
		s.froms = append(s.froms, from)
		s.untils = append(s.untils, end)
		s.received = append(s.received, m.ReceivedAt)
		out[m.Topic] = s
	}
	for _, topic := range topicOrder() {
		e.in.lag.WithLabelValues(string(topic)).Set(float64(lag[topic]))
	}
	for _, s := range out {
		cut, err := e.cut(ctx, s)
		if err != nil {
			return nil, false, err
		}
		behind = behind || cut
	}
	return out, behind, nil
}

// cut bounds a span to what a round may take, and reports whether it did.
func (e *Engine) cut(ctx context.Context, s span) (bool, error) {
	limit, cut := uint64(max(1, e.cfg.RoundDeliveries/len(s.partitions))), false
	for i, from := range s.froms {
		if s.untils[i]-from > limit {
			s.untils[i], cut = from+limit, true
		}
	}
	if !cut {
		return false, nil
	}
	sums, err := selectInRange.All(ctx, e.reg, e.db.Conn(), s.args())
	if err != nil {
		return false, err
	}
	for _, m := range sums {
		s.received[slices.Index(s.partitions, uint64(m.Partition))] = m.ReceivedAt
	}
	return true, nil
}

func (e *Engine) cursors(ctx context.Context) (map[position]uint64, error) {
	stored, err := selectCursors.All(ctx, e.reg, e.db.Conn(), queries.Args{})
	if err != nil {
		return nil, err
	}
	next := map[position]uint64{}
	for _, m := range stored {
		next[position{m.Topic, uint64(m.Partition)}] = m.NextOffset
	}
	return next, nil
}

// foldSpan folds every subject that a span touches and then moves the
// cursors. A crash in between repeats it with the same result.
func (e *Engine) foldSpan(ctx context.Context, l *lease, s span) error {
	started, version := e.now(), l.version()
	var n counts
	if err := e.recordConflicts(ctx, s, version); err != nil {
		return err
	}
	touched := s.args()
	var err error
	switch s.topic {
	case event.TopicCases:
		touched["fold_version"] = version
		err = foldFacts(ctx, e, caseKind(), "engine/facts_of_touched_cases", touched, version, &n)
	case event.TopicTickets:
		touched["fold_version"] = version
		err = foldFacts(ctx, e, ticketKind(), "engine/facts_of_touched_tickets", touched, version, &n)
	case event.TopicRatings:
		touched["fold_version"] = version
		if err = foldFacts(ctx, e, ratingKind(e.Calendar(), e.cfg.Policy), "engine/facts_of_touched_ratings", touched, version, &n); err == nil {
			err = e.casework.OpenRatingOrders(ctx, version)
		}
	case event.TopicActions:
		var answered casework.Answered
		answered, err = e.casework.Answer(ctx, s.args(), version)
		n.facts.Add(int64(answered.Actions))
		n.subjects.Add(int64(answered.Subjects))
	case event.TopicItems:
		if err = e.loadCatalogueUntil(ctx, s); err == nil {
			err = e.because(ctx, l, version, alert.CatalogueChanged)
		}
		if err == nil {
			err = foldFacts(ctx, e, caseKind(), "engine/facts_of_cases_of_items", touched, version, &n)
		}
	}
	if err != nil {
		return err
	}
	if err := e.evaluateRound(ctx, kindOfTopic(s.topic), version); err != nil {
		return err
	}
	if s.topic == event.TopicCases || s.topic == event.TopicTickets || s.topic == event.TopicItems {
		if err := e.foldServed(ctx, l, s, version); err != nil {
			return err
		}
	}
	if e.cfg.Rules != nil {
		if err := e.saveBehind(ctx, l); err != nil {
			return err
		}
	}
	if err := e.noteTouched(ctx, l, s, kindOfTopic(s.topic), version); err != nil {
		return err
	}
	if s.again {
		return nil
	}
	if err := e.reg.Exec(ctx, e.db.Conn(), "engine/save_cursors", queries.Args{
		"topic": string(s.topic), "partitions": s.partitions, "nexts": s.untils, "received": s.received,
		"fold_version": version, "at": e.now(),
	}); err != nil {
		return err
	}
	e.observe(s, &n, started)
	return nil
}

// foldServed folds again the ratings that do not say when the service was: it is the
// end of the case or ticket that has just been folded.
func (e *Engine) foldServed(ctx context.Context, l *lease, s span, version uint64) error {
	var n counts
	if err := foldFacts(ctx, e, ratingKind(e.cfg.Calendar, e.cfg.Policy), "engine/facts_of_served_ratings", queries.Args{"fold_version": version}, version, &n); err != nil {
		return err
	}
	if n.subjects.Load() == 0 {
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

func (e *Engine) observe(s span, n *counts, started time.Time) {
	topic := string(s.topic)
	e.in.rounds.WithLabelValues(topic).Inc()
	e.in.subjects.WithLabelValues(topic).Add(float64(n.subjects.Load()))
	e.in.facts.WithLabelValues(topic).Add(float64(n.facts.Load()))
	e.in.seconds.WithLabelValues(topic).Observe(e.now().Sub(started).Seconds())
	e.in.folded.WithLabelValues(topic).Set(float64(slices.MaxFunc(s.received, time.Time.Compare).Unix()))
	e.log.Debug("folded", "topic", topic, "subjects", n.subjects.Load(), "facts", n.facts.Load(), "took_s", e.now().Sub(started).Seconds())
}

// conflictName ends the name of the statement that puts losers into the rejects.
func conflictName(topic event.Topic) string {
	switch topic {
	case event.TopicCases:
		return "cases"
	case event.TopicTickets:
		return "tickets"
	case event.TopicRatings:
		return "ratings"
	case event.TopicItems:
		return "items"
	case event.TopicActions:
		return "actions"
	case event.TopicMeasurements:
		return "measurements"
	default:
		return "organisations"
	}
}

// recordConflicts finds identities of the span that came with more than one
// content, records which delivery stands, and puts the others into the rejects.
func (e *Engine) recordConflicts(ctx context.Context, s span, version uint64) error {
	contested, _, err := selectContested.First(ctx, e.reg, e.db.Conn(), s.args())
	if err != nil || contested.Identities == 0 {
		return err
	}
	e.in.conflicts.WithLabelValues(string(s.topic)).Add(float64(contested.Identities))
	args := s.args()
	args["fold_version"] = version
	if err := e.reg.Exec(ctx, e.db.Conn(), "engine/record_conflicts", args); err != nil {
		return err
	}
	if err := e.reg.Exec(ctx, e.db.Conn(), "engine/reject_conflicts_"+conflictName(s.topic), queries.Args{
		"fold_version": version, "at": e.now(),
	}); err != nil {
		return err
	}
	wrong, _, err := selectWrongRejects.First(ctx, e.reg, e.db.Conn(), queries.Args{})
	if err != nil || wrong.Rejects == 0 {
		return err
	}
	return e.reg.Exec(ctx, e.db.Conn(), "engine/withdraw_rejects", queries.Args{})
}
