package plan

import "duban/supervision/simulate/world"

const (
	saltCalls   = 13
	saltTargets = 14
)

// CallDay is one day of the hotline.
type CallDay struct{ Queued, Answered, Abandoned int }

// Low reports whether fewer than 95 of 100 calls were answered.
func (c CallDay) Low() bool { return c.Answered*100 < (c.Queued-c.Abandoned)*95 }

// Calls draws the calls of each day. Of blocks of eight days a share, as planted,
// begins with one to four days on which too few calls are answered; low counts them.
func Calls(seed uint64, share float64, from, to int32) (out []CallDay, low int64) {
	const block = 8
	out = make([]CallDay, to-from+1)
	for i := range out {
		x := world.Scatter(seed, saltCalls, int64(i))
		c := CallDay{Queued: 600 + int(x%300), Abandoned: 5 + int(x>>10%10)}
		percent := 96 + int(x>>20%4)
		b := world.Scatter(seed, saltCalls+20, int64(i/block))
		if i%block <= int(b>>4%4) && world.Drawn(b, min(3*share, 0.9)) {
			percent = 80 + int(x>>20%14)
			if i%block == 0 {
				low++
			}
		}
		c.Answered = (c.Queued - c.Abandoned) * percent / 100
		if percent >= 96 { // no rounding below the limit
			c.Answered = ((c.Queued-c.Abandoned)*percent + 99) / 100
		}
		out[i] = c
	}
	return out, low
}

// Targets: the share of items that can be done online, in tenths of a per cent,
// from 400 to 900, measured every ten days against the straight path. An
// organisation of province or city has one.
const (
	TargetName = "online_share"
	TargetBase = 400
	TargetGoal = 900
	everyDays  = 10
)

// Target is what an organisation has to come to by a date.
type Target struct {
	Org        int32
	Began, Due int64
	Readings   []Progress
	Planted    bool
}

// Targets plans the targets and their measurements. Planted ones fall behind for good,
// fall behind and catch up, or miss the date and are met afterwards.
func Targets(w *world.World, seed uint64, share float64, from, to int32) []Target {
	var out []Target
	for i := range w.Orgs {
		o := &w.Orgs[i]
		if o.Level > 2 || o.Line == "hotline" {
			continue
		}
		x := world.Scatter(seed, saltTargets, int64(i))
		began := from - 200
		due := from + 15 + int32(x>>12%uint64(to-from+30))
		way := -1
		if world.Drawn(x, min(3*share, 1)) {
			way = int(x >> 6 % 3)
		}
		t := Target{Org: int32(i), Began: world.StartOf(began), Due: world.StartOf(due), Planted: way >= 0}
		for day := from + int32(x>>30%everyDays); day <= to; day += everyDays {
			t.Readings = append(t.Readings, Progress{world.StartOf(day) + Morning + int64(i)*1000, reached(began, due, day, way)})
		}
		out = append(out, t)
	}
	return out
}

// Progress is one measurement of a target.
type Progress struct {
	At     int64
	Actual int
}

// reached is what a target has come to on a day: well before the straight path,
// or well behind it.
func reached(began, due, day int32, way int) int {
	path := TargetBase + (TargetGoal-TargetBase)*int(min(day, due)-began)/int(due-began)
	behind := false
	switch way {
	case 0: // for good
		behind = true
	case 1: // until thirty days before the date
		behind = day < due-30
	case 2: // until after the date
		behind = day < due+everyDays
	}
	if behind {
		return path - 60
	}
	return path + 60
}
