package truth

import "duban/supervision/simulate/world"

// delay is what may move a due: an extension, a special procedure, or the time between
// a stop and the reopening after it. It does so when it begins before that due has
// passed: what is late is late (domain guide 5.1, C1).
type delay struct {
	at       int64 // when it begins
	extend   int32 // days of an extension
	from, to int32 // days of a pause; to = open while it lasts
	approved int32 // days of a procedure, gap = no procedure
}

const (
	open = int32(1 << 30)
	gap  = int32(-1)
)

// counts reports whether a delay begins before a due has passed. (What moved the due
// later than that began before it, so the last due tells.)
func (t *Case) counts(due int64, d *delay) bool { return due == 0 || d.at <= due }

// rested counts the working days in the union of the pauses, each procedure cut to its
// approved days (domain guide 2.4), and in the gaps. An open procedure counts its
// approved days.
func rested(days *world.Workdays, delays []delay) int32 {
	var n, counted int32 // counted is the last day already looked at
	for i := range delays {
		p := &delays[i]
		switch {
		case p.from == 0: // an extension
		case p.approved == gap:
			n += days.Count(p.from, p.to)
		default:
			last := min(p.to, days.Add(p.from, p.approved))
			for d := max(p.from, counted) + 1; d <= last; d++ {
				n += int32(world.One(days.Working(d)))
			}
			counted = max(counted, last)
		}
	}
	return n
}

// dues works out both due moments (domain guide 2.3, K3 and K4, and 2.4).
func (t *Case) dues(w *world.World, it *world.Item, snapshot int32, hasSnapshot bool, delays []delay) {
	accepted := world.LocalDay(t.AcceptedAt)
	v := it.At(accepted)
	promise, legal, legalUnit := v.Promise, v.Legal, it.Title.LegalUnit
	if hasSnapshot {
		promise = snapshot
	}
	if legal == world.Unlimited {
		legal, legalUnit = 20, "W"
	}
	promiseUnit := it.Title.PromiseUnit
	by := func(limit int32, unit string, still int32) int64 {
		switch {
		case unit == "C":
			day := accepted + limit
			for it.Title.RollForward && !w.Days.Working(day) {
				day++
			}
			return world.EndOf(day)
		case limit > 0 || still > 0:
			return world.EndOf(w.Days.Add(accepted, limit+still))
		}
		// On the spot: today if the hall was open, else the next working day.
		if w.Days.Working(accepted) && t.AcceptedAt < world.StartOf(accepted)+closing {
			return world.EndOf(accepted)
		}
		return world.EndOf(w.Days.Add(accepted, 1))
	}
	// Licensing Law art. 42: once, ten days at most by the head of an agency; what goes
	// beyond has no effect. Other acts have limits and extensions of their own.
	bounded := legalUnit != "C" && it.Title.ItemType == "license"
	move := func(limit int32, unit string, extends bool) (due int64, still int32) {
		var extended int32
		due = by(limit, unit, 0)
		for i := range delays {
			d := &delays[i]
			if d.at > due {
				break
			}
			switch {
			case d.from != 0 || !extends:
			case !bounded:
				extended += d.extend
			case extended == 0:
				extended = min(d.extend, 10)
			}
			still = rested(w.Days, delays[:i+1])
			due = by(limit+extended, unit, still)
		}
		return due, still
	}
	t.LegalDue, t.restedDays = move(legal, legalUnit, true)
	t.limit, t.limitUnit = promise, promiseUnit
	if promise == world.Unlimited || promiseUnit == legalUnit && promise > legal {
		t.limit, t.limitUnit = legal, legalUnit
		t.PromiseDue = t.LegalDue // the law is the only promise, or the better one
		return
	}
	t.PromiseDue, t.restedDays = move(promise, promiseUnit, false)
}

// closing is when halls close. Nothing is planned to be accepted on the spot
// within half an hour of it.
const closing = (17*60 + 30) * 60 * 1000
