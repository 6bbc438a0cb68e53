package simulate

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
)

// Ten days ago at 600: ten days are replayed in 24.04 minutes, after which the
// province is at the present and stays there.
func TestALiveProvinceCatchesUpAndIsNeverAheadOfTheClock(t *testing.T) {
	started := time.Date(2026, 3, 12, 8, 0, 0, 0, time.UTC)
	p := pacer{started: started, from: started.AddDate(0, 0, -10), speed: 600}
	require.Equal(t, p.from, p.at(started))
	require.Equal(t, p.from.Add(10*time.Hour), p.at(started.Add(time.Minute)))
	require.Equal(t, started.Add(time.Minute), p.reached(p.from.Add(10*time.Hour)))
	for _, after := range []time.Duration{0, time.Minute, 24 * time.Minute, 25 * time.Minute, 48 * time.Hour} {
		now := started.Add(after)
		require.False(t, p.at(now).After(now), after)
	}
	later := started.Add(time.Hour)
	require.Equal(t, later, p.at(later))
	require.Equal(t, later, p.reached(later))
}

// Nothing that is sent says that it happened after the moment of its sending.
func TestALiveProvinceSendsNothingFromTheFuture(t *testing.T) {
	now := time.Date(2026, 3, 12, 8, 0, 0, 0, time.UTC)
	cfg := DefaultConfig()
	Live(&cfg, now, 600, func(string) bool { return false })
	require.NoError(t, cfg.Validate())
	require.Equal(t, "live-province", cfg.Source)
	last := time.Time{}
	pace := cfg.Pace
	require.NoError(t, pace(context.Background(), cfg.From))
	cfg.Pace = func(_ context.Context, at time.Time) error { last = at; return nil }
	cfg.Events, cfg.Faults = 5_000, 0
	s, err := New(cfg)
	require.NoError(t, err)
	_, err = s.Run(context.Background(), futureless{t, &last}, nil)
	require.NoError(t, err)
}

func TestAWaitingProvinceStopsWhenItIsTold(t *testing.T) {
	now := time.Now()
	p := pacer{started: now, from: now, speed: 600, now: time.Now}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, p.wait(ctx, now.Add(time.Hour)), context.Canceled)
}

// futureless is a publisher that looks at the instants of every message.
type futureless struct {
	t     *testing.T
	paced *time.Time
}

func (f futureless) Publish(_ context.Context, topic event.Topic, _, value []byte) error {
	var m struct {
		EventTime time.Time `json:"event_time"`
		RatedAt   time.Time `json:"rated_at"`
		EmitTime  time.Time `json:"emit_time"`
	}
	require.NoError(f.t, json.Unmarshal(value, &m), topic)
	require.False(f.t, m.EventTime.After(*f.paced) || m.RatedAt.After(*f.paced) || m.EmitTime.After(*f.paced), string(value))
	return nil
}

func (f futureless) Flush(context.Context) error { return nil }
