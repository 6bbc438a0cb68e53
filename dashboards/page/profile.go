package page

import (
	"context"
	"math"
	"net/http"
	"slices"
	"sort"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

// gamingIndicators are the columns of the anti-gaming profile.
func gamingIndicators() []string {
	return []string{"retro_entry", "off_system", "terminate_due", "suspension", "ping_pong", "default_rating", "five_star_fast", "rewrite"}
}

// profileRows is how many organisations the page shows.
const profileRows = 100

type profileBody struct{ Panels map[string]*Panel }

var _ = register(route.Route{Pattern: "/profiles", Rule: route.Needs(access.AlertView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "profiles", At: 10}}, (*Site).Profiles)

// Profiles answers the page that holds organisations against their peers in
// what makes figures look good.
func (s *Site) Profiles(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r)
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	assumed, err := q.settlePeriod(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	rows, n, err := q.profile(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	parts := []part{
		{"profile", func(context.Context) (*Panel, error) { return q.profilePanel(rows, n), nil }},
		{"profile_figures", func(context.Context) (*Panel, error) { return q.profileFigures(rows, n), nil }},
	}
	if table, ok := q.wantsCSV(); ok {
		if err := q.csv(ctx, w, table, parts); err != nil {
			q.fail(w, err)
		}
		return
	}
	data, err := q.loadScope(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	v := q.frame("profiles", q.T("nav.profiles"))
	body := profileBody{}
	body.Panels, err = q.loadAll(ctx, parts, func(ctx context.Context) error { v.Stamp = q.loadStamp(ctx); return nil })
	if err != nil {
		q.fail(w, err)
		return
	}
	v.Scope, v.Body = q.form(data, assumed), body
	q.render(w, http.StatusOK, "profiles", v)
}

// gamingArgs are the parameters that profile and cases share.
func (q *request) gamingArgs(ctx context.Context) (queries.Args, error) {
	calendar, err := q.riskCalendar(ctx)
	args := queries.Args{"as_of": q.asOf, "source": q.scope.Source, "region": q.scope.Region, "org": q.scope.Org, "calendar": calendar}
	if !q.scope.From.IsZero() {
		args["from"] = q.scope.From
	}
	if u := q.scope.Until(); !u.IsZero() {
		args["to"] = u
	}
	return args, err
}

func (q *request) profile(ctx context.Context) ([]row, names, error) {
	args, err := q.gamingArgs(ctx)
	if err != nil {
		return nil, names{}, err
	}
	res, err := q.Queries.Run(ctx, "risk/gaming_profile", args)
	if err != nil {
		return nil, names{}, err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows)
	return rows, n, err
}

// profilePanel is the matrix: one line per organisation, the most remarkable
// first.
func (q *request) profilePanel(rows []row, n names) *Panel {
	byOrg := map[string]map[string]row{}
	for _, r := range rows {
		org := r.text("org_code")
		if byOrg[org] == nil {
			byOrg[org] = map[string]row{}
		}
		byOrg[org][r.text("indicator")] = r
	}
	worst := map[string]float64{}
	orgs := make([]string, 0, len(byOrg))
	for org, cells := range byOrg {
		worst[org] = math.Inf(-1)
		for _, r := range cells {
			if z, ok := r.num("z"); ok {
				worst[org] = max(worst[org], z)
			}
		}
		orgs = append(orgs, org)
	}
	sort.Slice(orgs, func(i, j int) bool {
		if worst[orgs[i]] != worst[orgs[j]] {
			return worst[orgs[i]] > worst[orgs[j]]
		}
		return orgs[i] < orgs[j]
	})
	t := &Table{Columns: q.cols("org_code"), Empty: q.T("empty.profile")}
	for _, id := range gamingIndicators() {
		t.Columns = append(t.Columns, Column{Key: id, Label: q.T("gaming." + id), Help: q.T("gaming_help." + id), Class: "num"})
	}
	shown := orgs
	if _, file := q.wantsCSV(); !file && len(orgs) > profileRows {
		shown = orgs[:profileRows]
		t.Cut = q.T("table.cut", "Shown", q.Count(profileRows), "All", q.Count(int64(len(orgs))))
	}
	for _, org := range shown {
		line := []Cell{q.orgCell(n, org)}
		for _, id := range gamingIndicators() {
			r, ok := byOrg[org][id]
			if !ok {
				line = append(line, nullCell())
				continue
			}
			line = append(line, q.gamingCell(r))
		}
		t.Rows = append(t.Rows, line)
	}
	return &Panel{Title: q.T("panel.profile"), Note: q.T("note.profile"), Table: t}
}

// gamingCell shows a rate, its numbers on hover, its distance from the peers
// as words and shade, and leads to the subjects behind it.
func (q *request) gamingCell(r row) Cell {
	hits, base := r.number("hits"), r.number("base")
	c := Cell{Text: q.Rate(hits, base), Raw: hits / base, Class: "num"}
	c.Title = q.fraction(hits, base)
	if m, ok := r.num("median"); ok {
		c.Title += " · " + q.T("profile.peers", "Median", q.Rate(m, 1), "N", q.Count(r.whole("peers")))
	}
	if hits == 0 {
		c.Class += " muted"
		return c
	}
	c.Href = q.scope.URL("/profiles/cases", "indicator", r.text("indicator"), "org", r.text("org_code"))
	if z, ok := r.num("z"); ok && z >= 2 {
		c.Class += " " + heat(z)
		c.Sub = "z " + q.Decimal(z, 1)
	}
	return c
}

// heat is the shade of a robust z: remarkable from 2, strong from 3.5 (the
// usual bound for outliers by MAD), extreme from 6.
func heat(z float64) string {
	switch {
	case z >= 6:
		return "heat-3"
	case z >= 3.5:
		return "heat-2"
	default:
		return "heat-1"
	}
}

// profileFigures lists every figure with a hit, farthest from its peers first.
func (q *request) profileFigures(rows []row, n names) *Panel {
	hit := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.whole("hits") == 0 })
	sort.SliceStable(hit, func(i, j int) bool {
		a, aok := hit[i].num("z")
		b, bok := hit[j].num("z")
		if aok != bok {
			return aok
		}
		return a > b
	})
	t := &Table{Columns: q.cols("gaming_indicator", "org_code", "z:num", "rate:num", "hits:num", "base:num", "median:num", "mad:num",
		"peers:num", "peer_group"), Empty: q.T("empty.profile_figures")}
	if _, file := q.wantsCSV(); !file && len(hit) > profileRows {
		t.Cut = q.T("table.cut", "Shown", q.Count(profileRows), "All", q.Count(int64(len(hit))))
		hit = hit[:profileRows]
	}
	for _, r := range hit {
		id := r.text("indicator")
		rate := q.gamingCell(r)
		z := q.decimalCell(r["z"], 1)
		if v, ok := r.num("z"); ok && v >= 2 {
			z.Class += " " + heat(v)
		}
		rate.Class, rate.Sub = "num", ""
		median, mad := nullCell(), nullCell()
		if m, ok := r.num("median"); ok {
			d, _ := r.num("mad")
			median, mad = Cell{Text: q.Rate(m, 1), Raw: m, Class: "num"}, Cell{Text: q.Rate(d, 1), Raw: d, Class: "num"}
		}
		t.Rows = append(t.Rows, []Cell{
			{Text: q.T("gaming." + id), Raw: id, Title: q.T("gaming_help." + id)}, q.orgCell(n, r.text("org_code")), z, rate,
			q.countCell(r["hits"]), q.countCell(r["base"]), median, mad, q.countCell(r["peers"]), q.enumCell("peer_group", r.text("peer_group")),
		})
	}
	return &Panel{Title: q.T("panel.profile_figures"), Table: t}
}

var _ = register(route.Route{Pattern: "/profiles/cases", Rule: route.Needs(access.AlertView),
	Scope: route.ByFilter()}, (*Site).ProfileCases)

// ProfileCases answers the list of subjects behind one figure of a profile.
func (s *Site) ProfileCases(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "indicator")
	page := 1
	if err == nil {
		page, err = q.pageNumber()
	}
	indicator := ""
	if err == nil {
		if indicator = q.param("indicator"); !slices.Contains(gamingIndicators(), indicator) {
			err = kit.BadAddress("indicator")
		}
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	args, err := q.gamingArgs(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	args["indicator"], args["max_rows"], args["skip"] = indicator, pageRows, (page-1)*pageRows
	if _, file := q.wantsCSV(); file {
		q.sendQuery(w, "profile-cases", "risk/gaming_cases", args, func(rows []row) *Table { return q.gamingRows(names{}, rows) })
		return
	}
	res, err := s.Queries.Run(ctx, "risk/gaming_cases", args)
	if err != nil {
		q.fail(w, err)
		return
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows)
	if err != nil {
		q.fail(w, err)
		return
	}
	t := q.gamingRows(n, rows)
	var total int64
	if len(rows) > 0 {
		total = rows[0].whole("total")
	}
	data, err := q.loadScope(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	name := q.T("gaming." + indicator)
	v := q.view(ctx, "profiles", name)
	v.Crumbs = []Link{{Text: q.T("nav.profiles"), Href: q.scope.URL("/profiles", "org", "")}, {Text: name, Current: true}}
	v.Scope = q.form(data, "")
	v.Body = &listBody{Kind: "profile-cases", Heading: name, Note: q.T("gaming_help." + indicator),
		Total: q.T("list.total_profile", "N", q.Count(total)), Table: t, Pages: q.pages(page, len(rows), total)}
	q.render(w, http.StatusOK, "list", v)
}

// gamingRows writes the subjects behind a profile.
func (q *request) gamingRows(n names, rows []row) *Table {
	t := &Table{ID: "profile-cases", CSV: q.here("format", "csv"), Columns: q.cols("subject_no", "subject_kind", "at:time", "why", "org_code",
		"task_code", "source_sys"), Empty: q.T("empty.profile_cases")}
	for _, x := range rows {
		no := q.codeCell(x.text("subject_no"))
		no.Href = q.subjectHref(x.text("kind")+"s", x.text("source_sys"), x.text("subject_no"))
		t.Rows = append(t.Rows, []Cell{
			no, q.enumCell("subject_kind", x.text("kind")), q.instantCell(x.instant("at")), q.whyCell(x.text("why")),
			q.orgCell(n, x.text("org_code")), q.itemCell(n, x.text("task_code")), q.textCell(x.text("source_sys")),
		})
	}
	return t
}

// whyCell says in words what flagged a subject.
func (q *request) whyCell(codes string) Cell {
	text := ""
	for code := range strings.SplitSeq(codes, ",") {
		if text != "" {
			text += q.T("profile.and")
		}
		text += q.Enum("why", code)
	}
	return Cell{Text: text, Raw: codes}
}
