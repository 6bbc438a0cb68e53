package source

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/broker/brokertest"
)

// The vectors are those of Kafka's own UtilsTest.testMurmur2.
func TestPartitionerIsKafkasOwn(t *testing.T) {
	for text, want := range map[string]int32{
		"21": -973932308, "foobar": -790332482, "a-little-bit-long-string": -985981536,
		"a-little-bit-longer-string": -1486304829, "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971, "abc": 479470107,
	} {
		require.Equal(t, want, int32(murmur2([]byte(text))), text)
	}
}

func client(t *testing.T, addr string) *Client {
	t.Helper()
	c, err := NewClient([]string{addr}, "test", Security{})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// readAll reads every message of a topic from its first offset.
func readAll(t *testing.T, c *Client, topic event.Topic) (keys, values []string) {
	t.Helper()
	offsets, err := c.Offsets(t.Context(), []event.Topic{topic})
	require.NoError(t, err)
	for _, o := range offsets[topic] {
		for at := o.Begin; at < o.End; {
			res, err := c.fetch(t.Context(), topic, o.Partition, at, 100_000, time.Second, nil)
			require.NoError(t, err)
			chunk := &Chunk{Topic: topic, Partition: o.Partition, From: at, res: res}
			require.NoError(t, chunk.Each(func(r *Record) {
				require.Equal(t, at, r.Offset)
				require.InDelta(t, time.Now().UnixMilli(), r.Time, 60000)
				at++
				keys, values = append(keys, string(r.Key)), append(values, string(r.Value))
			}, func(from, to int64) { t.Fatalf("gap from %d to %d", from, to) }))
		}
	}
	return keys, values
}

func TestWhatIsPublishedIsReadInOrder(t *testing.T) {
	for _, codec := range []string{"none", "lz4", "snappy", "gzip", "zstd"} {
		t.Run(codec, func(t *testing.T) {
			addr := brokertest.New(t)
			p, err := NewPublisher([]string{addr}, PublisherOptions{Compression: codec, BatchBytes: 20_000})
			require.NoError(t, err)
			scratch := make([]byte, 0, 100)
			for i := range 5000 {
				scratch = fmt.Appendf(scratch[:0], "%06d %s", i, strings.Repeat("x", i%50))
				require.NoError(t, p.Publish(t.Context(), event.TopicCases, scratch[4:6], scratch))
			}
			require.NoError(t, p.Flush(t.Context()))
			require.NoError(t, p.Close())
			require.ErrorIs(t, p.Publish(t.Context(), event.TopicCases, nil, nil), ErrClosed)

			keys, values := readAll(t, client(t, addr), event.TopicCases)
			require.Len(t, values, 5000)
			last := map[string]string{}
			for i, k := range keys {
				require.Equal(t, values[i][4:6], k)
				require.Less(t, last[k], values[i], "one key keeps its order")
				last[k] = values[i]
			}
		})
	}
}

func TestOversizeIsRefusedAndTheRestGoesOn(t *testing.T) {
	addr := brokertest.New(t)
	p, err := NewPublisher([]string{addr}, PublisherOptions{})
	require.NoError(t, err)
	require.ErrorIs(t, p.Publish(t.Context(), event.TopicItems, nil, make([]byte, MaxMessageBytes+1)), ErrTooLarge)
	require.NoError(t,
		p.PublishAll(t.Context(), event.TopicItems, []Message{{Value: make([]byte, MaxMessageBytes)}, {Value: []byte("small")}}))
	require.NoError(t, p.Close())
	_, values := readAll(t, client(t, addr), event.TopicItems)
	require.Len(t, values, 2)
}

func TestABrokerThatIsAwayIsAnError(t *testing.T) {
	p, err := NewPublisher([]string{"127.0.0.1:1"}, PublisherOptions{RetryFor: 300 * time.Millisecond})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	require.Error(t, p.PublishAll(ctx, event.TopicItems, []Message{{Value: []byte("x")}}))
}

func TestGroupCommitsAndGoesOn(t *testing.T) {
	addr := brokertest.New(t)
	p, err := NewPublisher([]string{addr}, PublisherOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.Close() })
	c := client(t, addr)
	read := func(want int) []string {
		var mu sync.Mutex
		var got []string
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		consumer := NewConsumer(c, ConsumerConfig{Group: "g", Topics: []event.Topic{event.TopicRatings}, SessionTimeout: 6 * time.Second},
			slog.New(slog.DiscardHandler))
		require.NoError(t, consumer.Run(ctx, func(gen context.Context, s *Stream) {
			next := map[int]int64{}
			for {
				select {
				case <-gen.Done():
					return
				case chunk := <-s.Chunks:
					require.NoError(t, chunk.Each(func(r *Record) {
						mu.Lock()
						defer mu.Unlock()
						got = append(got, string(r.Value))
					}, func(int64, int64) {}))
					next[chunk.Partition] = chunk.Next()
					chunk.Release()
					require.NoError(t, s.Commit(next))
					mu.Lock()
					if len(got) >= want {
						cancel()
					}
					mu.Unlock()
				}
			}
		}))
		return got
	}
	publish := func(from, to int) {
		for i := from; i < to; i++ {
			require.NoError(t, p.Publish(t.Context(), event.TopicRatings, []byte(fmt.Sprint(i)), []byte(fmt.Sprint(i))))
		}
		require.NoError(t, p.Flush(t.Context()))
	}
	publish(0, 100)
	require.Len(t, read(100), 100, "a new group starts at the first message")
	publish(100, 130)
	got := read(30)
	require.Len(t, got, 30, "the next member starts where the last one committed")
}

