package page

import (
	"context"
	"maps"

	"duban/dashboards/access"
	"duban/queries"
)

// discreet tells the queries about alerts and work how much of what is secret the reader
// may see, whichever page asks; without a word they tell nothing of it. Every answer goes
// through it, so that no page can tell a number that it does not know to be secret.
type discreet struct {
	Querier
	secrets *secretKeeper
}

// tellsSecrets are the queries that can tell of secret subjects, by their parameter secret.
var tellsSecrets = map[string]bool{
	"page/alert": true, "page/alerts": true, "page/alerts_behind": true, "page/alert_counts": true, "page/alert_orgs": true,
	"page/alert_siblings": true,
	"page/appeals":        true, "page/todo": true, "page/todo_counts": true, "page/work_counts": true, "page/work_item": true,
	"page/work_items":   true,
	"page/outage_cases": true, "page/rules": true,
}

// Run implements Querier.
func (d discreet) Run(ctx context.Context, name string, args queries.Args, by ...string) (*queries.Result, error) {
	res, err := d.Querier.Run(ctx, name, discreetArgs(ctx, name, args), by...)
	if err != nil {
		return nil, err
	}
	return res, d.keep(ctx, name, res)
}

// Stream implements Querier.
func (d discreet) Stream(ctx context.Context, name string, args queries.Args, batch int, each func(*queries.Result) error) error {
	return d.Querier.Stream(ctx, name, discreetArgs(ctx, name, args), batch, d.each(ctx, name, each))
}

// each keeps every batch before it is handed over.
func (d discreet) each(ctx context.Context, name string, each func(*queries.Result) error) func(*queries.Result) error {
	return func(res *queries.Result) error {
		if err := d.keep(ctx, name, res); err != nil {
			return err
		}
		if len(res.Rows) == 0 {
			return nil
		}
		return each(res)
	}
}

func discreetArgs(ctx context.Context, name string, args queries.Args) queries.Args {
	if !tellsSecrets[name] {
		return args
	}
	own := make(queries.Args, len(args)+1)
	maps.Copy(own, args)
	own["secret"] = access.SecretsFor(ctx)
	return own
}

// keep takes out of an answer what its reader may not be told.
func (d discreet) keep(ctx context.Context, name string, res *queries.Result) error {
	if access.SecretsFor(ctx) == access.AllSecrets {
		return nil
	}
	s, err := d.secrets.known(ctx)
	if err == nil {
		s.keep(res, tellsSecrets[name])
	}
	return err
}
