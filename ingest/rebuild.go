package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"time"

	"duban/queries"

	"duban/ingest/event"
	"duban/ingest/source"
)

// Rebuilt is what was found to be gone from the database.
type Rebuilt struct {
	// Ranges are read from the broker once more by a running ingest.
	Ranges []RebuildRange `json:"ranges"`
	// Lost is what the broker does not hold any more either, noticed now.
	Lost []Loss `json:"lost"`
}

// RebuildRange is a range of places that is read again.
type RebuildRange struct {
	Topic     event.Topic `json:"topic"`
	Partition int         `json:"partition"`
	From      int64       `json:"from_place"`
	Until     int64       `json:"until_place"`
	// Facts is how many facts and rejects are known to be missing in it, 0 for a
	// hole in the ledger.
	Facts int64 `json:"facts"`
}

// Rebuilder finds what the ledger says was stored and the tables do not hold,
// and holes of the ledger itself. What the broker still has is asked for, what
// it has not is remembered as lost.
type Rebuilder struct {
	k *keeper
	a *Auditor
}

// NewRebuilder prepares one for every topic.
func NewRebuilder(kafka *source.Client, conn queries.Conn, reg *queries.Registry, log *slog.Logger, now func() time.Time) *Rebuilder {
	cfg := Config{Topics: event.Topics()}
	k := &keeper{cfg: cfg, kafka: kafka, conn: conn, reg: reg, log: log, now: now, bases: map[partitionKey]int64{}, said: map[string]bool{}}
	return &Rebuilder{k: k, a: NewAuditor(kafka, conn, reg)}
}

// joinGap joins ranges with few places between them: facts of one lost part lie
// scattered over the places, and reading one more than once changes nothing.
const joinGap = 2000

// Run looks once. It counts first, and looks for places only in topics whose
// counts do not agree.
func (r *Rebuilder) Run(ctx context.Context) (*Rebuilt, error) {
	rep, err := r.a.Status(ctx)
	if err != nil {
		return nil, err
	}
	all, err := loadIncarnations(ctx, r.k.conn, r.k.reg)
	if err != nil {
		return nil, err
	}
	offsets, err := r.k.kafka.Offsets(ctx, r.k.cfg.Topics)
	if err != nil {
		return nil, err
	}
	out := &Rebuilt{}
	holes := false
	for _, s := range rep.Topics {
		holes = holes || s.Missing != 0
		if s.Unstored == 0 {
			continue
		}
		if err := r.facts(ctx, s.Topic, begins(s.Topic, offsets[s.Topic], all), rep.Losses, out); err != nil {
			return nil, err
		}
	}
	if !holes {
		return out, nil
	}
	return out, r.holes(ctx, offsets, all, rep.Losses, out)
}

// begins is the place of the first message that the broker holds, by partition.
func begins(topic event.Topic, offsets []source.Offsets, all incarnations) map[int]int64 {
	out := map[int]int64{}
	for _, o := range offsets {
		out[o.Partition] = all[partitionKey{topic, o.Partition}].base + o.Begin
	}
	return out
}

func (r *Rebuilder) facts(ctx context.Context, topic event.Topic, begins map[int]int64, known []Loss, out *Rebuilt) error {
	args := queries.Args{"topic": string(topic), "table": topic.Table(), "join_gap": joinGap}
	var partitions, places []uint64
	for p, at := range begins {
		partitions, places = append(partitions, uint64(p)), append(places, uint64(at)) //nolint:gosec // never negative
	}
	args["partitions"], args["begins"] = partitions, places
	rows, err := selectNotStored.All(ctx, r.k.reg, r.k.conn, args)
	if err != nil {
		return err
	}
	for _, row := range rows {
		key := partitionKey{topic, int(row.Partition)}
		from, until, facts := place(row.FromOffset), place(row.UntilOffset), place(row.Facts)
		if row.Readable {
			if err := r.k.ask(ctx, key, from, until, "facts_lost"); err != nil {
				return err
			}
			out.Ranges = append(out.Ranges, RebuildRange{Topic: topic, Partition: key.partition, From: from, Until: until, Facts: facts})
			continue
		}
		for _, l := range known {
			if l.Topic == topic && l.Partition == key.partition && l.Kind == lossStored && l.place < until && l.placeEnd > from &&
				(l.place != from || l.placeEnd != until) {
				facts -= l.Messages
			}
		}
		same := slices.ContainsFunc(known, func(l Loss) bool {
			return l.Topic == topic && l.Partition == key.partition && l.Kind == lossStored && l.place == from &&
				l.placeEnd == until && l.Messages == facts
		})
		if facts <= 0 || same {
			continue
		}
		if err := r.lose(ctx, key, from, until, lossStored, facts, row.FirstAt, out); err != nil {
			return err
		}
	}
	return nil
}

