package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"duban/queries"

	"duban/ingest/event"
	"duban/ingest/source"
)

// keeper decides where partitions are read from. The ledger in ClickHouse is what
// counts: the group's offsets say what was read once, perhaps into another
// database. It tells loudly when the two differ, and remembers what the broker
// no longer has.
type keeper struct {
	cfg   Config
	kafka *source.Client
	conn  queries.Conn
	reg   *queries.Registry
	log   *slog.Logger
	now   func() time.Time
	in    *instruments
	// ready is closed when the topics exist and are known.
	ready     chan struct{}
	readyOnce sync.Once

	rereadsMu   sync.Mutex // guards the two below
	rereadsAt   time.Time
	rereadsOpen []reread

	mu    sync.Mutex
	bases map[partitionKey]int64
	said  map[string]bool // warnings of settings, once each
}

var _ source.Keeper = (*keeper)(nil)

func newKeeper(cfg Config, deps Deps, in *instruments) *keeper {
	return &keeper{cfg: cfg, kafka: deps.Kafka, conn: deps.Store.Conn(), reg: deps.Queries, log: deps.Log, now: deps.Now, in: in,
		ready: make(chan struct{}), bases: map[partitionKey]int64{}, said: map[string]bool{}}
}

// Prepare waits for the broker and the database, creates topics that are missing
// and finds out whether they are the ones that were read.
func (k *keeper) Prepare(ctx context.Context) error {
	for pause := 200 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		try, cancel := context.WithTimeout(ctx, 20*time.Second)
		what, err := k.prepare(try)
		cancel()
		if err == nil {
			k.readyOnce.Do(func() { close(k.ready) })
			return nil
		}
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), err)
		}
		k.log.Warn(what, "pause", pause.String(), "error", err) //nolint:sloglint // constants of prepare
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// prepare says in words what an error is about.
func (k *keeper) prepare(ctx context.Context) (string, error) {
	const broker, database = "broker is not ready, waiting", "database is not ready, waiting"
	const settings = "topics are not set up as they must be, waiting"
	// The plain connection first: it tells a refused login from a broker that is away.
	if _, err := k.kafka.Ping(ctx); err != nil {
		return broker, err
	}
	ends, received, err := ledgerEnds(ctx, k.conn, k.reg)
	if err != nil {
		return database, err
	}
	before, err := k.kafka.Describe(ctx, k.cfg.Topics)
	if err != nil {
		return broker, err
	}
	k.warnOfMissing(before, ends)
	if err := k.kafka.EnsureTopics(ctx, k.cfg.Topics, k.cfg.Partitions); err != nil {
		return broker, err
	}
	if err := k.stamped(ctx); err != nil {
		return settings, err
	}
	infos, err := k.kafka.Describe(ctx, k.cfg.Topics)
	if err != nil {
		return broker, err
	}
	all, err := loadIncarnations(ctx, k.conn, k.reg)
	if err != nil {
		return database, err
	}
	offsets, err := k.kafka.Offsets(ctx, k.cfg.Topics)
	if err != nil {
		return broker, err
	}
	for _, t := range k.cfg.Topics {
		k.warnOfPartitions(t, infos[t])
		for _, c := range changed(t, infos[t], offsets[t], all, ends) {
			if c.reason == reasonRewound && !k.confirmed(ctx, t, all, ends) {
				return broker, fmt.Errorf("topic %s seemed to end before what was read", t)
			}
			if err := k.adopt(ctx, c, all, ends, received, offsets[t]); err != nil {
				return database, err
			}
		}
	}
	return "", nil
}

// confirmed looks a second time: a new leader may tell an older end for a moment.
func (k *keeper) confirmed(ctx context.Context, t event.Topic, all incarnations, ends map[partitionKey]int64) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Second):
	}
	offsets, err := k.kafka.Offsets(ctx, []event.Topic{t})
	if err != nil {
		return false
	}
	return slices.ContainsFunc(offsets[t], func(o source.Offsets) bool {
		key := partitionKey{t, o.Partition}
		return all[key].base+o.End < ends[key]
	})
}

