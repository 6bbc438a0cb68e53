package cases

import (
	"duban/dashboards/discretion"
	"duban/dashboards/locale"
	"duban/dashboards/page/kit"
)

// verdict says how the subject stands against its promised due, as the lists do.
func (q *request) verdict(h kit.Row, kind subjectKind) string {
	due, stop, pause := h.Instant("promise_due"), h.Instant("stop_at"), h.Instant("pause_until")
	if kind.kind == "ticket" {
		due = h.Instant("due_at")
	}
	switch {
	case h.Text("excluded") != "":
		return "excluded"
	case due.IsZero():
		if stop.IsZero() && h.Instant("accepted_at").IsZero() && kind.kind == "case" {
			return "open"
		}
		return "no_limit"
	case !stop.IsZero() && !stop.After(due):
		return "on_time"
	case !stop.IsZero():
		return "late"
	case h.Text("state") == "hung":
		return "suspended"
	case due.Before(q.AsOf): // also when it was suspended after its due
		return "overdue"
	case !pause.IsZero() && !pause.Before(q.AsOf):
		return "suspended"
	default:
		return "open"
	}
}

func (q *request) warnings(h kit.Row) []string {
	var out []string
	if x := h.Text("excluded"); x != "" {
		out = append(out, q.T("warn.excluded", "Why", q.Enum("excluded", x)))
	}
	for _, flag := range []string{"conflict", "provisional", "deemed", "is_test", "secret", "urgent"} {
		if h.Flag(flag) {
			out = append(out, q.T("warn."+flag))
		}
	}
	if n := h.Whole("illegal_transitions"); n > 0 {
		out = append(out, q.T("warn.illegal", "N", q.Count(n)))
	}
	if h["item_known"] != nil && !h.Flag("item_known") && h.Text("task_code") != "" {
		out = append(out, q.T("warn.item_unknown"))
	}
	return out
}

// terms are the facts of the head, empty ones left out.
func (q *request) terms(kind subjectKind, h kit.Row, n kit.Names) []kit.Term {
	var out []kit.Term
	add := func(key string, c kit.Cell) {
		if c.Text != locale.Null && c.Text != "" {
			out = append(out, kit.Term{Name: q.T("col." + key), Cell: c})
		}
	}
	add("org_code", q.OrgCell(n, h.Text("org_code")))
	if kind.kind == "ticket" {
		add("region_code", q.RegionCell(n, h.Text("region_code")))
		add("kind", q.EnumCell("ticket_type", h.Text("kind")))
		add("channel", q.EnumCell("ticket_channel", h.Text("channel")))
		add("called_number", q.CodeCell(h.Text("called_number")))
		add("ticket_topic", q.TextCell(discretion.MaskText(h.Text("ticket_topic"))))
		if no := h.Text("case_no"); no != "" {
			add("case_no", q.CaseCell(h.Text("source_sys"), no))
		}
		if no := h.Text("repeat_of"); no != "" {
			c := q.CodeCell(no)
			c.Href = q.SubjectHref("tickets", h.Text("source_sys"), no)
			add("repeat_of", c)
		}
		add("redos", q.CountCell(h["redos"]))
		return out
	}
	if a := h.Text("accept_org"); a != h.Text("org_code") {
		add("accept_org", q.OrgCell(n, a))
	}
	if a := h.Text("handle_org"); a != h.Text("org_code") {
		add("handle_org", q.OrgCell(n, a))
	}
	add("region_code", q.RegionCell(n, h.Text("region_code")))
	add("task_code", q.ItemCell(n, h.Text("task_code")))
	add("task_version", q.CodeCell(h.Text("task_version")))
	add("item_type", q.EnumCell("item_type", h.Text("item_type")))
	add("project_type", q.EnumCell("project_type", h.Text("project_type")))
	add("channel", q.EnumCell("apply_channel", h.Text("channel")))
	add("window_id", q.CodeCell(h.Text("window_id")))
	add("staff_id", q.CodeCell(h.Text("staff_id")))
	if p := h.Text("parent_case_no"); p != "" {
		add("parent_case_no", q.CaseCell(h.Text("source_sys"), p))
	}
	add("project_code", q.CodeCell(h.Text("project_code")))
	add("result_type", q.EnumCell("result_type", h.Text("result_type")))
	for _, key := range []string{"corrections", "suspensions", "extensions", "visits"} {
		if h.Whole(key) > 0 {
			add(key, q.CountCell(h[key]))
		}
	}
	return out
}

// deadlines sets the due dates beside each other: what was promised, what the
// law says, what the source itself wrote.
func (q *request) deadlines(kind subjectKind, h kit.Row) []kit.Term {
	var out []kit.Term
	term := func(key string, c kit.Cell) { out = append(out, kit.Term{Name: q.T("col." + key), Cell: c}) }
	if kind.kind == "ticket" {
		due := q.DueCell(h.Instant("due_at"))
		due.Sub = q.Enum("due_basis", h.Text("due_basis"))
		term("ticket_received_at", q.InstantCell(h.Instant("ticket_received_at")))
		term("dispatched_at", q.InstantCell(h.Instant("dispatched_at")))
		term("due_at", due)
	} else {
		promise := q.DueCell(h.Instant("promise_due"))
		promise.Sub = q.Enum("due_basis", h.Text("promise_basis"))
		term("applied_at", q.InstantCell(h.Instant("applied_at")))
		term("accepted_at", q.InstantCell(h.Instant("accepted_at")))
		term("promise_due", promise)
		term("legal_due", q.DueCell(h.Instant("legal_due")))
	}
	source := q.DueCell(h.Instant("source_due_at"))
	if flag := h.Text("source_on_time"); flag != "" {
		source.Sub = q.T("subject.source_says", "Flag", flag)
	}
	term("source_due_at", source)
	term("stop_at", q.InstantCell(h.Instant("stop_at")))
	term("net_days", q.CountCell(h["net_days"]))
	term("margin_days", q.MarginCell(h, q.verdict(h, kind), dueKey(kind)))
	return out
}

// dueKey is the column of the due that a subject is judged by.
func dueKey(kind subjectKind) string {
	if kind.kind == "ticket" {
		return "due_at"
	}
	return "promise_due"
}
