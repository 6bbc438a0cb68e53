package source

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"duban/ingest/event"
	"duban/internal/broker/brokertest"
)

// sealed is a record batch of n messages as a broker hands it out.
func sealed(t testing.TB, n int, base, producer int64, attr byte) []byte {
	t.Helper()
	b := &outBatch{}
	for i := range n {
		b.add(nil, []byte(fmt.Sprint(base+int64(i))))
	}
	out, err := b.seal(time.UnixMilli(1000), 0)
	require.NoError(t, err)
	batch := out[4:]
	putInt64(batch, base)
	putInt64(batch[43:], producer)
	batch[batchAttrAt+1] |= attr
	reseal(batch)
	return batch
}

// Four hundred transactions of four messages, every second taken back, each of
// a producer of its own or all of one: every batch is looked at once.
func TestTakenBackTransactionsAreReadInOnePass(t *testing.T) {
	for _, producers := range []int{1, 400} {
		var records []byte
		var aborted []abortedTxn
		batches, base := 0, int64(0)
		for i := range 400 {
			producer := int64(1 + i%producers)
			if i%2 == 1 {
				aborted = append(aborted, abortedTxn{producer: producer, first: base})
			}
			records = append(records, sealed(t, 4, base, producer, attrTxn)...)
			records = append(records, sealed(t, 1, base+4, producer, attrTxn|attrControl)...)
			base, batches = base+5, batches+2
		}
		c := &Chunk{res: &fetchResponse{records: records, aborted: aborted}}
		got := 0
		require.NoError(t, c.Each(func(r *Record) {
			require.Zero(t, r.Offset/5%2, "offset %d belongs to a transaction that was taken back", r.Offset)
			got++
		}, func(int64, int64) {}))
		require.Equal(t, 800, got)
		require.Equal(t, batches, c.walked, "batches looked at")
	}
}

// Transactions of two producers interleave: the mark of one ends only its own.
func TestAMarkEndsTheTransactionOfItsProducerOnly(t *testing.T) {
	records := append(sealed(t, 1, 0, 7, attrTxn), sealed(t, 1, 1, 8, attrTxn)...)
	records = append(records, sealed(t, 1, 2, 8, attrTxn|attrControl)...)
	records = append(records, sealed(t, 1, 3, 7, attrTxn)...)
	records = append(records, sealed(t, 1, 4, 8, attrTxn)...)
	records = append(records, sealed(t, 1, 5, 7, attrTxn|attrControl)...)
	records = append(records, sealed(t, 1, 6, 7, attrTxn)...)
	c := &Chunk{res: &fetchResponse{records: records, aborted: []abortedTxn{{producer: 8, first: 1}, {producer: 7, first: 0}}}}
	var got []int64
	require.NoError(t, c.Each(func(r *Record) { got = append(got, r.Offset) }, func(int64, int64) {}))
	require.Equal(t, []int64{4, 6}, got)
}

// A transaction of 6 MB is taken back: no answer holds it whole, and none of
// its messages may be taken for a fact.
func TestATransactionThatIsTakenBackOverSeveralAnswersIsNotRead(t *testing.T) {
	addr := brokertest.New(t)
	producer, err := kgo.NewClient(kgo.SeedBrokers(addr), kgo.TransactionalID("t"), kgo.DefaultProduceTopic(string(event.TopicCases)),
		kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerBatchMaxBytes(100_000), kgo.ProducerBatchCompression(kgo.NoCompression()))
	require.NoError(t, err)
	t.Cleanup(producer.Close)
	send := func(n int, word string, end kgo.TransactionEndTry) {
		require.NoError(t, producer.BeginTransaction())
		for range n {
			producer.Produce(context.Background(), &kgo.Record{Value: []byte(word + strings.Repeat("x", 20_000))}, nil)
		}
		require.NoError(t, producer.Flush(t.Context()))
		require.NoError(t, producer.EndTransaction(t.Context(), end))
	}
	send(5, "kept", kgo.TryCommit)
	send(300, "back", kgo.TryAbort)
	send(5, "kept", kgo.TryCommit)
	c, read := client(t, addr), 0
	offsets, err := c.Offsets(t.Context(), []event.Topic{event.TopicCases})
	require.NoError(t, err)
	for at := int64(0); at < offsets[event.TopicCases][0].End; {
		res, err := c.fetch(t.Context(), event.TopicCases, 0, at, 1<<20, time.Second, nil)
		require.NoError(t, err)
		chunk := &Chunk{Topic: event.TopicCases, From: at, res: res}
		require.NoError(t, chunk.Each(func(r *Record) {
			if !strings.HasPrefix(string(r.Value), "kept") {
				err = errors.Join(err, fmt.Errorf("offset %d", r.Offset))
			}
			read++
		}, func(int64, int64) {}))
		require.NoError(t, err, "messages that were taken back were read")
		at = chunk.Next()
	}
	require.Equal(t, 10, read)
}
