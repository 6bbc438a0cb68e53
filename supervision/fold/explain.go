package fold

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/explain"
	"duban/supervision/lifecycle/items"
)

// CaseExplanation is one case folded again as of an instant.
type CaseExplanation struct {
	// Facts are all facts that occurred by then, losers of conflicts left out.
	Facts []event.Case
	State lifecycle.CaseState
	// Days tells for each clock of the state, in order, which days counted.
	Days [][]explain.Day
}

// TicketExplanation is one ticket folded again as of an instant.
type TicketExplanation struct {
	Facts []event.Ticket
	State lifecycle.TicketState
	Days  [][]explain.Day
}

// ExplainCase folds the facts of one case that occurred by asOf and says day
// by day how its dates came about; nil when there is no such fact. It needs no
// lease and works beside an engine that runs.
func (f *Folder) ExplainCase(ctx context.Context, source, caseNo string, asOf time.Time) (*CaseExplanation, error) {
	facts, contested, err := oneSubject(ctx, f, caseKind(), "engine/facts_of_one_case", source, caseNo,
		func(x *event.Case) bool { return x.OccurredAt <= asOf.UnixMilli() })
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	catalogue, err := f.currentCatalogue(ctx)
	if err != nil {
		return nil, err
	}
	x := &CaseExplanation{Facts: facts}
	lifecycle.NewFolder(catalogue, f.calendar(), f.policy).Case(facts, &x.State)
	x.State.Conflict = x.State.Conflict || contested
	x.Days, err = f.days(x.State.Clocks, x.State.Pauses, asOf)
	return x, err
}

// ExplainTicket is ExplainCase for a hotline ticket.
func (f *Folder) ExplainTicket(ctx context.Context, source, ticketNo string, asOf time.Time) (*TicketExplanation, error) {
	facts, contested, err := oneSubject(ctx, f, ticketKind(), "engine/facts_of_one_ticket", source, ticketNo,
		func(x *event.Ticket) bool { return x.OccurredAt <= asOf.UnixMilli() })
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	x := &TicketExplanation{Facts: facts}
	lifecycle.NewFolder(nil, f.calendar(), f.policy).Ticket(facts, &x.State)
	x.State.Conflict = x.State.Conflict || contested
	x.Days, err = f.days(x.State.Clocks, x.State.Pauses, asOf)
	return x, err
}

// maxRunOver is how long past its due day a running clock is told, in
// milliseconds: 180 days.
const maxRunOver = 180 * 24 * 60 * 60 * 1000

func (f *Folder) days(clocks []lifecycle.Clock, pauses []lifecycle.Pause, asOf time.Time) ([][]explain.Day, error) {
	out := make([][]explain.Day, len(clocks))
	for i, k := range clocks {
		// A clock that has run for many years is told day by day up to its due
		// day; what came after is one number.
		at := min(asOf.UnixMilli(), max(k.StartAt, k.DueAt)+maxRunOver)
		days, err := explain.Days(k, pauses, f.calendar(), at)
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
	upTo      map[Position]uint64
	catalogue *items.Catalogue
}

func (f *Folder) currentCatalogue(ctx context.Context) (*items.Catalogue, error) {
	next, err := f.Cursors(ctx)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(next, func(p Position, _ uint64) bool { return p.Topic != string(event.TopicItems) })
	x := &f.explained
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.catalogue != nil && maps.Equal(next, x.upTo) {
		return x.catalogue, nil
	}
	c, err := f.readCatalogue(ctx, next)
	if err != nil {
		return nil, err
	}
	x.upTo, x.catalogue = next, c
	return c, nil
}

// oneSubject reads the facts of one subject that pass keep; contested: one of
// them came again under its identity with other content.
func oneSubject[F, S any](
	ctx context.Context, f *Folder, k kind[F, S], query, source, subject string, keep func(*F) bool,
) (facts []F, contested bool, err error) {
	args := queries.Args{"source": source, "subject": subject}
	err = k.Read(ctx, f.pool, f.reg, query, args, func(_ context.Context, x *F, lost, against bool) error {
		if !keep(x) {
			return nil
		}
		contested = contested || lost || against
		if !lost {
			facts = append(facts, *x)
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	return facts, contested, nil
}
