package desk

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/internal/blank"
	"duban/queries"
	"duban/supervision/lawzone"
	"duban/supervision/workflow"
)

// newForm is the form of a new order, exposure or referral, or of a draft that is
// changed, with what was typed.
type newForm struct {
	Kind    string
	Heading string
	Errors  []string
	// ID is given before the form is sent, so that sending it twice makes one.
	ID     string
	Action string
	Orgs   []OrgChoice
	// Cut says that there are more organisations than the list holds.
	Cut     string
	Typed   newTyped
	Levels  []kit.Option
	Origins []kit.Option
	// MayDue shows the field of a date, which only leaders set.
	MayDue bool
	// Alert is what it rests on; nil without.
	Alert  *AlertLine
	Cancel string
	Editing,
	IssueNow bool
	CoFields []kit.Option
	// alerts and subjects are what a draft that is changed rests on.
	alerts, subjects []string
}

// newTyped is what a person typed into the form of a new piece of work.
type newTyped struct {
	Org, Title, Demand, Grounds, Basis, Staff, Level, Origin, Due, Attachments, Alert string
	CoOrgs                                                                            []string
	Issue                                                                             bool
	Seq                                                                               uint32
}

// coFields is how many organisations beside the lead the form has room for.
const coFields = 6

var workID = regexp.MustCompile(`^[0-9a-f]{32}$`)

var _ = pages.Register(route.Route{Pattern: "/orders/new", Rule: route.Needs(access.OrderView), Scope: route.ByFilter()}, (*site).NewWork)
var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/orders/new", Rule: route.Needs(access.OrderView),
	Scope: route.ByFilter()}, (*site).NewWork)
var _ = pages.Register(route.Route{Pattern: "/work/{kind}/new", Rule: route.Needs(access.AlertView), Scope: route.ByFilter()},
	(*site).NewWork)
var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/work/{kind}/new", Rule: route.Needs(access.AlertView),
	Scope: route.ByFilter()}, (*site).NewWork)

