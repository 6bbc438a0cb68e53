package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/page/kit"
	"duban/queries"
	"duban/supervision/lawzone"
)

// resolve finds the organisation that somebody typed: a choice of the list, a
// code, or a name that only one has.
func (f *newForm) resolve(typed string) (code string, matches int) {
	for _, o := range f.Orgs {
		name := strings.TrimSuffix(o.Text, " · "+o.Code)
		switch {
		case typed == o.Text || typed == o.Code:
			return o.Code, 1
		case name == typed || strings.Contains(name, typed):
			code = o.Code
			matches++
		}
	}
	return code, matches
}

// takeNew checks what was typed and hands it to the service of actions; it returns where to go
// on, or leaves what is wrong in the form.
func (q *request) takeNew(ctx context.Context, f *newForm) (to string, err error) {
	if !f.Editing && !workID.MatchString(f.ID) {
		return "", kit.BadAddress("id")
	}
	org := func(field, typed string) string {
		code, n := f.resolve(typed)
		switch {
		case typed == "":
			f.Errors = append(f.Errors, q.T("form_error.org_missing", "Field", q.T("col."+field)))
		case n == 0:
			f.Errors = append(f.Errors, q.T("form_error.org_unknown", "Field", q.T("col."+field), "Typed", typed))
		case n > 1:
			f.Errors = append(f.Errors, q.T("form_error.org_several", "Field", q.T("col."+field), "Typed", typed, "N", q.Count(int64(n))))
		}
		return code
	}
	lead := "lead_org"
	if f.Kind != kindOrder {
		lead = "org_code"
	}
	code := org(lead, f.Typed.Org)
	var co []string
	for _, typed := range f.Typed.CoOrgs {
		if c := org("co_org", typed); c != "" && c != code && !slices.Contains(co, c) {
			co = append(co, c)
		}
	}
	if len(f.Errors) > 0 {
		return "", nil
	}
	m := actions.Subject{Kind: f.Kind, ID: f.ID}
	action := "create"
	if f.Editing {
		m.Seq, action = f.Typed.Seq, "edit"
	}
	payload, err := q.newPayload(ctx, f, code, co)
	if err != nil {
		return "", err
	}
	results, err := q.act([]actions.Command{{Subject: m, Action: action, Payload: payload}})
	if err != nil {
		return "", err
	}
	res := results[0]
	switch res.Outcome {
	case "accepted":
		return backTo(q.workHref(f.Kind, f.ID), results), nil
	case "waiting":
		list := "/work?kind=" + f.Kind
		if f.Kind == kindOrder {
			list = "/orders"
		}
		return backTo(list, results), nil
	}
	if res.Key == "refusal.exists_already" { // the form was sent twice
		return q.workHref(f.Kind, f.ID), nil
	}
	why := q.refusal(f.Kind, res.Key, res.Details)
	if why == "" {
		why = q.T("deed_one." + res.Outcome)
	}
	f.Errors = append(f.Errors, why)
	return "", nil
}

// newPayload is what the machine gets: the organisation's region comes from the
// directory, what it is about from the alert.
func (q *request) newPayload(ctx context.Context, f *newForm, code string, co []string) (map[string]any, error) {
	res, err := q.Queries.Run(ctx, "page/org_names", queries.Args{"codes": []string{code}})
	if err != nil {
		return nil, err
	}
	rows := kit.RowsOf(res)
	if len(rows) != 1 {
		return nil, errors.New("the directory lost the organisation of a new piece of work")
	}
	p := map[string]any{"org_code": code, "region_code": rows[0].Text("region_code")}
	set := func(key, v string) {
		if v != "" {
			p[key] = v
		}
	}
	set("title", f.Typed.Title)
	set("grounds", f.Typed.Grounds)
	if f.Kind == kindOrder {
		set("demand", f.Typed.Demand)
		set("level", f.Typed.Level)
		set("origin", f.Typed.Origin)
		set("due", f.Typed.Due)
		if files := fieldLines(f.Typed.Attachments); len(files) > 0 {
			p["attachments"] = files
		}
		if len(co) > 0 {
			p["co_orgs"] = co
		}
		if f.Typed.Issue && !f.Editing {
			p["issue"] = true
		}
	}
	if f.Kind == "referral" {
		set("staff_id", f.Typed.Staff)
		set("basis", f.Typed.Basis)
	}
	switch {
	case f.Editing:
		p["alerts"], p["subjects"] = f.alerts, f.subjects
	case f.Alert != nil:
		p["alerts"] = []string{f.Alert.ID}
		p["subjects"] = []string{f.Alert.Ref}
		if f.Kind != kindOrder {
			p["origin"] = "rule"
		}
	}
	return p, nil
}

// OrgChoice is one organisation that can be named.
type OrgChoice struct{ Code, Text string }

// maxChoices bounds the organisations that a form offers.
const maxChoices = 1500

// orgChoices lists the organisations of the reader's scope.
func (q *request) orgChoices(ctx context.Context, u access.User) ([]OrgChoice, error) {
	own := access.OwnOrgs(q.HTTP.Context())
	if own == nil {
		own = []string{}
	}
	res, err := q.Queries.Run(ctx, "page/org_choices", queries.Args{
		"day": q.AsOf.In(lawzone.Zone).Format(time.DateOnly), "region": u.ScopeRegion, "orgs": own, "max_rows": maxChoices,
	})
	if err != nil {
		return nil, err
	}
	var out []OrgChoice
	for _, x := range kit.RowsOf(res) {
		name := q.Pick(x.Text("name"), x.Text("name_en"))
		if name == "" {
			name = x.Text("org_code")
		}
		out = append(out, OrgChoice{Code: x.Text("org_code"), Text: name + " · " + x.Text("org_code")})
	}
	return out, nil
}

// choiceText is how the form writes an organisation; its code when the list does
// not hold it.
func (f *newForm) choiceText(code string) string {
	for _, o := range f.Orgs {
		if o.Code == code {
			return o.Text
		}
	}
	return code
}
