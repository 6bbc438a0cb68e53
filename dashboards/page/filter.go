package page

import (
	"context"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"duban/dashboards/page/kit"
	"duban/queries"
	"duban/supervision/lawzone"
)

// ScopeForm is the form that sets the scope, and the sentence that says it.
type ScopeForm struct {
	Action  string
	Regions []Option
	// Org is the organisation of the scope, as its field shows it; OrgChoices is where the
	// choices come from.
	Org, OrgChoices string
	Sources         []Option
	From            string
	To              string
	AsOf            string
	Presets         []Link
	// Hidden carries the page's further state along.
	Hidden []Hidden
	// Summary says the scope in a few words.
	Summary []string
	// Reset leads to the page without any filter; empty when there is none.
	Reset string
	// Assumed says why the period is the one shown when none was asked for.
	Assumed string
	// Fixed names the parts of the scope that the path of the page sets.
	FixedRegion bool
	FixedOrg    bool
}

// Option is one choice of a list.
type Option struct {
	Value    string
	Text     string
	Selected bool
}

// maxOrgs bounds the list of organisations that the form offers.
const maxOrgs = 500

// scopeData is what the form shows, as asked from the database.
type scopeData struct{ path, children, org, sources []row }

// settlePeriod fills in the period when the address has none: the twelve
// months up to as-of, or up to the last fact when the scope has none later.
func (q *request) settlePeriod(ctx context.Context) (assumed string, err error) {
	if !q.scope.From.IsZero() || !q.scope.To.IsZero() {
		return "", nil
	}
	res, err := q.Queries.Run(ctx, "page/extent",
		queries.Args{"as_of": q.asOf, "source": q.scope.Source, "region": q.scope.Region, "org": q.scope.Org})
	if err != nil {
		return "", err
	}
	var last time.Time
	if rows := rowsOf(res); len(rows) == 1 {
		last = rows[0].instant("last_at")
	}
	var ended bool
	if q.scope.From, q.scope.To, ended = DefaultPeriod(q.asOf, last); ended {
		assumed = q.T("scope.assumed", "Day", q.Date(last))
	}
	return assumed, nil
}

// DefaultPeriod is the period of a page of figures that is asked for none: the twelve
// months up to the local day of asOf, both days included, or, where the last fact
// lies more than two months before it, up to the day of that one; ended tells. A
// zero last fact is none.
func DefaultPeriod(asOf, last time.Time) (from, to time.Time, ended bool) {
	if ended = !last.IsZero() && last.Before(asOf.AddDate(0, -2, 0)); ended {
		asOf = last
	}
	from, to = lastMonths(asOf, 12)
	return from, to, ended
}

// lastMonths is the period of n months that ends on the day of end.
func lastMonths(end time.Time, n int) (from, to time.Time) {
	local := end.In(lawzone.Zone)
	to = time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, lawzone.Zone)
	from = time.Date(local.Year(), local.Month()-time.Month(n-1), 1, 0, 0, 0, 0, lawzone.Zone)
	return from, to
}

// loadScope asks for the choices of the form.
func (q *request) loadScope(ctx context.Context) (scopeData, error) {
	var d scopeData
	g, ctx := errgroup.WithContext(ctx)
	get := func(to *[]row, name string, args queries.Args) {
		g.Go(func() error {
			res, err := q.Queries.Run(ctx, name, args)
			if err == nil {
				*to = rowsOf(res)
			}
			return err
		})
	}
	if q.scope.Region != "" {
		get(&d.path, "page/region_path", queries.Args{"region": q.scope.Region})
	}
	get(&d.children, "page/region_children", queries.Args{"region": q.scope.Region})
	if q.scope.Org != "" {
		args := queries.Args{"codes": []string{q.scope.Org}}
		if !q.asOf.IsZero() { // as it was called then
			args["day"] = q.asOf.In(lawzone.Zone).Format(time.DateOnly)
		}
		get(&d.org, "page/org_names", args)
	}
	get(&d.sources, "page/sources", nil)
	return d, g.Wait()
}

