package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"duban/dashboards/page/kit"
	"duban/metrics"
	"duban/queries"
)

// sayPeriod tells who asked for no period that the figure is of all time, and with
// which flags it is the one that the pages open with. It says nothing else.
func sayPeriod(ctx context.Context, w io.Writer, cl *client, req metrics.Request) error {
	if !req.From.IsZero() || !req.To.IsZero() {
		return nil
	}
	res, err := cl.reg.Run(ctx, cl.db.Conn(), "page/extent",
		queries.Args{"as_of": req.AsOf, "source": req.Source, "region": req.Region, "org": req.Org})
	if err != nil {
		return err
	}
	var last time.Time
	if rows := res.Maps(); len(rows) == 1 {
		if at, ok := rows[0]["last_at"].(time.Time); ok {
			last = at
		}
	}
	from, to, _ := kit.DefaultPeriod(req.AsOf, last)
	fmt.Fprintf(w, "of all time; the pages open with: --from %s --to %s\n", from.Format(time.DateOnly),
		to.AddDate(0, 0, 1).Format(time.DateOnly))
	return nil
}

// sayLosses tells what the pages tell beside a figure: messages of its period that the broker
// no longer had when they were to be read. It says nothing where none was lost.
func sayLosses(ctx context.Context, w io.Writer, cl *client, from, to, asOf time.Time) error {
	if from.IsZero() {
		from = time.Unix(0, 0)
	}
	if to.IsZero() || asOf.Before(to) {
		to = asOf
	}
	res, err := cl.reg.Run(ctx, cl.db.Conn(), "page/losses", queries.Args{"from": from, "until": to})
	if err != nil {
		return err
	}
	for _, r := range res.Maps() {
		switch n, _ := r["messages"].(uint64); {
		case n > 0:
			fmt.Fprintf(w, "note: %d messages of %v in this period were lost before they were read: the figures are without them (duban status)\n",
				n, r["topic"])
		default:
			fmt.Fprintf(w, "note: messages of %v in this period may have been lost before they were read, nobody knows how many (duban status)\n",
				r["topic"])
		}
	}
	return nil
}
