package ingest

import (
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/broker/brokertest"
	"duban/internal/store/storetest"
	"duban/queries"
)

// lostRig is a rig whose broker and topics a test may damage.
func lostRig(t *testing.T) (*rig, *brokertest.Broker) {
	t.Helper()
	b := brokertest.Start(t, "")
	return rigWith(t, b.Addr(), storetest.New(t)), b
}

func lostConfig() Config {
	cfg := testConfig()
	cfg.WatchEvery = 200 * time.Millisecond
	return cfg
}

// cases publishes facts of n cases, of which the first has number from.
func (r *rig) cases(from, n int) {
	r.t.Helper()
	for i := range n {
		key, value := caseEvent(fmt.Sprintf("C-%d", from+i), from+i, "")
		r.publish(event.TopicCases, key, value)
	}
	r.flush()
}

func (r *rig) exec(sql string) {
	r.t.Helper()
	require.NoError(r.t, r.db.Conn().Exec(r.t.Context(), sql))
}

func (r *rig) status() TopicStatus {
	r.t.Helper()
	rep, err := NewAuditor(r.kafka, r.db.Conn(), r.reg).Status(r.t.Context())
	require.NoError(r.t, err)
	return rep.Topics[0]
}

// eventually waits until the status of case-events is as wanted.
func (r *rig) eventually(what string, ok func(TopicStatus) bool) TopicStatus {
	r.t.Helper()
	var s TopicStatus
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		rep, err := NewAuditor(r.kafka, r.db.Conn(), r.reg).Status(r.t.Context())
		if err != nil {
			continue // the topic may be gone at this moment
		}
		if s = rep.Topics[0]; ok(s) {
			return s
		}
	}
	r.t.Fatalf("%s: after a minute still %+v", what, s)
	return s
}

// read waits until n facts are stored and nothing waits.
func (r *rig) read(n int64) TopicStatus {
	r.t.Helper()
	return r.eventually(fmt.Sprintf("%d facts", n), func(s TopicStatus) bool {
		return s.Stored == n && s.Pending == 0 &&
			s.Missing == 0 && s.Unstored == 0
	})
}

func facts(t *testing.T, r *rig) uint64 {
	t.Helper()
	return r.count("SELECT uniqExact(event_id) FROM case_events")
}

// The tables are emptied, the group's offsets are not: everything is read again.
func TestAnEmptiedDatabaseReadsWhatTheBrokerHas(t *testing.T) {
	r, _ := lostRig(t)
	stop := r.start(lostConfig())
	r.cases(0, 60)
	r.read(60)
	stop()
	for _, table := range []string{"deliveries", "case_events", "ingest_rejects", "topic_incarnations", "fold_cursors"} {
		r.exec("TRUNCATE TABLE " + table)
	}
	r.start(lostConfig())
	s := r.read(60)
	require.True(t, s.OK(), "%+v", s)
	require.EqualValues(t, 60, facts(t, r))
}

// An older copy of the database is restored: it reads what it lacks.
func TestARestoredOlderDatabaseReadsWhatItLacks(t *testing.T) {
	r, _ := lostRig(t)
	stop := r.start(lostConfig())
	r.cases(0, 60)
	r.read(60)
	stop()
	for _, table := range []string{"deliveries", "case_events"} {
		r.exec("ALTER TABLE " + table + " DELETE WHERE offset >= 7 SETTINGS mutations_sync = 2")
	}
	require.Less(t, facts(t, r), uint64(60))
	r.start(lostConfig())
	s := r.read(60)
	require.True(t, s.OK(), "%+v", s)
	require.EqualValues(t, 60, facts(t, r))
}

