package desk

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/page/kit"
	"duban/internal/blank"
	"duban/supervision/workflow"
)

// ActionForm is a form by which a person acts.
type ActionForm struct {
	Action, Label, Help string
	Fields              []ActionField
	// Grave actions ask for a confirmation: they cannot be taken back.
	Grave bool
	// Open shows the form at once: it holds words that were not accepted.
	Open bool
}

// ActionField is one field of an action form.
type ActionField struct {
	Name, Label, Hint string
	Required          bool
	// Long is a field of several lines, Number and Date of those types.
	Long, Number, Date bool
	Min, Max           int
	Options            []kit.Option
	// Value is what was written before.
	Value string
}

// fieldKind is how a field is shown and what becomes of it in the payload.
type fieldKind uint8

const (
	fieldText   fieldKind = iota // several lines
	fieldLine                    // one line
	fieldList                    // one entry a line
	fieldChoice                  // one of values
	fieldNumber                  // a whole number
	fieldDate                    // a local day
)

type fieldSpec struct {
	name     string
	kind     fieldKind
	required bool
	values   []string
	min, max int
	// leader: only leaders may set it, so only they are asked.
	leader bool
}

func text(name string) fieldSpec { return fieldSpec{name: name, required: true} }

func (f fieldSpec) optional() fieldSpec { f.required = false; return f }

func grounds() fieldSpec {
	return fieldSpec{name: "ground", kind: fieldChoice, required: true, values: workflow.Grounds()}
}

// formFields are the fields of the form of an action: what the machines ask for,
// and what they keep.
func formFields(kind, action string) []fieldSpec {
	evidence := fieldSpec{name: "evidence", kind: fieldList, required: true}
	files := fieldSpec{name: "attachments", kind: fieldList}
	days := fieldSpec{name: "days", kind: fieldNumber, required: true, min: 1, max: 10}
	score := fieldSpec{name: "score", kind: fieldNumber, min: 1, max: 5}
	switch kind + "." + action {
	case "alert.feedback":
		return []fieldSpec{text("cause"), text("fix")}
	case "alert.appeal":
		return []fieldSpec{grounds(), evidence, text("comment").optional()}
	case "alert.revoke":
		return []fieldSpec{grounds(), text("comment")}
	case "alert.escalate":
		return []fieldSpec{{name: "level", kind: fieldChoice, values: []string{"normal", "key"}}, text("demand")}
	case "order.co_reply":
		return []fieldSpec{text("answer")}
	case "order.request_extension", "order.extend":
		return []fieldSpec{days, text("reason")}
	case "order.reply":
		return []fieldSpec{text("answer"), files}
	case "order.return", "order.reopen":
		return []fieldSpec{text("comment"), {name: "due", kind: fieldDate, leader: true}}
	case "order.close":
		return []fieldSpec{text("summary").optional()}
	case "rating.claim_invalid":
		return []fieldSpec{text("grounds"), evidence}
	case "rating.extend":
		return []fieldSpec{text("reason")}
	case "rating.rectify":
		return []fieldSpec{text("cause").optional(), text("fix")}
	case "rating.explain":
		return []fieldSpec{text("legal_basis")}
	case "rating.confirm":
		return []fieldSpec{score}
	case "rating.reject":
		return []fieldSpec{text("comment"), score}
	case "rating.close":
		return []fieldSpec{text("summary")}
	case "exposure.approve":
		return []fieldSpec{text("masked_text")}
	case "exposure.drop", "exposure.takedown", "referral.withdraw":
		return []fieldSpec{text("reason")}
	case "exposure.reply":
		return []fieldSpec{text("answer")}
	case "exposure.publish_result":
		return []fieldSpec{text("result")}
	case "referral.refer":
		return []fieldSpec{{name: "body", kind: fieldLine, required: true}, {name: "file_no", kind: fieldLine}}
	case "referral.record_result":
		return []fieldSpec{{name: "result", kind: fieldChoice, required: true, values: workflow.ReferralResults()},
			{name: "decided_on", kind: fieldDate, required: true}}
	case "referral.adopt":
		return []fieldSpec{text("comment").optional()}
	case "referral.close", "exposure.publish", "exposure.archive":
		return nil
	}
	switch action {
	case "assign":
		return []fieldSpec{{name: "assignee", kind: fieldLine, required: true}}
	case "uphold", "reject_feedback", "accept_late_evidence", "close", "reopen", "note", "return", "revoke", "verify", "exclude":
		return []fieldSpec{text("comment")}
	}
	return nil
}

// grave actions cannot be taken back, or reach beyond the house.
func grave(kind, action string) bool {
	switch kind + "." + action {
	case "alert.revoke", "alert.escalate", "alert.close", "order.revoke", "order.extend", "rating.exclude", "rating.extend",
		"exposure.publish", "exposure.publish_result", "exposure.drop", "exposure.takedown", "exposure.archive",
		"referral.refer", "referral.record_result", "referral.withdraw", "referral.close":
		return true
	}
	return false
}