func (r *Rebuilder) holes(ctx context.Context, offsets map[event.Topic][]source.Offsets, all incarnations,
	known []Loss, out *Rebuilt) error {
	rows, err := selectHoles.All(ctx, r.k.reg, r.k.conn, queries.Args{})
	if err != nil {
		return err
	}
	for _, row := range rows {
		key := row.key()
		from, until := row.places()
		begin, there := begins(key.topic, offsets[key.topic], all)[key.partition]
		if !there {
			begin = math.MaxInt64
		}
		if row.First {
			from = max(from, begin) // what retention removed before the first reading is no loss
		}
		for _, l := range known { // known ranges begin where a hole does
			if l.Topic == key.topic && l.Partition == key.partition && l.Kind == lossUnread && l.place <= from && l.placeEnd > from {
				from = l.placeEnd
			}
		}
		if gone := min(until, begin); from < gone {
			if err := r.lose(ctx, key, from, gone, lossUnread, gone-from, row.BeforeAt, out); err != nil {
				return err
			}
			from = gone
		}
		if from >= until {
			continue
		}
		if err := r.k.ask(ctx, key, from, until, "ledger_hole"); err != nil {
			return err
		}
		out.Ranges = append(out.Ranges, RebuildRange{Topic: key.topic, Partition: key.partition, From: from, Until: until})
	}
	return nil
}

func (r *Rebuilder) lose(ctx context.Context, key partitionKey, from, until int64, kind string, messages int64,
	before time.Time, out *Rebuilt) error {
	r.k.log.Error("the database lost messages, and the broker does not hold them any more", "topic", key.topic, "partition", key.partition,
		"kind", kind, "messages", messages, "from", from, "until", until)
	if err := r.k.lost(ctx, key, from, until, kind, messages, before); err != nil {
		return fmt.Errorf("remember a loss: %w", err)
	}
	out.Lost = append(out.Lost, Loss{Topic: key.topic, Partition: key.partition, Kind: kind, Messages: messages, From: from, Until: until,
		Before: before, NoticedAt: r.k.now()})
	return nil
}

// Recheck looks soon for what the database lost: for whoever saw it restart, or
// saw that a part of a table is gone.
func (p *Pipeline) Recheck() {
	select {
	case p.recheck <- struct{}{}:
	default:
	}
}

// rebuild looks when the pipeline starts and whenever Recheck was called.
func (p *Pipeline) rebuild(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-p.keeper.ready:
	}
	r := &Rebuilder{k: p.keeper, a: NewAuditor(p.deps.Kafka, p.deps.Store.Conn(), p.deps.Queries)}
	r.a.topics = p.cfg.Topics
	for pause := time.Second; ; {
		_, err := r.Run(ctx)
		wait := time.Duration(math.MaxInt64)
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			p.deps.Log.Warn("whether the database still holds everything is not known, looking again", "pause", pause.String(), "error", err)
			wait, pause = pause, min(2*pause, time.Minute)
		} else {
			pause = time.Second
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-p.recheck:
		case <-timer.C:
		}
		timer.Stop()
	}
}
