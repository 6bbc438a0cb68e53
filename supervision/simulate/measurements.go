package simulate

import (
	"fmt"

	"duban/ingest/event"
	"duban/supervision/simulate/plan"
)

func (r *run) measured(at int64, key, value []byte) {
	r.posts = append(r.posts, post{at, event.TopicMeasurements, key, value})
}

// sendMeasurements plans the calls of the hotline and the targets, and records what they have to raise.
func (r *run) sendMeasurements() error {
	w := r.world
	calls, planted := plan.Calls(r.config.Seed, r.config.Violations, r.from, r.to)
	if planted > 0 {
		r.alerts.Planted["R-HOT-08"] += planted
	}
	for i, c := range calls {
		r.measured(r.encoder.CallsMessage(r.from+int32(i), c))
	}
	if err := r.recordAlerts("org", []byte(w.Orgs[w.Hotline].Code), r.judge.Calls(calls, r.from)); err != nil {
		return err
	}
	targets := plan.Targets(w, r.config.Seed, r.config.Violations, r.from, r.to)
	for i := range targets {
		t := &targets[i]
		if t.Planted {
			r.alerts.Planted["R-ORD-05"]++
		}
		for _, p := range t.Readings {
			key, value := r.encoder.TargetMessage(t, p)
			r.measured(p.At, key, value)
		}
		o := &w.Orgs[t.Org]
		no := fmt.Sprintf("%s/%s/%s", o.Code, w.Regions[o.Region].Code, plan.TargetName)
		if err := r.recordAlerts("target", []byte(no), r.judge.Target(t)); err != nil {
			return err
		}
	}
	return nil
}
