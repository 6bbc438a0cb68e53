package server

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"duban/dashboards/access"
)

// How many requests one user may have running at once, and how long a further one waits
// for its turn. A stream runs for minutes and waits for nothing.
const (
	apiAtOnce    = 2
	apiWait      = time.Second
	pagesAtOnce  = 8
	pageWait     = 10 * time.Second
	streamAtOnce = 12
)

// A file is read from the database as fast as its reader takes it, and holds a connection
// until then: of few at once a slow reader makes nobody wait but those who want one too.
const (
	filesAtOnce    = 2
	filesAllAtOnce = 5
	fileWait       = 10 * time.Second
)

// How many questions of programs all users together may have running: the connections to
// the database are shared, and people come first. A program waits for less than a page.
const (
	apiAllAtOnce = 6
	apiAllWait   = 2 * time.Second
)

// formTime is how long a request may take to arrive unless the configuration says
// otherwise.
const formTime = 15 * time.Second

// turns gives each user so many turns at once. It is safe for concurrent use.
type turns struct {
	atOnce int
	wait   time.Duration
	mu     sync.Mutex
	of     map[string]*turn
}

type turn struct {
	free  chan struct{}
	users int // requests that hold it or wait for it
}

func newTurns(atOnce int, wait time.Duration) *turns {
	return &turns{atOnce: atOnce, wait: wait, of: map[string]*turn{}}
}

// take waits for a turn; done gives it back. ok is false when none came in time.
func (t *turns) take(ctx context.Context, who string) (done func(), ok bool) {
	t.mu.Lock()
	x := t.of[who]
	if x == nil {
		x = &turn{free: make(chan struct{}, t.atOnce)}
		t.of[who] = x
	}
	x.users++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if x.users--; x.users == 0 {
			delete(t.of, who)
		}
	}
	select {
	case x.free <- struct{}{}:
	default:
		late := time.NewTimer(t.wait)
		defer late.Stop()
		select {
		case x.free <- struct{}{}:
		case <-late.C:
			leave()
			return nil, false
		case <-ctx.Done():
			leave()
			return nil, false
		}
	}
	return func() { <-x.free; leave() }, true
}

// bounds are the turns of a server.
type bounds struct {
	api, pages, streams, all, files, allFiles *turns
}

func newBounds() *bounds {
	return &bounds{api: newTurns(apiAtOnce, apiWait), pages: newTurns(pagesAtOnce, pageWait), streams: newTurns(streamAtOnce, 0),
		all:   newTurns(apiAllAtOnce, apiAllWait),
		files: newTurns(filesAtOnce, fileWait), allFiles: newTurns(filesAllAtOnce, fileWait)}
}

// serve answers a request within the bounds, of a user or, where there is nobody yet, of
// the machine.
func (b *bounds) serve(w http.ResponseWriter, r *http.Request, d Deps, next http.Handler) {
	who := ""
	if u, ok := access.FromContext(r.Context()); ok {
		who = u.ID
	}
	of, api := b.pages, strings.HasPrefix(r.URL.Path, apiPrefix)
	var all *turns
	switch {
	case r.URL.Path == pathStream:
		of = b.streams
	case api:
		of, all = b.api, b.all
	case r.URL.Query().Get("format") == "csv":
		of, all = b.files, b.allFiles
	case who == "":
		next.ServeHTTP(w, r)
		return
	}
	done, ok := of.take(r.Context(), who)
	if !ok {
		busy(w, r, d, api, http.StatusTooManyRequests, "you have too many requests running; come again when one has ended")
		return
	}
	defer done()
	if all != nil {
		leave, ok := all.take(r.Context(), "")
		if !ok {
			busy(w, r, d, api, http.StatusServiceUnavailable, "too many figures or files are being made; come again in a moment")
			return
		}
		defer leave()
	}
	next.ServeHTTP(w, r)
}

func busy(w http.ResponseWriter, r *http.Request, d Deps, api bool, status int, why string) {
	w.Header().Set("Retry-After", "2")
	switch {
	case api:
		d.API.problem(w, r, status, why)
	case r.URL.Path == pathStream:
		plain(w, status, why+"\n")
	default:
		d.Site.Busy(w, r)
	}
}

// slowBodies bounds how long a request may take to arrive. What takes long to answer is
// another matter: once the body is there, the connection waits without end for the answer.
func slowBodies(most time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c := http.NewResponseController(w)
			if r.Body == nil || r.Body == http.NoBody {
				_ = c.SetReadDeadline(time.Time{})
			} else if r.URL.Path != pathEvents {
				_ = c.SetReadDeadline(time.Now().Add(most))
				r.Body = &arriving{ReadCloser: r.Body, arrived: func() { _ = c.SetReadDeadline(time.Time{}) }}
			}
			next.ServeHTTP(w, r)
		})
	}
}