// NewWork answers the form of a new piece of work, and takes it.
func (s *site) NewWork(w http.ResponseWriter, r *http.Request) {
	kind := r.PathValue("kind")
	if kind == "" {
		kind = kindOrder
	}
	r.Body = http.MaxBytesReader(w, r.Body, kit.MaxForm)
	q, err := s.begin(r)
	if err == nil && !slices.Contains([]string{kindOrder, "exposure", "referral"}, kind) {
		err = kit.ErrNotFound
	}
	if err == nil && r.Method == http.MethodPost && r.ParseForm() != nil {
		err = kit.BadAddress("form")
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	if _, ok := q.Person(r.Context()); !ok {
		q.RenderError(w, http.StatusForbidden, q.T("error.sign_in"))
		return
	}
	edit := r.URL.Query().Get("edit")
	action := "create"
	if edit != "" {
		action = "edit"
	}
	if !q.MayAct(kind, action) {
		s.Forbidden(w, r)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), kit.Timeout)
	defer cancel()
	form, err := q.newForm(ctx, kind, edit)
	if err == nil && r.Method == http.MethodPost {
		var to string
		if to, err = q.takeNew(ctx, form); err == nil && to != "" {
			kit.SeeOther(w, r, to)
			return
		}
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	v := q.View(ctx, "orders", form.Heading)
	list := q.Scope.URL("/work", "kind", kind)
	if kind == kindOrder {
		list = q.Scope.URL("/orders")
	}
	form.Cancel = list
	v.Crumbs = []kit.Link{{Text: q.T("work_tab." + kind), Href: list}, {Text: form.Heading, Current: true}}
	v.Body = form
	status := http.StatusOK
	if len(form.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	q.Render(w, status, "worknew", v)
}

// newForm makes the form from what was typed, from the draft that is changed or
// from the alert that it is about.
func (q *request) newForm(ctx context.Context, kind, edit string) (*newForm, error) {
	u, _ := access.FromContext(q.HTTP.Context())
	f := &newForm{Kind: kind, Heading: q.T("work_new." + kind), Action: q.HTTP.URL.RequestURI(),
		MayDue: u.Role == access.Leader, Editing: edit != ""}
	if edit != "" {
		f.Heading = q.T("work_new.edit")
	}
	orgs, err := q.orgChoices(ctx, u)
	if err != nil {
		return nil, err
	}
	f.Orgs = orgs
	if len(orgs) == maxChoices {
		f.Cut = q.T("work_new.cut", "N", q.Count(maxChoices))
	}
	if q.HTTP.Method == http.MethodPost {
		f.typed(q.HTTP.PostForm)
	} else {
		id := uuid.New()
		f.ID = hex.EncodeToString(id[:])
		f.Typed.Alert = q.Param("alert")
		f.Typed.Issue = kind == kindOrder
	}
	if edit != "" {
		if err := q.draft(ctx, f, kind, edit); err != nil {
			return nil, err
		}
	}
	if err := q.alertOfNew(ctx, f); err != nil {
		return nil, err
	}
	levels := workflow.OrderLevels()
	origins := []string{"rule", "leader", "hotline", "exposure", "rating"}
	switch u.Role {
	case access.Leader:
		origins = []string{"leader"}
	case access.HotlineAdmin:
		levels, origins = levels[:2], []string{"hotline"}
	default:
		levels = levels[:2] // a leader's order is of his level
	}
	for _, l := range levels {
		f.Levels = append(f.Levels, kit.Option{Value: l, Text: q.Enum("level", l),
			Selected: l == f.Typed.Level || f.Typed.Level == "" && f.MayDue && l == "leader"})
	}
	for _, o := range origins {
		f.Origins = append(f.Origins, kit.Option{Value: o, Text: q.Enum("order_origin", o), Selected: o == f.Typed.Origin})
	}
	for i := range coFields {
		v := ""
		if i < len(f.Typed.CoOrgs) {
			v = f.Typed.CoOrgs[i]
		}
		f.CoFields = append(f.CoFields, kit.Option{Value: v, Text: q.T("col.co_org") + " " + q.Count(int64(i+1))})
	}
	return f, nil
}

func (f *newForm) typed(form url.Values) {
	get := func(k string) string { return blank.Trim(form.Get(k)) }
	f.ID = get("id")
	f.Typed = newTyped{Org: get("org_code"), Title: get("title"), Demand: get("demand"), Grounds: get("grounds"), Basis: get("basis"),
		Staff: get("staff_id"),
		Level: get("level"), Origin: get("origin"), Due: get("due"), Attachments: get("attachments"), Alert: get("alert"),
		Issue: get("issue") == "1"}
	for _, o := range form["co_orgs"] {
		if o = blank.Trim(o); o != "" {
			f.Typed.CoOrgs = append(f.Typed.CoOrgs, o)
		}
	}
}

// draft fills in the draft that is changed.
func (q *request) draft(ctx context.Context, f *newForm, kind, id string) error {
	x, err := q.workRow(ctx, kind, id)
	if err != nil {
		return err
	}
	f.alerts, f.subjects = x.Texts("alerts"), x.Texts("subjects")
	if f.ID = id; q.HTTP.Method == http.MethodPost {
		m, err := parseSubject(kind + "/" + id + "/" + q.HTTP.PostForm.Get("seq"))
		f.Typed.Seq = m.Seq
		return err
	}
	var files []string
	var data map[string]json.RawMessage
	_ = json.Unmarshal([]byte(x.Text("data")), &data)
	_ = json.Unmarshal(data["attachments"], &files) // empty when there are none
	f.Typed = newTyped{
		Org: f.choiceText(x.Text("org_code")), Title: dataText(x, "title"), Demand: dataText(x, "demand"), Level: x.Text("level"),
		Origin:      x.Text("origin"),
		Attachments: strings.Join(files, "\n"), Seq: uint32(x.Whole("seq")), //nolint:gosec // UInt32 in the table
	}
	for _, co := range x.Texts("co_orgs") {
		f.Typed.CoOrgs = append(f.Typed.CoOrgs, f.choiceText(co))
	}
	if len(f.alerts) > 0 {
		f.Typed.Alert = f.alerts[0]
	}
	if due := x.Instant("final_due_at"); f.MayDue && due.Unix() > 0 {
		f.Typed.Due = due.In(lawzone.Zone).Format(time.DateOnly)
	}
	return nil
}

// alertOfNew reads the alert that a new piece of work rests on and, in a form
// that nobody has typed into yet, proposes what it says.
func (q *request) alertOfNew(ctx context.Context, f *newForm) error {
	if f.Typed.Alert == "" {
		return nil
	}
	res, err := q.Queries.Run(ctx, "page/alert", queries.Args{"as_of": q.AsOf, "alert_id": f.Typed.Alert})
	if err != nil {
		return err
	}
	rows := kit.RowsOf(res)
	if len(rows) != 1 || !q.MaySee(rows[0]) {
		if f.Editing { // the draft keeps what it rests on; this reader does not see it
			return nil
		}
		return kit.ErrNotFound
	}
	x := rows[0]
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return err
	}
	line := q.alertLine(n, x)
	f.Alert = &line
	if q.HTTP.Method == http.MethodPost || f.Editing {
		return nil
	}
	f.Typed.Org = f.choiceText(x.Text("org_code"))
	if f.Typed.Origin = "rule"; x.Flag("about_secret") {
		return nil // what the organisation may be told of it a person has to say
	}
	f.Typed.Title = q.T("work_new.title_of_alert", "Rule", q.RuleName(x.Text("rule_id")), "Subject", x.Text("subject_no"))
	if f.Kind == kindOrder {
		f.Typed.Demand = q.T("work_new.demand_of_alert", "Rule", q.RuleName(x.Text("rule_id")), "Subject", x.Text("subject_no"))
	}
	return nil
}
