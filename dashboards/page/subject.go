package page

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"duban/dashboards/locale"
	"duban/queries"
)

// Term is a name with its value.
type Term struct {
	Name string
	Cell Cell
}

// Moment is one entry of the time line.
type Moment struct {
	At       string
	Gap      string
	Type     string
	Activity string
	Detail   string
	Tone     string
	// Href leads to the raw fact on the same page.
	Href string
}

// Fact is one raw fact.
type Fact struct {
	Anchor  string
	At      string
	Heading string
	Terms   []Term
	Payload string
	Mark    string
	Tone    string
}

// ClockView is one run of a clock with its explanation.
type ClockView struct {
	Name    string
	Title   string
	Terms   []Term
	Outcome Cell
	Days    []DayView
	// HasDays is false when no explanation could be had.
	HasDays bool
}

// DayView is one day of an explanation.
type DayView struct{ Day, Weekday, Role, Text, Tone, Counted string }

type subjectBody struct {
	Kind       string
	Number     string
	Source     string
	State      Cell
	Timeliness Cell
	Warnings   []string
	Summary    []Term
	Deadlines  []Term
	Line       []Moment
	Clocks     []ClockView
	Calendar   string
	Facts      []Fact
	Illegal    []IllegalView
	Attributes []Term
	Panels     map[string]*Panel
}

// IllegalView is a fact that moved nothing, in words.
type IllegalView struct{ At, Type, From, Href string }

// subjectKind is what tells the two pages apart.
type subjectKind struct {
	kind, list, query, states string
	explain                   func(ctx context.Context, source, number string, asOf time.Time) (*Explanation, error)
}

// Case answers the page of one case.
func (s *Site) Case(w http.ResponseWriter, r *http.Request) {
	s.subject(w, r, subjectKind{kind: "case", list: "cases", query: "case_no", states: "case_state", explain: s.Explain.ExplainCase})
}

// Ticket answers the page of one hotline ticket.
func (s *Site) Ticket(w http.ResponseWriter, r *http.Request) {
	s.subject(w, r, subjectKind{kind: "ticket", list: "tickets", query: "ticket_no", states: "ticket_state", explain: s.Explain.ExplainTicket})
}

// subjectOf reads source and number from the escaped path, where a number may
// hold a slash as %2F.
func subjectOf(escaped, list string) (source, number string, err error) {
	rest, ok := strings.CutPrefix(escaped, "/"+list+"/")
	if !ok {
		return "", "", errNotFound
	}
	a, b, ok := strings.Cut(rest, "/")
	if !ok || strings.Contains(b, "/") {
		return "", "", errNotFound
	}
	if source, err = url.PathUnescape(a); err != nil {
		return "", "", &BadAddressError{"source"}
	}
	if number, err = url.PathUnescape(b); err != nil {
		return "", "", &BadAddressError{"number"}
	}
	if len(source) > 200 || len(number) > 400 || source == "" || number == "" {
		return "", "", errNotFound
	}
	return source, number, nil
}

// subjectData is all that the page of one subject is made of.
type subjectData struct {
	head, clocks, facts, steps, ratings []row
	explanation                         *Explanation
	names                               names
}

func (s *Site) subject(w http.ResponseWriter, r *http.Request, kind subjectKind) {
	q, err := s.begin(r)
	var source, number string
	if err == nil {
		source, number, err = subjectOf(r.URL.EscapedPath(), kind.list)
	}
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	d, err := q.loadSubject(ctx, kind, source, number)
	if err == nil && (len(d.head) == 0 || !q.maySee(d.head[0])) {
		err = errNotFound
	}
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	body := q.subjectBody(kind, source, number, d)
	if table, ok := q.wantsCSV(); ok {
		p := body.Panels[table]
		if p == nil || p.Table == nil {
			s.fail(w, r, q, errNotFound)
		} else if err := serveCSV(w, p.Table); err != nil {
			s.Log.ErrorContext(ctx, "write file", "request_id", q.RequestID(ctx), "error", err.Error())
		}
		return
	}
	v := q.view(ctx, kind.list, number)
	v.Crumbs = []Link{{Text: q.T("nav." + kind.list), Href: q.scope.URL("/" + kind.list)}, {Text: source, Href: q.scope.URL("/"+kind.list, "source", source)}, {Text: number, Current: true}}
	v.Body = body
	s.render(w, r, http.StatusOK, "subject", v)
}

