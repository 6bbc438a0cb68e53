package truth

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// deliveries are R-DDL-10 and R-DDL-11: ten working days to deliver what was
// approved, three for an electronic certificate.
func (j *Judge) deliveries() {
	var approved, issued int64
	runs, certs := 0, 0
	stop := func(at int64) {
		if due := world.EndOf(j.world.Days.Add(world.LocalDay(approved), 10)); approved != 0 && at > due {
			j.raise("R-DDL-10", instance("K5", runs), Step{due + 1, yellow})
		}
		if due := world.EndOf(j.world.Days.Add(world.LocalDay(issued), 3)); issued != 0 && at > due {
			j.raise("R-DDL-11", instance("K12", certs), Step{due + 1, yellow})
		}
		approved, issued = 0, 0
	}
	decided := int64(0)
	for i := range j.facts {
		f := &j.facts[i]
		if f.Illegal {
			continue
		}
		switch event.CaseType(f.Type) {
		case event.Decide, event.Finish:
			if decided == 0 {
				decided = f.at
			}
			if approved == 0 && (f.Word == "approved" || f.Word == "partial") {
				approved, runs = decided, runs+1
			}
			if f.Is(event.Finish) && f.Flag {
				issued, certs = f.at, certs+1
			}
		case event.Deliver, event.Withdraw, event.Terminate, event.Reopen:
			stop(f.at)
			decided = 0
		}
	}
	stop(world.Forever)
}

// lowerReview is R-DDL-12: twenty working days for the level below.
func (j *Judge) lowerReview() {
	var due int64
	for i := range j.facts {
		f := &j.facts[i]
		switch {
		case f.Is(event.Accept) && f.Flaws&plan.AtLowerLevel != 0:
			due = world.EndOf(j.world.Days.Add(world.LocalDay(f.at), 20))
		case due != 0 && (f.Is(event.Transfer) || f.Is(event.Finish) || f.Is(event.Withdraw) || f.Is(event.Terminate)):
			if f.at > due {
				j.raise("R-DDL-12", "", Step{due + 1, yellow})
			}
			return
		}
	}
	if due != 0 {
		j.raise("R-DDL-12", "", Step{due + 1, yellow})
	}
}

// extensions is R-DDL-13: a second one, one of more than ten days (fifteen for
// joint approval), one after the due, without approver or word to the applicant.
func (j *Judge) extensions() {
	n := 0
	for i := range j.facts {
		f := &j.facts[i]
		if !f.Is(event.Extend) {
			continue
		}
		n++
		longest := int32(10)
		if j.s.Joint {
			longest = 15
		}
		if n > 1 || f.days > longest || f.at > j.before(f.at).LegalDue || f.Flaws&(plan.NoApprover|plan.NotTold) != 0 {
			j.raise("R-DDL-13", "", Step{f.at, yellow})
			return
		}
	}
}
