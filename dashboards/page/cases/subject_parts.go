package cases

import (
	"fmt"
	"strconv"
	"time"

	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
)

// timeLine is every fact in force in the order of its instants, with the time
// since the one before.
func (q *request) timeLine(facts []kit.Row) []kit.Moment {
	var out []kit.Moment
	var before time.Time
	for i, f := range facts {
		if !f.Flag("in_force") {
			continue
		}
		at := f.Instant("occurred_at")
		m := kit.Moment{At: q.Precise(at)[:19], Type: q.Enum("event_type", f.Text("event_type")), Activity: q.Activity(f.Text("activity")),
			Href: "#" + anchor(i), Tone: eventTone(f.Text("event_type"))}
		if m.Activity == m.Type {
			m.Activity = ""
		}
		if l := f.Text("lifecycle"); l != "" {
			m.Detail = l
		}
		if !before.IsZero() {
			if gap := at.Sub(before); gap > 0 {
				m.Gap = "+" + q.Hours(gap.Hours())
			}
		}
		before = at
		out = append(out, m)
	}
	return out
}

func anchor(i int) string { return "fact-" + strconv.Itoa(i+1) }

// factAnchor finds the place of a fact on the page by its event id.
func factAnchor(facts []kit.Row, eventID string) string {
	for i, f := range facts {
		if f.Text("event_id") == eventID && f.Flag("in_force") {
			return anchor(i)
		}
	}
	return "facts"
}

// eventTone marks the facts that begin, stop and end clocks.
func eventTone(t string) string {
	switch t {
	case "apply", "accept", "t_receive", "t_dispatch":
		return "start"
	case "decide", "finish", "deliver", "deemed_consent", "t_reply", "t_close", "t_answer_direct":
		return "good"
	case "suspend_start", "suspend_end", "extend", "correction_notice", "correction_submit", "prereview_reject", "t_hang", "t_unhang",
		"t_extend_approve", "t_return", "t_redo":
		return "warn"
	case "not_accept", "withdraw", "terminate", "void", "amend", "reopen", "t_invalid", "t_merge", "t_void", "t_amend", "t_reopen":
		return "bad"
	default:
		return "plain"
	}
}

func (q *request) rawFacts(facts []kit.Row) []Fact {
	var out []Fact
	for i, f := range facts {
		x := Fact{Anchor: anchor(i), Heading: q.Enum("event_type", f.Text("event_type")), Payload: discretion.MaskRaw(f.Text("payload")),
			At: q.Precise(f.Instant("occurred_at"))[:19]}
		switch {
		case f.Flag("superseded"):
			x.Mark, x.Tone = q.T("fact.superseded"), "warn"
		case !f.Flag("in_force"):
			x.Mark, x.Tone = q.T("fact.conflict"), "bad"
		}
		add := func(key string, c kit.Cell) {
			if c.Text != "—" {
				x.Terms = append(x.Terms, kit.Term{Name: q.T("col." + key), Cell: c})
			}
		}
		add("event_id", q.CodeCell(f.Text("event_id")))
		add("revision", q.CountCell(f["revision"]))
		if f.Whole("seq") != 0 {
			add("seq", q.CountCell(f["seq"]))
		}
		add("activity", q.ActivityCell(f.Text("activity")))
		add("occurred_at", q.PreciseCell(f.Instant("occurred_at")))
		add("emitted_at", q.PreciseCell(f.Instant("emitted_at")))
		add("received_at", q.PreciseCell(f.Instant("received_at")))
		add("stored_at", q.PreciseCell(f.Instant("stored_at")))
		add("origin", q.CodeCell(fmt.Sprintf("%s / %s / %s", f.Text("topic"), f.Text("partition"), f.Text("offset"))))
		add("org_code", q.CodeCell(f.Text("org_code")))
		add("region_code", q.CodeCell(f.Text("region_code")))
		add("staff_id", q.CodeCell(f.Text("staff_id")))
		out = append(out, x)
	}
	return out
}

func (q *request) factTable(facts []kit.Row) *kit.Table {
	t := &kit.Table{Columns: q.Cols("occurred_at:time", "event_type", "activity", "event_id", "revision:num", "in_force", "received_at:time",
		"stored_at:time", "topic", "partition:num", "offset:num", "payload"), Empty: q.T("empty.list")}
	for _, f := range facts {
		t.Rows = append(t.Rows, []kit.Cell{
			q.PreciseCell(f.Instant("occurred_at")), q.enumRaw("event_type", f.Text("event_type")), q.ActivityCell(f.Text("activity")),
			q.CodeCell(f.Text("event_id")),
			q.CountCell(f["revision"]), q.BoolCell(f.Flag("in_force")), q.PreciseCell(f.Instant("received_at")),
			q.PreciseCell(f.Instant("stored_at")),
			q.CodeCell(f.Text("topic")), q.CountCell(f["partition"]), q.CountCell(f["offset"]), q.CodeCell(discretion.MaskRaw(f.Text("payload"))),
		})
	}
	return t
}

