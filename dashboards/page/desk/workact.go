package desk

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/supervision/workflow"
)

// maxCommands bounds what one press of a button does.
const maxCommands = 200

// maxCommandForm bounds the form of that many.
const maxCommandForm = 256 << 10

var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/alerts/actions", Rule: route.Needs(access.AlertView),
	Scope: route.BySubject()}, (*site).Actions)
var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/work/actions", Rule: route.Needs(access.AlertView),
	Scope: route.BySubject()}, (*site).Actions)

// Actions takes what a person does to one or several alerts or pieces of work,
// and leads back to where the person came from with what became of it.
func (s *site) Actions(w http.ResponseWriter, r *http.Request) {
	s.take(w, r, formCommands, func(form url.Values) string { return form.Get("back") })
}

// take has the commands of a form carried out and leads to where the form belongs, with
// what became of them.
func (s *site) take(w http.ResponseWriter, r *http.Request, read func(url.Values) ([]actions.Command, error),
	back func(url.Values) string) {
	r.Body = http.MaxBytesReader(w, r.Body, maxCommandForm)
	q, err := s.begin(r)
	if err == nil && r.ParseForm() != nil {
		err = kit.BadAddress("form")
	}
	var results []actions.Result
	if err == nil {
		var commands []actions.Command
		if commands, err = read(r.PostForm); err == nil {
			results, err = q.act(commands)
		}
	}
	switch {
	case errors.Is(err, errSignIn):
		q.RenderError(w, http.StatusForbidden, q.T("error.sign_in"))
	case err != nil:
		q.Fail(w, err)
	default:
		kit.SeeOther(w, r, backTo(back(r.PostForm), results))
	}
}

// errSignIn says that nobody is signed in who could act.
var errSignIn = errors.New("nobody is signed in")

// act hands commands to the service of actions and leaves a line of each in the trail.
func (q *request) act(commands []actions.Command) ([]actions.Result, error) {
	ctx := q.HTTP.Context()
	person, ok := q.Person(ctx)
	if !ok {
		return nil, errSignIn
	}
	results, err := q.ActionService.Act(ctx, person, commands)
	q.room.waiting.forget(person.ID)
	// What was recorded leaves its line whatever happened afterwards.
	if q.Access != nil {
		for _, x := range results {
			e := access.Entry{What: string(access.Action(x.Kind, x.Action)), TargetKind: x.Kind, TargetID: x.ID, Outcome: access.Attempted}
			if x.Event == "" {
				e.Outcome = access.Denied
			}
			q.Access.Note(q.HTTP, e)
		}
	}
	if err != nil {
		return nil, err
	}
	return results, nil
}

// formCommands reads a form: "matter" is kind/id/seq, "alert" id/seq, once or
// several times. A button of a row puts all of it into "one": action/kind/id/seq.
func formCommands(form url.Values) ([]actions.Command, error) {
	action := form.Get("action")
	var picked []string
	if one := form.Get("one"); one != "" {
		name, subject, _ := strings.Cut(one, "/")
		action, picked = name, []string{subject}
	} else {
		picked = slices.Clone(form["matter"])
		for _, p := range form["alert"] {
			picked = append(picked, "alert/"+p)
		}
	}
	if action == "" || len(action) > 40 || len(picked) > maxCommands {
		return nil, kit.BadAddress("action")
	}
	var commands []actions.Command
	for _, p := range picked {
		m, err := parseSubject(p)
		if err != nil {
			return nil, err
		}
		commands = append(commands, actions.Command{Subject: m, Action: action, Payload: formPayload(m.Kind, action, form)})
	}
	return commands, nil
}

func parseSubject(text string) (actions.Subject, error) {
	parts := strings.Split(text, "/")
	if len(parts) != 3 || !slices.Contains(workflow.Kinds(), workflow.Kind(parts[0])) || parts[1] == "" || len(parts[1]) > 64 {
		return actions.Subject{}, kit.BadAddress("matter")
	}
	seq, err := strconv.ParseUint(parts[2], 10, 32)
	if err != nil {
		return actions.Subject{}, kit.BadAddress("matter")
	}
	return actions.Subject{Kind: parts[0], ID: parts[1], Seq: uint32(seq)}, nil
}

// pick writes a subject as forms carry it.
func pick(m actions.Subject) string {
	return m.Kind + "/" + m.ID + "/" + strconv.FormatUint(uint64(m.Seq), 10)
}

