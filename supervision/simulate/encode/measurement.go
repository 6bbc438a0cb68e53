package encode

import (
	"strconv"
	"time"

	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// measurement is what another system counted.
type measurement struct {
	id, name, org, region, target string
	from, to, sent                int64
	values                        [][2]string // name and number
}

func (e *Encoder) measurement(m *measurement) (key, value []byte) {
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

// CallsMessage writes how many called the hotline on a day.
func (e *Encoder) CallsMessage(day int32, c plan.CallDay) (at int64, key, value []byte) {
	o := &e.world.Orgs[e.world.Hotline]
	m := measurement{
		id: "calls-" + world.Date(day).Format(time.DateOnly), name: "hotline_calls", org: o.Code, region: e.world.Regions[o.Region].Code,
		from: world.StartOf(day), to: world.StartOf(day + 1), sent: world.StartOf(day+1) + 1_800_000,
		values: [][2]string{{"queued", strconv.Itoa(c.Queued)}, {"answered", strconv.Itoa(c.Answered)},
			{"answered_15s", strconv.Itoa(c.Answered * 9 / 10)}, {"abandoned_5s", strconv.Itoa(c.Abandoned)}},
	}
	key, value = e.measurement(&m)
	return m.sent, key, value
}

// TargetMessage writes what a target had come to at an instant.
func (e *Encoder) TargetMessage(t *plan.Target, p plan.Progress) (key, value []byte) {
	o := &e.world.Orgs[t.Org]
	return e.measurement(&measurement{
		id: "target-" + o.Code + "-" + world.Date(world.LocalDay(p.At)).Format(time.DateOnly), name: "targets",
		org: o.Code, region: e.world.Regions[o.Region].Code, target: plan.TargetName, from: t.Began, to: t.Due, sent: p.At,
		values: [][2]string{{"baseline", strconv.Itoa(plan.TargetBase)}, {"actual", strconv.Itoa(p.Actual)},
			{"target", strconv.Itoa(plan.TargetGoal)}},
	})
}
