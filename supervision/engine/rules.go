package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/checkpoint"
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
	behind      map[string]time.Time
	savedBehind string
	// failures counts those of a rule since it last went well.
	failures map[string]int
	savedAt  time.Time
	turn     int // which rule over periods is asked first
	// took is how long a rule was last asked by itself, and alone which one is the
	// next to be.
	took map[string]time.Duration
	// lateness is how late the facts were for which a rule judges days again.
	lateness map[string]int64
	// rejudging are the rules that are being asked again about days; nothing is announced
	// of them before they were asked about all.
	rejudging map[string]bool
	alone     int
}

// evaluateRound asks the rules about the subjects folded under a version.
func (e *Engine) evaluateRound(ctx context.Context, kind string, version uint64) error {
	if e.cfg.Rules == nil || kind == "" {
		return nil
	}
	var well []*rule.Rule
	for _, r := range e.cfg.Rules.Of(rule.EachFold, kind) {
		if _, failed := e.rules.behind[r.ID]; !failed { // else it will be asked about everything
			well = append(well, r)
		}
	}
	candidates, err := e.candidates(ctx, kind, version, well)
	if err != nil {
		return err
	}
	if err := e.askTogether(ctx, candidates, queries.Args{"states": ruleTables[kind][0], "version": version}, version); err != nil {
		return err
	}
	var asked []string
	for _, r := range well {
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

// candidates leaves out the rules for which none of the subjects folded under a
// version has what they need: they have nothing to say, and asking costs the server
// a few milliseconds each.
func (e *Engine) candidates(ctx context.Context, kind string, version uint64, rules []*rule.Rule) ([]*rule.Rule, error) {
	if kind == rule.SubjectRating || len(rules) == 0 {
		return rules, nil
	}
	res, err := e.reg.Run(ctx, e.db.Conn(), "engine/round_profile_"+kind, queries.Args{"version": version})
	if err != nil {
		return nil, err
	}
	facts, clocks := res.Rows[0][0].([]string), res.Rows[0][1].([]string)
	var out []*rule.Rule
	for _, r := range rules {
		if r.Needs.All() || anyOf(facts, r.Needs.Facts) || anyOf(clocks, r.Needs.Clocks) {
			out = append(out, r)
		} else if _, known := e.rules.health[r.ID]; !known {
			e.rules.health[r.ID] = health{version: r.Version, took: e.rules.took[r.ID]}
		}
	}
	return out, nil
}

func anyOf(list, wanted []string) bool {
	return slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(list, w) })
}

// evaluateAll asks rules about every subject, one by one, so that the server works on
// one at a time and the duration of each is known.
func (e *Engine) evaluateAll(ctx context.Context, rules []*rule.Rule, version uint64) error {
	var asked []string
	for _, r := range rules {
		if err := e.ask(ctx, r, queries.Args{"states": ruleTables[r.Subject][1], "version": uint64(0)}, version); err != nil {
			return err
		}
		if _, failed := e.rules.behind[r.ID]; !failed {
			asked = append(asked, r.ID)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	if err := e.reg.Exec(ctx, e.db.Conn(), "engine/gone_chains_of_rules", queries.Args{
		"rules": asked, "fold_version": version, "at": e.now(),
	}); err != nil {
		return err
	}
	return e.writeTimers(ctx, version)
}

func (e *Engine) writeTimers(ctx context.Context, version uint64) error {
	// Steps up to the last look are found with the round; a step between it and
	// now has a timer too, which does no harm.
	held, waits := []string{}, []int64{}
	for _, r := range e.cfg.Rules.All() {
		if r.Hold > 0 {
			held, waits = append(held, r.ID), append(waits, time.Duration(r.Hold).Milliseconds())
		}
	}
	return e.reg.Exec(ctx, e.db.Conn(), "engine/write_timers", queries.Args{"fold_version": version, "after": e.announcer.Until(), "held": held, "hold_ms": waits})
}

// rulesMark names what the alerts depend on besides facts and catalogue: the
// rules, and what the states stand on.
func (e *Engine) rulesMark(basis checkpoint.Basis) string {
	return e.cfg.Rules.Hash(e.reg) + " on " + basis.String()
}

// markRules names what the alerts were evaluated with.
const markRules = "rules"

// readRuleMarks takes up how far an engine before this one came with its rules.
func (e *Engine) readRuleMarks(marks map[string]string) error {
	if err := e.announcer.Read(marks); err != nil {
		return err
	}
	e.readBehind(marks)
	return e.readLateness(marks)
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
	want := e.rulesMark(basis)
	marks, err := e.marks(ctx)
	if err != nil {
		return err
	}
	if err := e.readRuleMarks(marks); err != nil {
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
		if err := e.announcer.Because(ctx, l.version, version, changeOf(marks[markRules], want)); err != nil {
			return err
		}
	}
	if err := e.evaluateAll(ctx, e.cfg.Rules.Of(rule.EachFold, ""), version); err != nil {
		return err
	}
	if err := e.reg.Exec(ctx, e.db.Conn(), "engine/gone_chains_of_old_rules", queries.Args{
		"current": current, "fold_version": version, "at": e.now(),
	}); err != nil {
		return err
	}
	if err := e.saveBehind(ctx, l); err != nil {
		return err
	}
	return e.saveMark(ctx, l, markRules, want)
}

// retryRules asks rules that failed about everything, when it is time.
func (e *Engine) retryRules(ctx context.Context, l *lease) error {
	for id, at := range e.rules.behind {
		r, ok := e.cfg.Rules.Get(id)
		if !ok {
			delete(e.rules.behind, id)
			continue
		}
		if r.Evaluation != rule.EachFold || e.now().Before(at) {
			continue // rules over periods are asked again with their next period
		}
		if err := e.evaluateAll(ctx, []*rule.Rule{r}, l.version()); err != nil {
			return err
		}
	}
	return e.saveBehind(ctx, l)
}

// markBehind names the rules that have to be asked about everything again: an engine
// that starts after this one must know.
const markBehind = "rules behind"

// saveBehind keeps which rules about folded subjects have failed, before the mark is
// moved that says that they were asked.
func (e *Engine) saveBehind(ctx context.Context, l *lease) error {
	var ids []string
	for id := range e.rules.behind {
		if r, ok := e.cfg.Rules.Get(id); ok && r.Evaluation == rule.EachFold {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	text := strings.Join(ids, " ")
	if text == e.rules.savedBehind {
		return nil
	}
	if err := e.saveMark(ctx, l, markBehind, text); err != nil {
		return err
	}
	e.rules.savedBehind = text
	return nil
}

// readBehind takes up what an engine before this one left behind.
func (e *Engine) readBehind(marks map[string]string) {
	e.rules.savedBehind = marks[markBehind]
	for _, id := range strings.Fields(marks[markBehind]) {
		if _, known := e.rules.behind[id]; !known {
			e.rules.behind[id] = e.now()
		}
	}
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