func (q *request) loadSubject(ctx context.Context, kind subjectKind, source, number string) (subjectData, error) {
	var d subjectData
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	args := queries.Args{"source": source, kind.query: number, "as_of": q.asOf}
	get := func(to *[]row, name string, args queries.Args) {
		g.Go(func() error {
			res, err := q.Queries.Run(gctx, name, args)
			if err == nil {
				*to = rowsOf(res)
			}
			return err
		})
	}
	get(&d.head, "page/"+kind.kind+"_head", args)
	get(&d.clocks, "page/"+kind.kind+"_clocks", args)
	get(&d.facts, "page/"+kind.kind+"_facts", args)
	get(&d.ratings, "page/subject_ratings", queries.Args{"kind": kind.kind, "source": source, "subject_no": number, "as_of": q.asOf})
	if kind.kind == "case" {
		get(&d.steps, "page/case_steps", args)
	}
	g.Go(func() error {
		e, err := kind.explain(gctx, source, number, q.asOf)
		if err != nil && gctx.Err() == nil {
			// The page stands without the explanation and says that it is missing.
			q.Log.ErrorContext(ctx, "explain due dates", "request_id", q.RequestID(ctx), "error", err.Error())
			return nil
		}
		d.explanation = e
		return nil
	})
	if err := g.Wait(); err != nil {
		return d, err
	}
	rows := append(append([]row{}, d.head...), d.steps...)
	var err error
	d.names, err = q.namesOf(ctx, rows, map[string]string{"accept_org": "org", "handle_org": "org"})
	return d, err
}

func (q *request) subjectBody(kind subjectKind, source, number string, d subjectData) *subjectBody {
	h := d.head[0]
	b := &subjectBody{Kind: kind.kind, Number: number, Source: source, Calendar: h.text("calendar_version"), Panels: map[string]*Panel{}}
	b.State = q.stateCell(kind.states, h.text("state"))
	b.Timeliness = q.outcomeCell(q.verdict(h, kind))
	b.Warnings = q.warnings(h)
	b.Summary, b.Deadlines = q.terms(kind, h, d.names), q.deadlines(kind, h)
	keys, values := h.texts("attribute_keys"), h.texts("attribute_values")
	for i := range min(len(keys), len(values)) {
		b.Attributes = append(b.Attributes, Term{keys[i], q.textCell(maskText(values[i]))})
	}
	b.Line, b.Facts = q.timeLine(d.facts), q.rawFacts(d.facts)
	b.Clocks = q.clockViews(d.clocks, d.explanation)
	if e := d.explanation; e != nil {
		for _, x := range e.Illegal {
			b.Illegal = append(b.Illegal, IllegalView{At: q.Instant(x.At), Type: q.Enum("event_type", x.Type), From: q.Enum(kind.states, x.From), Href: "#" + factAnchor(d.facts, x.EventID)})
		}
	}
	b.Panels["clocks"] = &Panel{ID: "clocks", Title: q.T("panel.clocks"), Table: q.clockTable(d.clocks)}
	b.Panels["facts"] = &Panel{ID: "facts", Title: q.T("panel.facts"), Table: q.factTable(d.facts)}
	if len(d.steps) > 0 {
		b.Panels["steps"] = &Panel{ID: "steps", Title: q.T("panel.steps"), Table: q.stepTable(d.steps, d.names)}
	}
	if len(d.ratings) > 0 {
		b.Panels["ratings"] = &Panel{ID: "ratings", Title: q.T("panel.ratings"), Table: q.ratingTable(d.ratings)}
	}
	for id, p := range b.Panels {
		p.Table.ID, p.Table.CSV = id, q.csvHref(id)
	}
	return b
}

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
	case !pause.IsZero() && !pause.Before(q.asOf), h.text("state") == "hung":
		return "suspended"
	case due.Before(q.asOf):
		return "overdue"
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
		add("ticket_topic", q.textCell(h.text("ticket_topic")))
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
	margin := q.countCell(h["margin_days"])
	if v, ok := h.num("margin_days"); ok && v < 0 {
		margin.Class = "bad"
	}
	term("margin_days", margin)
	return out
}
