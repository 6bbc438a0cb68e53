package page

import (
	"duban/dashboards/discretion"
	"duban/dashboards/locale"
)

// verdict says how the subject stands against its promised due, as the lists do.
func (q *request) verdict(h row, kind subjectKind) string {
	due, stop, pause := h.instant("promise_due"), h.instant("stop_at"), h.instant("pause_until")
	if kind.kind == "ticket" {
		due = h.instant("due_at")
	}
	switch {
	case h.text("excluded") != "":
		return "excluded"
	case due.IsZero():
		if stop.IsZero() && h.instant("accepted_at").IsZero() && kind.kind == "case" {
			return "open"
		}
		return "no_limit"
	case !stop.IsZero() && !stop.After(due):
		return "on_time"
	case !stop.IsZero():
		return "late"
	case h.text("state") == "hung":
		return "suspended"
	case due.Before(q.asOf): // also when it was suspended after its due
		return "overdue"
	case !pause.IsZero() && !pause.Before(q.asOf):
		return "suspended"
	default:
		return "open"
	}
}

func (q *request) warnings(h row) []string {
	var out []string
	if x := h.text("excluded"); x != "" {
		out = append(out, q.T("warn.excluded", "Why", q.Enum("excluded", x)))
	}
	for _, flag := range []string{"conflict", "provisional", "deemed", "is_test", "secret", "urgent"} {
		if h.flag(flag) {
			out = append(out, q.T("warn."+flag))
		}
	}
	if n := h.whole("illegal_transitions"); n > 0 {
		out = append(out, q.T("warn.illegal", "N", q.Count(n)))
	}
	if h["item_known"] != nil && !h.flag("item_known") && h.text("task_code") != "" {
		out = append(out, q.T("warn.item_unknown"))
	}
	return out
}

// terms are the facts of the head, empty ones left out.
func (q *request) terms(kind subjectKind, h row, n names) []Term {
	var out []Term
	add := func(key string, c Cell) {
		if c.Text != locale.Null && c.Text != "" {
			out = append(out, Term{q.T("col." + key), c})
		}
	}
	add("org_code", q.orgCell(n, h.text("org_code")))
	if kind.kind == "ticket" {
		add("region_code", q.regionCell(n, h.text("region_code")))
		add("kind", q.enumCell("ticket_type", h.text("kind")))
		add("channel", q.enumCell("ticket_channel", h.text("channel")))
		add("called_number", q.codeCell(h.text("called_number")))
		add("ticket_topic", q.textCell(discretion.MaskText(h.text("ticket_topic"))))
		if no := h.text("case_no"); no != "" {
			add("case_no", q.caseCell(h.text("source_sys"), no))
		}
		if no := h.text("repeat_of"); no != "" {
			c := q.codeCell(no)
			c.Href = q.subjectHref("tickets", h.text("source_sys"), no)
			add("repeat_of", c)
		}
		add("redos", q.countCell(h["redos"]))
		return out
	}
	if a := h.text("accept_org"); a != h.text("org_code") {
		add("accept_org", q.orgCell(n, a))
	}
	if a := h.text("handle_org"); a != h.text("org_code") {
		add("handle_org", q.orgCell(n, a))
	}
	add("region_code", q.regionCell(n, h.text("region_code")))
	add("task_code", q.itemCell(n, h.text("task_code")))
	add("task_version", q.codeCell(h.text("task_version")))
	add("item_type", q.enumCell("item_type", h.text("item_type")))
	add("project_type", q.enumCell("project_type", h.text("project_type")))
	add("channel", q.enumCell("apply_channel", h.text("channel")))
	add("window_id", q.codeCell(h.text("window_id")))
	add("staff_id", q.codeCell(h.text("staff_id")))
	if p := h.text("parent_case_no"); p != "" {
		add("parent_case_no", q.caseCell(h.text("source_sys"), p))
	}
	add("project_code", q.codeCell(h.text("project_code")))
	add("result_type", q.enumCell("result_type", h.text("result_type")))
	for _, key := range []string{"corrections", "suspensions", "extensions", "visits"} {
		if h.whole(key) > 0 {
			add(key, q.countCell(h[key]))
		}
	}
	return out
}

// deadlines sets the due dates beside each other: what was promised, what the
// law says, what the source itself wrote.
func (q *request) deadlines(kind subjectKind, h row) []Term {
	var out []Term
	term := func(key string, c Cell) { out = append(out, Term{q.T("col." + key), c}) }
	if kind.kind == "ticket" {
		due := q.dueCell(h.instant("due_at"))
		due.Sub = q.Enum("due_basis", h.text("due_basis"))
		term("ticket_received_at", q.instantCell(h.instant("ticket_received_at")))
		term("dispatched_at", q.instantCell(h.instant("dispatched_at")))
		term("due_at", due)
	} else {
		promise := q.dueCell(h.instant("promise_due"))
		promise.Sub = q.Enum("due_basis", h.text("promise_basis"))
		term("applied_at", q.instantCell(h.instant("applied_at")))
		term("accepted_at", q.instantCell(h.instant("accepted_at")))
		term("promise_due", promise)
		term("legal_due", q.dueCell(h.instant("legal_due")))
	}
	source := q.dueCell(h.instant("source_due_at"))
	if flag := h.text("source_on_time"); flag != "" {
		source.Sub = q.T("subject.source_says", "Flag", flag)
	}
	term("source_due_at", source)
	term("stop_at", q.instantCell(h.instant("stop_at")))
	term("net_days", q.countCell(h["net_days"]))
	term("margin_days", q.marginCell(h, q.verdict(h, kind), dueKey(kind)))
	return out
}

// dueKey is the column of the due that a subject is judged by.
func dueKey(kind subjectKind) string {
	if kind.kind == "ticket" {
		return "due_at"
	}
	return "promise_due"
}
