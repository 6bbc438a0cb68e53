package statestore

import "duban/supervision/lifecycle"

// What the states of cases and tickets have in common.

// clocks declares the k_ columns.
func clocks(r *row[lifecycle.Clock]) {
	r.low("k_clock", func(k *lifecycle.Clock) string { return k.Clock })
	r.u16("k_no", func(k *lifecycle.Clock) uint16 { return k.No })
	r.at("k_start_at", func(k *lifecycle.Clock) int64 { return k.StartAt })
	r.nullAt("k_due_at", func(k *lifecycle.Clock) int64 { return k.DueAt })
	r.nullAt("k_stop_at", func(k *lifecycle.Clock) int64 { return k.StopAt })
	r.nullI32("k_limit", func(k *lifecycle.Clock) lifecycle.NullInt32 { return k.Limit })
	r.low("k_unit", func(k *lifecycle.Clock) string { return k.Unit })
	r.i32("k_paused_days", func(k *lifecycle.Clock) int32 { return k.PausedDays })
	r.i32("k_extended_days", func(k *lifecycle.Clock) int32 { return k.ExtendedDays })
	r.low("k_outcome", func(k *lifecycle.Clock) string { return string(k.Outcome) })
	r.flag("k_provisional", func(k *lifecycle.Clock) bool { return k.Provisional })
}

// facts declares the f_ columns.
func facts(r *row[lifecycle.FactEntry]) {
	r.low("f_type", func(f *lifecycle.FactEntry) string { return f.Type })
	r.at("f_at", func(f *lifecycle.FactEntry) int64 { return f.At })
	r.nullAt("f_pushed_at", func(f *lifecycle.FactEntry) int64 { return f.PushedAt })
	r.at("f_received_at", func(f *lifecycle.FactEntry) int64 { return f.ReceivedAt })
	r.at("f_first_received_at", func(f *lifecycle.FactEntry) int64 { return f.FirstReceivedAt })
	r.low("f_org", func(f *lifecycle.FactEntry) string { return f.Org })
	r.low("f_window", func(f *lifecycle.FactEntry) string { return f.Window })
	r.low("f_staff", func(f *lifecycle.FactEntry) string { return f.Staff })
	r.flag("f_legal", func(f *lifecycle.FactEntry) bool { return f.Legal })
	r.flag("f_excused", func(f *lifecycle.FactEntry) bool { return f.Excused })
	r.low("f_state", func(f *lifecycle.FactEntry) string { return f.State })
	r.text("f_event_id", func(f *lifecycle.FactEntry) string { return f.EventID })
	r.text("f_payload", func(f *lifecycle.FactEntry) string { return f.Payload })
}

// steps declares the s_ columns.
func steps(r *row[lifecycle.Step]) {
	r.low("s_step", func(s *lifecycle.Step) string { return s.Code })
	r.low("s_org", func(s *lifecycle.Step) string { return s.Org })
	r.at("s_start_at", func(s *lifecycle.Step) int64 { return s.StartAt })
	r.nullAt("s_end_at", func(s *lifecycle.Step) int64 { return s.EndAt })
	r.nullF64("s_net_days", func(s *lifecycle.Step) lifecycle.NullFloat64 { return s.NetDays })
	r.nullF64("s_wait_hours", func(s *lifecycle.Step) lifecycle.NullFloat64 { return s.WaitHours })
}

// pauses declares the p_ columns.
func pauses(r *row[lifecycle.Pause]) {
	r.at("p_from_at", func(p *lifecycle.Pause) int64 { return p.FromAt })
	r.nullAt("p_until_at", func(p *lifecycle.Pause) int64 { return p.End() })
}

// version declares the columns that are the same in every row of an insert.
func version[T any](r *row[T], v uint64, foldedAt int64) {
	r.u64("fold_version", func(*T) uint64 { return v })
	r.at("folded_at", func(*T) int64 { return foldedAt })
}
