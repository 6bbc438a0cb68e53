package simulate

import (
	"strconv"

	"duban/supervision/simulate/world"
)

// burstSize is how often some callers come back with one matter: so many tickets in a row are then
// about the same, by the same caller. The third is one too many (R-HOT-06), the
// fourth makes it grave.
const burstSize = 4

const saltBursts = 7

// repeated plans a ticket of such a caller, or says that it is none. The ticket
// has been received.
func (p *injecting) repeated(stream uint64, index int64) bool {
	block := index / burstSize
	if p.share == 0 || stream != streamTicket || block*burstSize+burstSize > p.tickets ||
		!world.Drawn(world.Scatter(p.seed, saltBursts, block), p.share/burstSize) {
		return false
	}
	s := p.s
	s.burst = int32(index%burstSize) + 1
	s.caller = "CB" + strconv.FormatInt(block, 10)
	s.place, s.topic, s.kind, s.linked = "城东", "噪声扰民", "complaint", ""
	s.test, s.urgent = false, false
	if s.channel == "from_110" {
		s.channel = "phone"
	}
	// One an hour in the order of their numbers.
	p.t = world.StartOf(s.day) + (8+int64(s.burst))*3600*1000 + p.r.Int64N(3000*1000)
	p.s.facts[0].at = p.t
	if s.burst == 3 {
		s.planted = "R-HOT-06"
	}
	p.sent()
	p.signed(1)
	p.inDays(1)
	p.replied()
	return true
}

// repeated is R-HOT-06: the alert is that of the third ticket, and is known in
// full with the fourth. It returns the number of the third.
func (j *judge) repeated(s *subject) (no []byte, chains []chain) {
	switch s.burst {
	case 3:
		j.thirdNo, j.thirdAt = append(j.thirdNo[:0], s.no...), s.facts[0].at
	case burstSize:
		j.afresh()
		if world.StartOf(world.LocalDay(j.thirdAt)+1) <= j.asOf { // days are judged when they are over
			fourth := s.facts[0].at
			if world.StartOf(world.LocalDay(fourth)+1) > j.asOf {
				fourth = world.Forever
			}
			j.raise("R-HOT-06", "caller", turn{j.thirdAt, warning}, turn{fourth, yellow})
		}
		return j.thirdNo, j.chains
	}
	return nil, nil
}
