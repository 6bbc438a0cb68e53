package evaluate

import (
	"context"
	"slices"
	"time"

	"duban/queries"
	"duban/supervision/rule"
)

// stateTables are the states that rules about a kind of subject look at: those of a
// round, and all of them.
var stateTables = map[string][2]string{
	rule.SubjectCase:   {"cases", "cases_now"},
	rule.SubjectTicket: {"tickets", "tickets_now"},
	rule.SubjectRating: {"rating_states", "rating_states_now"},
}

// Round evaluates the rules about the subjects folded under a version.
func (e *Evaluator) Round(ctx context.Context, kind string, version uint64) error {
	if e.rules == nil || kind == "" {
		return nil
	}
	var well []*rule.Rule
	for _, r := range e.rules.Of(rule.EachFold, kind) {
		if !e.state(r.ID).failed() { // else it will be evaluated about everything
			well = append(well, r)
		}
	}
	candidates, err := e.candidates(ctx, kind, version, well)
	if err != nil {
		return err
	}
	if err := e.evaluateTogether(ctx, candidates, queries.Args{"states": stateTables[kind][0], "version": version}, version); err != nil {
		return err
	}
	done := e.wellOf(well)
	if len(done) == 0 {
		return nil
	}
	if err := e.reg.Exec(ctx, e.conn(), "engine/gone_chains_of_round_"+kind, queries.Args{
		"rules": done, "fold_version": version, "at": e.now(),
	}); err != nil {
		return err
	}
	return e.writeTimers(ctx, version)
}

// wellOf are the ids of those rules whose last evaluation did not fail.
func (e *Evaluator) wellOf(rules []*rule.Rule) []string {
	var out []string
	for _, r := range rules {
		if !e.state(r.ID).failed() {
			out = append(out, r.ID)
		}
	}
	return out
}

// candidates leaves out the rules for which none of the subjects folded under a
// version has what they need: they find nothing, and evaluating them costs the server
// a few milliseconds each.
func (e *Evaluator) candidates(ctx context.Context, kind string, version uint64, rules []*rule.Rule) ([]*rule.Rule, error) {
	profiles, ok := selectProfile[kind]
	if !ok || len(rules) == 0 {
		return rules, nil
	}
	holds, err := profiles.One(ctx, e.reg, e.conn(), queries.Args{"version": version})
	if err != nil {
		return nil, err
	}
	var out []*rule.Rule
	for _, r := range rules {
		if r.Needs.All() || anyOf(holds.Facts, r.Needs.Facts) || anyOf(holds.Clocks, r.Needs.Clocks) {
			out = append(out, r)
		} else if s := e.state(r.ID); s.unsaved == nil {
			s.unsaved = &health{version: r.Version, took: s.took}
		}
	}
	return out, nil
}

func anyOf(list, wanted []string) bool {
	return slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(list, w) })
}

// everySubject evaluates rules about all there is, one by one, so that the server works on
// one at a time and the duration of each is known.
func (e *Evaluator) everySubject(ctx context.Context, rules []*rule.Rule, version uint64) error {
	for _, r := range rules {
		if err := e.evaluate(ctx, r, queries.Args{"states": stateTables[r.Subject][1], "version": uint64(0)}, version); err != nil {
			return err
		}
	}
	done := e.wellOf(rules)
	if len(done) == 0 {
		return nil
	}
	if err := e.reg.Exec(ctx, e.conn(), "engine/gone_chains_of_rules", queries.Args{
		"rules": done, "fold_version": version, "at": e.now(),
	}); err != nil {
		return err
	}
	return e.writeTimers(ctx, version)
}

// writeTimers notes when steps of the chains of a version are reached. Steps up to the last
// announcement are found with the round; a step between it and now has a timer too,
// which does no harm.
func (e *Evaluator) writeTimers(ctx context.Context, version uint64) error {
	held, waits := []string{}, []int64{}
	for _, r := range e.rules.All() {
		if r.Hold > 0 {
			held, waits = append(held, r.ID), append(waits, time.Duration(r.Hold).Milliseconds())
		}
	}
	_, until := e.announced()
	return e.reg.Exec(ctx, e.conn(), "engine/write_timers", queries.Args{
		"fold_version": version, "after": until, "held": held, "hold_ms": waits,
	})
}
