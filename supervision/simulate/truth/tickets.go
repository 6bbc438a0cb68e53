package truth

import (
	"slices"

	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// ticketPiece is what was true of a ticket from an instant until another.
type ticketPiece struct {
	at, until int64
	Ticket
}

// Ticket judges a ticket; test tickets are nobody's business.
func (j *Judge) Ticket(s *plan.Subject) []Chain {
	j.s, j.chains, j.arena, j.pieces = s, j.chains[:0], j.arena[:0], j.pieces[:0]
	j.read(plan.AboutTicket)
	if s.Test || len(j.facts) == 0 {
		return nil
	}
	j.ticketPieces = j.ticketPieces[:0]
	for _, at := range j.instants(plan.AboutTicket) {
		if n := len(j.ticketPieces); n > 0 {
			j.ticketPieces[n-1].until = at
		}
		j.ticketPieces = append(j.ticketPieces, ticketPiece{at, world.Forever, ofTicket(j.world, s, at)})
	}
	for _, rule := range ticketRules {
		rule(j)
	}
	return j.chains
}

// ticketRules are the oracles of the rules on tickets.
var ticketRules = []func(*Judge){
	(*Judge).unsigned, (*Judge).undispatched, (*Judge).ticketLimits, (*Judge).returns, (*Judge).falseClosures,
	(*Judge).redos, (*Judge).threeRefuse,
	(*Judge).handover, (*Judge).complaints, (*Judge).toSupervisor, (*Judge).ticketCourse, (*Judge).data,
}

// ticketCourse are R-PRC-02-T and R-DAT-02-T: an event that the life cycle does not allow;
// neither receipt nor dispatch.
func (j *Judge) ticketCourse() {
	begun := false
	for i := range j.facts {
		f := &j.facts[i]
		if f.Illegal {
			j.raise("R-PRC-02-T", "", Step{f.at, yellow})
			break
		}
		switch event.TicketType(f.Type) {
		case event.TReceive, event.TDispatch, event.TAnswerDirect:
			begun = true
		}
	}
	if !begun {
		j.raise("R-DAT-02-T", "", Step{ByArrival, yellow})
	}
}

// unsigned is R-HOT-01: a working day to sign, an hour when urgent (T3). What
// ends the wait ends the warning.
func (j *Judge) unsigned() {
	var sent int64
	n := 0
	end := func(at int64) {
		if sent == 0 {
			return
		}
		due := world.EndOf(j.world.Days.Add(world.LocalDay(sent), 1))
		if j.s.Urgent {
			due = sent + 3600*1000
		}
		if at > due {
			j.raise("R-HOT-01", clockNo("T3", n), Step{due + 1, warning}, Step{at, Cleared})
		}
		sent = 0
	}
	for i := range j.facts {
		f := &j.facts[i]
		switch event.TicketType(f.Type) {
		case event.TDispatch, event.TRedispatch:
			end(f.at)
			sent, n = f.at, n+1
		case event.TSign, event.TReturn, event.TClose:
			end(f.at)
		}
	}
	end(world.Forever)
}

// undispatched is R-HOT-01-D: neither dispatched, answered nor ended by the end of the
// working day after the receipt.
func (j *Judge) undispatched() {
	first := &j.facts[0]
	if event.TicketType(first.Type) != event.TReceive {
		return
	}
	gone := world.Forever
	for i := range j.facts {
		switch f := &j.facts[i]; event.TicketType(f.Type) {
		case event.TDispatch, event.TAnswerDirect, event.TInvalid, event.TMerge:
			gone = min(gone, f.at)
		}
	}
	if due := world.EndOf(j.world.Days.Add(world.LocalDay(first.at), 1)); gone > due+1 {
		j.raise("R-HOT-01-D", "", Step{due + 1, warning}, Step{gone, Cleared})
	}
}

// ticketLimits is R-HOT-02 for every run of the clock: from the working day
// before the due, past it, more than five working days past it.
func (j *Judge) ticketLimits() {
	days := j.world.Days
	runs, redos := 0, 0
	for i := 0; i < len(j.ticketPieces); {
		first := &j.ticketPieces[i]
		if first.startAt == 0 {
			i++
			continue
		}
		clock := ""
		if first.redo {
			redos++
			clock = clockNo("T8", redos)
		} else {
			runs++
			clock = clockNo("T5", runs)
		}
		list := j.list[:0]
		put := func(t Step) {
			if n := len(list); n > 0 && list[n-1].At == t.At {
				list = list[:n-1]
			}
			list = append(list, t)
		}
		// The run ends with the stop as it is known by now, or with the next run.
		last := i
		for last+1 < len(j.ticketPieces) && j.ticketPieces[last+1].startAt == first.startAt && j.ticketPieces[last+1].redo == first.redo {
			last++
		}
		end := j.ticketPieces[last].until
		if last+1 == len(j.ticketPieces) && j.ticketPieces[last].StopAt != 0 {
			end = j.ticketPieces[last].StopAt
		}
		worst := Cleared
		for ; i <= last; i++ {
			p := &j.ticketPieces[i]
			until := min(p.until, end)
			if p.at >= until {
				continue
			}
			if worst == Cleared && len(list) > 0 {
				put(Step{p.at, Cleared})
			}
			if p.StopAt != 0 || p.Excluded != "" {
				continue
			}
			day := world.LocalDay(p.Due)
			if at := max(world.StartOf(days.Back(day, 1)), p.at); at < until && at <= p.Due && worst == Cleared {
				put(Step{at, warning})
			}
			if at := max(p.Due+1, p.at); at <= until && worst < yellow {
				put(Step{at, yellow})
				worst = yellow
			}
			if at := max(world.StartOf(days.Add(day, 6)), p.at); at <= until && worst < red {
				put(Step{at, red})
				worst = red
			}
		}
		if worst == Cleared && len(list) > 0 {
			put(Step{end, Cleared})
		}
		j.raise("R-HOT-02", clock, list...)
		j.list = list
	}
}

// returns is R-HOT-03: sent back more than two working days after the dispatch
// (T4), or rejected twice.
func (j *Judge) returns() {
	var sent int64
	returned, rejected := 0, 0
	for i := range j.facts {
		f := &j.facts[i]
		switch event.TicketType(f.Type) {
		case event.TReturn:
			returned++
			if f.at > world.EndOf(j.world.Days.Add(world.LocalDay(sent), 2)) {
				j.raise("R-HOT-03", clockNo("T4", returned), Step{f.at, yellow})
			}
		case event.TDispatch:
			sent = f.at
		case event.TRedispatch:
			sent = f.at
			if !f.Flag {
				if rejected++; rejected == 2 {
					j.raise("R-HOT-03", "rejected", Step{f.at, yellow})
				}
			}
		}
	}
}

// falseClosures is R-HOT-04: the reply claims a contact that the caller denies.
func (j *Judge) falseClosures() {
	replies, claimed := 0, false
	for i := range j.facts {
		f := &j.facts[i]
		switch event.TicketType(f.Type) {
		case event.TReply:
			replies++
			claimed = f.Flaws&plan.ClaimsContact != 0
		case event.TVisit:
			if claimed && !f.Flag {
				j.raise("R-HOT-04", clockNo("reply", replies), Step{f.at, red})
				claimed = false
			}
		}
	}
}

// redos is R-HOT-05: the second redo order, and the third.
func (j *Judge) redos() {
	var steps [2]Step
	n := 0
	for i := range j.facts {
		if f := &j.facts[i]; event.TicketType(f.Type) == event.TRedo {
			if n++; n == 2 || n == 3 {
				steps[n-2] = Step{f.at, yellow + Severity(n-2)}
			}
		}
	}
	if n >= 2 {
		j.raise("R-HOT-05", "", steps[:min(n, 3)-1]...)
	}
}

// threeRefuse is R-HOT-05-P: from the return of the third organisation until the end.
func (j *Judge) threeRefuse() {
	since, until := world.Forever, world.Forever
	var with int32
	var refused [3]int32 // who gave it back, in turn
	n := 0
	for i := range j.facts {
		f := &j.facts[i]
		switch event.TicketType(f.Type) {
		case event.TDispatch, event.TRedispatch:
			with = f.To
		case event.TReturn:
			if n < 3 && !slices.Contains(refused[:n], with) {
				refused[n] = with
				if n++; n == 3 {
					since = f.at
				}
			}
		case event.TClose, event.TInvalid, event.TMerge:
			until = min(until, f.at)
		}
	}
	if since < until {
		j.raise("R-HOT-05-P", "", Step{since, warning}, Step{until, Cleared})
	}
}
