package main

import (
	"context"
	"time"

	"duban/internal/bench/shared"
	"duban/supervision/rule"
)

// sweep is the part with many open cases.
type sweep struct {
	OpenCases int `json:"open_cases"`
	Chains    int `json:"alert_chains"`
	// Routine is one look of a running engine after a day has passed, and Alerts how
	// many it raised; LookSeconds is the time of the look without what is around it
	// (lease, calendar and catalogue of an engine that starts).
	Routine     spent   `json:"routine_after_a_day"`
	LookSeconds float64 `json:"routine_look_seconds"`
	Alerts      int     `json:"routine_alerts_raised"`
	// Idle is a look with nothing to say.
	Idle spent `json:"idle"`
	// Everything asks all rules about folds about every case and stores what they say;
	// RuleSeconds are the statements of the rules alone, Slowest those that took most.
	Everything  spent              `json:"everything_asked_again"`
	RuleSeconds float64            `json:"everything_rule_seconds"`
	Slowest     map[string]float64 `json:"everything_slowest_rules"`
}

func (b *bench) sweep(ctx context.Context) (*sweep, error) {
	say("sweep: filling %d open cases", b.o.open)
	if err := b.fresh(ctx); err != nil {
		return nil, err
	}
	if err := b.cases(ctx, 0, b.o.open); err != nil {
		return nil, err
	}
	rules, err := b.rules(rule.EachFold)
	if err != nil {
		return nil, err
	}
	if err := shared.AwaitMerges(ctx, b.db); err != nil {
		return nil, err
	}
	res := &sweep{OpenCases: b.o.open}
	say("sweep: asking all rules about everything")
	e, err := b.engine(rules, today, 0)
	if err != nil {
		return nil, err
	}
	if res.Everything, err = b.spend(func() error { return e.CatchUp(ctx) }); err != nil {
		return nil, err
	}
	if res.RuleSeconds, _, err = b.meter("duban_engine_rule_seconds"); err != nil {
		return nil, err
	}
	if res.Slowest, err = b.slowest(5); err != nil {
		return nil, err
	}
	n, err := b.count(ctx, "alert_chains FINAL WHERE NOT gone")
	if err != nil {
		return nil, err
	}
	res.Chains = int(n)
	say("sweep: waiting for merges")
	if err := shared.AwaitMerges(ctx, b.db); err != nil {
		return nil, err
	}
	before, err := b.count(ctx, "alerts FINAL")
	if err != nil {
		return nil, err
	}
	say("sweep: a day passes")
	if e, err = b.engine(rules, today.Add(24*time.Hour), 0); err != nil {
		return nil, err
	}
	if res.Routine, err = b.spend(func() error { return e.CatchUp(ctx) }); err != nil {
		return nil, err
	}
	if res.LookSeconds, _, err = b.meter("duban_engine_alerts_look_seconds"); err != nil {
		return nil, err
	}
	after, err := b.count(ctx, "alerts FINAL")
	if err != nil {
		return nil, err
	}
	res.Alerts = int(after - before)
	res.Idle, err = b.spend(func() error { return e.CatchUp(ctx) })
	return res, err
}

// slowest are the rules that took most of the time, in seconds.
func (b *bench) slowest(n int) (map[string]float64, error) {
	families, err := b.meters.Gather()
	if err != nil {
		return nil, err
	}
	all := map[string]float64{}
	for _, f := range families {
		if f.GetName() != "duban_engine_rule_seconds" {
			continue
		}
		for _, m := range f.GetMetric() {
			all[m.GetLabel()[0].GetValue()] = m.GetHistogram().GetSampleSum()
		}
	}
	for len(all) > n {
		least := ""
		for id, s := range all {
			if least == "" || s < all[least] {
				least = id
			}
		}
		delete(all, least)
	}
	return all, nil
}