// enumRaw shows the text of an enumeration and exports its identifier.
func (q *request) enumRaw(enum, v string) kit.Cell { return q.EnumCell(enum, v) }

func (q *request) clockTable(clocks []kit.Row) *kit.Table {
	t := &kit.Table{Columns: q.Cols("clock", "run_no:num", "limit:num", "start_at:time", "due_at:time", "stop_at:time", "paused_days:num",
		"extended_days:num", "outcome"), Empty: q.T("empty.clocks")}
	for _, c := range clocks {
		t.Rows = append(t.Rows, []kit.Cell{
			q.clockCell(c), q.CountCell(c["run_no"]), q.limitCell(c), q.InstantCell(c.Instant("start_at")), q.DueCell(c.Instant("due_at")),
			q.InstantCell(c.Instant("stop_at")), q.CountCell(c["paused_days"]), q.CountCell(c["extended_days"]), q.clockOutcome(c),
		})
	}
	return t
}

func (q *request) clockCell(c kit.Row) kit.Cell {
	id := c.Text("clock")
	return kit.Cell{Text: id + " " + q.Enum("clock", id), Raw: id}
}

func (q *request) limitCell(c kit.Row) kit.Cell {
	n, ok := c.Num("limit_n")
	if !ok {
		return kit.NullCell()
	}
	return kit.Cell{Text: q.T("limit."+c.Text("unit"), "N", q.Plain(n)), Raw: fmt.Sprintf("%g %s", n, c.Text("unit")), Class: "num"}
}

// clockOutcome says how a clock ended; one that runs past its due is overdue.
func (q *request) clockOutcome(c kit.Row) kit.Cell {
	o := c.Text("outcome")
	if o == "running" && c.Flag("is_overdue") {
		o = "overdue"
	}
	cell := q.OutcomeCell(o)
	if c.Flag("provisional") {
		cell.Sub = q.T("clock.provisional")
	}
	return cell
}

func (q *request) clockViews(clocks []kit.Row, e *kit.Explanation) []kit.ClockView {
	days := map[string][]kit.DayExplanation{}
	if e != nil {
		for _, c := range e.Clocks {
			days[c.Clock+"/"+strconv.Itoa(c.No)] = c.Days
		}
	}
	var out []kit.ClockView
	for _, c := range clocks {
		id := c.Text("clock")
		v := kit.ClockView{Name: id, Title: q.Enum("clock", id), Outcome: q.clockOutcome(c)}
		if n := c.Whole("run_no"); n > 1 {
			v.Name += "·" + q.Count(n)
		}
		add := func(key string, cell kit.Cell) {
			v.Terms = append(v.Terms, kit.Term{Name: q.T("col." + key), Cell: cell})
		}
		add("limit", q.limitCell(c))
		add("start_at", q.InstantCell(c.Instant("start_at")))
		add("due_at", q.DueCell(c.Instant("due_at")))
		add("stop_at", q.InstantCell(c.Instant("stop_at")))
		if c.Whole("paused_days") != 0 {
			add("paused_days", q.CountCell(c["paused_days"]))
		}
		if c.Whole("extended_days") != 0 {
			add("extended_days", q.CountCell(c["extended_days"]))
		}
		for _, d := range days[id+"/"+strconv.FormatInt(c.Whole("run_no"), 10)] {
			v.Days = append(v.Days, q.DayView(d))
		}
		v.HasDays = len(v.Days) > 0
		out = append(out, v)
	}
	return out
}

func (q *request) stepTable(steps []kit.Row, n kit.Names) *kit.Table {
	t := &kit.Table{Columns: q.Cols("step", "org_code", "start_at:time", "end_at:time", "net_days:num", "wait_hours:num"),
		Empty: q.T("empty.list")}
	for _, s := range steps {
		t.Rows = append(t.Rows, []kit.Cell{
			q.TextCell(s.Text("step")), q.OrgCell(n, s.Text("org_code")), q.InstantCell(s.Instant("start_at")), q.InstantCell(s.Instant("end_at")),
			q.DecimalCell(s["net_days"], 2), q.HoursCell(s["wait_hours"]),
		})
	}
	return t
}

func (q *request) ratingTable(ratings []kit.Row) *kit.Table {
	t := &kit.Table{Columns: q.Cols("rated_at:time", "level", "status", "counts", "channel", "rating_id"), Empty: q.T("empty.list")}
	for _, r := range ratings {
		level := q.EnumCell("rating_level", r.Text("level"))
		if r.Whole("level") <= 2 {
			level.Tag = "bad"
		}
		t.Rows = append(t.Rows, []kit.Cell{
			q.InstantCell(r.Instant("rated_at")), level, q.EnumCell("rating_status", r.Text("status")), q.BoolCell(r.Flag("counts")),
			q.EnumCell("rating_channel", r.Text("channel")), q.CodeCell(r.Text("rating_id")),
		})
	}
	return t
}