// payloadKeys are the texts of actions in the order in which a history shows
// them.
func payloadKeys() []string {
	return []string{"title", "ground", "grounds", "demand", "cause", "fix", "answer", "comment", "reason", "evidence", "attachments",
		"level", "days", "score",
		"legal_basis", "masked_text", "result", "summary", "body", "file_no", "decided_on", "basis", "staff_id", "assignee", "due", "facts"}
}

// actionForm makes the form of an action.
func (q *request) actionForm(kind, action string) ActionForm {
	f := ActionForm{Action: action, Label: q.ActionLabel(kind, action), Grave: grave(kind, action)}
	for _, id := range []string{kind + "." + action, action} {
		if help := q.Enum("action_help", id); help != id && f.Help == "" {
			f.Help = help
		}
	}
	u, _ := access.FromContext(q.HTTP.Context())
	for _, spec := range formFields(kind, action) {
		if spec.leader && u.Role != access.Leader {
			continue
		}
		x := ActionField{
			Name: spec.name, Label: q.fieldLabel(spec.name), Required: spec.required, Min: spec.min, Max: spec.max,
			Long: spec.kind == fieldText || spec.kind == fieldList, Number: spec.kind == fieldNumber, Date: spec.kind == fieldDate,
		}
		switch spec.kind {
		case fieldList:
			x.Hint = q.T("field.per_line")
		case fieldNumber:
			x.Hint = q.Count(int64(spec.min)) + "–" + q.Count(int64(spec.max))
		}
		for _, v := range spec.values {
			x.Options = append(x.Options, kit.Option{Value: v, Text: q.valueText(kind, spec.name, v)})
		}
		f.Fields = append(f.Fields, x)
	}
	return f
}

func (q *request) fieldLabel(name string) string { return q.Enum("field", name) }

// valueText is the text of a value that is one of a few.
func (q *request) valueText(kind, field, v string) string {
	switch field {
	case "ground", "level":
		return q.Enum(field, v)
	case "result":
		if kind == "referral" {
			return q.Enum("referral_result", v)
		}
	}
	return v
}

// formPayload reads what a person wrote into the form of an action. A number
// that is none goes on as it was written: the engine says what is wrong with it.
func formPayload(kind, action string, form url.Values) map[string]any {
	payload := map[string]any{}
	for _, spec := range formFields(kind, action) {
		v := blank.Trim(form.Get(spec.name))
		switch {
		case v == "":
		case spec.kind == fieldList:
			payload[spec.name] = fieldLines(v)
		case spec.kind == fieldNumber:
			payload[spec.name] = v
			if n, err := strconv.Atoi(v); err == nil {
				payload[spec.name] = n
			}
		default:
			payload[spec.name] = v
		}
	}
	return payload
}

// fieldLines are the lines of a field without empty ones.
func fieldLines(text string) []string {
	out := []string{}
	for line := range strings.Lines(text) {
		if line = blank.Trim(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// forms offers what the person may do to a subject as it stands; readOnly says
// why there is nothing.
func (q *request) forms(ctx context.Context, m actions.Subject) (forms []ActionForm, readOnly string, err error) {
	person, ok := q.Person(ctx)
	switch {
	case !ok:
		return nil, q.T("alert.sign_in_to_act"), nil
	case !q.Scope.AsOf.IsZero():
		return nil, q.T("alert.past_is_past"), nil
	case q.attempt.waiting:
		return nil, q.T("alert.deed_waits"), nil
	}
	allowed, err := q.ActionService.Allowed(ctx, person, []actions.Subject{m})
	if err != nil {
		return nil, "", err
	}
	actions := slices.Clone(allowed[m])
	order := actionOrder()
	slices.SortStableFunc(actions, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	for _, action := range actions {
		forms = append(forms, q.actionForm(m.Kind, action))
	}
	if len(forms) == 0 {
		readOnly = q.T("alert.nothing_to_do", "Role", q.Enum("role", person.Role))
	}
	return forms, readOnly, nil
}

// actionOrder puts what is waited for before what is possible besides.
func actionOrder() []string {
	return []string{"edit", "confirm", "issue", "ack", "sign", "start", "verify", "approve", "publish", "refer", "feedback",
		"reply", "co_reply", "rectify",
		"explain", "record_result", "publish_result", "accept_feedback", "accept", "reject_feedback", "reject", "return", "close", "archive",
		"uphold", "exclude", "accept_late_evidence", "appeal", "claim_invalid", "request_extension", "extend", "assign", "escalate", "revoke",
		"drop", "withdraw", "takedown", "reopen", "note"}
}
