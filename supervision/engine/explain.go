package engine

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/lifecycle"
)

// CaseExplanation is one case folded again as of an instant.
type CaseExplanation struct {
	// Facts are all facts that occurred by then, losers of conflicts left out.
	Facts []event.Case
	State lifecycle.CaseState
	// Days tells for each clock of the state, in order, which days counted.
	Days [][]lifecycle.ClockDay
}

// TicketExplanation is one ticket folded again as of an instant.
type TicketExplanation struct {
	Facts []event.Ticket
	State lifecycle.TicketState
	Days  [][]lifecycle.ClockDay
}

// ExplainCase folds the facts of one case that occurred by asOf and says day
// by day how its dates came about; nil when there is no such fact. It needs no
// lease and works beside an engine that runs.
func (e *Engine) ExplainCase(ctx context.Context, source, caseNo string, asOf time.Time) (*CaseExplanation, error) {
	facts, contested, err := oneSubject(ctx, e, caseKind(), "engine/facts_of_one_case", source, caseNo,
		func(f *event.Case) bool { return f.OccurredAt <= asOf.UnixMilli() })
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	catalogue, err := e.currentCatalogue(ctx)
	if err != nil {
		return nil, err
	}
	x := &CaseExplanation{Facts: facts}
	lifecycle.NewFolder(catalogue, e.Calendar(), e.cfg.Policy).Case(facts, &x.State)
	x.State.Conflict = x.State.Conflict || contested
	x.Days, err = e.days(x.State.Clocks, x.State.Pauses, asOf)
	return x, err
}

// ExplainTicket is ExplainCase for a hotline ticket.
func (e *Engine) ExplainTicket(ctx context.Context, source, ticketNo string, asOf time.Time) (*TicketExplanation, error) {
	facts, contested, err := oneSubject(ctx, e, ticketKind(), "engine/facts_of_one_ticket", source, ticketNo,
		func(f *event.Ticket) bool { return f.OccurredAt <= asOf.UnixMilli() })
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	x := &TicketExplanation{Facts: facts}
	lifecycle.NewFolder(nil, e.Calendar(), e.cfg.Policy).Ticket(facts, &x.State)
	x.State.Conflict = x.State.Conflict || contested
	x.Days, err = e.days(x.State.Clocks, x.State.Pauses, asOf)
	return x, err
}

// maxRunOver is how long past its due day a running clock is told, in
// milliseconds: 180 days.
const maxRunOver = 180 * 24 * 60 * 60 * 1000

func (e *Engine) days(clocks []lifecycle.Clock, pauses []lifecycle.Pause, asOf time.Time) ([][]lifecycle.ClockDay, error) {
	out := make([][]lifecycle.ClockDay, len(clocks))
	for i, k := range clocks {
		// A clock that has run for many years is told day by day up to its due
		// day; what came after is one number.
		at := min(asOf.UnixMilli(), max(k.StartAt, k.DueAt)+maxRunOver)
		days, err := lifecycle.ExplainClock(k, pauses, e.Calendar(), at)
		if err != nil {
			return nil, fmt.Errorf("explain clock %s: %w", k.Clock, err)
		}
		out[i] = days
	}
	return out, nil
}

// explained keeps the catalogue of the last explanation, which is read again
// when items were folded since. It is not that of the fold: an engine may be
// folding beside.
type explained struct {
	mu        sync.Mutex
	upTo      map[position]uint64
	catalogue *lifecycle.Catalogue
}

func (e *Engine) currentCatalogue(ctx context.Context) (*lifecycle.Catalogue, error) {
	next, err := e.cursors(ctx)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(next, func(p position, _ uint64) bool { return p.topic != string(event.TopicItems) })
	x := &e.explained
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.catalogue != nil && maps.Equal(next, x.upTo) {
		return x.catalogue, nil
	}
	c, err := e.readCatalogue(ctx, next)
	if err != nil {
		return nil, err
	}
	x.upTo, x.catalogue = next, c
	return c, nil
}

// oneSubject reads the facts of one subject that pass keep; contested: one of
// them came again under its identity with other content.
func oneSubject[F, S any](ctx context.Context, e *Engine, k kind[F, S], query, source, subject string, keep func(*F) bool) (facts []F, contested bool, err error) {
	err = k.Read(ctx, e.pool, e.reg, query, queries.Args{"source": source, "subject": subject}, func(_ context.Context, f *F, lost, against bool) error {
		if !keep(f) {
			return nil
		}
		contested = contested || lost || against
		if !lost {
			facts = append(facts, *f)
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	return facts, contested, nil
}
