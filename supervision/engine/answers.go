package engine

import (
	"context"
	"time"

	"duban/supervision/fold"
	"duban/supervision/rule"
)

// What an engine answers to pages; it needs no lease for it.

// Rules is the catalogue of the engine; nil when it has none.
func (e *Engine) Rules() *rule.Catalogue { return e.cfg.Rules }

// ExplainCase folds the facts of one case that occurred by asOf; see fold.Folder.
func (e *Engine) ExplainCase(ctx context.Context, source, caseNo string, asOf time.Time) (*fold.CaseExplanation, error) {
	return e.folder.ExplainCase(ctx, source, caseNo, asOf)
}

// ExplainTicket is ExplainCase for a hotline ticket.
func (e *Engine) ExplainTicket(ctx context.Context, source, ticketNo string, asOf time.Time) (*fold.TicketExplanation, error) {
	return e.folder.ExplainTicket(ctx, source, ticketNo, asOf)
}

// Offers lists what somebody in a role and an organisation may do to items of a
// kind as they stand: what a page offers. Items that do not exist are left out.
func (e *Engine) Offers(ctx context.Context, kind string, ids []string, role, org string) (map[string][]string, error) {
	return e.casework.Offers(ctx, kind, ids, role, org)
}
