package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/rule"
)

// ruleTables are the states that rules of a kind of subject look at: those of a
// round, and all of them.
var ruleTables = map[string][2]string{
	rule.SubjectCase:   {"cases", "cases_now"},
	rule.SubjectTicket: {"tickets", "tickets_now"},
	rule.SubjectRating: {"rating_states", "rating_states_now"},
}

// Rules is the catalogue of the engine; nil when it has none.
func (e *Engine) Rules() *rule.Catalogue { return e.cfg.Rules }

// kindOfTopic is the kind of subject whose states a topic moves; empty when it
// moves none that rules are asked about after a fold.
func kindOfTopic(t event.Topic) string {
	switch t {
	case event.TopicCases, event.TopicItems: // items refold their cases
		return rule.SubjectCase
	case event.TopicTickets:
		return rule.SubjectTicket
	case event.TopicRatings:
		return rule.SubjectRating
	}
	return ""
}

// health is what is known of the last evaluation of a rule and not written yet.
type health struct {
	version uint16
	took    time.Duration
	err     string
}

// rulesState is the engine's memory of its rules; the holder of the lease alone
// uses it.
type rulesState struct {
	health map[string]health
	// behind are rules whose last evaluation failed, with when to ask them about
	// everything again.
	behind  map[string]time.Time
	savedAt time.Time
	turn    int // which rule over periods is asked first
}

