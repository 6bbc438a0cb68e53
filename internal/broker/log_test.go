package broker_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"duban/internal/broker"
)

// A segment that was cut on disk loses messages: the broker says which and how many.
func TestACutSegmentIsTold(t *testing.T) {
	dir, log := t.TempDir(), &bytes.Buffer{}
	start := func() *broker.Broker {
		b, err := broker.Start(broker.Config{Dir: dir, Topics: []string{"case-events"}, Partitions: 1, Sync: true,
			Log: slog.New(slog.NewTextHandler(log, nil))})
		require.NoError(t, err)
		return b
	}
	b := start()
	c, err := kgo.NewClient(kgo.SeedBrokers(b.Addr()), kgo.DefaultProduceTopic("case-events"),
		kgo.ProducerBatchCompression(kgo.NoCompression()))
	require.NoError(t, err)
	for range 10 {
		require.NoError(t, c.ProduceSync(t.Context(), &kgo.Record{Value: []byte(strings.Repeat("x", 100))}).FirstErr())
	}
	c.Close()
	require.NoError(t, b.Close())
	require.Empty(t, log.String())
	cut := false
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if info, statErr := os.Stat(path); err == nil && statErr == nil && !d.IsDir() &&
			strings.Contains(path, "case-events") && info.Size() > 1000 {
			cut = true
			return os.Truncate(path, info.Size()-20)
		}
		return err
	}))
	require.True(t, cut, "no segment found")
	b = start()
	require.NoError(t, b.Close())
	require.Contains(t, log.String(), "the broker lost messages")
	require.Contains(t, log.String(), "topic=case-events partition=0 messages=1 ended_at=10 ends_at=9")
}
