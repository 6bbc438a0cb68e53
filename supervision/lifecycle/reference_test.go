package lifecycle

import (
	"cmp"
	"reflect"
	"slices"
	"testing"

	"duban/ingest/event"
	"duban/supervision/calendar"

	"pgregory.net/rapid"
)

// What the fold goes on with from fact to fact is held here against what it comes to when
// everything is gone through anew, pause by pause: plain, and cubic in the pauses.

func plainPausedDays(cal *calendar.Calendar, pauses []Pause, start, end int64) int32 {
	n, covered := int32(0), calendar.DayOf(start)
	for i := range pauses {
		from, to := pauses[i].Days()
		from, to = max(from, covered), min(to, calendar.DayOf(min(end, Still)))
		if to > from {
			n += cal.CountWD(from, to)
			covered = to
		}
	}
	return n
}

func (c *caseFold) plainReckon(start int64, limit calendar.Limit, extend func(so int32, x *extension) int32) reckoning {
	var r reckoning
	pauses, granted := c.out.Pauses, c.granted
	unlimited := false // a pause without a known end has begun in time
	for {
		r.paused = plainPausedDays(c.f.cal, pauses[:r.pauses], start, 1<<62)
		r.due = c.due(start, limit, r.paused, r.extended)
		within := func(t int64) bool { return unlimited || r.due.At == 0 || t <= r.due.At }
		switch more := r.pauses < len(pauses); {
		case len(granted) > 0 && (!more || granted[0].at < pauses[r.pauses].FromAt):
			if !within(granted[0].at) {
				return r
			}
			r.extended = addDays(r.extended, extend(r.extended, &granted[0]))
			granted = granted[1:]
		case more && within(pauses[r.pauses].FromAt):
			unlimited = unlimited || pauses[r.pauses].End() == 0
			r.pauses++
		default:
			return r
		}
	}
}

func (c *caseFold) plainPausedWhileRunning(start, end int64, limit calendar.Limit) (paused int32, due calendar.Due) {
	pauses := slices.Clone(c.out.Pauses)
	if c.fee >= 0 && end != Still {
		pauses[c.fee].ToAt = max(end, pauses[c.fee].FromAt)
	}
	for n := 0; ; n++ {
		paused = plainPausedDays(c.f.cal, pauses[:n], start, end)
		due = c.f.cal.Due(start, limit, paused, c.f.policy.DueIn(c.out.RegionCode))
		if n == len(pauses) || pauses[n].FromAt > due.At {
			return paused, due
		}
		if pauses[n].End() == 0 {
			return paused, calendar.Due{Provisional: true}
		}
	}
}

func plainPausedTime(cal *calendar.Calendar, pauses []Pause, from, to int64) int64 {
	sum, covered := int64(0), from
	for i := range pauses {
		p := &pauses[i]
		end := p.End()
		if end != 0 && end == p.CapAt {
			end++ // CapAt is the last millisecond of its day
		}
		if end == 0 || end > to {
			end = to
		}
		begin := max(p.FromAt, covered)
		if end > begin {
			sum += cal.WorkTime(begin, end)
			covered = end
		}
	}
	return sum
}

