package ingest

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"duban/ingest/deadletter"
	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
)

// malformed returns one way of being wrong per reason that bytes of a case
// event can have; %d is a number that makes each message differ.
func malformed() map[deadletter.Reason]string {
	ok := func(change ...string) string {
		return strings.NewReplacer(change...).Replace(`{"event_id":"m%d","source_sys":"bad","case_no":"B-1","event_type":"apply",` +
			`"event_time":"2026-02-27T09:00:00+08:00","activity":"a"}`)
	}
	return map[deadletter.Reason]string{
		deadletter.EmptyMessage:                  "",
		deadletter.TooLarge:                      ok(`"a"`, `"`+strings.Repeat("x", 600)+`"`),
		deadletter.InvalidUTF8:                   ok(`"a"`, "\"\xff\""),
		deadletter.MalformedJSON:                 ok(`"activity":`, `"activity"`),
		deadletter.NotAnObject:                   `[%d]`,
		deadletter.DuplicateKey:                  ok(`"activity"`, `"event_id"`),
		deadletter.NestingTooDeep:                ok(`"activity":"a"`, `"payload":{"a":`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`}`),
		deadletter.MissingField:                  ok(`"case_no":"B-1",`, ``),
		deadletter.UnknownField:                  ok(`"activity"`, `"actvity"`),
		deadletter.WrongType:                     ok(`"a"`, `[]`),
		deadletter.InvalidEnum:                   ok(`"apply"`, `"aply"`),
		deadletter.InvalidNumber:                 ok(`"activity":"a"`, `"seq":0.5`),
		deadletter.InvalidIdentifier:             ok(`B-1`, `B\t1`),
		deadletter.InvalidTime:                   ok(`2026-02-27T09`, `2026-02-27 09`),
		deadletter.TimeWithoutZone:               ok(`+08:00`, ``),
		deadletter.TimeTooEarly:                  ok(`2026-02`, `1996-02`),
		deadletter.TimeInFuture:                  ok(`2026-02`, `2126-02`),
		deadletter.InvalidRegionCode:             ok(`"activity":"a"`, `"region_code":"61"`),
		deadletter.InvalidRevision:               ok(`"activity":"a"`, `"revision":-1`),
		deadletter.PayloadFieldMissing:           ok(`"apply"`, `"extend"`),
		deadletter.PayloadFieldInvalid:           ok(`"activity":"a"`, `"payload":{"is_test":1}`),
		deadletter.CloudEventsUnsupportedVersion: `{"specversion":"2.0","id":"%d","source":"bad","type":"apply","data":{}}`,
		deadletter.CloudEventsUnknownType: `{"specversion":"1.0","id":"%d","source":"bad","type":"x","time":"2026-02-27T09:00:00Z",` +
			`"data":{"case_no":"1"}}`,
		deadletter.CloudEventsDataMissing: `{"specversion":"1.0","id":"%d","source":"bad","type":"apply"}`,
	}
}

