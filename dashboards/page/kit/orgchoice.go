package kit

import (
	"context"
	"strings"

	"duban/internal/blank"
	"duban/queries"
)

// beforeCode stands between the name and the code of an organisation where both are
// written in one field.
const beforeCode = " · "

// OrgChoice writes an organisation as the field of the filter shows and takes it.
func OrgChoice(name, code string) string {
	if name == "" || name == code {
		return code
	}
	return name + beforeCode + code
}

// ResolveOrg gives the code that a text in the field of the filter means: the end of "name
// · code", or the one organisation that is called so, in either language. A text that is a
// code, or that no or several organisations are called, stays as it is.
func (s *Site) ResolveOrg(ctx context.Context, text string) string {
	if at := strings.LastIndex(text, beforeCode); at >= 0 {
		return blank.Trim(text[at+len(beforeCode):])
	}
	text = blank.Trim(text)
	if text == "" || len(text) > 200 {
		return text
	}
	res, err := s.Queries.Run(ctx, "page/org_named", queries.Args{"text": text})
	if err != nil { // the page that follows asks the same database, and says so
		s.Log.WarnContext(ctx, "organisation not looked up by its name", "error", err.Error())
		return text
	}
	if len(res.Rows) != 1 {
		return text
	}
	return RowsOf(res)[0].Text("org_code")
}

// OrgsBelow are the organisations that the scope names: the one asked for and
// everything below it; empty for all.
func (q *Request) OrgsBelow(ctx context.Context) ([]string, error) {
	orgs, err := q.Orgs.Below(ctx, q.Scope.Org)
	if orgs == nil {
		orgs = []string{}
	}
	return orgs, err
}
