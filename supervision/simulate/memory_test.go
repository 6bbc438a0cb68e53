package simulate

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
)

// discard counts messages and forgets them.
type discard struct{ n int64 }

func (d *discard) Publish(context.Context, event.Topic, []byte, []byte) error { d.n++; return nil }

func (d *discard) Flush(context.Context) error { return nil }

// However many events there are, no more than OpenSubjects lives are kept.
func TestMemoryIsBoundedByOpenSubjects(t *testing.T) {
	config := DefaultConfig()
	config.Events, config.OpenSubjects = 200_000, 500
	s, err := New(config)
	require.NoError(t, err)
	var d discard
	r := s.newRun(&d, nil)
	require.NoError(t, r.everything(context.Background()))
	require.LessOrEqual(t, len(r.free)+len(r.queue), 501)
	require.Equal(t, r.sent, d.n)
	var facts int
	for _, life := range r.free {
		facts = max(facts, cap(life.Facts))
	}
	require.Less(t, facts, 200, "facts of one life")
}

func TestACancelledRunStops(t *testing.T) {
	s, err := New(DefaultConfig())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = s.Run(ctx, &discard{}, nil)
	require.ErrorIs(t, err, context.Canceled)
}

func BenchmarkRun(b *testing.B) {
	config := DefaultConfig()
	config.Events = int64(max(b.N, 1000))
	s, err := New(config)
	require.NoError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	var d discard
	_, err = s.Run(context.Background(), &d, nil)
	require.NoError(b, err)
	b.ReportMetric(float64(d.n)/b.Elapsed().Seconds(), "messages/s")
}
