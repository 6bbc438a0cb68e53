package actions

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"duban/queries"
)

// How long a page waits for the engine's verdict, and how often it looks.
const (
	verdictWait  = 8 * time.Second
	verdictPause = 150 * time.Millisecond
)

var selectVerdicts = queries.Select[struct {
	Event   string `ch:"event_id"`
	Outcome string `ch:"outcome"`
	Detail  string `ch:"detail"`
}]("work/action_results_of")

// await fills in what the engine says, by event; what it has not said in time stays waiting.
func (s *Service) await(ctx context.Context, pending map[string]*Result) error {
	late := time.NewTimer(verdictWait)
	defer late.Stop()
	for len(pending) > 0 {
		rows, err := selectVerdicts.All(ctx, s.Registry, s.Conn, queries.Args{"ids": slices.Collect(maps.Keys(pending))})
		if err != nil {
			return err
		}
		for _, v := range rows {
			r, ok := pending[v.Event]
			if !ok {
				continue
			}
			delete(pending, v.Event)
			r.Outcome = v.Outcome
			details := map[string]string{}
			if json.Unmarshal([]byte(v.Detail), &details) == nil {
				r.Key, r.Details = details["key"], details
			}
		}
		if len(pending) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
			return nil
		case <-time.After(verdictPause):
		}
	}
	return nil
}
