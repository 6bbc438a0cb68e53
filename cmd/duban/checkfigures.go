package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"duban/cmd/duban/internal/shell"
	"duban/metrics"
	"duban/queries"
	"duban/supervision/lawzone"
	"duban/supervision/movement"
)

const (
	// figuresPatience is how long a check waits for the ledger to stand.
	figuresPatience = 2 * time.Minute
	// figuresStatement bounds a statement: who only reads may take a minute.
	figuresStatement = 55 * time.Second
	// figuresShown bounds the differences of each kind that are named.
	figuresShown = 20
)

// figures holds the ledger under the figures against the states, of one subject of so many.
func (r *checkReport) figures(ctx context.Context, c *shell.Common, every uint64) error {
	cl, err := c.OpenReader()
	if err != nil {
		return err
	}
	defer cl.Close()
	ctx, until := queries.Bounded(ctx, figuresStatement), time.Now().Add(figuresPatience)
	for {
		at, err := metrics.KnownAt(ctx, cl.Reg, cl.DB.Conn())
		if err != nil {
			return err
		}
		if !at.IsZero() {
			found, err := movement.Differences(ctx, cl.Reg, cl.DB.Conn(), every, figuresShown)
			if err != nil {
				return err
			}
			// What was written meanwhile shows as a difference that is none.
			if after, err := metrics.KnownAt(ctx, cl.Reg, cl.DB.Conn()); err != nil || after.Equal(at) {
				r.differences(at, every, found)
				return err
			}
		}
		if time.Now().After(until) {
			left, err := movement.LoadProgress(ctx, cl.Reg, cl.DB.Conn())
			if err == nil {
				err = fmt.Errorf("the ledger has not caught up: %d cases and %d tickets left; figures are computed from the states until then",
					left.Cases, left.Tickets)
			}
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
	}
}

func (r *checkReport) differences(at time.Time, every uint64, found map[string][]movement.Difference) {
	of := "every subject"
	if every > 1 {
		of = fmt.Sprintf("one subject of %d", every)
	}
	known := at.In(lawzone.Zone).Format("2006-01-02 15:04:05.000")
	if len(found) == 0 {
		r.line("figures", nil, fmt.Sprintf("the ledger holds what the states say, of %s, as known at %s", of, known))
		return
	}
	r.line("figures", errors.New("the ledger and the states differ, of "+of+", as known at "+known), "")
	for _, kind := range []string{"case", "ticket"} {
		for _, d := range found[kind] {
			what := "lacks"
			if d.Lacks < 0 {
				what = "has too much"
			}
			fmt.Fprintf(r.cmd.OutOrStdout(), "  the ledger %s: %s %s %s, %s since %s at %s, %+d\n", what, kind, d.Source, d.Subject, d.Measure,
				d.At.In(lawzone.Zone).Format("2006-01-02 15:04:05.0000"), d.Org, d.Lacks)
		}
		if len(found[kind]) == figuresShown {
			fmt.Fprintf(r.cmd.OutOrStdout(), "  and perhaps more %ss: the first %d are named\n", kind, figuresShown)
		}
	}
}
