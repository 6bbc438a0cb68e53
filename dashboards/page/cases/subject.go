package cases

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

// Fact is one raw fact.
type Fact struct {
	Anchor  string
	At      string
	Heading string
	Terms   []kit.Term
	Payload string
	Mark    string
	Tone    string
}

type subjectBody struct {
	Kind       string
	Number     string
	Source     string
	State      kit.Cell
	Timeliness kit.Cell
	Warnings   []string
	Summary    []kit.Term
	Deadlines  []kit.Term
	Line       []kit.Moment
	Clocks     []kit.ClockView
	Calendar   string
	Facts      []Fact
	Illegal    []IllegalView
	Attributes []kit.Term
	Panels     map[string]*kit.Panel
}

// IllegalView is a fact that moved nothing, in words.
type IllegalView struct{ At, Type, From, Href string }

// subjectKind is what tells the two pages apart.
type subjectKind struct {
	kind, list, query, states string
	explain                   func(ctx context.Context, source, number string, asOf time.Time) (*kit.Explanation, error)
}

var _ = pages.Show(route.Route{Pattern: "/cases/{source}/*", Rule: route.Needs(access.CaseView), Scope: route.BySubject(),
	Reads: "case"}, (*request).Case)

// Case answers the page of one case.
func (q *request) Case(ctx context.Context, w http.ResponseWriter) error {
	return q.subject(ctx, w, subjectKind{kind: "case", list: "cases", query: "case_no", states: "case_state", explain: q.Explain.ExplainCase})
}

var _ = pages.Show(route.Route{Pattern: "/tickets/{source}/*", Rule: route.Needs(access.CaseView), Scope: route.BySubject(),
	Reads: "ticket"}, (*request).Ticket)

// Ticket answers the page of one hotline ticket.
func (q *request) Ticket(ctx context.Context, w http.ResponseWriter) error {
	return q.subject(ctx, w, subjectKind{kind: "ticket", list: "tickets", query: "ticket_no", states: "ticket_state",
		explain: q.Explain.ExplainTicket})
}

// subjectOf reads source and number from the escaped path, where a number may
// hold a slash as %2F.
func subjectOf(escaped, list string) (source, number string, err error) {
	rest, ok := strings.CutPrefix(escaped, "/"+list+"/")
	if !ok {
		return "", "", kit.ErrNotFound
	}
	a, b, ok := strings.Cut(rest, "/")
	if !ok || strings.Contains(b, "/") {
		return "", "", kit.ErrNotFound
	}
	if source, err = url.PathUnescape(a); err != nil {
		return "", "", kit.BadAddress("source")
	}
	if number, err = url.PathUnescape(b); err != nil {
		return "", "", kit.BadAddress("number")
	}
	if len(source) > 200 || len(number) > 400 || source == "" || number == "" {
		return "", "", kit.ErrNotFound
	}
	return source, number, nil
}

// subjectData is all that the page of one subject is made of.
type subjectData struct {
	head, clocks, facts, steps, ratings []kit.Row
	// subs are the sub-cases of a joint case.
	subs        []kit.Row
	rules       rulesSay
	explanation *kit.Explanation
	names       kit.Names
}

func (q *request) subject(ctx context.Context, w http.ResponseWriter, kind subjectKind) error {
	source, number, err := subjectOf(q.HTTP.URL.EscapedPath(), kind.list)
	if err != nil {
		return err
	}
	d, err := q.loadSubject(ctx, kind, source, number)
	if err == nil && (len(d.head) == 0 || !q.MaySee(d.head[0])) {
		err = kit.ErrNotFound
	}
	if err != nil {
		return err
	}
	body := q.subjectBody(kind, source, number, d)
	if table, ok := q.WantsCSV(); ok {
		p := body.Panels[table]
		if p == nil || p.Table == nil {
			return kit.ErrNotFound
		}
		return kit.ServeCSV(w, p.Table)
	}
	v := q.View(ctx, kind.list, number)
	v.Crumbs = []kit.Link{{Text: q.T("nav." + kind.list), Href: q.Scope.URL("/" + kind.list)},
		{Text: source, Href: q.Scope.URL("/"+kind.list, "source", source)}, {Text: number, Current: true}}
	v.Body = body
	q.Render(w, http.StatusOK, "subject", v)
	return nil
}

