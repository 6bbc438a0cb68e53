package simulate

import (
	"strconv"
	"time"

	"duban/supervision/simulate/world"
)

const (
	saltCalls   = 13
	saltTargets = 14
)

// measurement is what another system counted.
type measurement struct {
	id, name, org, region, target string
	from, to, sent                int64
	values                        [][2]string // name and number
}

func (e *encoder) measurement(m *measurement) (key, value []byte) {
	return e.reference(m.name, func() {
		e.text("event_id", m.id)
		e.text("source_sys", e.source)
		e.text("name", m.name)
		e.text("org_code", m.org)
		e.text("region_code", m.region)
		e.instant("from", m.from)
		e.instant("to", m.to)
		e.instant("emit_time", m.sent)
		e.key("values")
		e.open()
		for _, v := range m.values {
			e.key(v[0])
			e.block = append(e.block, v[1]...)
		}
		e.close()
		e.key("payload")
		e.open()
		e.text("target", m.target)
		e.close()
	})
}

// callsMessage writes how many called the hotline on a day.
func (e *encoder) callsMessage(day int32, c callDay) (at int64, key, value []byte) {
	o := &e.world.Orgs[e.world.Hotline]
	m := measurement{
		id: "calls-" + world.Date(day).Format(time.DateOnly), name: "hotline_calls", org: o.Code, region: e.world.Regions[o.Region].Code,
		from: world.StartOf(day), to: world.StartOf(day + 1), sent: world.StartOf(day+1) + 1_800_000,
		values: [][2]string{{"queued", strconv.Itoa(c.queued)}, {"answered", strconv.Itoa(c.answered)},
			{"answered_15s", strconv.Itoa(c.answered * 9 / 10)}, {"abandoned_5s", strconv.Itoa(c.abandoned)}},
	}
	key, value = e.measurement(&m)
	return m.sent, key, value
}

// targetMessage writes what a target had come to at an instant.
func (e *encoder) targetMessage(t *target, p progress) (key, value []byte) {
	o := &e.world.Orgs[t.org]
	return e.measurement(&measurement{
		id: "target-" + o.Code + "-" + world.Date(world.LocalDay(p.at)).Format(time.DateOnly), name: "targets",
		org: o.Code, region: e.world.Regions[o.Region].Code, target: targetName, from: t.began, to: t.due, sent: p.at,
		values: [][2]string{{"baseline", strconv.Itoa(targetBase)}, {"actual", strconv.Itoa(p.actual)},
			{"target", strconv.Itoa(targetGoal)}},
	})
}

// callDay is one day of the hotline.
type callDay struct{ queued, answered, abandoned int }

// low reports whether fewer than 95 of 100 calls were answered.
func (c callDay) low() bool { return c.answered*100 < (c.queued-c.abandoned)*95 }

// planCalls draws the calls of each day. Of blocks of eight days a share, as planted,
// begins with one to four days on which too few calls are answered; low counts them.
func planCalls(seed uint64, share float64, from, to int32) (out []callDay, low int64) {
	const block = 8
	out = make([]callDay, to-from+1)
	for i := range out {
		x := world.Scatter(seed, saltCalls, int64(i))
		c := callDay{queued: 600 + int(x%300), abandoned: 5 + int(x>>10%10)}
		percent := 96 + int(x>>20%4)
		b := world.Scatter(seed, saltCalls+20, int64(i/block))
		if i%block <= int(b>>4%4) && world.Drawn(b, min(3*share, 0.9)) {
			percent = 80 + int(x>>20%14)
			if i%block == 0 {
				low++
			}
		}
		c.answered = (c.queued - c.abandoned) * percent / 100
		if percent >= 96 { // no rounding below the limit
			c.answered = ((c.queued-c.abandoned)*percent + 99) / 100
		}
		out[i] = c
	}
	return out, low
}

// judgeCalls says what rules have to say about the hotline.
func (j *judge) judgeCalls(calls []callDay, from int32) []chain {
	j.afresh()
	j.connected(calls, from)
	return j.chains
}

