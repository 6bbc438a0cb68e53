package simulate

import (
	"fmt"

	"duban/supervision/simulate/world"
)

const saltRatingWork = 12

// badRating is a bad rating that counts, for the work on its order.
type badRating struct {
	no    string // number of the case or ticket
	fact  int32
	org   int32
	at    int64
	index int64 // place of the subject, for the draw
	flaws flaws // what the rater complains of
}

// badRatingOf notes what the work on a bad rating has to know of it.
func badRatingOf(s *subject, f *fact) badRating {
	return badRating{string(s.no), f.no, f.org, f.at, s.index, f.flaws}
}

// ratingWork plans what people do about the order on a bad rating (domain guide
// 4): verified by the end of the next working day, rectified within five more,
// confirmed. With planted violations a share is never verified, verified late,
// rectified late, very late or never, or the rectification is rejected; some
// are found to be wrong.
func ratingWork(w *world.World, seed uint64, share float64, b *badRating) []deed {
	place := b.index<<8 | int64(b.fact)
	x := world.Scatter(seed, saltRatingWork, place)
	turn := -1
	if world.Drawn(x, min(4*share, 1)) {
		turn = int(x >> 4 % 8)
	}
	c := newOfficial(w, seed, saltRatingWork, place, b.at, w.Orgs[b.org].Code)
	c.deadline(1)
	fix := func() {
		c.do("rectify", handler, "rectified", `{"cause":"解释不到位","fix":"已当面说明"}`)
		c.later(c.between(1, 3))
	}
	verify := func() {
		c.deadline(5)
		c.do("verify", manager, "valid", `{"comment":"属实"}`)
	}
	end := func() {
		c.due = 0
		c.do("confirm", supervisor, "confirmed", `{"score":4}`)
		c.soon()
		c.do("close", supervisor, "closed", `{"summary":"已整改"}`)
	}
	if turn == 0 {
		return nil
	}
	if turn == 1 {
		c.later(c.between(2, 4))
	} else {
		c.later(1)
	}
	if turn == 7 {
		c.do("claim_invalid", manager, "invalid_claimed", `{"grounds":"误评","evidence":["通话记录"]}`)
		c.later(1)
		c.do("exclude", supervisor, "excluded", `{"comment":"认定为误评"}`)
		return c.actions
	}
	verify()
	switch turn {
	case 2:
		c.afterDue(c.between(1, 4))
	case 3:
		c.afterDue(c.between(6, 9))
	case 4:
		return c.actions
	default:
		c.later(c.between(1, 4))
	}
	fix()
	if turn == 5 || turn == 6 {
		c.deadline(5)
		c.do("reject", supervisor, "rejected", `{"comment":"评价人不认可"}`)
		if turn == 6 {
			c.afterDue(c.between(1, 3))
		} else {
			c.later(c.between(1, 4))
		}
		fix()
	}
	end()
	return c.actions
}

// judgeRating says what rules have to say about the order on a bad rating.
func (j *judge) judgeRating(b *badRating, deeds []deed) []chain {
	j.afresh()
	days := j.world.Days
	// R-SAT-01: not verified by the end of the next working day.
	verified := world.Forever
	if len(deeds) > 0 {
		verified = deeds[0].at
	}
	if due := world.EndOf(days.Add(world.LocalDay(b.at), 1)); verified > due {
		j.raise("R-SAT-01", "", turn{due + 1, warning}, turn{max(verified, due+2), cleared})
	}
	// R-NRM-02-R and R-NRM-03-R: what the rater complains of, once it is verified.
	for i := range deeds {
		if d := &deeds[i]; d.state == "valid" {
			if b.flaws&extraMaterials != 0 {
				j.raise("R-NRM-02-R", "", turn{d.at, red})
			}
			if b.flaws&extraConditions != 0 {
				j.raise("R-NRM-03-R", "", turn{d.at, red})
			}
			break
		}
	}
	// R-SAT-02: a round of rectification past its due, red five working days later.
	round := 1
	for i := range deeds {
		d := &deeds[i]
		if d.state == "rejected" {
			if round++; round == 2 {
				j.raise("R-SAT-03", "", turn{d.at, yellow})
			}
		}
		if d.state != "valid" && d.state != "rejected" {
			continue
		}
		until := world.Forever
		if i+1 < len(deeds) {
			until = deeds[i+1].at
		}
		turns := [2]turn{{d.due + 1, yellow}, {world.EndOf(days.Add(world.LocalDay(d.due), 5)) + 1, red}}
		n := 0
		for n < 2 && turns[n].at <= until {
			n++
		}
		if n > 0 {
			j.raise("R-SAT-02", fmt.Sprintf("round/%d", round), turns[:n]...)
		}
	}
	return j.chains
}
