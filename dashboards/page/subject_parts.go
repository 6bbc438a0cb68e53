package page

import (
	"fmt"
	"strconv"
	"time"

	"duban/dashboards/discretion"
)

// timeLine is every fact in force in the order of its instants, with the time
// since the one before.
func (q *request) timeLine(facts []row) []Moment {
	var out []Moment
	var before time.Time
	for i, f := range facts {
		if !f.flag("in_force") {
			continue
		}
		at := f.instant("occurred_at")
		m := Moment{At: q.Precise(at)[:19], Type: q.Enum("event_type", f.text("event_type")), Activity: q.activity(f.text("activity")),
			Href: "#" + anchor(i), Tone: eventTone(f.text("event_type"))}
		if m.Activity == m.Type {
			m.Activity = ""
		}
		if l := f.text("lifecycle"); l != "" {
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
func factAnchor(facts []row, eventID string) string {
	for i, f := range facts {
		if f.text("event_id") == eventID && f.flag("in_force") {
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

func (q *request) rawFacts(facts []row) []Fact {
	var out []Fact
	for i, f := range facts {
		x := Fact{Anchor: anchor(i), Heading: q.Enum("event_type", f.text("event_type")), Payload: discretion.MaskRaw(f.text("payload")),
			At: q.Precise(f.instant("occurred_at"))[:19]}
		switch {
		case f.flag("superseded"):
			x.Mark, x.Tone = q.T("fact.superseded"), "warn"
		case !f.flag("in_force"):
			x.Mark, x.Tone = q.T("fact.conflict"), "bad"
		}
		add := func(key string, c Cell) {
			if c.Text != "—" {
				x.Terms = append(x.Terms, Term{q.T("col." + key), c})
			}
		}
		add("event_id", q.codeCell(f.text("event_id")))
		add("revision", q.countCell(f["revision"]))
		if f.whole("seq") != 0 {
			add("seq", q.countCell(f["seq"]))
		}
		add("activity", q.activityCell(f.text("activity")))
		add("occurred_at", q.preciseCell(f.instant("occurred_at")))
		add("emitted_at", q.preciseCell(f.instant("emitted_at")))
		add("received_at", q.preciseCell(f.instant("received_at")))
		add("stored_at", q.preciseCell(f.instant("stored_at")))
		add("origin", q.codeCell(fmt.Sprintf("%s / %s / %s", f.text("topic"), f.text("partition"), f.text("offset"))))
		add("org_code", q.codeCell(f.text("org_code")))
		add("region_code", q.codeCell(f.text("region_code")))
		add("staff_id", q.codeCell(f.text("staff_id")))
		out = append(out, x)
	}
	return out
}

func (q *request) factTable(facts []row) *Table {
	t := &Table{Columns: q.cols("occurred_at:time", "event_type", "activity", "event_id", "revision:num", "in_force", "received_at:time",
		"stored_at:time", "topic", "partition:num", "offset:num", "payload"), Empty: q.T("empty.list")}
	for _, f := range facts {
		t.Rows = append(t.Rows, []Cell{
			q.preciseCell(f.instant("occurred_at")), q.enumRaw("event_type", f.text("event_type")), q.activityCell(f.text("activity")),
			q.codeCell(f.text("event_id")),
			q.countCell(f["revision"]), q.boolCell(f.flag("in_force")), q.preciseCell(f.instant("received_at")),
			q.preciseCell(f.instant("stored_at")),
			q.codeCell(f.text("topic")), q.countCell(f["partition"]), q.countCell(f["offset"]), q.codeCell(discretion.MaskRaw(f.text("payload"))),
		})
	}
	return t
}

// enumRaw shows the text of an enumeration and exports its identifier.
func (q *request) enumRaw(enum, v string) Cell { return q.enumCell(enum, v) }

func (q *request) clockTable(clocks []row) *Table {
	t := &Table{Columns: q.cols("clock", "run_no:num", "limit:num", "start_at:time", "due_at:time", "stop_at:time", "paused_days:num",
		"extended_days:num", "outcome"), Empty: q.T("empty.clocks")}
	for _, c := range clocks {
		t.Rows = append(t.Rows, []Cell{
			q.clockCell(c), q.countCell(c["run_no"]), q.limitCell(c), q.instantCell(c.instant("start_at")), q.dueCell(c.instant("due_at")),
			q.instantCell(c.instant("stop_at")), q.countCell(c["paused_days"]), q.countCell(c["extended_days"]), q.clockOutcome(c),
		})
	}
	return t
}

func (q *request) clockCell(c row) Cell {
	id := c.text("clock")
	return Cell{Text: id + " " + q.Enum("clock", id), Raw: id}
}

func (q *request) limitCell(c row) Cell {
	n, ok := c.num("limit_n")
	if !ok {
		return nullCell()
	}
	return Cell{Text: q.T("limit."+c.text("unit"), "N", q.plain(n)), Raw: fmt.Sprintf("%g %s", n, c.text("unit")), Class: "num"}
}

// clockOutcome says how a clock ended; one that runs past its due is overdue.
func (q *request) clockOutcome(c row) Cell {
	o := c.text("outcome")
	if o == "running" && c.flag("is_overdue") {
		o = "overdue"
	}
	cell := q.outcomeCell(o)
	if c.flag("provisional") {
		cell.Sub = q.T("clock.provisional")
	}
	return cell
}

func (q *request) clockViews(clocks []row, e *Explanation) []ClockView {
	days := map[string][]DayExplanation{}
	if e != nil {
		for _, c := range e.Clocks {
			days[c.Clock+"/"+strconv.Itoa(c.No)] = c.Days
		}
	}
	var out []ClockView
	for _, c := range clocks {
		id := c.text("clock")
		v := ClockView{Name: id, Title: q.Enum("clock", id), Outcome: q.clockOutcome(c)}
		if n := c.whole("run_no"); n > 1 {
			v.Name += "·" + q.Count(n)
		}
		add := func(key string, cell Cell) { v.Terms = append(v.Terms, Term{q.T("col." + key), cell}) }
		add("limit", q.limitCell(c))
		add("start_at", q.instantCell(c.instant("start_at")))
		add("due_at", q.dueCell(c.instant("due_at")))
		add("stop_at", q.instantCell(c.instant("stop_at")))
		if c.whole("paused_days") != 0 {
			add("paused_days", q.countCell(c["paused_days"]))
		}
		if c.whole("extended_days") != 0 {
			add("extended_days", q.countCell(c["extended_days"]))
		}
		for _, d := range days[id+"/"+strconv.FormatInt(c.whole("run_no"), 10)] {
			v.Days = append(v.Days, q.dayView(d))
		}
		v.HasDays = len(v.Days) > 0
		out = append(out, v)
	}
	return out
}

func (q *request) stepTable(steps []row, n names) *Table {
	t := &Table{Columns: q.cols("step", "org_code", "start_at:time", "end_at:time", "net_days:num", "wait_hours:num"),
		Empty: q.T("empty.list")}
	for _, s := range steps {
		t.Rows = append(t.Rows, []Cell{
			q.textCell(s.text("step")), q.orgCell(n, s.text("org_code")), q.instantCell(s.instant("start_at")), q.instantCell(s.instant("end_at")),
			q.decimalCell(s["net_days"], 2), q.hoursCell(s["wait_hours"]),
		})
	}
	return t
}

func (q *request) ratingTable(ratings []row) *Table {
	t := &Table{Columns: q.cols("rated_at:time", "level", "status", "counts", "channel", "rating_id"), Empty: q.T("empty.list")}
	for _, r := range ratings {
		level := q.enumCell("rating_level", r.text("level"))
		if r.whole("level") <= 2 {
			level.Tag = "bad"
		}
		t.Rows = append(t.Rows, []Cell{
			q.instantCell(r.instant("rated_at")), level, q.enumCell("rating_status", r.text("status")), q.boolCell(r.flag("counts")),
			q.enumCell("rating_channel", r.text("channel")), q.codeCell(r.text("rating_id")),
		})
	}
	return t
}
