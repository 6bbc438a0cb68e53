package evaluate

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"time"

	"duban/queries"
	"duban/supervision/rule"
)

const (
	// longestRule bounds a statement of rules: the server ends one that takes
	// longer, and its rules have failed, where a wait without end would stop all others.
	longestRule = 30 * time.Minute
	// longestPause bounds the doubling pause after failures of a rule.
	longestPause = time.Hour
)

// evaluateTogether evaluates several rules about the subjects of a round. One rule after
// the other would cost the server more for reading the statements than for the work, so
// that they are put together into two statements, which it reads at the same time.
// Each round another rule is evaluated by itself: its duration is that of the rule, while
// that of a statement says nothing about one. When a statement fails, its rules are
// evaluated one by one, so that the guilty one is known and takes none of the others down.
func (e *Evaluator) evaluateTogether(ctx context.Context, rules []*rule.Rule, args queries.Args, version uint64) error {
	if len(rules) == 0 {
		return nil
	}
	e.single++
	single := e.single % len(rules)
	var halves [2][]*rule.Rule
	for i, r := range rules {
		if i != single {
			halves[i%2] = append(halves[i%2], r)
		}
	}
	var failed [2]error
	var wait sync.WaitGroup
	for i := range halves {
		wait.Go(func() { failed[i] = e.statement(ctx, halves[i], args, version) })
	}
	wait.Wait()
	for i, err := range failed {
		switch {
		case err == nil:
			for _, r := range halves[i] {
				s := e.state(r.ID)
				s.unsaved = &health{version: r.Version, took: s.took}
			}
		case ctx.Err() != nil || !refused(err):
			return err
		default:
			for _, r := range halves[i] {
				if err := e.evaluate(ctx, r, args, version); err != nil {
					return err
				}
			}
		}
	}
	return e.evaluate(ctx, rules[single], args, version)
}

// statement stores what rules find in the same subjects by one statement. It leaves the
// evaluator's memory alone.
func (e *Evaluator) statement(ctx context.Context, rules []*rule.Rule, args queries.Args, version uint64) error {
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
	err := e.reg.ExecOverAll(queries.Bounded(ctx, longestRule), e.conn(), "engine/write_chains_of", "engine/chains_of_rule", parts)
	e.together(e.now().Sub(began))
	return err
}

// argsOf are the parameters of a rule and of the statement that stores what it finds.
func (e *Evaluator) argsOf(r *rule.Rule, args queries.Args, version uint64) (queries.Args, error) {
	q, err := e.reg.Get(r.Query())
	if err != nil {
		return nil, err
	}
	given := queries.Args{"calendar": e.calendar().Version(), "needs_facts": noNil(r.Needs.Facts), "needs_clocks": noNil(r.Needs.Clocks)}
	maps.Copy(given, args)
	maps.Copy(given, r.Params)
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

// evaluate runs a rule by itself and stores its chains. A rule that fails stops nothing but
// itself: it is reported, and evaluated about everything when it may be well again.
// An evaluator that is stopped or a server that is away is an error of the round.
func (e *Evaluator) evaluate(ctx context.Context, r *rule.Rule, args queries.Args, version uint64) error {
	all, err := e.argsOf(r, args, version)
	if err != nil {
		return err
	}
	began := e.now()
	err = e.reg.ExecOver(queries.Bounded(ctx, longestRule), e.conn(), "engine/write_chains", r.Query(), all)
	h, s := health{version: r.Version, took: e.now().Sub(began)}, e.state(r.ID)
	switch {
	case err == nil:
		s.retryAt, s.failures = time.Time{}, 0
	case ctx.Err() != nil || !refused(err):
		return err
	default:
		h.problem = firstLine(err)
		s.failures++
		s.retryAt = e.now().Add(min(time.Minute<<min(s.failures-1, 10), longestPause))
		e.log.Error("rule failed, it will be evaluated again about everything", "rule", r.ID, "error", err)
	}
	e.evaluated(r.ID, h.took, err != nil)
	s.unsaved, s.took = &h, h.took
	return nil
}

// refused reports whether the server answered and refused the rule's SQL, rather
// than being away.
func refused(err error) bool {
	return queries.Refused(err) && !errors.Is(err, context.DeadlineExceeded)
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line[:min(len(line), 500)]
}