// TestArrivalIsTheBrokersWord: with the broker's stamp in a batch, its
// records carry that time and not the producer's.
func TestArrivalIsTheBrokersWord(t *testing.T) {
	b := &outBatch{}
	b.add([]byte("k"), []byte("v"))
	sealed, err := b.seal(time.UnixMilli(1000), 0)
	require.NoError(t, err)
	records := sealed[4:]
	stamp := func(change func([]byte)) (got int64) {
		batch := bytes.Clone(records)
		change(batch)
		reseal(batch)
		c := &Chunk{res: &fetchResponse{records: batch}}
		require.NoError(t, c.Each(func(r *Record) { got = r.Time }, func(int64, int64) {}))
		return got
	}
	require.Equal(t, int64(1000), stamp(func([]byte) {}))
	require.Equal(t, int64(2000), stamp(func(b []byte) { b[batchAttrAt+1] |= attrAppended; putInt64(b[batchMaxAt:], 2000) }))
}

func TestOffsetsWithoutMessageAreGaps(t *testing.T) {
	seal := func(n int, base, producer int64, attr byte, lastDelta int) []byte {
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
		batch[batchDeltaAt+3] = byte(lastDelta)
		reseal(batch)
		return batch
	}
	records := bytes.Join([][]byte{
		seal(3, 10, -1, 0, 2),                  // 10, 11, 12
		seal(2, 13, 7, attrTxn, 1),             // 13, 14 of an aborted transaction
		seal(1, 15, 7, attrTxn|attrControl, 0), // 15: its mark
		seal(1, 16, 7, attrTxn, 0),             // 16 of the producer's next, committed one
		seal(1, 17, 7, attrTxn|attrControl, 0),
		seal(1, 20, -1, 0, 3), // 20, then 21 to 23 compacted away
	}, nil)
	c := &Chunk{From: 11, res: &fetchResponse{records: append(records, records[:30]...), aborted: []abortedTxn{{producer: 7, first: 13}}}}
	var got, gaps []string
	require.NoError(t, c.Each(func(r *Record) { got = append(got, string(r.Value)) },
		func(from, to int64) { gaps = append(gaps, fmt.Sprintf("%d-%d", from, to)) }))
	require.Equal(t, []string{"11", "12", "16", "20"}, got)
	require.Equal(t, []string{"13-15", "15-16", "17-18", "18-20", "21-24"}, gaps)
	require.Equal(t, int64(24), c.Next())
}

func TestADamagedBatchIsAnError(t *testing.T) {
	b := &outBatch{}
	b.add(nil, []byte("value"))
	out, err := b.seal(time.UnixMilli(1000), 0)
	require.NoError(t, err)
	out[len(out)-2] ^= 1
	c := &Chunk{res: &fetchResponse{records: out[4:]}}
	require.ErrorContains(t, c.Each(func(*Record) { t.Fatal("given out") }, func(int64, int64) {}), "checksum")
}

// FuzzChunk: no bytes of a broker make the reader panic or step backwards.
func FuzzChunk(f *testing.F) {
	b := &outBatch{}
	b.add([]byte("k"), []byte("v"))
	out, err := b.seal(time.UnixMilli(1000), 0)
	require.NoError(f, err)
	f.Add(out[4:], int64(0))
	f.Fuzz(func(t *testing.T, records []byte, from int64) {
		fixed := bytes.Clone(records)
		reseal(fixed)
		for _, r := range [][]byte{records, fixed} {
			last := from - 1
			c := &Chunk{From: from, res: &fetchResponse{records: r}}
			_ = c.Each(func(r *Record) {
				if r.Offset <= last {
					t.Fatalf("offset %d after %d", r.Offset, last)
				}
				last = r.Offset
			}, func(int64, int64) {})
		}
	})
}
