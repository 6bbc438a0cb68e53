package sink

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"
	"github.com/stretchr/testify/require"

	"duban/ingest/deadletter"
	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/source"
)

// encoded is what a column sends for its rows.
func encoded(t *testing.T, c proto.ColInput) []byte {
	t.Helper()
	var b proto.Buffer
	if s, ok := c.(proto.StateEncoder); ok {
		s.EncodeState(&b)
	}
	c.EncodeColumn(&b)
	var sent bytes.Buffer
	w := proto.NewWriter(&sent, new(proto.Buffer))
	if s, ok := c.(proto.StateEncoder); ok {
		w.ChainBuffer(s.EncodeState)
	}
	c.WriteColumn(w)
	_, err := w.Flush()
	require.NoError(t, err)
	require.Equal(t, b.Buf, sent.Bytes(), "%s is sent as it is encoded", c.Type())
	return b.Buf
}

// read decodes the rows of a column by the library's own column of that type.
func read(t *testing.T, c proto.ColInput, rows int, value func(r *proto.Reader, rows int) []any) []any {
	t.Helper()
	require.Equal(t, rows, c.Rows(), c.Type())
	return value(proto.NewReader(bytes.NewReader(encoded(t, c))), rows)
}

func reader[T any](t *testing.T, into proto.ColumnOf[T]) func(r *proto.Reader, rows int) []any {
	return func(r *proto.Reader, rows int) []any {
		if s, ok := into.(proto.StateDecoder); ok {
			require.NoError(t, s.DecodeState(r))
		}
		require.NoError(t, into.DecodeColumn(r, rows))
		out := make([]any, rows)
		for i := range out {
			out[i] = into.Row(i)
		}
		return out
	}
}

