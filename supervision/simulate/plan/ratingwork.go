package plan

import "duban/supervision/simulate/world"

const saltRatingWork = 12

// BadRating is a bad rating that counts, for the work on its order.
type BadRating struct {
	No    string // number of the case or ticket
	Fact  int32
	org   int32
	At    int64
	index int64 // place of the subject, for the draw
	Flaws Flaws // what the rater complains of
}

// BadRatingOf notes what the work on a bad rating has to know of it.
func BadRatingOf(s *Subject, f *Fact) BadRating {
	return BadRating{string(s.No), f.No, f.Org, f.At, s.Index, f.Flaws}
}

// RatingWork plans what people do about the order on a bad rating (domain guide
// 4): verified by the end of the next working day, rectified within five more,
// confirmed. With planted violations a share is never verified, verified late,
// rectified late, very late or never, or the rectification is rejected; some
// are found to be wrong.
func RatingWork(w *world.World, seed uint64, share float64, b *BadRating) []Action {
	place := b.index<<8 | int64(b.Fact)
	x := world.Scatter(seed, saltRatingWork, place)
	way := -1
	if world.Drawn(x, min(4*share, 1)) {
		way = int(x >> 4 % 8)
	}
	c := newOfficial(w, seed, saltRatingWork, place, b.At, w.Orgs[b.org].Code)
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
	if way == 0 {
		return nil
	}
	if way == 1 {
		c.later(c.between(2, 4))
	} else {
		c.later(1)
	}
	if way == 7 {
		c.do("claim_invalid", manager, "invalid_claimed", `{"grounds":"误评","evidence":["通话记录"]}`)
		c.later(1)
		c.do("exclude", supervisor, "excluded", `{"comment":"认定为误评"}`)
		return c.actions
	}
	verify()
	switch way {
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
	if way == 5 || way == 6 {
		c.deadline(5)
		c.do("reject", supervisor, "rejected", `{"comment":"评价人不认可"}`)
		if way == 6 {
			c.afterDue(c.between(1, 3))
		} else {
			c.later(c.between(1, 4))
		}
		fix()
	}
	end()
	return c.actions
}