// form makes the form from the address and the choices.
func (q *request) form(d scopeData, assumed string) *ScopeForm {
	f := &ScopeForm{Action: q.path, From: kit.DayText(q.scope.From), To: kit.DayText(q.scope.To), Assumed: assumed}
	f.AsOf = q.scope.AsOfText()
	f.Regions = append(f.Regions, Option{"", q.T("scope.all_regions"), q.scope.Region == ""})
	for i, r := range d.path {
		f.Regions = append(f.Regions, Option{r.text("region_code"), strings.Repeat("　", i) + r.text("name"),
			r.text("region_code") == q.scope.Region})
	}
	if q.scope.Region != "" && len(d.path) == 0 {
		f.Regions = append(f.Regions, Option{q.scope.Region, q.scope.Region, true})
	}
	for _, r := range d.children {
		f.Regions = append(f.Regions, Option{r.text("region_code"), strings.Repeat("　", len(d.path)) + "└ " + r.text("name"), false})
	}
	orgName := q.scope.Org
	for _, r := range d.org {
		orgName = q.Pick(r.text("name"), r.text("name_en"))
	}
	if q.scope.Org != "" {
		f.Org = orgChoice(orgName, q.scope.Org)
	}
	f.OrgChoices = kit.Scope{Region: q.scope.Region, Source: q.scope.Source, Lang: q.scope.Lang}.URL("/choices/orgs")
	f.Sources = append(f.Sources, Option{"", q.T("scope.all_sources"), q.scope.Source == ""})
	for _, r := range d.sources {
		s := r.text("source_sys")
		f.Sources = append(f.Sources, Option{s, s, s == q.scope.Source})
	}
	f.Summary = q.summary(d, orgName)
	if q.scope.Region+q.scope.Org+q.scope.Source+q.param("from")+q.param("to")+q.scope.AsOfText() != "" {
		f.Reset = kit.Scope{Lang: q.scope.Lang, Wall: q.scope.Wall}.URL(q.path)
	}
	f.Presets = q.presets()
	for _, k := range q.keep {
		if v := q.param(k); v != "" {
			f.Hidden = append(f.Hidden, Hidden{k, v})
		}
	}
	if q.scope.Wall {
		f.Hidden = append(f.Hidden, Hidden{"wall", "1"})
	}
	if q.scope.Lang != "" {
		f.Hidden = append(f.Hidden, Hidden{"lang", q.scope.Lang})
	}
	return f
}

func (q *request) summary(d scopeData, orgName string) []string {
	region := q.T("scope.all_regions")
	if n := len(d.path); n > 0 {
		region = d.path[n-1].text("name")
	} else if q.scope.Region != "" {
		region = q.scope.Region
	}
	org := q.T("scope.all_orgs")
	if q.scope.Org != "" {
		org = orgName
	}
	source := q.T("scope.all_sources")
	if q.scope.Source != "" {
		source = q.scope.Source
	}
	return []string{region, org, source, q.period()}
}

// period writes the period in words.
func (q *request) period() string {
	from, to := kit.DayText(q.scope.From), kit.DayText(q.scope.To)
	switch {
	case from == "" && to == "":
		return q.T("scope.all_time")
	case from == "":
		return q.T("scope.through", "To", to)
	case to == "":
		return q.T("scope.since", "From", from)
	default:
		return from + " – " + to
	}
}

// presets are the periods that people ask for most.
func (q *request) presets() []Link {
	year, _ := lastMonths(q.asOf, int(q.asOf.In(lawzone.Zone).Month()))
	month, today := lastMonths(q.asOf, 1)
	twelve, _ := lastMonths(q.asOf, 12)
	var out []Link
	for _, p := range []struct {
		id       string
		from, to time.Time
	}{{"month", month, today}, {"year", year, today}, {"twelve", twelve, today}} {
		from, to := kit.DayText(p.from), kit.DayText(p.to)
		out = append(out, Link{Text: q.T("scope.preset_" + p.id), Href: q.here("from", from, "to", to),
			Current: kit.DayText(q.scope.From) == from &&
				kit.DayText(q.scope.To) == to})
	}
	all := q.here("from", "1970-01-01", "to", "")
	return append(out, Link{Text: q.T("scope.preset_all"), Href: all,
		Current: kit.DayText(q.scope.From) == "1970-01-01" && q.scope.To.IsZero()})
}

// crumbs leads from the country down to the region of the scope.
func (q *request) crumbs(path []row) []Link {
	out := []Link{{Text: q.T("scope.all_regions"), Href: q.scope.URL("/", "region", "", "org", "")}}
	for _, r := range path {
		code := r.text("region_code")
		out = append(out, Link{Text: r.text("name"), Href: q.regionHref(code), Current: code == q.scope.Region})
	}
	return out
}
