package queries

import "time"

// Observer is told the name of each statement that was run, how long the
// server and the connection took for it, and nothing of its values. It is
// called by many goroutines.
type Observer func(name string, took time.Duration)

// Observe has o told of every statement from now on. It is called once, before
// the registry is used by others.
func (r *Registry) Observe(o Observer) { r.observe = o }

func (r *Registry) observed(name string) func() {
	if r.observe == nil {
		return func() {}
	}
	began := time.Now()
	return func() { r.observe(name, time.Since(began)) }
}
