package ingest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"duban/ingest/deadletter"
	"duban/ingest/event"
	"duban/internal/broker/brokertest"
	"duban/internal/store/storetest"
)

// producer is a client of another make than ours, to the topic of cases.
func (r *rig) producer(opts ...kgo.Opt) *kgo.Client {
	r.t.Helper()
	c, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(r.addr), kgo.DefaultProduceTopic(string(event.TopicCases)),
		kgo.ProducerBatchMaxBytes(16 << 20)}, opts...)...)
	require.NoError(r.t, err)
	r.t.Cleanup(c.Close)
	return c
}

// records are facts of n cases, of which the first has number from.
func records(from, n int) (out []*kgo.Record) {
	for i := range n {
		key, value := caseEvent(fmt.Sprintf("C-%d", from+i), from+i, "")
		out = append(out, &kgo.Record{Key: []byte(key), Value: []byte(value)})
	}
	return out
}

// Whoever compresses, and by what, and however large and empty messages are: each is a
// fact or a typed refusal with its bytes, and those behind it are read.
func TestMessagesOfOtherProducersAreFactsOrTypedRefusals(t *testing.T) {
	r, _ := lostRig(t)
	cfg := lostConfig()
	r.start(cfg)
	from := 0
	for _, codec := range []kgo.CompressionCodec{kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(), kgo.Lz4Compression(),
		kgo.ZstdCompression()} {
		p := r.producer(kgo.ProducerBatchCompression(codec))
		require.NoError(t, p.ProduceSync(t.Context(), records(from, 100)...).FirstErr())
		from += 100
	}
	p := r.producer(kgo.ProducerBatchCompression(kgo.NoCompression()))
	large := records(from, 1)[0]
	large.Value = append(large.Value, strings.Repeat(" ", 5<<20)...) // over the limit of a fact and of a fetch
	tombstone := records(from, 1)[0]
	tombstone.Value = nil
	header := records(from, 1)[0]
	header.Headers = []kgo.RecordHeader{{Key: "trace", Value: []byte("1")}}
	keyless := records(from+1, 1)[0]
	keyless.Key = nil
	require.NoError(t, p.ProduceSync(t.Context(), large, tombstone, header, keyless).FirstErr())
	s := r.read(502)
	require.True(t, s.OK(), "%+v", s)
	require.Equal(t, [4]int64{504, 502, 0, 2}, [4]int64{s.Received, s.Stored, s.Duplicate, s.Rejected})
	require.EqualValues(t, 1, r.count("SELECT count() FROM ingest_rejects FINAL WHERE reason = ? AND length(raw) = ? AND key = ?",
		string(deadletter.TooLarge), uint64(len(large.Value)), string(large.Key)))
	require.EqualValues(t, 1, r.count("SELECT count() FROM ingest_rejects FINAL WHERE reason = ? AND raw = '' AND key = ?",
		string(deadletter.EmptyMessage), string(tombstone.Key)))
}

// What a transaction took back is no fact, its marks are no messages, and what lies
// behind an open one waits.
func TestTakenBackTransactionsAreNoFacts(t *testing.T) {
	r, _ := lostRig(t)
	p := r.producer(kgo.TransactionalID("cases"))
	send := func(from, n int) {
		require.NoError(t, p.BeginTransaction())
		require.NoError(t, p.ProduceSync(t.Context(), records(from, n)...).FirstErr())
	}
	end := func(how kgo.TransactionEndTry) { require.NoError(t, p.EndTransaction(context.Background(), how)) }
	send(0, 40)
	end(kgo.TryCommit)
	send(100, 60)
	end(kgo.TryAbort)
	r.start(lostConfig())
	send(200, 40)
	end(kgo.TryCommit)
	s := r.read(80)
	require.True(t, s.OK(), "%+v", s)
	require.Equal(t, [4]int64{80, 80, 0, 0}, [4]int64{s.Received, s.Stored, s.Duplicate, s.Rejected})

	send(300, 20)
	r.cases(400, 30)
	time.Sleep(500 * time.Millisecond) // nothing comes that could be waited for
	s = r.status()
	require.True(t, s.OK(), "%+v", s)
	require.Less(t, s.Stored, int64(110))
	require.GreaterOrEqual(t, s.Held, int64(20))
	require.Zero(t, r.count("SELECT count() FROM case_events WHERE event_id LIKE 'C-3%' AND length(case_no) = 5"))
	end(kgo.TryAbort)
	s = r.read(110)
	require.True(t, s.OK(), "%+v", s)
	require.Equal(t, [4]int64{110, 110, 0, 0}, [4]int64{s.Received, s.Stored, s.Duplicate, s.Rejected})
	require.Zero(t, s.Held)
}

// Partitions that are added while ingest runs are read from their first message.
func TestAddedPartitionsAreRead(t *testing.T) {
	r, b := lostRig(t)
	r.start(lostConfig())
	r.cases(0, 40)
	r.read(40)
	b.AddPartitions(event.TopicCases, 6)
	p := r.producer(kgo.RecordPartitioner(kgo.ManualPartitioner()))
	more := records(100, 60)
	for i, m := range more {
		m.Partition = int32(i % 6)
	}
	require.NoError(t, p.ProduceSync(t.Context(), more...).FirstErr())
	s := r.read(100)
	require.True(t, s.OK(), "%+v", s)
	require.Equal(t, [4]int64{100, 100, 0, 0}, [4]int64{s.Received, s.Stored, s.Duplicate, s.Rejected})
	require.EqualValues(t, 20, r.count("SELECT count() FROM deliveries FINAL WHERE topic = 'case-events' AND partition >= 4"))
}

// A broker that is killed while messages flow in and out loses nothing that it has
// acknowledged: producers and ingest wait for it, what was sent twice is told.
func TestARestartedBrokerIsWaitedFor(t *testing.T) {
	b := brokertest.Start(t, t.TempDir())
	r := rigWith(t, b.Addr(), storetest.New(t))
	r.start(lostConfig())
	sent := make(chan error, 1)
	go func() {
		for i := range 40 {
			for _, m := range records(100*i, 100) {
				if err := r.pub.Publish(t.Context(), event.TopicCases, m.Key, m.Value); err != nil {
					sent <- err
					return
				}
			}
			time.Sleep(50 * time.Millisecond)
		}
		sent <- r.pub.Flush(t.Context())
	}()
	r.eventually("messages flow", func(s TopicStatus) bool { return s.Stored > 200 })
	b.Restart()
	require.NoError(t, <-sent)
	s := r.read(4000)
	require.True(t, s.OK(), "%+v", s)
	require.EqualValues(t, 4000, facts(t, r))
	require.Equal(t, s.Received, 4000+s.Duplicate)
}
