package plan

// Schedule decides when each fact of a subject is sent, which are sent late,
// again, or again with other content. It drops what would happen after the end
// of the period, and returns how many facts of each kind are sent late.
func (p *Planner) Schedule(end int64, faults, conflicts float64) (delayed [3]int64) {
	s := p.Life
	kept := s.Facts[:0]
	for _, f := range s.Facts {
		if f.At >= end {
			continue
		}
		// What is decided after the end has not been decided.
		f.VoidedAt, f.AmendedAt, f.ReplacedAt = before(f.VoidedAt, end), before(f.AmendedAt, end), before(f.ReplacedAt, end)
		kept = append(kept, f)
	}
	s.Facts = kept
	const hour = 3600 * 1000
	for i := range s.Facts {
		f := &s.Facts[i]
		if f.Afterwards {
			continue
		}
		at := f.At + 200 + p.Rand.Int64N(60_000) + f.Delay
		if f.Revision > 0 {
			at += 2*hour + p.Rand.Int64N(40*hour)
		}
		if faults > 0 && p.Chance(faults) {
			at += hour + p.Rand.Int64N(70*hour)
			delayed[f.About]++
		}
		s.Sends = append(s.Sends, Send{at, int32(i), SendOriginal})
		if faults > 0 && p.Chance(faults) {
			mode := SendAgain
			if p.Chance(0.5) {
				mode = sendAgainLate
			}
			s.Sends = append(s.Sends, Send{at + 1000 + p.Rand.Int64N(48*hour), int32(i), mode})
		}
		if f.Flaws&Rewritten != 0 || conflicts > 0 && p.Chance(conflicts) {
			s.Sends = append(s.Sends, Send{at + 60_000 + p.Rand.Int64N(24*hour), int32(i), SendConflict})
		}
	}
	// Few and nearly in order: insertion keeps equal times in their order.
	for i := 1; i < len(s.Sends); i++ {
		for j := i; j > 0 && s.Sends[j].At < s.Sends[j-1].At; j-- {
			s.Sends[j], s.Sends[j-1] = s.Sends[j-1], s.Sends[j]
		}
	}
	return delayed
}

func before(at, end int64) int64 {
	if at >= end {
		return 0
	}
	return at
}