// backTo is a page of ours with what became of commands: of one, its event, whose
// result is read again there; of several, a summary.
func backTo(back string, results []actions.Result) string {
	u, err := url.Parse(back)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		u = &url.URL{Path: "/alerts"}
	}
	v := u.Query()
	v.Del("did")
	if len(results) == 1 && results[0].Event != "" {
		v.Add("did", "event."+results[0].Event+"."+results[0].Kind+"."+results[0].ID)
		u.RawQuery = v.Encode()
		return u.String()
	}
	counts := map[string]int{}
	keys := map[string]string{}
	for _, x := range results {
		counts[x.Outcome]++
		keys[x.Outcome] = x.Key
	}
	for _, outcome := range outcomes() {
		if counts[outcome] > 0 {
			v.Add("did", outcome+"."+strconv.Itoa(counts[outcome])+"."+keys[outcome])
		}
	}
	if len(results) == 0 {
		v.Add("did", "none.0.")
	}
	u.RawQuery = v.Encode()
	return u.String()
}

func outcomes() []string {
	return []string{"accepted", "waiting", "conflict", "illegal", "forbidden", "invalid", "unknown"}
}

// notices reads what became of the commands that led here.
func (q *request) notices() []Notice {
	var out []Notice
	for _, did := range q.HTTP.URL.Query()["did"] {
		if rest, ok := strings.CutPrefix(did, "event."); ok {
			if x, ok := q.eventNotice(rest); ok {
				out = append(out, x)
			}
			continue
		}
		parts := strings.SplitN(did, ".", 3)
		n, err := strconv.Atoi(parts[min(1, len(parts)-1)])
		if len(parts) < 3 || err != nil || parts[0] != "none" && !slices.Contains(outcomes(), parts[0]) {
			continue
		}
		x := Notice{Tone: outcomeTone(parts[0]), Text: q.T("deed."+parts[0], "N", q.Count(int64(n)))}
		if why := q.refusal("", parts[2], nil); why != "" {
			x.Text += " " + why
		}
		out = append(out, x)
	}
	return out
}

func outcomeTone(outcome string) string {
	switch outcome {
	case "accepted":
		return "good"
	case "waiting", "none":
		return "warn"
	}
	return "bad"
}

// eventNotice says what became of one action, as its result stands now.
func (q *request) eventNotice(did string) (Notice, bool) {
	parts := strings.SplitN(did, ".", 3)
	if len(parts) < 3 {
		return Notice{}, false
	}
	res, err := q.Queries.Run(q.HTTP.Context(), "page/action_result", map[string]any{"id": parts[0], "kind": parts[1], "subject": parts[2]})
	if err != nil {
		return Notice{}, false
	}
	outcome, details := "waiting", map[string]string{}
	if rows := kit.RowsOf(res); len(rows) == 1 {
		outcome = rows[0].Text("outcome")
		_ = json.Unmarshal([]byte(rows[0].Text("detail")), &details) // empty when there is nothing to say
	}
	x := Notice{Tone: outcomeTone(outcome), Text: q.T("deed_one." + outcome)}
	switch outcome {
	case "accepted":
	case "waiting":
		q.attempt.waiting, x.Waits = true, true
	default:
		if who := q.keepWords(parts[0], parts[1], parts[2], outcome); who != "" {
			x.Text = who
		}
	}
	if why := q.refusal(parts[1], details["key"], details); why != "" {
		x.Text = q.T("deed_one.refused") + " " + why
	}
	if order := details["order"]; order != "" && outcome == "accepted" {
		x.Text, x.Href = q.T("deed_one.order"), q.Scope.URL("/work/order/"+kit.EscapePart(order))
	}
	return x, true
}

// refusal explains why an action was not accepted, in the words of the pages; ""
// for an unknown key, and for one whose details are not at hand.
func (q *request) refusal(kind, key string, details map[string]string) string {
	name, ok := strings.CutPrefix(key, "refusal.")
	if !ok || q.Enum("refusal", name) == name {
		return ""
	}
	var pairs []any
	for k, v := range details {
		pairs = append(pairs, k, q.refusalDetail(kind, k, v))
	}
	out := q.T(key, pairs...)
	if strings.Contains(out, "<no value>") {
		return ""
	}
	return out
}

func (q *request) refusalDetail(kind, key, v string) string {
	switch key {
	case "state":
		return q.Enum(stateEnum(kind), v)
	case "action":
		return q.ActionLabel(kind, v)
	case "field":
		return q.fieldLabel(v)
	case "severity":
		return q.Enum("severity", v)
	case "role", "roles":
		names := strings.Split(v, ", ")
		for i, r := range names {
			names[i] = q.Enum("role", r)
		}
		return strings.Join(names, q.T("list.comma"))
	case "due", "until":
		if t, err := kit.ParseInstant(v); err == nil {
			return q.Instant(t)
		}
	}
	return v
}

// stateEnum is the enumeration of the states of a kind.
func stateEnum(kind string) string { return kind + "_state" }
