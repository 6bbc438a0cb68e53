package page

import (
	"fmt"
	"net/http"
	"time"
)

// streamPause is how often an open wall is told whether anything happened.
const streamPause = 2 * time.Second

// AlertStream tells an open wall by server-sent events that something happened to
// alerts; the page then fetches itself again. It carries no content of its own, so
// that what one sees is decided in one place.
func (s *Site) AlertStream(w http.ResponseWriter, r *http.Request) {
	flush := http.NewResponseController(w)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	_ = flush.SetWriteDeadline(time.Time{})
	ctx := r.Context()
	last := ""
	tick := time.NewTicker(streamPause)
	defer tick.Stop()
	for {
		now, err := s.alertPulse(r)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.Log.WarnContext(ctx, "ask for the pulse of alerts", "request_id", s.RequestID(ctx), "error", err.Error())
			_, err = fmt.Fprint(w, ": waiting\n\n")
		case last != "" && now != last:
			_, err = fmt.Fprintf(w, "event: alerts\ndata: %s\n\n", now)
		default:
			_, err = fmt.Fprint(w, ": alive\n\n")
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
		case <-tick.C:
		}
	}
}

// alertPulse is a text that changes when anything happens to an alert.
func (s *Site) alertPulse(r *http.Request) (string, error) {
	res, err := s.Queries.Run(r.Context(), "page/alert_pulse", nil)
	if err != nil || len(res.Rows) == 0 {
		return "", err
	}
	x := rowsOf(res)[0]
	return fmt.Sprintf("%d-%d", x.whole("alerts"), x.instant("latest").UnixMilli()), nil
}
