package engine

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/supervision/lifecycle"
)

// clockColumns are the k_ columns of tables cases and tickets.
type clockColumns struct {
	n                    *proto.ColUInt64
	clock, unit, outcome *proto.ColLowCardinality[string]
	no                   *proto.ColUInt16
	startAt              instantColumn
	dueAt, stopAt        nullInstantColumn
	limit                *proto.ColNullable[int32]
	paused, extended     *proto.ColInt32
	provisional          *proto.ColBool
}

func (k *clockColumns) make(c *columns) {
	k.n = c.group()
	k.clock = c.low("k_clock", k.n)
	k.no = c.u16("k_no", k.n)
	k.startAt = c.at("k_start_at", k.n)
	k.dueAt = c.nullAt("k_due_at", k.n)
	k.stopAt = c.nullAt("k_stop_at", k.n)
	k.limit = c.nullI32("k_limit", k.n)
	k.unit = c.low("k_unit", k.n)
	k.paused = c.i32("k_paused_days", k.n)
	k.extended = c.i32("k_extended_days", k.n)
	k.outcome = c.low("k_outcome", k.n)
	k.provisional = c.flag("k_provisional", k.n)
}

func (k *clockColumns) put(clocks []lifecycle.Clock) {
	for i := range clocks {
		x := &clocks[i]
		k.clock.Append(x.Clock)
		k.no.Append(x.No)
		k.startAt.put(x.StartAt)
		k.dueAt.put(x.DueAt)
		k.stopAt.put(x.StopAt)
		k.limit.Append(nullInt32(x.Limit))
		k.unit.Append(x.Unit)
		k.paused.Append(x.PausedDays)
		k.extended.Append(x.ExtendedDays)
		k.outcome.Append(string(x.Outcome))
		k.provisional.Append(x.Provisional)
	}
	k.n.Append(uint64(k.clock.Rows()))
}

// stepColumns are the s_ columns of table cases.
type stepColumns struct {
	n             *proto.ColUInt64
	step, org     *proto.ColLowCardinality[string]
	startAt       instantColumn
	endAt         nullInstantColumn
	netDays, wait *proto.ColNullable[float64]
}

func (s *stepColumns) make(c *columns) {
	s.n = c.group()
	s.step = c.low("s_step", s.n)
	s.org = c.low("s_org", s.n)
	s.startAt = c.at("s_start_at", s.n)
	s.endAt = c.nullAt("s_end_at", s.n)
	s.netDays = c.nullF64("s_net_days", s.n)
	s.wait = c.nullF64("s_wait_hours", s.n)
}

func (s *stepColumns) put(steps []lifecycle.Step) {
	for i := range steps {
		x := &steps[i]
		s.step.Append(x.Code)
		s.org.Append(x.Org)
		s.startAt.put(x.StartAt)
		s.endAt.put(x.EndAt)
		s.netDays.Append(nullFloat64(x.NetDays))
		s.wait.Append(nullFloat64(x.WaitHours))
	}
	s.n.Append(uint64(s.step.Rows()))
}
