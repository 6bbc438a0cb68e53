package page

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxDeeds bounds what one press of a button does.
const maxDeeds = 200

// deedTexts are the fields of an action form that go into the payload, and those
// that hold one entry per line.
func deedTexts() (texts, lists []string) {
	return []string{"comment", "cause", "fix", "ground", "demand", "level", "assignee"}, []string{"evidence"}
}

// AlertActions takes what a person does to one or several alerts, and leads back
// to where the person came from with what became of it.
func (s *Site) AlertActions(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 256<<10)
	q, err := s.begin(r)
	if err == nil && r.ParseForm() != nil {
		err = &BadAddressError{"form"}
	}
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	person, ok := q.person(r.Context())
	if !ok {
		s.renderError(w, r, q, http.StatusForbidden, q.T("error.sign_in"))
		return
	}
	deeds, err := formDeeds(r.PostForm)
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	results, err := s.Desk.Act(r.Context(), person, deeds)
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	http.Redirect(w, r, backTo(r.PostForm.Get("back"), results), http.StatusSeeOther)
}

// formDeeds reads a form: "alert" is id/seq, once or several times.
func formDeeds(form url.Values) ([]Deed, error) {
	action := form.Get("action")
	picked := form["alert"]
	if action == "" || len(action) > 40 || len(picked) > maxDeeds {
		return nil, &BadAddressError{"action"}
	}
	payload := map[string]any{}
	texts, lists := deedTexts()
	for _, k := range texts {
		if v := strings.TrimSpace(form.Get(k)); v != "" {
			payload[k] = v
		}
	}
	for _, k := range lists {
		var lines []string
		for line := range strings.Lines(form.Get(k)) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
		if len(lines) > 0 {
			payload[k] = lines
		}
	}
	var deeds []Deed
	for _, p := range picked {
		id, text, _ := strings.Cut(p, "/")
		seq, err := strconv.ParseUint(text, 10, 32)
		if err != nil || id == "" || len(id) > 64 {
			return nil, &BadAddressError{"alert"}
		}
		deeds = append(deeds, Deed{Matter: Matter{Kind: "alert", ID: id, Seq: uint32(seq)}, Action: action, Payload: payload})
	}
	return deeds, nil
}

// backTo is a page of ours with a summary of what became of deeds.
func backTo(back string, results []DeedResult) string {
	u, err := url.Parse(back)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		u = &url.URL{Path: "/alerts"}
	}
	counts := map[string]int{}
	keys := map[string]string{}
	for _, x := range results {
		counts[x.Outcome]++
		keys[x.Outcome] = x.Key
	}
	v := u.Query()
	v.Del("did")
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

// notices reads what became of the deeds that led here.
func (q *request) notices() []Notice {
	var out []Notice
	for _, did := range q.http.URL.Query()["did"] {
		parts := strings.SplitN(did, ".", 3)
		n, err := strconv.Atoi(parts[min(1, len(parts)-1)])
		if len(parts) < 3 || err != nil || parts[0] != "none" && !slices.Contains(outcomes(), parts[0]) {
			continue
		}
		x := Notice{Tone: "bad", Text: q.T("deed."+parts[0], "N", q.Count(int64(n)))}
		switch parts[0] {
		case "accepted":
			x.Tone = "good"
		case "waiting", "none":
			x.Tone = "warn"
		}
		if why := q.Enum("refusal", strings.TrimPrefix(parts[2], "refusal.")); why != "" && strings.HasPrefix(parts[2], "refusal.") {
			x.Text += " " + why
		}
		out = append(out, x)
	}
	return out
}