// A part of the facts is gone, and one of the ledger: status says how much, and
// the next start brings it back.
func TestALostPartIsReadAgain(t *testing.T) {
	r, _ := lostRig(t)
	stop := r.start(lostConfig())
	r.cases(0, 40)
	r.publish(event.TopicCases, "k", "no fact")
	r.flush()
	r.read(40)
	stop()
	r.exec("ALTER TABLE case_events DELETE WHERE offset % 3 = 1 SETTINGS mutations_sync = 2")
	gone := int64(40 - facts(t, r))
	require.Positive(t, gone)
	s := r.status()
	require.False(t, s.IdentityHolds)
	require.Equal(t, gone, s.Unstored)
	require.Contains(t, s.Problems[0].Text,
		fmt.Sprintf("%d facts or rejects of case-events were stored and are not in the database any more", gone))

	r.exec("ALTER TABLE deliveries DELETE WHERE offset = 2 AND topic = 'case-events' SETTINGS mutations_sync = 2")
	r.exec("TRUNCATE TABLE ingest_rejects")
	s = r.status()
	require.False(t, s.IdentityHolds)
	require.Positive(t, s.Missing)

	r.start(lostConfig())
	s = r.read(40)
	require.True(t, s.OK(), "%+v", s)
	require.EqualValues(t, 40, facts(t, r))
	require.EqualValues(t, 1, r.count("SELECT count() FROM ingest_rejects FINAL"))
	require.NotZero(t, r.count("SELECT count() FROM rereads FINAL WHERE step = 1"), "the engine folds them again")
}

// The topic is deleted and made anew while nobody reads, with more messages than
// before: no count goes below zero, and every message is read under a new place.
func TestATopicMadeAnewWithMoreMessagesIsReadWhole(t *testing.T) {
	r, b := lostRig(t)
	stop := r.start(lostConfig())
	r.cases(0, 40)
	r.read(40)
	stop()
	b.DeleteTopic(event.TopicCases)
	s := r.status()
	require.False(t, s.IdentityHolds)
	require.Contains(t, s.Problems[0].Text, "the broker has no topic case-events, of which 40 messages were read")
	b.CreateTopic(event.TopicCases, 3)
	r.renew()
	r.cases(100, 130)
	s = r.status()
	require.False(t, s.IdentityHolds, "%+v", s)
	require.Equal(t, "topic_other", s.Problems[0].Kind)

	r.start(lostConfig())
	s = r.read(170)
	require.True(t, s.IdentityHolds, "%+v", s)
	require.Equal(t, [5]int64{170, 170, 0, 0, 0}, [5]int64{s.Received, s.Stored, s.Duplicate, s.Rejected, s.Lost})
	require.Equal(t, 1, s.Incarnation)
	require.False(t, s.OK(), "that the old topic may have held more holds green away")
	require.Contains(t, s.Problems[0].Text, "made anew")
	require.EqualValues(t, 130,
		r.count("SELECT uniqExact(partition, offset) FROM deliveries WHERE topic = 'case-events' AND offset >= 4194304"),
		"the places of the new topic lie behind those of the old one, where no cursor was")
}

// It is made anew while it is read, with fewer messages and then with more.
func TestATopicMadeAnewUnderAReaderIsReadWhole(t *testing.T) {
	r, b := lostRig(t)
	r.start(lostConfig())
	r.cases(0, 60)
	r.read(60)
	b.DeleteTopic(event.TopicCases)
	r.eventually("created again by ingest alone", func(s TopicStatus) bool { return s.Incarnation == 1 && s.IdentityHolds })
	r.renew()
	r.cases(200, 10)
	s := r.read(70)
	require.True(t, s.IdentityHolds, "%+v", s)
	r.cases(300, 90)
	s = r.read(160)
	require.Equal(t, [4]int64{160, 160, 0, 0}, [4]int64{s.Received, s.Stored, s.Duplicate, s.Rejected})
}