// In these random lives pauses for procedures and for fees open and close in each other,
// extensions and reopenings fall on the same instants, and limits change on the way.
func TestDuesAreThoseOfGoingThroughAllPausesAnew(t *testing.T) {
	cal, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f := NewFolder(nil, cal, DefaultPolicy())
		f.policy.ExtendMovesPromise = rapid.Bool().Draw(t, "promise")
		modes := []calendar.DueMode{calendar.EndOfDay, calendar.SameInstant, calendar.CloseOfBusiness}
		f.policy.Due.Mode = rapid.SampledFrom(modes).Draw(t, "mode")
		var out CaseState
		c := &f.c
		*c = caseFold{f: f, out: &out, suspension: -1, fee: -1, k1: -1, k2: -1, k5: -1, k7: -1, k12: -1, item: &event.Item{FeePauses: true}}
		limit := func() calendar.Limit {
			units := []calendar.Unit{calendar.WorkingDays, calendar.WorkingDays, calendar.CalendarDays, calendar.HallHours}
			return calendar.Limit{N: rapid.Int32Range(0, 30).Draw(t, "n"), Unit: rapid.SampledFrom(units).Draw(t, "unit")}
		}
		const quarter = 6 * 3_600_000
		start := int64(1_538_928_000_000)
		now := start + rapid.Int64Range(-8, 8).Draw(t, "first")*quarter
		c.cur.AcceptedAt = start
		c.legal, c.promise = limit(), limit()
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now += rapid.SampledFrom([]int64{0, 0, 1, quarter, 4 * quarter, 9 * quarter}).Draw(t, "later")
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0, 1:
				c.p = payload{suspendType: "hearing"}
				if rapid.IntRange(0, 4).Draw(t, "capped") > 0 {
					c.p.approvedDays = NullInt32{rapid.Int32Range(0, 5).Draw(t, "days"), true}
				} else {
					c.ownProcess = true
				}
				c.suspend(now)
				c.ownProcess = false
			case 2, 3:
				c.endSuspension(now)
			case 4:
				c.feeNotice(now)
			case 5:
				c.endFee(now)
			case 6:
				c.p = payload{days: NullInt32{rapid.Int32Range(0, 12).Draw(t, "days"), true}}
				c.grant(now)
			case 7:
				if rapid.Bool().Draw(t, "stop") {
					c.stop(now)
				} else {
					c.reopen(now)
				}
			case 8:
				c.licence, c.legalDefault = rapid.Bool().Draw(t, "licence"), rapid.Bool().Draw(t, "default")
				c.legal = limit()
			}
			if rapid.IntRange(0, 2).Draw(t, "ask") == 0 {
				continue
			}
			want := c.plainReckon(start, c.legal, c.extendLegal)
			if got := c.reckon(&c.byLaw, start, c.legal, c.extendLegal); got != want {
				t.Fatalf("by law %+v, want %+v of %+v", got, want, out.Pauses)
			}
			want = c.plainReckon(start, c.promise, c.extendPromise)
			if got := c.reckon(&c.byPromise, start, c.promise, c.extendPromise); got != want {
				t.Fatalf("by promise %+v, want %+v of %+v", got, want, out.Pauses)
			}
			if got, want := c.pausedSince(start), plainPausedDays(cal, out.Pauses, start, 1<<62); got != want {
				t.Fatalf("%d days paused, want %d of %+v", got, want, out.Pauses)
			}
		}
		c.spans.fill(cal, out.Pauses)
		c.times.fill(cal, out.Pauses)
		from := start + rapid.Int64Range(-8, 60).Draw(t, "from")*quarter
		to := from + rapid.Int64Range(0, 60).Draw(t, "to")*quarter
		if got, want := c.times.within(cal, from, to), plainPausedTime(cal, out.Pauses, from, to); got != want {
			t.Fatalf("paused for %d ms, want %d of %+v", got, want, out.Pauses)
		}
		for _, end := range []int64{to, Still} {
			paused, due := c.pausedWhileRunning(from, end, c.legal)
			wantPaused, wantDue := c.plainPausedWhileRunning(from, end, c.legal)
			if paused != wantPaused || due != wantDue {
				t.Fatalf("a step from %d to %d: %d %+v, want %d %+v of %+v", from, end, paused, due, wantPaused, wantDue, out.Pauses)
			}
		}
	})
}

// A pause is put behind those that begin no later, as a stable sort of them would.
func TestAPauseIsPutWhereAStableSortPutsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var got, want []Pause
		for i := range rapid.IntRange(0, 12).Draw(t, "n") {
			p := Pause{FromAt: rapid.Int64Range(0, 5).Draw(t, "from"), ToAt: int64(i)}
			got, _ = insertPause(got, p)
			want = append(want, p)
			slices.SortStableFunc(want, func(a, b Pause) int { return cmp.Compare(a.FromAt, b.FromAt) })
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}
