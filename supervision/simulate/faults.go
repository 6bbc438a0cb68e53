package simulate

// schedule decides when each fact of a subject is sent, which are sent late,
// again, or again with other content. It drops what would happen after the end
// of the period, and returns how many facts of each kind are sent late.
func (p *planner) schedule(end int64, faults, conflicts float64) (delayed [3]int64) {
	s := p.s
	kept := s.facts[:0]
	for _, f := range s.facts {
		if f.at >= end {
			continue
		}
		// What is decided after the end has not been decided.
		f.voidedAt, f.amendedAt, f.replacedAt = before(f.voidedAt, end), before(f.amendedAt, end), before(f.replacedAt, end)
		kept = append(kept, f)
	}
	s.facts = kept
	const hour = 3600 * 1000
	for i := range s.facts {
		f := &s.facts[i]
		if f.afterwards {
			continue
		}
		at := f.at + 200 + p.r.Int64N(60_000) + f.delay
		if f.revision > 0 {
			at += 2*hour + p.r.Int64N(40*hour)
		}
		if faults > 0 && p.chance(faults) {
			at += hour + p.r.Int64N(70*hour)
			delayed[f.about]++
		}
		s.sends = append(s.sends, send{at, int32(i), sendOriginal})
		if faults > 0 && p.chance(faults) {
			mode := sendAgain
			if p.chance(0.5) {
				mode = sendAgainLate
			}
			s.sends = append(s.sends, send{at + 1000 + p.r.Int64N(48*hour), int32(i), mode})
		}
		if f.flaws&rewritten != 0 || conflicts > 0 && p.chance(conflicts) {
			s.sends = append(s.sends, send{at + 60_000 + p.r.Int64N(24*hour), int32(i), sendConflict})
		}
	}
	// Few and nearly in order: insertion keeps equal times in their order.
	for i := 1; i < len(s.sends); i++ {
		for j := i; j > 0 && s.sends[j].at < s.sends[j-1].at; j-- {
			s.sends[j], s.sends[j-1] = s.sends[j-1], s.sends[j]
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