// Every column reads back as what was put in, each view of it as these rows, and after a reset it
// begins anew: of a batch that is refused any part can be sent by itself.
func TestEveryColumnReadsBackInEveryPart(t *testing.T) {
	seven := int32(7)
	texts := []any{"办结", "", "x\x00y", strings.Repeat("z", 300)}
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	for _, c := range []struct {
		column column
		kind   proto.ColumnType
		want   []any
		read   func() func(r *proto.Reader, rows int) []any
	}{
		{column: &text{}, kind: "String", want: texts, read: func() func(*proto.Reader, int) []any {
			return reader[string](t,
				new(proto.ColStr))
		}},
		{column: &words{}, kind: "LowCardinality(String)", want: []any{"a", "a", "", "b"},
			read: func() func(*proto.Reader, int) []any {
				return reader[string](t, proto.NewLowCardinality[string](new(proto.ColStr)))
			}},
		{column: &u8{}, kind: "UInt8", want: []any{uint8(0), uint8(255), uint8(5)},
			read: func() func(*proto.Reader, int) []any { return reader[uint8](t, new(proto.ColUInt8)) }},
		{column: &u32{}, kind: "UInt32", want: []any{uint32(0), uint32(1<<32 - 1)},
			read: func() func(*proto.Reader, int) []any { return reader[uint32](t, new(proto.ColUInt32)) }},
		{column: &u64{}, kind: "UInt64", want: []any{uint64(0), uint64(1<<64 - 1), uint64(1)},
			read: func() func(*proto.Reader, int) []any { return reader[uint64](t, new(proto.ColUInt64)) }},
		{column: &i8{}, kind: "Int8", want: []any{int8(-128), int8(127)},
			read: func() func(*proto.Reader, int) []any { return reader[int8](t, new(proto.ColInt8)) }},
		{column: &i64{}, kind: "Int64", want: []any{int64(-1 << 63), int64(1<<63 - 1)},
			read: func() func(*proto.Reader, int) []any { return reader[int64](t, new(proto.ColInt64)) }},
		{column: &truth{}, kind: "Bool", want: []any{true, false, true},
			read: func() func(*proto.Reader, int) []any { return reader[bool](t, new(proto.ColBool)) }},
		{column: &u128{}, kind: "UInt128", want: []any{proto.UInt128{High: 1, Low: 2}, proto.UInt128{High: 1<<64 - 1}},
			read: func() func(*proto.Reader, int) []any { return reader[proto.UInt128](t, new(proto.ColUInt128)) }},
		{column: &day{}, kind: "Date32", want: []any{at(0), time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2299, 12, 31, 0, 0, 0, 0,
			time.UTC)},
			read: func() func(*proto.Reader, int) []any { return reader[time.Time](t, new(proto.ColDate32)) }},
		{column: &instant{}, kind: "DateTime64(3, 'UTC')", want: []any{int64(0), int64(1772424000123), int64(-1)},
			read: func() func(*proto.Reader, int) []any {
				return func(r *proto.Reader, rows int) []any { // read as numbers: its type is fixed by the table
					var raw proto.ColInt64
					return reader[int64](t, &raw)(r, rows)
				}
			}},
		{column: &maybe32{}, kind: "Nullable(Int32)", want: []any{&seven, (*int32)(nil), &seven},
			read: func() func(*proto.Reader, int) []any {
				return func(r *proto.Reader, rows int) []any {
					c := proto.NewColNullable[int32](new(proto.ColInt32))
					require.NoError(t, c.DecodeColumn(r, rows))
					var out []any
					for i := range rows {
						if v := c.Row(i); v.Set {
							out = append(out, &v.Value)
						} else {
							out = append(out, (*int32)(nil))
						}
					}
					return out
				}
			}},
		{column: &maybeDay{}, kind: "Nullable(Date32)", want: []any{time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), nil},
			read: func() func(*proto.Reader, int) []any {
				return func(r *proto.Reader, rows int) []any {
					c := proto.NewColNullable[time.Time](new(proto.ColDate32))
					require.NoError(t, c.DecodeColumn(r, rows))
					var out []any
					for i := range rows {
						if v := c.Row(i); v.Set {
							out = append(out, v.Value)
						} else {
							out = append(out, nil)
						}
					}
					return out
				}
			}},
	} {
		for range 2 { // once more after a reset
			for _, v := range c.want {
				put(c.column, v)
			}
			require.Equal(t, c.kind, c.column.Type())
			require.Equal(t, c.want, read(t, c.column, len(c.want), c.read()), c.kind)
			for i := range c.want {
				for j := i + 1; j <= len(c.want); j++ {
					require.Equal(t, c.want[i:j], read(t, c.column.view(i, j), j-i, c.read()), "%s %d:%d", c.kind, i, j)
				}
			}
			c.column.Reset()
			require.Zero(t, c.column.Rows(), c.kind)
		}
	}
}

// put adds a value to a column of its kind.
func put(c column, v any) {
	days := func(t time.Time) int32 { return int32(t.Unix() / 86400) }
	switch c := c.(type) {
	case *text:
		c.add(v.(string))
	case *words:
		c.add(v.(string))
	case *u8:
		c.add(v.(uint8))
	case *u32:
		c.add(v.(uint32))
	case *u64:
		c.add(v.(uint64))
	case *i8:
		c.add(v.(int8))
	case *i64:
		c.add(v.(int64))
	case *truth:
		c.add(v.(bool))
	case *u128:
		x := v.(proto.UInt128)
		c.add([2]uint64{x.High, x.Low})
	case *day:
		c.add(days(v.(time.Time)))
	case *instant:
		c.add(v.(int64))
	case *maybe32:
		c.add(v.(*int32))
	case *maybeDay:
		if v == nil {
			c.add(0)
			return
		}
		c.add(days(v.(time.Time)))
	}
}

// The dictionary of words grows past one and two bytes per key without a row changing its word.
func TestWordsOutgrowTheirKeys(t *testing.T) {
	for _, n := range []int{1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000} {
		c := &words{}
		for i := range n {
			c.add(fmt.Sprint("w", i))
			c.add(fmt.Sprint("w", i/2))
		}
		require.Len(t, c.values, n)
		got := proto.NewLowCardinality[string](new(proto.ColStr))
		r := proto.NewReader(bytes.NewReader(encoded(t, c)))
		require.NoError(t, got.DecodeState(r))
		require.NoError(t, got.DecodeColumn(r, 2*n))
		for _, i := range []int{0, n / 3, n / 2, n - 1} {
			require.Equal(t, fmt.Sprint("w", i), got.Row(2*i), n)
			require.Equal(t, fmt.Sprint("w", i/2), got.Row(2*i+1), n)
		}
	}
}

