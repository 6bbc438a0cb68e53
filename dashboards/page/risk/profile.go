package risk

import (
	"context"
	"math"
	"net/http"
	"slices"
	"sort"

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

type profileBody struct{ Panels map[string]*kit.Panel }

var _ = pages.Show(route.Route{Pattern: "/profiles", Rule: route.Needs(access.AlertView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "profiles", At: 10}}, (*request).Profiles)

// Profiles answers the page that holds organisations against their peers in
// what makes figures look good.
func (q *request) Profiles(ctx context.Context, w http.ResponseWriter) error {
	assumed, err := q.SettlePeriod(ctx)
	if err != nil {
		return err
	}
	rows, n, err := q.profile(ctx)
	if err != nil {
		return err
	}
	parts := []kit.Part{
		{ID: "profile", Load: func(context.Context) (*kit.Panel, error) { return q.profilePanel(rows, n), nil }},
		{ID: "profile_figures", Load: func(context.Context) (*kit.Panel, error) { return q.profileFigures(rows, n), nil }},
	}
	if sent, err := q.SentTable(ctx, w, parts); sent || err != nil {
		return err
	}
	data, err := q.LoadScope(ctx)
	if err != nil {
		return err
	}
	v := q.Frame("profiles", q.T("nav.profiles"))
	body := profileBody{}
	body.Panels, err = q.LoadAll(ctx, parts, func(ctx context.Context) error { v.Stamp = q.LoadStamp(ctx); return nil })
	if err != nil {
		return err
	}
	v.Scope, v.Body = q.ScopeForm(data, assumed), body
	q.Render(w, http.StatusOK, "profiles", v)
	return nil
}

// gamingArgs are the parameters that profile and cases share.
func (q *request) gamingArgs(ctx context.Context) (queries.Args, error) {
	calendar, err := q.StatesCalendar(ctx)
	args := queries.Args{"as_of": q.AsOf, "source": q.Scope.Source, "region": q.Scope.Region, "org": q.Scope.Org, "calendar": calendar}
	if !q.Scope.From.IsZero() {
		args["from"] = q.Scope.From
	}
	if u := q.Scope.Until(); !u.IsZero() {
		args["to"] = u
	}
	return args, err
}

func (q *request) profile(ctx context.Context) ([]kit.Row, kit.Names, error) {
	args, err := q.gamingArgs(ctx)
	if err != nil {
		return nil, kit.Names{}, err
	}
	res, err := q.Queries.Run(ctx, "risk/gaming_profile", args)
	if err != nil {
		return nil, kit.Names{}, err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	return rows, n, err
}

// profilePanel is the matrix: one line per organisation, the most remarkable
// first.
func (q *request) profilePanel(rows []kit.Row, n kit.Names) *kit.Panel {
	byOrg := map[string]map[string]kit.Row{}
	for _, r := range rows {
		org := r.Text("org_code")
		if byOrg[org] == nil {
			byOrg[org] = map[string]kit.Row{}
		}
		byOrg[org][r.Text("indicator")] = r
	}
	worst := map[string]float64{}
	orgs := make([]string, 0, len(byOrg))
	for org, cells := range byOrg {
		worst[org] = math.Inf(-1)
		for _, r := range cells {
			if z, ok := r.Num("z"); ok {
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
	t := &kit.Table{Columns: q.Cols("org_code"), Empty: q.T("empty.profile")}
	for _, id := range gamingIndicators() {
		t.Columns = append(t.Columns, kit.Column{Key: id, Label: q.T("gaming." + id), Help: q.T("gaming_help." + id), Class: "num"})
	}
	shown := orgs
	if _, file := q.WantsCSV(); !file && len(orgs) > profileRows {
		shown = orgs[:profileRows]
		t.Cut = q.T("table.cut", "Shown", q.Count(profileRows), "All", q.Count(int64(len(orgs))))
	}
	for _, org := range shown {
		line := []kit.Cell{q.OrgCell(n, org)}
		for _, id := range gamingIndicators() {
			r, ok := byOrg[org][id]
			if !ok {
				line = append(line, kit.NullCell())
				continue
			}
			line = append(line, q.gamingCell(r))
		}
		t.Rows = append(t.Rows, line)
	}
	return &kit.Panel{Title: q.T("panel.profile"), Note: q.T("note.profile"), Table: t}
}

// gamingCell shows a rate, its numbers on hover, its distance from the peers
// as words and shade, and leads to the subjects behind it.
func (q *request) gamingCell(r kit.Row) kit.Cell {
	hits, base := r.Number("hits"), r.Number("base")
	c := kit.Cell{Text: q.Rate(hits, base), Raw: hits / base, Class: "num"}
	c.Title = q.Fraction(hits, base)
	if m, ok := r.Num("median"); ok {
		c.Title += " · " + q.T("profile.peers", "Median", q.Rate(m, 1), "N", q.Count(r.Whole("peers")))
	}
	if hits == 0 {
		c.Class += " muted"
		return c
	}
	c.Href = q.Scope.URL("/profiles/cases", "indicator", r.Text("indicator"), "org", r.Text("org_code"))
	if z, ok := r.Num("z"); ok && z >= 2 {
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
func (q *request) profileFigures(rows []kit.Row, n kit.Names) *kit.Panel {
	hit := slices.DeleteFunc(slices.Clone(rows), func(r kit.Row) bool { return r.Whole("hits") == 0 })
	sort.SliceStable(hit, func(i, j int) bool {
		a, aok := hit[i].Num("z")
		b, bok := hit[j].Num("z")
		if aok != bok {
			return aok
		}
		return a > b
	})
	t := &kit.Table{Columns: q.Cols("gaming_indicator", "org_code", "z:num", "rate:num", "hits:num", "base:num", "median:num", "mad:num",
		"peers:num", "peer_group"), Empty: q.T("empty.profile_figures")}
	if _, file := q.WantsCSV(); !file && len(hit) > profileRows {
		t.Cut = q.T("table.cut", "Shown", q.Count(profileRows), "All", q.Count(int64(len(hit))))
		hit = hit[:profileRows]
	}
	for _, r := range hit {
		id := r.Text("indicator")
		rate := q.gamingCell(r)
		z := q.DecimalCell(r["z"], 1)
		if v, ok := r.Num("z"); ok && v >= 2 {
			z.Class += " " + heat(v)
		}
		rate.Class, rate.Sub = "num", ""
		median, mad := kit.NullCell(), kit.NullCell()
		if m, ok := r.Num("median"); ok {
			d, _ := r.Num("mad")
			median, mad = kit.Cell{Text: q.Rate(m, 1), Raw: m, Class: "num"}, kit.Cell{Text: q.Rate(d, 1), Raw: d, Class: "num"}
		}
		t.Rows = append(t.Rows, []kit.Cell{
			{Text: q.T("gaming." + id), Raw: id, Title: q.T("gaming_help." + id)}, q.OrgCell(n, r.Text("org_code")), z, rate,
			q.CountCell(r["hits"]), q.CountCell(r["base"]), median, mad, q.CountCell(r["peers"]), q.EnumCell("peer_group", r.Text("peer_group")),
		})
	}
	return &kit.Panel{Title: q.T("panel.profile_figures"), Table: t}
}