// adopt goes on with the topic as it is now.
func (k *keeper) adopt(ctx context.Context, c change, all incarnations, ends map[partitionKey]int64, received map[partitionKey]time.Time,
	at []source.Offsets) error {
	now := k.now()
	if c.reason != reasonFirst {
		brokerEnds := map[int]int64{}
		for _, o := range at {
			brokerEnds[o.Partition] = o.End
		}
		for i, p := range c.partitions {
			key := partitionKey{c.topic, int(p)} //nolint:gosec // a partition
			if ends[key] == 0 {
				continue
			}
			k.log.Warn("the topic is not the one that was read: its messages are read from the first on, under new places; what the one before "+
				"held and was not read is lost",
				"topic", c.topic, "partition", p, "reason", c.reason, "topic_id_before", all[key].topicID, "topic_id", c.topicID,
				"read_up_to", ends[key]-all[key].base, "ends_at", brokerEnds[key.partition], "base", c.bases[i])
			// From the end of what was read on: how much more there was, nobody knows.
			if err := k.lost(ctx, key, ends[key], ends[key], c.reason, 0, received[key]); err != nil {
				return err
			}
		}
	}
	return k.reg.Exec(ctx, k.conn, "ingest/save_incarnations", queries.Args{
		"topic": string(c.topic), "partitions": c.partitions, "incarnations": c.numbers, "bases": c.bases,
		"topic_id": c.topicID, "reason": c.reason, "at": now,
	})
}

// Starts begins where the ledger ends, or before that where the group does.
func (k *keeper) Starts(ctx context.Context, topic event.Topic, assigned []source.Committed) (map[int]source.Start, error) {
	all, err := loadIncarnations(ctx, k.conn, k.reg)
	if err != nil {
		return nil, err
	}
	ends, received, err := ledgerEnds(ctx, k.conn, k.reg)
	if err != nil {
		return nil, err
	}
	cursors, err := k.cursors(ctx)
	if err != nil {
		return nil, err
	}
	offsets, err := k.kafka.Offsets(ctx, []event.Topic{topic})
	if err != nil {
		return nil, err
	}
	held := map[int]source.Offsets{}
	for _, o := range offsets[topic] {
		held[o.Partition] = o
	}
	out := map[int]source.Start{}
	for _, a := range assigned {
		key := partitionKey{topic, a.Partition}
		base := all[key].base
		begin := beginning{key: key, base: base, committed: a.Offset, ledger: ends[key] - base, inLedger: ends[key] > base,
			held: held[a.Partition]}
		start := begin.offset()
		k.tell(begin, start)
		if from, until := begin.gone(all[key].number); from < until {
			k.log.Error("the broker dropped messages before they were read: they are lost", "topic", topic, "partition", a.Partition,
				"messages", until-from, "from_offset", from, "first_offset_held", until)
			if err := k.lost(ctx, key, base+from, base+until, lossUnread, until-from, received[key]); err != nil {
				return nil, err
			}
		}
		// What is folded and not in the ledger is stored below the cursor of the
		// states, which would never look at it again.
		if from, until := max(ends[key], base), min(cursors[key], base+begin.held.End); from < until {
			if err := k.ask(ctx, key, from, until, "ledger_short"); err != nil {
				return nil, err
			}
		}
		out[a.Partition] = source.Start{Offset: start, Base: base}
		k.mu.Lock()
		k.bases[key] = base
		k.mu.Unlock()
	}
	return out, nil
}

// beginning is what is known of a partition when it is assigned, in the broker's
// offsets.
type beginning struct {
	key       partitionKey
	base      int64
	committed int64 // of the group, negative without one
	ledger    int64 // end of the ledger
	inLedger  bool  // the ledger has messages of this topic
	held      source.Offsets
}

// offset is where to start: the lesser of the group's offset and the end of the
// ledger, the first message when the ledger has none of the partition.
func (b beginning) offset() int64 {
	at := int64(0)
	if b.inLedger {
		at = b.ledger
		if b.committed >= 0 {
			at = min(at, b.committed)
		}
	}
	return max(at, b.held.Begin)
}

// gone is the range that was never read into this database and that the broker
// does not hold any more. A group that never read the topic has not lost what
// was there before it.
func (b beginning) gone(number int) (from, until int64) {
	switch {
	case b.inLedger:
		return b.ledger, b.held.Begin
	case b.committed > 0 && number == 0:
		return 0, b.held.Begin
	}
	return 0, 0
}

