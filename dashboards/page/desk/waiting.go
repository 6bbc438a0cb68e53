package desk

import (
	"context"
	"sync"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
)

// waitingAge is how long the badge of the navigation may lag behind; what the
// person does itself is seen at once.
const waitingAge = 20 * time.Second

// waiting remembers how much waits for each person, so that the badge does not
// cost every page a query. It is safe for concurrent use.
type waiting struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[string]waitingCount
}

type waitingCount struct {
	kit.Waiting
	at time.Time
}

func newWaiting(now func() time.Time) *waiting {
	return &waiting{now: now, of: map[string]waitingCount{}}
}

func (w *waiting) get(id string) (waitingCount, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, ok := w.of[id]
	return c, ok && w.now().Sub(c.at) < waitingAge
}

func (w *waiting) put(id string, all, late int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.of[id] = waitingCount{kit.Waiting{All: all, Late: late}, w.now()}
}

func (w *waiting) forget(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.of, id)
}

// waitingCount tells how much waits for the reader now, in the whole of his
// scope; false when nobody is signed in or it cannot be told.
func (q *request) waitingCount(ctx context.Context) (kit.Waiting, bool) {
	u, ok := access.FromContext(q.HTTP.Context())
	if !ok {
		return kit.Waiting{}, false
	}
	if c, ok := q.room.waiting.get(u.ID); ok {
		return c.Waiting, true
	}
	whole := *q
	whole.Scope, whole.AsOf = kit.Scope{Region: u.ScopeRegion, Org: u.OrgCode}, q.Now().UTC().Truncate(time.Millisecond)
	args, ok, err := whole.todoArgs(ctx)
	if err != nil || !ok {
		return kit.Waiting{}, false
	}
	res, err := q.Queries.Run(ctx, "page/todo_counts", args)
	if err != nil {
		q.Log.WarnContext(ctx, "count what waits for somebody", "request_id", q.RequestID(ctx), "error", err.Error())
		return kit.Waiting{}, false
	}
	var c kit.Waiting
	for _, x := range kit.RowsOf(res) {
		c.All, c.Late = c.All+x.Whole("waiting"), c.Late+x.Whole("overdue")
	}
	q.room.waiting.put(u.ID, c.All, c.Late)
	return c, true
}
