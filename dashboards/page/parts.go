package page

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// part is one panel of a page and how to load it.
type part struct {
	id   string
	load func(ctx context.Context) (*Panel, error)
}

// atOnce is how many queries of one page run at the same time: enough to hide
// waiting, few enough to leave the database to others.
const atOnce = 4

// errBusy says that no part of a page could be loaded: there is nothing to show.
var errBusy = errors.New("no part of the page could be loaded")

// loadAll loads the parts of a page side by side. A part that fails becomes a
// panel that says so and can be tried again; the rest of the page stands. When all
// of them fail the error is errBusy.
func (q *request) loadAll(ctx context.Context, parts []part, also ...func(context.Context) error) (map[string]*Panel, error) {
	panels := make(map[string]*Panel, len(parts))
	var mu sync.Mutex
	var failed atomic.Int32
	var g errgroup.Group
	g.SetLimit(atOnce)
	errs := make([]error, len(also))
	for i, f := range also {
		g.Go(func() error { errs[i] = f(ctx); return nil })
	}
	for _, p := range parts {
		g.Go(func() error {
			panel, err := p.load(ctx)
			if err != nil {
				if !errors.Is(err, context.Canceled) {
					q.Log.ErrorContext(ctx, "load part of a page", "part", p.id, "request_id", q.RequestID(ctx), "error", err.Error())
				}
				panel = &Panel{Title: q.T("panel." + p.id), Err: q.T("error.panel", "ID", q.RequestID(ctx)),
					Links: []Link{{Text: q.T("error.retry"), Href: q.here()}}}
				failed.Add(1)
			}
			panel.ID = p.id
			if panel.Table != nil {
				panel.Table.ID = p.id
				panel.Table.CSV = q.csvHref(p.id)
			}
			mu.Lock()
			defer mu.Unlock()
			panels[p.id] = panel
			return nil
		})
	}
	_ = g.Wait()
	if len(parts) > 0 && int(failed.Load()) == len(parts) && !errors.Is(ctx.Err(), context.Canceled) {
		return panels, errBusy
	}
	return panels, errors.Join(errs...)
}

// csv answers a request for one part's table as a file; the part is loaded by
// the same code that fills the page.
func (q *request) csv(ctx context.Context, w http.ResponseWriter, id string, parts []part) error {
	for _, p := range parts {
		if p.id != id {
			continue
		}
		panel, err := p.load(ctx)
		if err != nil {
			return err
		}
		if panel.Table == nil {
			return errNotFound
		}
		panel.Table.ID = id
		return serveCSV(w, panel.Table)
	}
	return errNotFound
}

// hasCharts reports whether a page needs the chart library.
func hasCharts(panels map[string]*Panel) bool {
	for _, p := range panels {
		if p.Chart != nil {
			return true
		}
	}
	return false
}
