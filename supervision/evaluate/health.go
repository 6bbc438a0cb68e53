package evaluate

import (
	"context"
	"time"

	"duban/queries"
)

// healthEvery is how often the health of rules is written.
const healthEvery = 5 * time.Second

// health is what is known of the last evaluation of a rule.
type health struct {
	version uint16
	took    time.Duration
	problem string
}

// Note keeps how other work went whose health is told with that of the rules; the error is
// nil when it went well.
func (e *Evaluator) Note(work string, took time.Duration, err error) {
	h := health{took: took}
	if err != nil {
		h.problem = firstLine(err)
	}
	e.state(work).unsaved = &h
}

// SaveHealth writes the health of the rules that were evaluated, every few seconds.
func (e *Evaluator) SaveHealth(ctx context.Context, version uint64, watermark time.Time) error {
	if e.now().Sub(e.savedAt) < healthEvery {
		return nil
	}
	var ids, problems []string
	var versions []uint16
	var took []float64
	for id, s := range e.states {
		if h := s.unsaved; h != nil {
			ids, versions = append(ids, id), append(versions, h.version)
			took, problems = append(took, h.took.Seconds()), append(problems, h.problem)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := e.reg.Exec(ctx, e.conn(), "engine/save_rule_runs", queries.Args{
		"rules": ids, "versions": versions, "took": took, "errors": problems, "fold_version": version,
		"watermark": watermark, "at": e.now(),
	}); err != nil {
		return err
	}
	for _, id := range ids {
		e.states[id].unsaved = nil
	}
	e.savedAt = e.now()
	return nil
}
