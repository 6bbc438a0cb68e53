package kit

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"duban/metrics"
)

// Part is one panel of a page and how to load it.
type Part struct {
	ID   string
	Load func(ctx context.Context) (*Panel, error)
}

// AtOnce is how many queries of one page run at the same time: enough to hide
// waiting, few enough to leave the database to others.
const AtOnce = 4

// errBusy says that no part of a page could be loaded: there is nothing to show.
var errBusy = errors.New("no part of the page could be loaded")

// LoadAll loads the parts of a page side by side. A part that fails becomes a
// panel that says so and can be tried again; the rest of the page stands. When all
// of them fail the error is errBusy.
// What cannot be told as known then is no failure of a part but of the page.
func (q *Request) LoadAll(ctx context.Context, parts []Part, also ...func(context.Context) error) (map[string]*Panel, error) {
	panels := make(map[string]*Panel, len(parts))
	var mu sync.Mutex
	var failed atomic.Int32
	var refused error // guarded by mu
	var g errgroup.Group
	g.SetLimit(AtOnce)
	errs := make([]error, len(also))
	for i, f := range also {
		g.Go(func() error { errs[i] = f(ctx); return nil })
	}
	for _, p := range parts {
		g.Go(func() error {
			panel, err := p.Load(ctx)
			if unheard, ok := errors.AsType[*metrics.NotKnownError](err); ok {
				mu.Lock()
				refused = unheard
				mu.Unlock()
				return nil
			}
			if err != nil {
				if !errors.Is(err, context.Canceled) {
					q.Log.ErrorContext(ctx, "load part of a page", "part", p.ID, "request_id", q.RequestID(ctx), "error", err.Error())
				}
				panel = &Panel{Title: q.T("panel." + p.ID), Err: q.T("error.panel", "ID", q.RequestID(ctx)),
					Links: []Link{{Text: q.T("error.retry"), Href: q.Here()}}}
				failed.Add(1)
			}
			panel.ID = p.ID
			if panel.Table != nil {
				panel.Table.ID = p.ID
				panel.Table.CSV = q.CSVHref(p.ID)
			}
			mu.Lock()
			defer mu.Unlock()
			panels[p.ID] = panel
			return nil
		})
	}
	_ = g.Wait()
	if refused != nil { // to try again would not help
		return panels, refused
	}
	if len(parts) > 0 && int(failed.Load()) == len(parts) && !errors.Is(ctx.Err(), context.Canceled) {
		return panels, errBusy
	}
	return panels, errors.Join(errs...)
}

// CSV answers a request for one part's table as a file; the part is loaded by
// the same code that fills the page.
func (q *Request) CSV(ctx context.Context, w http.ResponseWriter, id string, parts []Part) error {
	for _, p := range parts {
		if p.ID != id {
			continue
		}
		panel, err := p.Load(ctx)
		if err != nil {
			return err
		}
		if panel.Table == nil {
			return ErrNotFound
		}
		panel.Table.ID = id
		return ServeCSV(w, panel.Table)
	}
	return ErrNotFound
}

// SentTable answers with one part's table as a file where the address asks for that, and
// reports whether it did.
func (q *Request) SentTable(ctx context.Context, w http.ResponseWriter, parts []Part) (bool, error) {
	id, ok := q.WantsCSV()
	if !ok {
		return false, nil
	}
	return true, q.CSV(ctx, w, id, parts)
}

// HasCharts reports whether a page needs the chart library.
func HasCharts(panels map[string]*Panel) bool {
	for _, p := range panels {
		if p.Chart != nil {
			return true
		}
	}
	return false
}
