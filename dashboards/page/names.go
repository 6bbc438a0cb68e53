package page

import (
	"context"
	"maps"
	"time"

	"duban/dashboards/page/kit"
	"duban/queries"
	"duban/supervision/lawzone"
)

// names are the names of codes on a page, looked up together: three queries
// for a page, however many rows it has.
type names struct{ regions, orgs, items map[string]string }

// namesOf looks up every code in the columns region_code, org_code and
// task_code of rows, and in those that more maps to one of them.
func (q *request) namesOf(ctx context.Context, rows []row, more ...map[string]string) (names, error) {
	kinds := map[string]string{"region_code": "region", "org_code": "org", "task_code": "item"}
	for _, m := range more {
		maps.Copy(kinds, m)
	}
	codes := map[string]map[string]bool{"region": {}, "org": {}, "item": {}}
	for _, r := range rows {
		for column, kind := range kinds {
			if code := r.text(column); code != "" {
				codes[kind][code] = true
			}
		}
	}
	var n names
	var err error
	if n.regions, err = q.lookUp(ctx, "page/region_names", "region_code", codes["region"]); err != nil {
		return n, err
	}
	if n.orgs, err = q.lookUp(ctx, "page/org_names", "org_code", codes["org"]); err != nil {
		return n, err
	}
	n.items, err = q.lookUp(ctx, "page/item_names", "task_code", codes["item"])
	return n, err
}

func (q *request) lookUp(ctx context.Context, query, column string, codes map[string]bool) (map[string]string, error) {
	out := map[string]string{}
	if len(codes) == 0 {
		return out, nil
	}
	list := make([]string, 0, len(codes))
	for c := range codes {
		list = append(list, c)
	}
	args := queries.Args{"codes": list}
	if query == "page/org_names" && !q.asOf.IsZero() { // as they were called then
		args["day"] = q.asOf.In(lawzone.Zone).Format(time.DateOnly)
	}
	res, err := q.Queries.Run(ctx, query, args)
	if err != nil {
		return nil, err
	}
	for _, r := range rowsOf(res) {
		out[r.text(column)] = q.Pick(r.text("name"), r.text("name_en"))
	}
	return out, nil
}

// named gives the name of a code, or the code itself.
func named(of map[string]string, code string) string {
	if n := of[code]; n != "" {
		return n
	}
	return code
}

// regionCell shows a region by its name with a link to its page.
func (q *request) regionCell(n names, code string) Cell {
	c := q.textCell(named(n.regions, code))
	c.Raw = code
	if kit.RegionCode.MatchString(code) {
		c.Href, c.Title = q.regionHref(code), code
	}
	return c
}

// regionHref leads to a region's page in the scope of this one.
func (q *request) regionHref(code string) string {
	return q.scope.URL("/regions/"+kit.EscapePart(code), "region", "")
}

// orgHref leads to an organisation's page in the scope of this one.
func (q *request) orgHref(code string) string {
	return q.scope.URL("/orgs/"+kit.EscapePart(code), "org", "")
}

// orgCell shows an organisation by its name with a link to its page.
func (q *request) orgCell(n names, code string) Cell {
	c := q.textCell(named(n.orgs, code))
	c.Raw = code
	if code != "" {
		c.Href, c.Title = q.orgHref(code), code
	}
	return c
}

func (q *request) itemCell(n names, code string) Cell {
	c := q.textCell(named(n.items, code))
	c.Raw = code
	if code != "" {
		c.Title = code
	}
	return c
}

// subjectHref leads to one case or ticket as of the instant of this page.
func (q *request) subjectHref(kind, source, number string) string {
	return kit.Scope{AsOf: q.scope.AsOf, Lang: q.scope.Lang}.URL(kit.SubjectPath(kind, source, number))
}

// caseCell shows a case number with a link to its page.
func (q *request) caseCell(source, caseNo string) Cell {
	c := q.codeCell(caseNo)
	c.Href = q.subjectHref("cases", source, caseNo)
	return c
}

// actionLabel names an action on a kind; kinds may name it in their own way.
func (q *request) actionLabel(kind, action string) string {
	if own := q.Enum("action", kind+"."+action); own != kind+"."+action {
		return own
	}
	return q.Enum("action", action)
}

// riskCalendar is the calendar that the latest states stand on.
func (q *request) riskCalendar(ctx context.Context) (string, error) {
	res, err := q.Queries.Run(ctx, "risk/calendar", nil)
	if err != nil || len(res.Rows) == 0 {
		return "", err
	}
	return rowsOf(res)[0].text("calendar_version"), nil
}
