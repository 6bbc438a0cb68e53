package simulate

import (
	"context"
	"fmt"
	"time"

	"duban/ingest/event"
	"duban/supervision/divisions"
	"duban/supervision/simulate/encode"
	"duban/supervision/simulate/inject"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/truth"
	"duban/supervision/simulate/world"
)

// Simulator makes one province. It is good for one Run.
type Simulator struct {
	config     Config
	world      *world.World
	from, to   int32 // first and last local day
	end, asOf  int64
	cases      int64
	tickets    int64
	caseDays   *world.Rhythm
	ticketDays *world.Rhythm
}

// ticketsPerCase is how many hotline tickets there are for one case.
const ticketsPerCase = 0.3

// New checks the configuration and founds the province. It does no input or
// output beyond reading what is embedded.
func New(config Config) (*Simulator, error) {
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("configure the simulation: %w", err)
	}
	days, err := world.LoadWorkdays()
	if err != nil {
		return nil, err
	}
	table, err := divisions.Load()
	if err != nil {
		return nil, fmt.Errorf("found the province: %w", err)
	}
	s := &Simulator{config: config}
	s.from, s.to = config.days()
	s.end = world.StartOf(s.to + 1)
	s.asOf = s.end
	if !config.AsOf.IsZero() {
		s.asOf = config.AsOf.UnixMilli()
	}
	if s.world, err = world.New(table, days, config.Province, config.City, s.from, s.to); err != nil {
		return nil, fmt.Errorf("found the province: %w", err)
	}
	inject.Reference(s.world, config.Seed, config.Violations)
	s.caseDays = world.NewRhythm(days, s.from, s.to, 0.12)
	s.ticketDays = world.NewRhythm(days, s.from, s.to, 0.55)
	s.measure()
	return s, nil
}

// Expected returns about how many messages a run publishes.
func (s *Simulator) Expected() int64 {
	reference := int64(len(s.world.Orgs) + len(s.world.Items))
	again := float64(s.config.Events) * (s.config.Faults + s.config.Conflicts)
	return reference + s.config.Events + int64(again) + s.config.Malformed
}

// measure plans a few thousand lives of the same kind to learn how many facts
// a case and a ticket have, and sets the numbers of both by it.
func (s *Simulator) measure() {
	const sample = 4000
	p := s.newPlanner()
	facts := [2]float64{}
	var life plan.Subject
	for i := range int64(sample) {
		share := (float64(i) + 0.5) / sample
		p.PlanCase(&life, plan.StreamPilot, i, s.caseDays.DayOf(share))
		p.Schedule(s.end, 0, 0)
		facts[0] += float64(len(life.Facts))
		p.PlanTicket(&life, plan.StreamPilot, i+sample, s.ticketDays.DayOf(share))
		p.Schedule(s.end, 0, 0)
		facts[1] += float64(len(life.Facts))
	}
	perCase := (facts[0] + ticketsPerCase*facts[1]) / sample
	s.cases = max(1, int64(float64(s.config.Events)/perCase+0.5))
	s.tickets = int64(float64(s.cases)*ticketsPerCase + 0.5)
}

func (s *Simulator) newPlanner() *inject.Injector {
	p := plan.New(s.world, truth.Oracle{World: s.world}, s.config.Seed, s.to+1, world.LocalDay(s.asOf))
	return inject.New(p, s.config.Violations, s.tickets)
}

// Run publishes every message, flushes the publisher, and returns the ledger.
// Progress is called every 20,000 messages and at the end; it may be nil. On an
// error the ledger is not complete.
func (s *Simulator) Run(ctx context.Context, out Publisher, progress func(Progress)) (Ledger, error) {
	r := s.newRun(out, progress)
	if err := r.everything(ctx); err != nil {
		return Ledger{}, fmt.Errorf("simulate: %w", err)
	}
	if err := out.Flush(ctx); err != nil {
		return Ledger{}, fmt.Errorf("flush the simulated messages: %w", err)
	}
	r.tell(s.to)
	return r.ledger(), nil
}

func (s *Simulator) newRun(out Publisher, progress func(Progress)) *run {
	r := &run{
		Simulator: s, out: out, progress: progress,
		planner: s.newPlanner(),
		encoder: encode.New(s.world, s.config.Source, s.from-2, s.to+40),
		tally:   truth.NewTally(s.world, world.StartOf(s.from), s.end, s.asOf),
		judge:   truth.NewJudge(s.world, s.asOf),
		alerts:  AlertLedger{Rules: map[string]*RuleLedger{}, Planted: map[string]int64{}},
		stats:   truth.NewStatistics(s.world, s.from, s.to),
		rates:   truth.NewRates(s.world, s.from, s.to),
		topics:  map[string]*TopicLedger{},
		types:   map[string]map[string]int64{},
		states:  map[string]map[string]int64{"case": {}, "ticket": {}},
	}
	for i, topic := range event.Topics() {
		r.byTopic[i] = &TopicLedger{Malformed: map[string]int64{}}
		r.topics[string(topic)] = r.byTopic[i]
		if i < 2 {
			r.types[string(topic)] = map[string]int64{}
		}
	}
	r.malformed = encode.NewMalformer(r.encoder, s.from)
	return r
}

// ledger sums up a finished run.
func (r *run) ledger() Ledger {
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	r.subjects.Organisations = int64(len(r.world.Orgs))
	r.subjects.Items = int64(len(r.world.Items))
	return Ledger{
		Seed: r.config.Seed, Events: r.config.Events, Source: r.config.Source,
		From: at(world.StartOf(r.from)), To: at(r.end), AsOf: at(r.asOf),
		Topics: r.topics, Subjects: r.subjects, EventTypes: r.types, States: r.states, Figures: r.tally.Figures(),
		Alerts: r.alerts,
	}
}
