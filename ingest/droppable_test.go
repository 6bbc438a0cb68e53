package ingest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/broker"
	"duban/internal/store/storetest"
)

// What a broker may drop was read, entered and committed, and is old. What nobody has read
// stays, however old; and nothing is counted as lost afterwards.
func TestOnlyWhatIsStoredMayBeDropped(t *testing.T) {
	var topics []string
	for _, topic := range event.Topics() {
		topics = append(topics, string(topic))
	}
	b, err := broker.Start(broker.Config{Dir: t.TempDir(), Topics: topics})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	r := rigWith(t, b.Addr(), storetest.New(t))
	a := NewAuditor(r.kafka, r.db.Conn(), r.reg)
	cfg := lostConfig()
	later := time.Now().Add(time.Hour)
	droppable := func(before time.Time) map[int]int64 {
		t.Helper()
		upto, err := a.Droppable(t.Context(), cfg.Group, before)
		require.NoError(t, err)
		require.NotContains(t, upto, event.TopicActions)
		return upto[event.TopicCases]
	}

	r.cases(0, 60)
	require.Empty(t, droppable(later), "nobody has read anything")
	stop := r.start(cfg)
	r.read(60)
	stop()
	r.cases(100, 40) // read by nobody
	require.Empty(t, droppable(time.Now().Add(-time.Hour)), "what is new stays")
	ends, _, err := ledgerEnds(t.Context(), r.db.Conn(), r.reg)
	require.NoError(t, err)
	upto := droppable(later)
	require.NotEmpty(t, upto)
	dropped := int64(0)
	for p, offset := range upto {
		require.Equal(t, ends[partitionKey{event.TopicCases, p}], offset, "up to the end of the ledger, and no further")
		n, err := b.DropTo(string(event.TopicCases), int32(p), offset)
		require.NoError(t, err)
		dropped += n
	}
	require.EqualValues(t, 60, dropped, "behind each partition's end lies something unread")
	held, err := r.kafka.Offsets(t.Context(), []event.Topic{event.TopicCases})
	require.NoError(t, err)
	left := int64(0)
	for _, o := range held[event.TopicCases] {
		left += o.End - o.Begin
	}
	require.EqualValues(t, 40, left)

	stop = r.start(cfg)
	s := r.read(100)
	require.Zero(t, s.Lost)
	require.True(t, s.OK(), "%+v", s)
	// The last message of a partition stays: from it the broker knows where it ends.
	stop()
	for p, offset := range droppable(later) {
		_, err := b.DropTo(string(event.TopicCases), int32(p), offset)
		require.NoError(t, err)
	}
	held, err = r.kafka.Offsets(t.Context(), []event.Topic{event.TopicCases})
	require.NoError(t, err)
	for _, o := range held[event.TopicCases] {
		require.EqualValues(t, 1, o.End-o.Begin)
	}
}