// evaluateRound asks the rules about the subjects folded under a version.
func (e *Engine) evaluateRound(ctx context.Context, kind string, version uint64) error {
	if e.cfg.Rules == nil || kind == "" {
		return nil
	}
	var asked []string
	for _, r := range e.cfg.Rules.Of(rule.EachFold, kind) {
		if _, failed := e.rules.behind[r.ID]; failed {
			continue // it will be asked about everything
		}
		if err := e.ask(ctx, r, queries.Args{"states": ruleTables[kind][0], "version": version}, version); err != nil {
			return err
		}
		if _, failed := e.rules.behind[r.ID]; !failed {
			asked = append(asked, r.ID)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	if err := e.reg.Exec(ctx, e.db.Conn(), "engine/gone_chains_of_round_"+kind, queries.Args{
		"rules": asked, "fold_version": version, "at": e.now(),
	}); err != nil {
		return err
	}
	return e.writeTimers(ctx, version)
}

// evaluateAll asks a rule about every subject.
func (e *Engine) evaluateAll(ctx context.Context, r *rule.Rule, version uint64) error {
	if err := e.ask(ctx, r, queries.Args{"states": ruleTables[r.Subject][1], "version": uint64(0)}, version); err != nil {
		return err
	}
	if _, failed := e.rules.behind[r.ID]; failed {
		return nil
	}
	if err := e.reg.Exec(ctx, e.db.Conn(), "engine/gone_chains_of_rule", queries.Args{
		"rule_id": r.ID, "fold_version": version, "at": e.now(),
	}); err != nil {
		return err
	}
	return e.writeTimers(ctx, version)
}

func (e *Engine) writeTimers(ctx context.Context, version uint64) error {
	// Steps up to the last look are found with the round; a step between it and
	// now has a timer too, which does no harm.
	return e.reg.Exec(ctx, e.db.Conn(), "engine/write_timers", queries.Args{"fold_version": version, "after": e.looked.until})
}

// ask runs a rule and stores its chains. A rule that fails stops nothing but
// itself: it is reported, and asked about everything when it may be well again.
// An engine that is stopped or a server that is away is an error of the round.
func (e *Engine) ask(ctx context.Context, r *rule.Rule, args queries.Args, version uint64) error {
	q, err := e.reg.Get(r.Query())
	if err != nil {
		return err
	}
	given := queries.Args{"calendar": e.cfg.Calendar.Version()}
	for k, v := range args {
		given[k] = v
	}
	for k, v := range r.Params {
		given[k] = v
	}
	all := queries.Args{
		"rule_id": r.ID, "rule_version": r.Version, "subject_kind": r.Subject, "chain": r.Chain, "fold_version": version, "at": e.now(),
	}
	for _, p := range q.Params {
		if v, ok := given[p.Name]; ok {
			all[p.Name] = v
		}
	}
	began := e.now()
	err = e.reg.ExecOver(ctx, e.db.Conn(), "engine/write_chains", r.Query(), all)
	h := health{version: r.Version, took: e.now().Sub(began)}
	switch {
	case err == nil:
		delete(e.rules.behind, r.ID)
	case ctx.Err() != nil || !ofRule(err):
		return err
	default:
		h.err = firstLine(err)
		e.rules.behind[r.ID] = e.now().Add(time.Minute)
		e.in.ruleErrors.WithLabelValues(r.ID).Inc()
		e.log.Error("rule failed, it will be asked again about everything", "rule", r.ID, "error", err)
	}
	e.in.ruleSeconds.WithLabelValues(r.ID).Observe(h.took.Seconds())
	e.rules.health[r.ID] = h
	return nil
}

// ofRule reports whether the server answered and refused the rule's SQL, rather
// than being away.
func ofRule(err error) bool {
	return strings.Contains(err.Error(), "code:") && !errors.Is(err, context.DeadlineExceeded)
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line[:min(len(line), 500)]
}

// settleRules asks every rule about every subject when the rules, or what the
// states stand on, are not what they were.
func (e *Engine) settleRules(ctx context.Context, l *lease) error {
	if e.cfg.Rules == nil {
		return nil
	}
	basis, err := e.basis()
	if err != nil {
		return err
	}
	want := e.cfg.Rules.Hash(e.reg) + " on " + basis
	marks, err := e.marks(ctx)
	if err != nil {
		return err
	}
	if err := e.readLooked(marks); err != nil {
		return err
	}
	if marks[markRules] == want {
		return nil
	}
	version := l.version()
	current := []string{}
	for _, r := range e.cfg.Rules.All() {
		if !r.Suspended {
			current = append(current, fmt.Sprintf("%s@%d", r.ID, r.Version))
		}
	}
	if marks[markRules] != "" {
		e.log.Info("rules changed, asking all of them about everything", "was", marks[markRules], "is", want)
		if err := e.because(ctx, l, version, changeOf(marks[markRules], want)); err != nil {
			return err
		}
	}
	for kind := range ruleTables {
		for _, r := range e.cfg.Rules.Of(rule.EachFold, kind) {
			if err := e.evaluateAll(ctx, r, version); err != nil {
				return err
			}
		}
	}
	if err := e.reg.Exec(ctx, e.db.Conn(), "engine/gone_chains_of_old_rules", queries.Args{
		"current": current, "fold_version": version, "at": e.now(),
	}); err != nil {
		return err
	}
	return e.saveMark(ctx, l, markRules, want)
}

// retryRules asks rules that failed about everything, when it is time.
func (e *Engine) retryRules(ctx context.Context, l *lease) error {
	for id, at := range e.rules.behind {
		r, ok := e.cfg.Rules.Get(id)
		if !ok || r.Evaluation != rule.EachFold {
			delete(e.rules.behind, id)
			continue
		}
		if e.now().Before(at) {
			continue
		}
		if err := e.evaluateAll(ctx, r, l.version()); err != nil {
			return err
		}
	}
	return nil
}

// saveHealth writes the health of rules, at most every few seconds unless one
// failed.
func (e *Engine) saveHealth(ctx context.Context, version uint64, watermark time.Time) error {
	if len(e.rules.health) == 0 || e.now().Sub(e.rules.savedAt) < 5*time.Second {
		return nil
	}
	var ids, problems []string
	var versions []uint16
	var took []float64
	for id, h := range e.rules.health {
		ids, versions = append(ids, id), append(versions, h.version)
		took, problems = append(took, h.took.Seconds()), append(problems, h.err)
	}
	if err := e.reg.Exec(ctx, e.db.Conn(), "engine/save_rule_runs", queries.Args{
		"rules": ids, "versions": versions, "took": took, "errors": problems, "fold_version": version,
		"watermark": watermark, "at": e.now(),
	}); err != nil {
		return err
	}
	clear(e.rules.health)
	e.rules.savedAt = e.now()
	return nil
}
