package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"duban/cmd/duban/internal/shell"
	"duban/dashboards/page/kit"
	"duban/metrics"
	"duban/queries"
)

var (
	selectExtent = queries.Select[struct {
		LastAt *time.Time `ch:"last_at"`
	}]("page/extent", "first_at")
	selectLosses = queries.Select[struct {
		Topic    string `ch:"topic"`
		Messages uint64 `ch:"messages"`
	}]("page/losses", "unknown", "first_at", "last_at")
)

// sayPeriod tells who asked for no period that the figure is of all time, and with
// which flags it is the one that the pages open with. It says nothing else.
func sayPeriod(ctx context.Context, w io.Writer, cl *shell.Client, req metrics.Request) error {
	if !req.From.IsZero() || !req.To.IsZero() {
		return nil
	}
	extent, err := selectExtent.One(ctx, cl.Reg, cl.DB.Conn(),
		queries.Args{"as_of": req.AsOf, "source": req.Source, "region": req.Region, "org": req.Org})
	if err != nil {
		return err
	}
	var last time.Time
	if extent.LastAt != nil {
		last = *extent.LastAt
	}
	from, to, _ := kit.DefaultPeriod(req.AsOf, last)
	fmt.Fprintf(w, "of all time; the pages open with: --from %s --to %s\n", from.Format(time.DateOnly),
		to.AddDate(0, 0, 1).Format(time.DateOnly))
	return nil
}

// sayLosses tells what the pages tell beside a figure: messages of its period that the broker
// no longer had when they were to be read. It says nothing where none was lost.
func sayLosses(ctx context.Context, w io.Writer, cl *shell.Client, from, to, asOf time.Time) error {
	if from.IsZero() {
		from = time.Unix(0, 0)
	}
	if to.IsZero() || asOf.Before(to) {
		to = asOf
	}
	rows, err := selectLosses.All(ctx, cl.Reg, cl.DB.Conn(), queries.Args{"from": from, "until": to})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Messages > 0 {
			fmt.Fprintf(w, "note: %d messages of %s in this period were lost before they were read: the figures are without them (duban status)\n",
				r.Messages, r.Topic)
			continue
		}
		fmt.Fprintf(w, "note: messages of %s in this period may have been lost before they were read, nobody knows how many (duban status)\n",
			r.Topic)
	}
	return nil
}