// connected is R-HOT-08: a run of days with fewer than 95 of 100 calls answered
// is a warning from the end of its first day, a card from the end of its third;
// the first good day ends a warning.
func (j *judge) connected(calls []callDay, from int32) {
	for i := 0; i < len(calls); i++ {
		if !calls[i].low() {
			continue
		}
		first := i
		for i < len(calls) && calls[i].low() {
			i++
		}
		end := func(k int) int64 { return world.StartOf(from + int32(k) + 1) }
		turns := []turn{{end(first), warning}}
		switch {
		case i-first >= 3:
			turns = append(turns, turn{end(first + 2), yellow})
		case i < len(calls):
			turns = append(turns, turn{end(i), cleared})
		}
		j.raise("R-HOT-08", world.Date(from+int32(first)).Format(time.DateOnly), turns...)
	}
}

// Targets: the share of items that can be done online, in tenths of a per cent,
// from 400 to 900, measured every ten days against the straight path. An
// organisation of province or city has one.
const (
	targetName = "online_share"
	targetBase = 400
	targetGoal = 900
	everyDays  = 10
)

// target is what an organisation has to come to by a date.
type target struct {
	org        int32
	began, due int64
	readings   []progress
	planted    bool
}

// planTargets plans the targets and their measurements. Planted ones fall behind for good,
// fall behind and catch up, or miss the date and are met afterwards.
func planTargets(w *world.World, seed uint64, share float64, from, to int32) []target {
	var out []target
	for i := range w.Orgs {
		o := &w.Orgs[i]
		if o.Level > 2 || o.Line == "hotline" {
			continue
		}
		x := world.Scatter(seed, saltTargets, int64(i))
		began := from - 200
		due := from + 15 + int32(x>>12%uint64(to-from+30))
		turn := -1
		if world.Drawn(x, min(3*share, 1)) {
			turn = int(x >> 6 % 3)
		}
		t := target{org: int32(i), began: world.StartOf(began), due: world.StartOf(due), planted: turn >= 0}
		for day := from + int32(x>>30%everyDays); day <= to; day += everyDays {
			t.readings = append(t.readings, progress{world.StartOf(day) + morning + int64(i)*1000, reached(began, due, day, turn)})
		}
		out = append(out, t)
	}
	return out
}

// progress is one measurement of a target.
type progress struct {
	at     int64
	actual int
}

// reached is what a target has come to on a day: well before the straight path,
// or well behind it.
func reached(began, due, day int32, turn int) int {
	path := targetBase + (targetGoal-targetBase)*int(min(day, due)-began)/int(due-began)
	behind := false
	switch turn {
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

// judgeTarget is R-ORD-05: from the sixtieth day before the date each measurement is
// held against the straight path; from the date on the goal has to be met.
func (j *judge) judgeTarget(t *target) []chain {
	j.afresh()
	list, began, due := t.readings, t.began, t.due
	look := due - 60*world.DayMillis
	late := func(p progress) severity {
		// actual < base + (goal - base) * share of the time, in whole numbers
		if (int64(p.actual)-targetBase)*(due-began) < (targetGoal-targetBase)*(min(p.at, due)-began) {
			return notice
		}
		return cleared
	}
	missed := func(p progress) severity {
		if p.actual < targetGoal {
			return yellow
		}
		return cleared
	}
	var turns []turn
	put := func(at int64, s severity) {
		if s == cleared && len(turns) == 0 || len(turns) > 0 && turns[len(turns)-1].severity == s {
			return
		}
		turns = append(turns, turn{at, s})
	}
	known, last := -1, -1
	for i, p := range list {
		if p.at > j.asOf {
			break
		}
		if p.at <= look {
			known = i
		}
		if p.at < due {
			last = i
		}
	}
	if known >= 0 {
		put(look, late(list[known]))
	}
	dated := false
	for _, p := range list {
		if p.at >= due && !dated {
			dated = true
			if last >= 0 {
				put(due, missed(list[last]))
			}
		}
		switch {
		case p.at >= due:
			put(p.at, missed(p))
		case p.at > look:
			put(p.at, late(p))
		}
	}
	if !dated && last >= 0 {
		put(due, missed(list[last]))
	}
	j.raise("R-ORD-05", world.Date(world.LocalDay(due)).Format(time.DateOnly), turns...)
	return j.chains
}
