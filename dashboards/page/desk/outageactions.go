package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/internal/blank"
	"duban/supervision/lawzone"
)

// outageForms offers what the person may do with outages.
func (q *request) outageForms(ctx context.Context, b *outagesBody, rows []kit.Row) error {
	person, ok := q.Person(ctx)
	if !ok || !q.Scope.AsOf.IsZero() {
		return nil
	}
	b.May = person.Role == "supervisor" || person.Role == "sysadmin"
	if !b.May {
		return nil
	}
	scopes, effects := []string{"source", "org", "region", "all"}, []string{"hold", "excuse"}
	if person.Role == "sysadmin" {
		scopes, effects = scopes[:1], effects[:1]
	}
	b.Scopes, b.Effects = q.options("outage_scope", scopes...), q.options("outage_effect", effects...)
	b.Grounds = q.options("ground", "system_error", "holiday_error", "force_majeure", "superior_order")
	b.Categories = q.options("rule_category", "timeliness", "legality", "norm", "disclosure", "hotline", "satisfaction", "data", "order")
	var subjects []actions.Subject
	u, _ := access.FromContext(q.HTTP.Context())
	rows = slices.DeleteFunc(slices.Clone(rows), func(x kit.Row) bool {
		return !access.MaySee(u, access.RuleView, access.OutageTarget(x.Text("scope"), x.Text("code"), x.Text("region_code"),
			access.OwnOrgs(q.HTTP.Context())))
	})
	for _, x := range rows {
		if x.Text("state") != "revoked" {
			subjects = append(subjects, actions.Subject{Kind: "outage", ID: x.Text("id"), Seq: uint32(x.Whole("seq"))})
		}
	}
	allowed, err := q.ActionService.Allowed(ctx, person, subjects)
	if err != nil {
		return err
	}
	for _, x := range rows {
		m := actions.Subject{Kind: "outage", ID: x.Text("id"), Seq: uint32(x.Whole("seq"))}
		f := OutageForm{Pick: m.ID + "/" + strconv.FormatUint(uint64(m.Seq), 10),
			Title: strings.TrimSpace(q.Enum("outage_scope", x.Text("scope")) + " " + x.Text("code") + " · " + q.Instant(x.Instant("from_at")))}
		over := !q.AsOf.Before(x.Instant("until_at"))
		for _, action := range allowed[m] {
			if over && action != "revoke" && action != "note" || action == "end" && q.AsOf.Before(x.Instant("from_at")) {
				continue
			}
			f.Actions = append(f.Actions, q.outageAction(action))
		}
		if len(f.Actions) > 0 {
			b.Open = append(b.Open, f)
		}
	}
	return nil
}

// OutageForm is one outage that can be amended, ended or revoked.
type OutageForm struct {
	Pick, Title string
	Actions     []ActionForm
}

func (q *request) options(enum string, values ...string) []kit.Option {
	var out []kit.Option
	for _, v := range values {
		out = append(out, kit.Option{Value: v, Text: q.Enum(enum, v)})
	}
	return out
}

func (q *request) outageAction(action string) ActionForm {
	f := ActionForm{Action: action, Label: q.T("outage_action." + action), Grave: action == "revoke"}
	if action == "amend" {
		f.Fields = append(f.Fields, ActionField{Name: "until", Label: q.T("col.until_at"), Required: true})
	}
	if action != "end" {
		f.Fields = append(f.Fields, ActionField{Name: "comment", Label: q.T("field.comment"), Required: true, Long: true})
	}
	return f
}

var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/outages/actions", Rule: route.Needs(access.RuleView),
	Scope: route.BySubject()}, (*site).OutageActions)

// OutageActions takes a declaration of an outage or a change of one.
func (s *site) OutageActions(w http.ResponseWriter, r *http.Request) {
	s.take(w, r, func(form url.Values) ([]actions.Command, error) {
		command, err := outageCommand(form)
		return []actions.Command{command}, err
	}, func(url.Values) string { return "/outages" })
}

// outageCommand reads a form. Local times come without an offset, as a browser
// sends them, and are those of the law.
func outageCommand(form url.Values) (actions.Command, error) {
	action := form.Get("action")
	d := actions.Command{Action: action, Subject: actions.Subject{Kind: "outage"}, Payload: map[string]any{}}
	switch action {
	case "declare":
		d.ID = uuid.NewString()
	case "amend", "end", "revoke", "note":
		id, text, _ := strings.Cut(form.Get("outage"), "/")
		seq, err := strconv.ParseUint(text, 10, 32)
		if err != nil || id == "" || len(id) > 64 {
			return d, kit.BadAddress("outage")
		}
		d.ID, d.Seq = id, uint32(seq)
	default:
		return d, kit.BadAddress("action")
	}
	for _, k := range []string{"scope", "code", "from", "until", "effect", "ground", "reason", "comment"} {
		v := blank.Trim(form.Get(k))
		if k == "from" || k == "until" {
			v = localInstant(v)
		}
		if v != "" {
			d.Payload[k] = v
		}
	}
	if d.Payload["effect"] != "excuse" {
		delete(d.Payload, "ground") // the form has one for the case that it is needed
	}
	var evidence []string
	for line := range strings.Lines(form.Get("evidence")) {
		if line = blank.Trim(line); line != "" {
			evidence = append(evidence, line)
		}
	}
	for key, list := range map[string][]string{"evidence": evidence, "categories": slices.DeleteFunc(slices.Clone(form["category"]),
		func(c string) bool { return c == "" })} {
		if len(list) > 0 {
			d.Payload[key] = list
		}
	}
	return d, nil
}

// localInstant gives a time of a form its offset; what is none stays as it is
// and is refused with its name.
func localInstant(v string) string {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, v, lawzone.Zone); err == nil {
			return t.Format(time.RFC3339)
		}
	}
	return v
}