func TestTenThousandMalformedMessagesAmongGoodOnes(t *testing.T) {
	r := rigOnDisk(t)
	cfg := testConfig()
	cfg.MaxMessageBytes, cfg.BatchBytes = 500, 1<<20
	r.start(cfg)
	kinds := malformed()
	require.GreaterOrEqual(t, len(kinds), 20)
	var order []deadletter.Reason
	for _, reason := range deadletter.Reasons() {
		if _, ok := kinds[reason]; ok {
			order = append(order, reason)
		}
	}
	want := map[deadletter.Reason]uint64{}
	round := func(from int) uint64 {
		for i := from; i < from+10_000; i++ {
			reason := order[i%len(order)]
			value := kinds[reason]
			if strings.Contains(value, "%d") {
				value = fmt.Sprintf(strings.Replace(value, "%d", "%[1]d", 1), i)
			}
			r.publish(event.TopicCases, fmt.Sprint(i), value)
			want[reason]++
			key, good := caseEvent(fmt.Sprint(i), 0, `,"activity":"a"`)
			r.publish(event.TopicCases, key, good)
		}
		r.flush()
		s := r.settled()[event.TopicCases]
		require.Equal(t, int64(from+10_000), s.Stored)
		require.Equal(t, int64(from+10_000), s.Rejected)
		runtime.GC()
		runtime.GC() // what pools hold survives the first
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	// Two rounds let the buffers reach their size; 80,000 messages more, some
	// 20 MB of bytes, must not add to them.
	round(0)
	settled := round(10_000)
	for i := 2; i < 6; i++ {
		require.Less(t, round(i*10_000), settled+6<<20, "memory does not grow with the number of messages")
	}

	got := map[deadletter.Reason]uint64{}
	rows, err := r.db.Conn().Query(t.Context(), `SELECT reason, count() FROM ingest_rejects FINAL GROUP BY reason`)
	require.NoError(t, err)
	for rows.Next() {
		var reason string
		var n uint64
		require.NoError(t, rows.Scan(&reason, &n))
		got[deadletter.Reason(reason)] = n
	}
	require.NoError(t, rows.Err())
	require.Equal(t, want, got)
	i := 10 * len(order) // a message whose reason is the first, empty_message
	for k := 1; k < len(order); k++ {
		value := kinds[order[k]]
		if strings.Contains(value, "%d") {
			value = fmt.Sprintf(strings.Replace(value, "%d", "%[1]d", 1), i+k)
		}
		require.Equal(t, uint64(1), r.count(`SELECT count() FROM ingest_rejects FINAL WHERE key = ? AND reason = ? AND raw = unhex(?) AND `+
			`topic = 'case-events' AND detail != ''`,
			fmt.Sprint(i+k), string(order[k]), fmt.Sprintf("%x", value)), order[k])
	}
}

func TestMembersOfTheGroupTakeOverFromEachOther(t *testing.T) {
	r := newRig(t)
	const n = 30_000
	published := make(chan struct{})
	go func() {
		defer close(published)
		for i := range n {
			key, value := caseEvent(fmt.Sprint(i%3000), i, "")
			if r.pub.Publish(context.Background(), event.TopicCases, []byte(key), []byte(value)) != nil {
				return
			}
			if i%3000 == 0 {
				time.Sleep(200 * time.Millisecond)
			}
		}
	}()
	first := r.start(testConfig())
	time.Sleep(300 * time.Millisecond)
	r.start(testConfig())
	time.Sleep(500 * time.Millisecond)
	first()
	r.start(testConfig())
	<-published
	r.flush()
	s := r.settled()[event.TopicCases]
	require.Equal(t, int64(n), s.Stored)
	require.Equal(t, int64(n), s.Received)
}

func TestAKilledClickHouseLosesAndDoublesNothing(t *testing.T) {
	e := ownEngine(t)
	db, err := store.Open(e.DSN())
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	reg, err := queries.Load()
	require.NoError(t, err)
	require.NoError(t, queries.Migrate(t.Context(), db.Conn(), reg, time.Now))
	r := rigOn(t, db)
	cfg := testConfig()
	cfg.BatchRows = 5000
	r.start(cfg)
	const n = 100_000
	for i := range n {
		key, value := caseEvent(fmt.Sprint(i%20000), i, `,"payload":{"n":`+fmt.Sprint(i)+`}`)
		r.publish(event.TopicCases, key, value)
		if i%25_000 == 20_000 {
			// While it is down there is no process to kill, and process 0 would
			// be ourselves.
			require.Eventually(t, func() bool { return e.PID() > 1 && db.Ping(t.Context()) == nil }, 30*time.Second, 10*time.Millisecond)
			require.NoError(t, syscall.Kill(e.PID(), syscall.SIGKILL))
			time.Sleep(300 * time.Millisecond)
		}
	}
	r.flush()
	require.Eventually(t, func() bool { return db.Ping(t.Context()) == nil }, 30*time.Second, 50*time.Millisecond)
	require.GreaterOrEqual(t, e.Restarts(), 3)
	s := r.settled()[event.TopicCases]
	require.Equal(t, int64(n), s.Stored)
	require.Equal(t, int64(n), s.Received)
	require.Zero(t, s.Duplicate)
}

func ownEngine(t *testing.T) *store.Embedded {
	t.Helper()
	command, err := storetest.ChildCommand()
	require.NoError(t, err)
	lib, err := store.FindLibrary()
	require.NoError(t, err)
	e, err := store.StartEmbedded(t.Context(), store.EmbeddedConfig{Dir: t.TempDir(), Command: command, Library: lib,
		Server: store.DefaultServerConfig()})
	require.NoError(t, err)
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func TestARowThatTheDatabaseRefusesStandsAlone(t *testing.T) {
	r := newRig(t)
	require.NoError(t,
		r.db.Conn().Exec(t.Context(), `ALTER TABLE case_events ADD CONSTRAINT picky CHECK case_no != '77' AND case_no != '4000'`))
	r.start(testConfig())
	for i := range 5000 {
		key, value := caseEvent(fmt.Sprint(i), 0, "")
		r.publish(event.TopicCases, key, value)
	}
	r.flush()
	s := r.settled()[event.TopicCases]
	require.Equal(t, int64(4998), s.Stored)
	require.Equal(t, int64(2), s.Rejected)
	require.Equal(t, uint64(2), r.count(`SELECT count() FROM ingest_rejects FINAL WHERE reason = 'refused_by_store' AND position(raw, `+
		`'"hall"') > 0 AND (endsWith(key, '77') OR endsWith(key, '4000'))`))
	require.Equal(t, uint64(2), r.count(`SELECT count() FROM deliveries FINAL WHERE outcome = 'rejected' AND subject = '' AND subject_kind `+
		`= '' AND identity = 0`))

	require.NoError(t, r.db.Conn().Exec(t.Context(), `ALTER TABLE case_events DROP CONSTRAINT picky`))
	sum, err := deadletter.NewBox(r.db.Conn(), r.reg).Replay(t.Context(), deadletter.Filter{Reason: deadletter.RefusedByStore},
		deadletter.AsItIs, checker(t), r.pub, time.Now, false)
	require.NoError(t, err)
	require.Equal(t, deadletter.Summary{Found: 2, Sent: 2}, sum)
	s = r.settled()[event.TopicCases]
	require.Equal(t, int64(5000), s.Stored)
	require.Equal(t, int64(5002), s.Received)
}

func TestASchemaThatRefusesEverythingIsWaitedFor(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.db.Conn().Exec(t.Context(), `ALTER TABLE case_events ADD CONSTRAINT closed CHECK case_no = ''`))
	r.start(testConfig())
	for i := range 100 {
		key, value := caseEvent(fmt.Sprint(i), 0, "")
		r.publish(event.TopicCases, key, value)
	}
	r.flush()
	time.Sleep(time.Second)
	require.Zero(t, r.count(`SELECT count() FROM ingest_rejects`))
	require.NoError(t, r.db.Conn().Exec(t.Context(), `ALTER TABLE case_events DROP CONSTRAINT closed`))
	require.Equal(t, int64(100), r.settled()[event.TopicCases].Stored)
}

func checker(t *testing.T) deadletter.Check {
	t.Helper()
	dec, err := decode.New(decode.Config{TokenKey: testConfig().TokenKey})
	require.NoError(t, err)
	return func(topic event.Topic, value []byte) (string, error) {
		key, rej := dec.Check(&decode.Message{Topic: topic, ReceivedAt: time.Now().UnixMilli(), Value: value})
		if rej != nil {
			return "", rej
		}
		return key, nil
	}
}

func TestRejectsAreRepairedAndReplayed(t *testing.T) {
	r := newRig(t)
	r.start(testConfig())
	_, value := caseEvent("1", 0, "")
	r.publish(event.TopicCases, "k", strings.Replace(value, "apply", "aply", 1))
	r.publish(event.TopicCases, "k", "not json")
	r.publish(event.TopicCases, "k", strings.Replace(value, "+08:00", "", 1))
	r.flush()
	require.Equal(t, int64(3), r.settled()[event.TopicCases].Rejected)

	box := deadletter.NewBox(r.db.Conn(), r.reg)
	replay := func(f deadletter.Filter, fix deadletter.Repair, dry bool) deadletter.Summary {
		sum, err := box.Replay(t.Context(), f, fix, checker(t), r.pub, time.Now, dry)
		require.NoError(t, err)
		return sum
	}
	sum := replay(deadletter.Filter{}, deadletter.AsItIs, false)
	require.Equal(t, [3]int{3, 0, 3}, [3]int{sum.Found, sum.Sent, sum.StillRefused}, "what is still wrong is not sent")
	fix := deadletter.SetFields(map[string]string{"event_type": "apply", "payload.note": "repaired",
		"event_time": "2026-02-27T09:00:00+08:00"})
	require.Equal(t, deadletter.Summary{Found: 1, Sent: 1}, replay(deadletter.Filter{Reason: deadletter.InvalidEnum}, fix, true), "a dry run")
	require.Equal(t, deadletter.Summary{Found: 1, Sent: 1}, replay(deadletter.Filter{Reason: deadletter.InvalidEnum}, fix, false))
	require.Equal(t, deadletter.Summary{}, replay(deadletter.Filter{Reason: deadletter.InvalidEnum}, fix, false), "once is enough")

	var place deadletter.Place
	require.NoError(t, box.Each(t.Context(), deadletter.Filter{Reason: deadletter.MalformedJSON}, func(rows []deadletter.Row) error {
		place = rows[0].Place
		require.Equal(t, "not json", string(rows[0].Raw))
		return nil
	}))
	_, other := caseEvent("2", 0, "")
	lines, places,
		err := deadletter.FromLines(strings.NewReader(fmt.Sprintf(`{"topic":"case-events","partition":%d,"offset":%d,"value":%s}`,
		place.Partition, place.Offset, other)))
	require.NoError(t, err)
	require.Equal(t, deadletter.Summary{Found: 1, Sent: 1}, replay(deadletter.Filter{Places: places}, lines, false))

	s := r.settled()[event.TopicCases]
	require.Equal(t, [3]int64{5, 2, 3}, [3]int64{s.Received, s.Stored, s.Rejected})
	require.Equal(t, uint64(2), r.count(`SELECT count() FROM ingest_rejects FINAL WHERE replayed_at IS NOT NULL`))
}

func TestStoppingStoresAndCommitsWhatIsInMemory(t *testing.T) {
	r := newRig(t)
	cfg := testConfig()
	cfg.BatchAge = time.Minute
	stop := r.start(cfg)
	for i := range 500 {
		key, value := caseEvent(fmt.Sprint(i), 0, "")
		r.publish(event.TopicCases, key, value)
	}
	r.flush()
	time.Sleep(1500 * time.Millisecond)
	require.Zero(t, r.count(`SELECT count() FROM case_events`), "the batch is not due")
	stop()
	require.Equal(t, uint64(500), r.count(`SELECT count() FROM case_events`))

	metrics := prometheus.NewRegistry()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	require.NoError(t, r.pipeline(cfg, metrics).Run(ctx))
	n, err := testutil.GatherAndCount(metrics, "duban_ingest_messages_total")
	require.NoError(t, err)
	require.Zero(t, n, "the offsets were committed: nothing comes again")
	require.Equal(t, int64(500), r.settled()[event.TopicCases].Stored)
}

func TestAnAbsentBrokerIsWaitedFor(t *testing.T) {
	r := newRig(t)
	late, err := source.NewClient([]string{"127.0.0.1:1"}, "test", source.Security{})
	require.NoError(t, err)
	p, err := New(testConfig(), Deps{Kafka: late, Store: r.db, Queries: r.reg, Log: r.pipelineLog(),
		Metrics: prometheus.NewRegistry(), Now: time.Now})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	require.NoError(t, p.Run(ctx), "Run ends with its context, not with the first failure")
}

// The retention setting takes the bytes of refused messages away, and nothing else; what has
// none is not sent again, and whoever asks is told why.
func TestBytesOfRejectsAreRemovedAfterTheirTime(t *testing.T) {
	r := newRig(t)
	stop := r.start(testConfig())
	_, value := caseEvent("1", 0, "")
	r.publish(event.TopicCases, "k", strings.Replace(value, "apply", "aply", 1))
	r.flush()
	require.Equal(t, int64(1), r.settled()[event.TopicCases].Rejected)
	stop()
	box := deadletter.NewBox(r.db.Conn(), r.reg)
	at := time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC)
	n, err := box.Empty(t.Context(), time.Now().Add(-time.Hour), at)
	require.NoError(t, err)
	require.Zero(t, n, "it is not old")
	size := r.count("SELECT length(raw) FROM ingest_rejects FINAL")
	require.Positive(t, size)
	hash := func() (h string) {
		require.NoError(t, r.db.Conn().QueryRow(t.Context(), "SELECT raw_hash FROM ingest_rejects FINAL").Scan(&h))
		return h
	}
	before := hash()
	require.Len(t, before, 64)

	n, err = box.Empty(t.Context(), time.Now().Add(time.Hour), at)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	require.EqualValues(t, 1, r.count("SELECT count() FROM ingest_rejects "+
		"WHERE raw = '' AND reason = 'invalid_enum' AND field = '/event_type'"))
	require.Zero(t, r.count("SELECT count() FROM ingest_rejects WHERE raw != ''"))
	require.Equal(t, size, r.count("SELECT raw_size FROM ingest_rejects FINAL"))
	require.Equal(t, before, hash())
	n, err = box.Empty(t.Context(), time.Now().Add(time.Hour), at)
	require.NoError(t, err)
	require.Zero(t, n, "once is enough")

	fix := deadletter.SetFields(map[string]string{"event_type": "apply"})
	sum, err := box.Replay(t.Context(), deadletter.Filter{}, fix, checker(t), r.pub, time.Now, false)
	require.NoError(t, err)
	require.Equal(t, [3]int{1, 0, 1}, [3]int{sum.Found, sum.Sent, sum.Emptied})
	require.Contains(t, sum.Problems[0], "the original bytes were removed on 2026-11-30 by the retention setting")
	s := r.settled()[event.TopicCases]
	require.Equal(t, int64(1), s.Rejected, "it is still accounted for")
}