// A row that is set aside is emptied where it stands: its neighbours keep what they say.
func TestABlankRowLeavesItsNeighbours(t *testing.T) {
	a, b := &text{}, &words{}
	for _, s := range []string{"one", strings.Repeat("two", 100), "", "four"} {
		a.add(s)
		b.add(s)
	}
	a.blank(1)
	b.blank(1)
	want := []any{"one", "", "", "four"}
	require.Equal(t, want, read(t, a, 4, reader[string](t, new(proto.ColStr))))
	require.Equal(t, want, read(t, b, 4, reader[string](t, proto.NewLowCardinality[string](new(proto.ColStr)))))

	d := &deliveries{}
	d.add("case-events", 1, 7, outcomeFact, "hall", "case", "C-1", [2]uint64{1, 2}, 3, 4)
	d.add("case-events", 1, 8, outcomeFact, "hall", "case", "C-2", [2]uint64{5, 6}, 7, 8)
	d.refuse(0)
	require.Equal(t, []int8{outcomeRejected, outcomeFact}, []int8(d.outcome.ColInt8))
	require.Equal(t, []any{"", "C-2"}, read(t, &d.subject, 2, reader[string](t, new(proto.ColStr))))
	require.Equal(t, []uint64{0, 7}, []uint64(d.content.ColUInt64))
	require.Equal(t, proto.UInt128{}, d.identity.ColUInt128[0], "it is the identity of no fact any more")
	require.Equal(t, []uint64{7, 8}, []uint64(d.offset.ColUInt64), "and keeps its place")
}

// What a failed insert means: content that the server refuses is of a row, a lost connection may
// have stored it or not, and everything else is of the server and comes right by waiting.
func TestAFailedInsertIsJudgedByItsCode(t *testing.T) {
	refusal := func(code proto.Error) error {
		return fmt.Errorf("insert: %w", &ch.Exception{Code: code, Name: "X", Message: "secret cell"})
	}
	for _, c := range []struct {
		err  error
		want class
		text string
	}{
		{nil, none, ""},
		{refusal(6), permanent, "permanent"},
		{refusal(469), permanent, "permanent"},
		{refusal(691), permanent, "permanent"},
		{refusal(241), retryable, "retryable"}, // MEMORY_LIMIT_EXCEEDED
		{refusal(60), retryable, "retryable"},  // UNKNOWN_TABLE: of the schema
		{refusal(164), retryable, "retryable"}, // READONLY: of the rights
		{io.ErrUnexpectedEOF, unknown, "unknown"},
		{errors.New("connection reset by peer"), unknown, "unknown"},
	} {
		require.Equal(t, c.want, classOf(c.err), "%v", c.err)
		require.Equal(t, c.text, classOf(c.err).String())
	}
	require.NotContains(t, loggable(refusal(6)), "secret cell", "the server repeats the row: it stays out of the log")
	require.Contains(t, loggable(refusal(241)), "X")
	require.Equal(t, "gone", loggable(errors.New("gone")))
}

// Of two deliveries in the same millisecond the one with the lower offset wins, and the earlier
// arrival over any offset.
func TestTheFirstArrivalHasTheGreaterPrecedence(t *testing.T) {
	at := time.Date(2026, time.March, 2, 1, 0, 0, 0, time.UTC).UnixMilli()
	require.Greater(t, Precedence(at, 5), Precedence(at, 6))
	require.Greater(t, Precedence(at, 1<<22-1), Precedence(at+1, 0))
	require.Greater(t, Precedence(at-1, 1<<21), Precedence(at, 0))
}