func (q *request) loadSubject(ctx context.Context, kind subjectKind, source, number string) (subjectData, error) {
	var d subjectData
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(kit.AtOnce)
	args := queries.Args{"source": source, kind.query: number, "as_of": q.AsOf}
	get := func(to *[]kit.Row, name string, args queries.Args) {
		g.Go(func() error {
			res, err := q.Queries.Run(gctx, name, args)
			if err == nil {
				*to = kit.RowsOf(res)
			}
			return err
		})
	}
	get(&d.head, "page/"+kind.kind+"_head", args)
	get(&d.clocks, "page/"+kind.kind+"_clocks", args)
	get(&d.facts, "page/"+kind.kind+"_facts", args)
	get(&d.ratings, "page/subject_ratings", queries.Args{"kind": kind.kind, "source": source, "subject_no": number, "as_of": q.AsOf})
	if kind.kind == "case" {
		get(&d.steps, "page/case_steps", args)
		get(&d.subs, "page/joint_subs", args)
	}
	g.Go(func() (err error) {
		d.rules, err = q.loadRules(gctx, kind.kind, source, number)
		return err
	})
	g.Go(func() error {
		e, err := kind.explain(gctx, source, number, q.AsOf)
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
	d.tellStage()
	q.explainJoint(d.clocks, d.explanation)
	rows := slices.Concat(d.head, d.steps, d.subs, d.rules.alerts, d.rules.ahead)
	var err error
	d.names, err = q.NamesOf(ctx, rows, map[string]string{"accept_org": "org", "handle_org": "org"})
	return d, err
}

func (q *request) subjectBody(kind subjectKind, source, number string, d subjectData) *subjectBody {
	h := d.head[0]
	b := &subjectBody{Kind: kind.kind, Number: number, Source: source, Calendar: h.Text("calendar_version"), Panels: map[string]*kit.Panel{}}
	b.State = q.StateCell(kind.states, h.Text("state"))
	b.Timeliness = q.OutcomeCell(q.verdict(h, kind))
	b.Warnings = q.warnings(h)
	b.Summary, b.Deadlines = q.terms(kind, h, d.names), q.deadlines(kind, h)
	keys, values := h.Texts("attribute_keys"), h.Texts("attribute_values")
	for i := range min(len(keys), len(values)) {
		b.Attributes = append(b.Attributes, kit.Term{Name: keys[i], Cell: q.TextCell(discretion.MaskField(keys[i], values[i]))})
	}
	b.Line, b.Facts = q.timeLine(d.facts), q.rawFacts(d.facts)
	b.Clocks = q.clockViews(d.clocks, d.explanation)
	if e := d.explanation; e != nil {
		for _, x := range e.Illegal {
			b.Illegal = append(b.Illegal, IllegalView{At: q.Instant(x.At), Type: q.Enum("event_type", x.Type), From: q.Enum(kind.states, x.From),
				Href: "#" + factAnchor(d.facts, x.EventID)})
		}
	}
	b.Panels["clocks"] = &kit.Panel{ID: "clocks", Title: q.T("panel.clocks"), Table: q.clockTable(d.clocks)}
	b.Panels["facts"] = &kit.Panel{ID: "facts", Title: q.T("panel.facts"), Table: q.factTable(d.facts)}
	if len(d.steps) > 0 {
		b.Panels["steps"] = &kit.Panel{ID: "steps", Title: q.T("panel.steps"), Table: q.stepTable(d.steps, d.names)}
	}
	if len(d.ratings) > 0 {
		b.Panels["ratings"] = &kit.Panel{ID: "ratings", Title: q.T("panel.ratings"), Table: q.ratingTable(d.ratings)}
	}
	if q.MayOpen("/alerts") {
		b.Panels["alerts"] = &kit.Panel{ID: "alerts", Title: q.T("panel.subject_alerts"), Table: q.alertTable(d.rules.alerts, d.names)}
	}
	if len(d.rules.ahead) > 0 {
		b.Panels["ahead"] = &kit.Panel{ID: "ahead", Title: q.T("panel.ahead"), Note: q.T("note.ahead"),
			Table: q.aheadTable(d.rules.ahead, d.names)}
	}
	if len(d.subs) > 0 {
		b.Panels["joint"] = &kit.Panel{ID: "joint", Title: q.T("panel.joint"), Note: q.T("note.joint"),
			Table: q.subTable(source, d.subs, d.names, kind)}
	}
	for id, p := range b.Panels {
		p.Table.ID, p.Table.CSV = id, q.CSVHref(id)
	}
	return b
}
