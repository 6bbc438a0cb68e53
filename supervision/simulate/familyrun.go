package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// memberAt is since when a sub-case counts as one: its acceptance; forever without one.
func (s *subject) memberAt() int64 {
	for i := range s.facts {
		if f := &s.facts[i]; f.is(event.Accept) && !f.superseded {
			return f.at
		}
	}
	return world.Forever
}
