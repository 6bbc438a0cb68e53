package calendar

// reach is how far from the days that the regulation itself gives off a yearly
// notice may change a day.
type reach struct {
	// before and after count the days from Monday to Friday before and after
	// those days that the notice may turn into days off.
	before, after int
	// weekends is within how many days a Saturday or Sunday may be made a
	// working day.
	weekends Day
}

// reachOf bounds what a notice does about a holiday. In the notices of 2007 to
// 2026 the farthest day that was turned off lay, in days from Monday to Friday,
// (before, after): New Year (1, 2), Spring Festival (1, 4), Qingming and
// Dragon Boat (2, 1), Labour Day (2, 3), National Day (2, 4); the farthest
// make-up day lay 5 days away for the short holidays, 11 for the long ones. The
// bounds leave room beyond that. They hold for the ordinary yearly notice: what
// the State Council orders once (the parade of 2015-09-03, the lengthened
// Spring Festival of 2020) nobody can foresee, and comes as a notice of its own.
func reachOf(h Holiday) reach {
	switch h {
	case SpringFestival, NationalDay:
		return reach{before: 2, after: 5, weekends: 14}
	case LabourDay:
		return reach{before: 2, after: 4, weekends: 14}
	default:
		return reach{before: 2, after: 2, weekends: 7}
	}
}

// openDays are the days that a notice of a year may still change: days from
// Monday to Friday that it may turn off, and weekend days that it may make
// working days. The days that the regulation gives off are not among them.
type openDays struct{ off, work map[Day]bool }

func newOpenDays() openDays { return openDays{off: map[Day]bool{}, work: map[Day]bool{}} }

// add takes in what a notice about the given holidays of a year may change.
func (o openDays) add(holidays []LawHoliday) {
	law := map[Day]bool{}
	for _, h := range holidays {
		for d := h.First; d <= h.Last; d++ {
			law[d] = true
		}
	}
	for _, h := range holidays {
		r := reachOf(h.Name)
		o.bridge(h.First, -1, r.before, law)
		o.bridge(h.Last, +1, r.after, law)
		for d := h.First - r.weekends; d <= h.Last+r.weekends; d++ {
			if !isMondayToFriday(d) && !law[d] {
				o.work[d] = true
			}
		}
	}
}

// bridge takes in the next n days from Monday to Friday that are not off by law.
func (o openDays) bridge(from, step Day, n int, law map[Day]bool) {
	for d := from + step; n > 0; d += step {
		if isMondayToFriday(d) && !law[d] {
			o.off[d] = true
			n--
		}
	}
}
