package engine

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"duban/queries"
	"duban/supervision/rule"
)

// askTogether asks several rules about the subjects of a round. One rule after the
// other would cost the server more for reading the statements than for the work, so
// that they are put together into two statements, which it reads at the same time.
// Each round another rule is asked by itself: its duration is that of the rule, while
// that of a statement says nothing about one. When a statement fails, its rules are
// asked one by one, so that the guilty one is known and takes none of the others down.
func (e *Engine) askTogether(ctx context.Context, rules []*rule.Rule, args queries.Args, version uint64) error {
	if len(rules) == 0 {
		return nil
	}
	e.rules.alone++
	single := e.rules.alone % len(rules)
	var halves [2][]*rule.Rule
	for i, r := range rules {
		if i != single {
			halves[i%2] = append(halves[i%2], r)
		}
	}
	var failed [2]error
	var wait sync.WaitGroup
	for i := range halves {
		wait.Go(func() { failed[i] = e.askStatement(ctx, halves[i], args, version) })
	}
	wait.Wait()
	for i, err := range failed {
		switch {
		case err == nil:
			for _, r := range halves[i] {
				e.rules.health[r.ID] = health{version: r.Version, took: e.rules.took[r.ID]}
			}
		case ctx.Err() != nil || !ofRule(err):
			return err
		default:
			for _, r := range halves[i] {
				if err := e.ask(ctx, r, args, version); err != nil {
					return err
				}
			}
		}
	}
	return e.ask(ctx, rules[single], args, version)
}

// askStatement stores what rules say about the same subjects by one statement. It
// leaves the engine's memory alone.
func (e *Engine) askStatement(ctx context.Context, rules []*rule.Rule, args queries.Args, version uint64) error {
	if len(rules) == 0 {
		return nil
	}
	parts := make([]queries.Part, len(rules))
	for i, r := range rules {
		all, err := e.argsOf(r, args, version)
		if err != nil {
			return err
		}
		parts[i] = queries.Part{Rows: r.Query(), Args: all}
	}
	began := e.now()
	err := e.reg.ExecOverAll(queries.Bounded(ctx, longestRule), e.db.Conn(), "engine/write_chains_of", "engine/chains_of_rule", parts)
	e.in.statementSeconds.Observe(e.now().Sub(began).Seconds())
	return err
}

// argsOf are the parameters of a rule and of the statement that stores what it says.
func (e *Engine) argsOf(r *rule.Rule, args queries.Args, version uint64) (queries.Args, error) {
	q, err := e.reg.Get(r.Query())
	if err != nil {
		return nil, err
	}
	given := queries.Args{"calendar": e.Calendar().Version(), "needs_facts": noNil(r.Needs.Facts), "needs_clocks": noNil(r.Needs.Clocks)}
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
	return all, nil
}

func noNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// ask runs a rule by itself and stores its chains. A rule that fails stops nothing but
// itself: it is reported, and asked about everything when it may be well again.
// An engine that is stopped or a server that is away is an error of the round.
func (e *Engine) ask(ctx context.Context, r *rule.Rule, args queries.Args, version uint64) error {
	all, err := e.argsOf(r, args, version)
	if err != nil {
		return err
	}
	began := e.now()
	err = e.reg.ExecOver(queries.Bounded(ctx, longestRule), e.db.Conn(), "engine/write_chains", r.Query(), all)
	h := health{version: r.Version, took: e.now().Sub(began)}
	switch {
	case err == nil:
		delete(e.rules.behind, r.ID)
		delete(e.rules.failures, r.ID)
	case ctx.Err() != nil || !ofRule(err):
		return err
	default:
		h.err = firstLine(err)
		e.rules.failures[r.ID]++
		e.rules.behind[r.ID] = e.now().Add(min(time.Minute<<min(e.rules.failures[r.ID]-1, 10), longestPause))
		e.in.ruleErrors.WithLabelValues(r.ID).Inc()
		e.log.Error("rule failed, it will be asked again about everything", "rule", r.ID, "error", err)
	}
	e.in.ruleSeconds.WithLabelValues(r.ID).Observe(h.took.Seconds())
	e.rules.health[r.ID], e.rules.took[r.ID] = h, h.took
	return nil
}

const (
	// longestRule bounds a statement of rules: the server ends one that takes
	// longer, and its rules have failed, where a wait without end would stop all others.
	longestRule = 30 * time.Minute
	// longestPause bounds the doubling pause after failures of a rule.
	longestPause = time.Hour
)

// ofRule reports whether the server answered and refused the rule's SQL, rather
// than being away.
func ofRule(err error) bool {
	return queries.Refused(err) && !errors.Is(err, context.DeadlineExceeded)
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line[:min(len(line), 500)]
}