// Retention removes messages while nobody reads: they are counted, named and hold
// green away until somebody takes note.
func TestWhatRetentionRemovedUnreadIsNamed(t *testing.T) {
	r, b := lostRig(t)
	stop := r.start(lostConfig())
	r.cases(0, 30)
	r.read(30)
	stop()
	r.cases(100, 80)
	before, err := r.kafka.Offsets(t.Context(), []event.Topic{event.TopicCases})
	require.NoError(t, err)
	ends, _, err := ledgerEnds(t.Context(), r.db.Conn(), r.reg)
	require.NoError(t, err)
	b.DropBefore(event.TopicCases, 5)
	var lost int64
	for _, o := range before[event.TopicCases] {
		lost += max(0, max(o.Begin, o.End-5)-ends[partitionKey{event.TopicCases, o.Partition}])
	}
	require.Positive(t, lost)
	s := r.status()
	require.Equal(t, lost, s.Lost, "known before ingest runs again")

	metrics := prometheus.NewRegistry()
	r.startWith(lostConfig(), metrics)
	s = r.eventually("the rest is read", func(s TopicStatus) bool { return s.Pending == 0 })
	require.True(t, s.IdentityHolds, "%+v", s)
	require.Equal(t, lost, s.Lost)
	require.Equal(t, 110-lost, s.Stored)
	require.False(t, s.OK())
	a := NewAuditor(r.kafka, r.db.Conn(), r.reg)
	losses, err := a.Losses(t.Context())
	require.NoError(t, err)
	var named int64
	for _, l := range losses {
		named += l.Messages
		require.Contains(t, l.String(), fmt.Sprintf("case-events/%d: %d messages from offset %d", l.Partition, l.Messages, l.From))
	}
	require.Equal(t, lost, named)
	require.EqualValues(t, lost, total(t, metrics, "duban_ingest_lost_messages_total"))
	require.NoError(t, a.Acknowledge(t.Context(), "", time.Now(), "u-1", "the source sends them again", time.Now()))
	s = r.status()
	require.True(t, s.OK(), "%+v", s)
	require.Equal(t, lost, s.Lost, "it stays counted")
	losses, err = a.Losses(t.Context())
	require.NoError(t, err)
	require.Equal(t, [2]string{"u-1", "the source sends them again"}, [2]string{losses[0].AcknowledgedBy, losses[0].Reason})

	// The figures of that time are marked, those of another are not.
	during := func(from, until time.Time) int {
		res, err := r.reg.Run(t.Context(), r.db.Conn(), "page/losses", queries.Args{"from": from, "until": until})
		require.NoError(t, err)
		for _, m := range res.Maps() {
			require.EqualValues(t, lost, m["messages"])
		}
		return len(res.Rows)
	}
	require.Equal(t, 1, during(time.Now().Add(-time.Hour), time.Now()))
	require.Equal(t, 0, during(time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)))
	require.Equal(t, 0, during(time.Now().Add(time.Hour), time.Now().Add(2*time.Hour)))

	// A later loss is one more, of its own.
	r.cases(300, 8)
	require.True(t, r.eventually("further messages", func(s TopicStatus) bool { return s.Stored == 118-lost }).OK())
}

// The database loses facts that the broker does not hold any more: they are named.
func TestFactsThatNobodyHasAreNamed(t *testing.T) {
	r, b := lostRig(t)
	stop := r.start(lostConfig())
	r.cases(0, 40)
	r.read(40)
	stop()
	b.DropBefore(event.TopicCases, 0)
	r.exec("ALTER TABLE case_events DELETE WHERE event_id IN ('C-3-3', 'C-17-17') SETTINGS mutations_sync = 2")
	require.EqualValues(t, 2, r.status().Unstored)
	r.start(lostConfig())
	s := r.eventually("named", func(s TopicStatus) bool { return s.Unstored == 0 })
	require.Equal(t, [3]int64{40, 38, 2}, [3]int64{s.Received, s.Stored, s.Lost})
	require.True(t, s.IdentityHolds)
	require.False(t, s.OK())
}

// A broker that lost the end of its log takes new messages at offsets that were
// read before: they get places of their own.
func TestABrokerThatLostItsEndIsReadOn(t *testing.T) {
	r, _ := lostRig(t)
	stop := r.start(lostConfig())
	r.cases(0, 40)
	r.read(40)
	stop()
	// The same topic, shorter: as if the ledger had come further.
	r.exec(`INSERT INTO deliveries SELECT topic, partition, offset + 1000, outcome, source_sys, subject_kind, subject, identity, content,
		received_at, stored_at
		FROM deliveries WHERE topic = 'case-events'`)
	s := r.status()
	require.False(t, s.IdentityHolds)
	require.Equal(t, "topic_rewound", s.Problems[0].Kind)
	require.GreaterOrEqual(t, s.Pending, int64(0))
	r.start(lostConfig())
	r.cases(100, 20)
	r.eventually("new messages are read", func(s TopicStatus) bool { return s.Stored == 60 && s.Pending == 0 })
}

// renew gives the rig a publisher that knows the topic as it is now.
func (r *rig) renew() {
	r.t.Helper()
	_ = r.pub.Close()
	var err error
	r.pub, err = source.NewPublisher([]string{r.addr}, source.PublisherOptions{})
	require.NoError(r.t, err)
	pub := r.pub
	r.t.Cleanup(func() { _ = pub.Close() })
}