// A batch knows how many messages became what, up to where each partition is read, and from when
// to when they arrived; what is read again moves no offset.
func TestABatchAccountsForEveryMessage(t *testing.T) {
	b := NewBatch(event.TopicCases)
	require.True(t, b.Began().IsZero())
	began := time.Unix(100, 0)
	b.Begin(began)
	b.Begin(began.Add(time.Hour))
	require.Equal(t, began, b.Began())
	origin := func(partition int32, offset, at int64) event.Origin {
		return event.Origin{Topic: event.TopicCases, Partition: partition, Offset: offset, ReceivedAt: at}
	}
	b.Add(&event.Case{SourceSys: "hall", CaseNo: "C-1", Origin: origin(0, 10, 5000)})
	b.Reject(&decode.Message{Topic: event.TopicCases, Partition: 1, Offset: 3, ReceivedAt: 4000, Key: []byte("k"), Value: []byte("{")},
		&decode.Reject{Reason: deadletter.MalformedJSON, Detail: "cut off"})
	b.Skip(0, 11, 14, 6000)
	require.Equal(t, []int{5, 1, 1}, []int{b.Rows(), b.Facts(), b.Rejects()})
	require.Equal(t, map[int]int64{0: 14, 1: 4}, b.Next())
	require.Equal(t, []int64{4000, 6000}, []int64{b.Oldest(), b.Newest()})
	require.Equal(t, []int8{outcomeFact, outcomeRejected, outcomeSkipped, outcomeSkipped, outcomeSkipped},
		[]int8(b.deliveries.outcome.ColInt8))

	b.Again(true)
	b.Add(&event.Case{SourceSys: "hall", CaseNo: "C-0", Origin: origin(0, 2, 1000)})
	again := source.Range{}
	b.Finish(again)
	require.Equal(t, int64(14), b.Next()[0])
	require.Equal(t, []source.Range{again}, b.Finished())
	require.Equal(t, int64(1000), b.Oldest())

	b.stamp(time.UnixMilli(7000))
	require.Len(t, b.facts.tail().storedAt.Data, 2)
	require.Len(t, b.deliveries.storedAt.Data, 6)
	require.Len(t, b.rejects.storedAt.Data, 1)
	small := b.Measure()
	b.Add(&event.Case{SourceSys: "hall", CaseNo: "C-2", Payload: strings.Repeat("x", 5<<20), Origin: origin(0, 14, 5000)})
	require.Greater(t, b.Measure(), small+5<<20-1)
	require.Equal(t, b.Measure(), b.Bytes())
	require.False(t, b.Oversized())

	b.Reset()
	require.Equal(t, []int{0, 0, 0}, []int{b.Rows(), b.Facts(), b.Rejects()})
	require.Empty(t, b.Next())
	require.Empty(t, b.Finished())
	require.True(t, b.Began().IsZero())
	require.Equal(t, event.TopicCases, b.Topic())
	b.Measure()
	require.True(t, b.Oversized(), "it keeps the memory of a content that is gone")
}

// The names of a table's columns are of one table, and its statement has them all in order.
func TestAStatementNamesTheColumnsOfItsTable(t *testing.T) {
	for _, topic := range event.Topics() {
		b := NewBatch(topic)
		w, err := NewWriter(topic, Config{Statements: statements{"ingest/insert_rows": "INSERT INTO {{rows}} VALUES"}})
		require.NoError(t, err)
		var names []string
		for _, c := range b.facts.columns() {
			require.NotContains(t, names, c.name, topic)
			names = append(names, c.name)
		}
		require.Equal(t, "INSERT INTO "+topic.Table()+" (`"+strings.Join(names, "`, `")+"`) VALUES", w.facts.body)
		require.Subset(t, names, []string{"source_sys", "revision", "payload", "content", "topic", "partition", "offset", "received_at",
			"stored_at",
			"precedence"}, topic)
		require.True(t, strings.HasPrefix(w.deliveries.body, "INSERT INTO deliveries (`topic`, `partition`, `offset`, `outcome`, "))
		require.True(t, strings.HasPrefix(w.rejects.body, "INSERT INTO ingest_rejects (`topic`, "))
	}
	_, err := NewWriter(event.TopicCases, Config{Statements: statements{}})
	require.ErrorContains(t, err, "read statement ingest/insert_rows: no such text")
}

type statements map[string]string

func (s statements) Text(name string, _ ...string) (string, error) {
	if text, ok := s[name]; ok {
		return text, nil
	}
	return "", errors.New("no such text")
}
