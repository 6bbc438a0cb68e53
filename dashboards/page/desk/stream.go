package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
)

const (
	// streamPause is how often an open page is told whether anything happened.
	streamPause = 2 * time.Second
	// streamLife is how long a stream lasts. The browser opens the next one by
	// itself, and has to be somebody who may.
	streamLife = 10 * time.Minute
	// pulseTimeout bounds the question whether anything happened.
	pulseTimeout = 10 * time.Second
)

var _ = pages.Register(route.Route{Pattern: "/alerts/stream", Rule: route.Needs(access.AlertView), Scope: route.ByFilter()}, (*site).Stream)

// Stream tells an open page by server-sent events that something happened to alerts or
// work; the page then fetches itself again. It carries no content of its own, so that
// what one sees is decided in one place. Nothing is missed between a page, or the last
// stream, and this one: since and Last-Event-ID say how far the page is.
func (s *site) Stream(w http.ResponseWriter, r *http.Request) {
	flush := http.NewResponseController(w)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	_ = flush.SetWriteDeadline(time.Time{})
	ctx, cancel := context.WithTimeout(r.Context(), streamLife)
	defer cancel()
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("since")
	}
	tick := time.NewTicker(streamPause)
	defer tick.Stop()
	for {
		if !s.mayListen(r) {
			return
		}
		now, err := s.pulse.mark(ctx, s)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.Log.WarnContext(ctx, "ask whether anything happened to alerts or work", "request_id", s.RequestID(ctx), "error", err.Error())
			_, err = fmt.Fprint(w, ": waiting\n\n")
		case last != "" && now != last:
			_, err = fmt.Fprintf(w, "id: %s\nevent: changed\ndata: %s\n\n", now, now)
		default:
			_, err = fmt.Fprintf(w, "id: %s\n: alive\n\n", now)
		}
		if now != "" {
			last = now
		}
		if err != nil || flush.Flush() != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-route.Closing(ctx):
			return
		case <-tick.C:
		}
	}
}

// mayListen reports whether the reader of a stream is still who opened it: at each beat,
// since nothing else asks while a page lies open. A stream ends with its session, when the
// reader signs out, is disabled, or gets another role or scope.
func (s *site) mayListen(r *http.Request) bool {
	if s.Access == nil {
		return true
	}
	u, ok := access.FromContext(r.Context())
	if !ok { // the server had no user when the page was opened
		any, err := s.Access.Users.Any()
		return err == nil && !any
	}
	present, err := s.Access.Sessions.Present(r.Context())
	return err == nil && present.ID == u.ID && access.MayOpen(present, access.AlertView)
}

// pulse is a text that changes when anything happens to an alert or a piece of work.
// All open pages share one question. It is safe for concurrent use.
type pulse struct {
	mu   sync.Mutex
	text string
	at   time.Time
	// key makes marks of it that tell nothing but that they differ.
	key []byte
}

// now returns the pulse, at most a pause old.
func (p *pulse) now(ctx context.Context, s *site) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.text != "" && time.Since(p.at) < streamPause/2 { // a pause, and no instant that a page tells
		return p.text, nil
	}
	ask, cancel := context.WithTimeout(context.WithoutCancel(ctx), pulseTimeout) // others wait for it too
	defer cancel()
	res, err := s.Queries.Run(ask, "page/pulse", nil)
	if err != nil || len(res.Rows) == 0 {
		return "", err
	}
	x := kit.RowsOf(res)[0]
	p.text, p.at = fmt.Sprint(x.Whole("alerts"), x.Whole("alert_lines"), x.Whole("work"), x.Whole("work_lines")), time.Now()
	return p.text, nil
}

// mark is the pulse as the reader of ctx is told it: how much happens in all of the
// country is nobody's to read off, nor may two readers compare what they were told.
func (p *pulse) mark(ctx context.Context, s *site) (string, error) {
	now, err := p.now(ctx, s)
	if err != nil || now == "" {
		return "", err
	}
	u, _ := access.FromContext(ctx)
	mac := hmac.New(sha256.New, p.key)
	_, _ = fmt.Fprintf(mac, "%q %q %q %q %s", u.ID, u.ScopeRegion, u.OrgCode, u.Line, now)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:12]), nil
}

// live lets a page fetch itself again when something happens, as long as it shows the
// present. It is asked before the page reads what it shows, so that nothing is missed.
func (q *request) live(ctx context.Context) string {
	if !q.Scope.AsOf.IsZero() {
		return ""
	}
	now, err := q.room.pulse.mark(ctx, q.room)
	if err != nil {
		return "" // a page that does not move, as past ones do not
	}
	return q.Scope.URL("/alerts/stream", "since", now)
}