func (k *keeper) tell(b beginning, start int64) {
	switch {
	case !b.inLedger && b.committed > start:
		k.log.Warn("the group has read this partition and the database has nothing of it (emptied, another one, or a topic made anew): it is "+
			"read from its first message on",
			"topic", b.key.topic, "partition", b.key.partition, "committed", b.committed, "start", start)
	case b.inLedger && b.committed > b.ledger:
		k.log.Warn("the group is ahead of the database (restored from an older copy, or damaged): it is read from where the database ends",
			"topic", b.key.topic, "partition", b.key.partition, "committed", b.committed, "ledger", b.ledger, "messages", b.committed-b.ledger)
	case b.inLedger && b.committed >= 0 && b.committed < b.ledger:
		k.log.Info("the last messages were stored and not committed; they are read again", "topic", b.key.topic, "partition", b.key.partition,
			"committed", b.committed, "ledger", b.ledger)
	}
}

// Gone is told of messages that retention removed while they were to be read.
func (k *keeper) Gone(ctx context.Context, topic event.Topic, partition int, from, until int64) error {
	key := partitionKey{topic, partition}
	_, received, err := ledgerEnds(ctx, k.conn, k.reg)
	if err != nil {
		return err
	}
	k.log.Error("the broker dropped messages before they were read: they are lost", "topic", topic, "partition", partition,
		"messages", until-from, "from_offset", from, "first_offset_held", until)
	base := k.base(key)
	return k.lost(ctx, key, base+from, base+until, lossUnread, until-from, received[key])
}

func (k *keeper) base(key partitionKey) int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.bases[key]
}

// offset is that of a place at the broker, if the topic of now holds it.
func (k *keeper) offset(key partitionKey, place int64) (int64, bool) {
	base := k.base(key)
	return place - base, place >= base
}

// cursors tell up to which place each partition is folded.
func (k *keeper) cursors(ctx context.Context) (map[partitionKey]int64, error) {
	rows, err := selectCursors.All(ctx, k.reg, k.conn, queries.Args{})
	if err != nil {
		return nil, err
	}
	out := map[partitionKey]int64{}
	for _, r := range rows {
		out[r.key()] = place(r.NextOffset)
	}
	return out, nil
}

func (k *keeper) warnOfMissing(infos map[event.Topic]source.TopicInfo, ends map[partitionKey]int64) {
	for _, t := range k.cfg.Topics {
		if _, ok := infos[t]; ok {
			continue
		}
		for key, end := range ends {
			if key.topic == t && end > 0 {
				k.log.Warn("a topic that was read does not exist any more: it was deleted at the broker, and is created anew; let the broker not "+
					"create topics by itself (auto.create.topics.enable=false)", "topic", t)
				break
			}
		}
	}
}

// stamped refuses topics whose times of arrival are the producers' word, closed by
// default: arrival decides what was known when. A broker that does not tell its settings
// says of each batch whose word its time is (worker.take).
func (k *keeper) stamped(ctx context.Context) error {
	if k.cfg.ProducerTimes {
		return nil
	}
	topics, err := k.kafka.CreateTimeTopics(ctx, k.cfg.Topics)
	if err != nil {
		k.once("settings", "settings of the topics are unknown, each batch of messages is asked instead", "error", err)
		return nil
	}
	if len(topics) == 0 {
		return nil
	}
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = string(t)
	}
	return fmt.Errorf("topics %s take the producers' word for when a message arrived, and are not read: set "+
		"message.timestamp.type of each (kafka-configs --alter --entity-type topics --entity-name %s --add-config "+
		"message.timestamp.type=LogAppendTime), or accept it with kafka.producer_times", strings.Join(names, ", "), names[0])
}

func (k *keeper) warnOfPartitions(t event.Topic, info source.TopicInfo) {
	if info.Partitions != 0 && k.cfg.Partitions != 0 && info.Partitions != k.cfg.Partitions {
		k.once(fmt.Sprintf("partitions/%s/%d", t, info.Partitions),
			"the topic has another number of partitions than kafka.partitions says: somebody else created it, or it was changed; more partitions "+
				"can be added, fewer need a new topic",
			"topic", t, "partitions", info.Partitions, "kafka_partitions", k.cfg.Partitions)
	}
}

func (k *keeper) once(key, text string, args ...any) {
	k.mu.Lock()
	said := k.said[key]
	k.said[key] = true
	k.mu.Unlock()
	if !said {
		k.log.Warn(text, args...) //nolint:sloglint // constants of the callers
	}
}
