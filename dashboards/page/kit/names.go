package kit

import (
	"context"
	"maps"
	"time"

	"duban/queries"
	"duban/supervision/lawzone"
)

// Names are the names of codes on a page, looked up together: three queries
// for a page, however many rows it has.
type Names struct{ regions, Orgs, items map[string]string }

// NamesOf looks up every code in the columns region_code, org_code and
// task_code of rows, and in those that more maps to one of them.
func (q *Request) NamesOf(ctx context.Context, rows []Row, more ...map[string]string) (Names, error) {
	kinds := map[string]string{"region_code": "region", "org_code": "org", "task_code": "item"}
	for _, m := range more {
		maps.Copy(kinds, m)
	}
	codes := map[string]map[string]bool{"region": {}, "org": {}, "item": {}}
	for _, r := range rows {
		for column, kind := range kinds {
			if code := r.Text(column); code != "" {
				codes[kind][code] = true
			}
		}
	}
	var n Names
	var err error
	if n.regions, err = q.LookUp(ctx, "page/region_names", "region_code", codes["region"]); err != nil {
		return n, err
	}
	if n.Orgs, err = q.LookUp(ctx, "page/org_names", "org_code", codes["org"]); err != nil {
		return n, err
	}
	n.items, err = q.LookUp(ctx, "page/item_names", "task_code", codes["item"])
	return n, err
}

// LookUp gives the names of codes by a query that takes them as codes.
func (q *Request) LookUp(ctx context.Context, query, column string, codes map[string]bool) (map[string]string, error) {
	out := map[string]string{}
	if len(codes) == 0 {
		return out, nil
	}
	list := make([]string, 0, len(codes))
	for c := range codes {
		list = append(list, c)
	}
	args := queries.Args{"codes": list}
	if query == "page/org_names" && !q.AsOf.IsZero() { // as they were called then
		args["day"] = q.AsOf.In(lawzone.Zone).Format(time.DateOnly)
	}
	res, err := q.Queries.Run(ctx, query, args)
	if err != nil {
		return nil, err
	}
	for _, r := range RowsOf(res) {
		out[r.Text(column)] = q.Pick(r.Text("name"), r.Text("name_en"))
	}
	return out, nil
}

// Named gives the name of a code, or the code itself.
func Named(of map[string]string, code string) string {
	if n := of[code]; n != "" {
		return n
	}
	return code
}

// RegionCell shows a region by its name with a link to its page.
func (q *Request) RegionCell(n Names, code string) Cell {
	c := q.TextCell(Named(n.regions, code))
	c.Raw = code
	if RegionCode.MatchString(code) {
		c.Href, c.Title = q.regionHref(code), code
	}
	return c
}

// regionHref leads to a region's page in the scope of this one.
func (q *Request) regionHref(code string) string {
	return q.Scope.URL("/regions/"+EscapePart(code), "region", "")
}

// orgHref leads to an organisation's page in the scope of this one.
func (q *Request) orgHref(code string) string {
	return q.Scope.URL("/orgs/"+EscapePart(code), "org", "")
}

// OrgCell shows an organisation by its name with a link to its page.
func (q *Request) OrgCell(n Names, code string) Cell {
	c := q.TextCell(Named(n.Orgs, code))
	c.Raw = code
	if code != "" {
		c.Href, c.Title = q.orgHref(code), code
	}
	return c
}

// ItemCell shows an item by its name.
func (q *Request) ItemCell(n Names, code string) Cell {
	c := q.TextCell(Named(n.items, code))
	c.Raw = code
	if code != "" {
		c.Title = code
	}
	return c
}

// SubjectHref leads to one case or ticket as of the instant of this page.
func (q *Request) SubjectHref(kind, source, number string) string {
	return Scope{AsOf: q.Scope.AsOf, Lang: q.Scope.Lang}.URL(SubjectPath(kind, source, number))
}

// CaseCell shows a case number with a link to its page.
func (q *Request) CaseCell(source, caseNo string) Cell {
	c := q.CodeCell(caseNo)
	c.Href = q.SubjectHref("cases", source, caseNo)
	return c
}

// ActionLabel names an action on a kind; kinds may name it in their own way.
func (q *Request) ActionLabel(kind, action string) string {
	if own := q.Enum("action", kind+"."+action); own != kind+"."+action {
		return own
	}
	return q.Enum("action", action)
}

// StatesCalendar is the calendar that the latest states stand on.
func (q *Request) StatesCalendar(ctx context.Context) (string, error) {
	res, err := q.Queries.Run(ctx, "risk/calendar", nil)
	if err != nil || len(res.Rows) == 0 {
		return "", err
	}
	return RowsOf(res)[0].Text("calendar_version"), nil
}
