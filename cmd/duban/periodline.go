package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"duban/dashboards/page"
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
	from, to, _ := page.DefaultPeriod(req.AsOf, last)
	fmt.Fprintf(w, "of all time; the pages open with: --from %s --to %s\n", from.Format(time.DateOnly),
		to.AddDate(0, 0, 1).Format(time.DateOnly))
	return nil
}
