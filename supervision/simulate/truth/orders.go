package truth

import (
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// WorkItem says what rules have to say about an order or an exposure.
func (j *Judge) WorkItem(e *plan.WorkItem) []Chain {
	j.afresh()
	if e.Kind == "order" {
		j.order(e.Actions)
	} else {
		j.exposed(e.Actions)
	}
	return j.chains
}

// order is R-ORD-01: a warning from the start of the working day before the due
// day, a card after the due, a red one when more than three working days are
// over. A reply ends a warning; what was sent back runs on.
func (j *Judge) order(actions []plan.Action) {
	var list []Step
	worst := Cleared
	put := func(t Step) {
		if n := len(list); n > 0 && list[n-1].At == t.At {
			list = list[:n-1]
		}
		list = append(list, t)
	}
	for i := range actions {
		d := &actions[i]
		until := world.Forever
		if i+1 < len(actions) {
			until = actions[i+1].At
		}
		runs := d.State == "issued" || d.State == "signed" || d.State == "in_progress" || d.State == "returned"
		day := world.LocalDay(d.Due)
		warned := max(world.StartOf(j.world.Days.Back(day, 1)), d.At)
		if worst == Cleared && len(list) > 0 && !(runs && warned == d.At && d.At <= d.Due) {
			put(Step{d.At, Cleared})
		}
		if !runs {
			continue
		}
		if worst == Cleared && warned < until && warned <= d.Due {
			put(Step{warned, warning})
		}
		if at := max(d.Due+1, d.At); at <= until && worst < yellow {
			put(Step{at, yellow})
			worst = yellow
		}
		if at := max(world.StartOf(j.world.Days.Add(day, 4)), d.At); at <= until && worst < red {
			put(Step{at, red})
			worst = red
		}
	}
	j.raise("R-ORD-01", "", list...)
}

// exposed is R-ORD-04: no answer within five working days of the publication.
func (j *Judge) exposed(actions []plan.Action) {
	var due int64
	for i := range actions {
		switch d := &actions[i]; {
		case d.State == "published":
			due = d.Due
		case due != 0 && d.At > due:
			j.raise("R-ORD-04", "", Step{due + 1, yellow})
			return
		case due != 0:
			return
		}
	}
	if due != 0 {
		j.raise("R-ORD-04", "", Step{due + 1, yellow})
	}
}
