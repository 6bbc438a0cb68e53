package engine

import (
	"context"
	"time"

	"duban/supervision/fold"
)

// ExplainCase folds the facts of one case that occurred by asOf; see fold.Folder.
func (e *Engine) ExplainCase(ctx context.Context, source, caseNo string, asOf time.Time) (*fold.CaseExplanation, error) {
	return e.folder.ExplainCase(ctx, source, caseNo, asOf)
}

// ExplainTicket is ExplainCase for a hotline ticket.
func (e *Engine) ExplainTicket(ctx context.Context, source, ticketNo string, asOf time.Time) (*fold.TicketExplanation, error) {
	return e.folder.ExplainTicket(ctx, source, ticketNo, asOf)
}
