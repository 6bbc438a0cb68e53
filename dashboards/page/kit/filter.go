package kit

import (
	"context"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

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

// MaxOrgs bounds the list of organisations that the form offers.
const MaxOrgs = 500

// ScopeData is what the form shows, as asked from the database.
type ScopeData struct{ Path, children, org, sources []Row }

// SettlePeriod fills in the period when the address has none: the twelve
// months up to as-of, or up to the last fact when the scope has none later.
func (q *Request) SettlePeriod(ctx context.Context) (assumed string, err error) {
	if !q.Scope.From.IsZero() || !q.Scope.To.IsZero() {
		return "", nil
	}
	res, err := q.Queries.Run(ctx, "page/extent",
		queries.Args{"as_of": q.AsOf, "source": q.Scope.Source, "region": q.Scope.Region, "org": q.Scope.Org})
	if err != nil {
		return "", err
	}
	var last time.Time
	if rows := RowsOf(res); len(rows) == 1 {
		last = rows[0].Instant("last_at")
	}
	var ended bool
	if q.Scope.From, q.Scope.To, ended = DefaultPeriod(q.AsOf, last); ended {
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

// LoadScope asks for the choices of the form.
func (q *Request) LoadScope(ctx context.Context) (ScopeData, error) {
	var d ScopeData
	g, ctx := errgroup.WithContext(ctx)
	get := func(to *[]Row, name string, args queries.Args) {
		g.Go(func() error {
			res, err := q.Queries.Run(ctx, name, args)
			if err == nil {
				*to = RowsOf(res)
			}
			return err
		})
	}
	if q.Scope.Region != "" {
		get(&d.Path, "page/region_path", queries.Args{"region": q.Scope.Region})
	}
	get(&d.children, "page/region_children", queries.Args{"region": q.Scope.Region})
	if q.Scope.Org != "" {
		args := queries.Args{"codes": []string{q.Scope.Org}}
		if !q.AsOf.IsZero() { // as it was called then
			args["day"] = q.AsOf.In(lawzone.Zone).Format(time.DateOnly)
		}
		get(&d.org, "page/org_names", args)
	}
	get(&d.sources, "page/sources", nil)
	return d, g.Wait()
}

// ScopeForm makes the form from the address and the choices.
func (q *Request) ScopeForm(d ScopeData, assumed string) *ScopeForm {
	f := &ScopeForm{Action: q.Path, From: DayText(q.Scope.From), To: DayText(q.Scope.To), Assumed: assumed}
	f.AsOf = q.Scope.AsOfText()
	f.Regions = append(f.Regions, Option{"", q.T("scope.all_regions"), q.Scope.Region == ""})
	for i, r := range d.Path {
		f.Regions = append(f.Regions, Option{r.Text("region_code"), strings.Repeat("　", i) + r.Text("name"),
			r.Text("region_code") == q.Scope.Region})
	}
	if q.Scope.Region != "" && len(d.Path) == 0 {
		f.Regions = append(f.Regions, Option{q.Scope.Region, q.Scope.Region, true})
	}
	for _, r := range d.children {
		f.Regions = append(f.Regions, Option{r.Text("region_code"), strings.Repeat("　", len(d.Path)) + "└ " + r.Text("name"), false})
	}
	orgName := q.Scope.Org
	for _, r := range d.org {
		orgName = q.Pick(r.Text("name"), r.Text("name_en"))
	}
	if q.Scope.Org != "" {
		f.Org = OrgChoice(orgName, q.Scope.Org)
	}
	f.OrgChoices = Scope{Region: q.Scope.Region, Source: q.Scope.Source, Lang: q.Scope.Lang}.URL("/choices/orgs")
	f.Sources = append(f.Sources, Option{"", q.T("scope.all_sources"), q.Scope.Source == ""})
	for _, r := range d.sources {
		s := r.Text("source_sys")
		f.Sources = append(f.Sources, Option{s, s, s == q.Scope.Source})
	}
	f.Summary = q.summary(d, orgName)
	if q.Scope.Region+q.Scope.Org+q.Scope.Source+q.Param("from")+q.Param("to")+q.Scope.AsOfText() != "" {
		f.Reset = Scope{Lang: q.Scope.Lang, Wall: q.Scope.Wall}.URL(q.Path)
	}
	f.Presets = q.presets()
	for _, k := range q.Keep {
		if v := q.Param(k); v != "" {
			f.Hidden = append(f.Hidden, Hidden{k, v})
		}
	}
	if q.Scope.Wall {
		f.Hidden = append(f.Hidden, Hidden{"wall", "1"})
	}
	if q.Scope.Lang != "" {
		f.Hidden = append(f.Hidden, Hidden{"lang", q.Scope.Lang})
	}
	return f
}

func (q *Request) summary(d ScopeData, orgName string) []string {
	region := q.T("scope.all_regions")
	if n := len(d.Path); n > 0 {
		region = d.Path[n-1].Text("name")
	} else if q.Scope.Region != "" {
		region = q.Scope.Region
	}
	org := q.T("scope.all_orgs")
	if q.Scope.Org != "" {
		org = orgName
	}
	source := q.T("scope.all_sources")
	if q.Scope.Source != "" {
		source = q.Scope.Source
	}
	return []string{region, org, source, q.period()}
}

// period writes the period in words.
func (q *Request) period() string {
	from, to := DayText(q.Scope.From), DayText(q.Scope.To)
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
func (q *Request) presets() []Link {
	year, _ := lastMonths(q.AsOf, int(q.AsOf.In(lawzone.Zone).Month()))
	month, today := lastMonths(q.AsOf, 1)
	twelve, _ := lastMonths(q.AsOf, 12)
	var out []Link
	for _, p := range []struct {
		id       string
		from, to time.Time
	}{{"month", month, today}, {"year", year, today}, {"twelve", twelve, today}} {
		from, to := DayText(p.from), DayText(p.to)
		out = append(out, Link{Text: q.T("scope.preset_" + p.id), Href: q.Here("from", from, "to", to),
			Current: DayText(q.Scope.From) == from &&
				DayText(q.Scope.To) == to})
	}
	all := q.Here("from", "1970-01-01", "to", "")
	return append(out, Link{Text: q.T("scope.preset_all"), Href: all,
		Current: DayText(q.Scope.From) == "1970-01-01" && q.Scope.To.IsZero()})
}

// Crumbs leads from the country down to the region of the scope.
func (q *Request) Crumbs(path []Row) []Link {
	out := []Link{{Text: q.T("scope.all_regions"), Href: q.Scope.URL("/", "region", "", "org", "")}}
	for _, r := range path {
		code := r.Text("region_code")
		out = append(out, Link{Text: r.Text("name"), Href: q.regionHref(code), Current: code == q.Scope.Region})
	}
	return out
}
