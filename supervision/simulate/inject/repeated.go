package inject

import (
	"strconv"

	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

const saltBursts = 7

// repeated plans a ticket of such a caller, or says that it is none. The ticket
// has been received.
func (p *Injector) repeated(stream uint64, index int64) bool {
	block := index / plan.RepetitionSize
	if p.share == 0 || stream != plan.StreamTicket || block*plan.RepetitionSize+plan.RepetitionSize > p.tickets ||
		!world.Drawn(world.Scatter(p.Seed, saltBursts, block), p.share/plan.RepetitionSize) {
		return false
	}
	s := p.Life
	s.Repetition = int32(index%plan.RepetitionSize) + 1
	s.Caller = "CB" + strconv.FormatInt(block, 10)
	s.Place, s.Topic, s.Kind, s.Linked = "城东", "噪声扰民", "complaint", ""
	s.Test, s.Urgent = false, false
	if s.Channel == "from_110" {
		s.Channel = "phone"
	}
	// One an hour in the order of their numbers.
	p.At = world.StartOf(s.Day) + (8+int64(s.Repetition))*3600*1000 + p.Rand.Int64N(3000*1000)
	p.Life.Facts[0].At = p.At
	if s.Repetition == 3 {
		s.Planted = "R-HOT-06"
	}
	p.sent()
	p.signed(1)
	p.InDays(1)
	p.replied()
	return true
}
