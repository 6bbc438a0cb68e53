package desk

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
)

// ownLanguage picks the reader's half of a text in Chinese and then in English; any other
// text stays whole.
func (q *request) ownLanguage(text string) string {
	end := strings.LastIndex(text, "。")
	if end < 0 {
		return text
	}
	zh, en := text[:end+len("。")], text[end+len("。"):]
	if len(en) == 0 || en[0] >= 0x80 || !strings.Contains(en, " ") || !strings.HasSuffix(en, ".") {
		return text // no English sentence behind it
	}
	return q.Pick(zh, en)
}

// engineText tells what the engine wrote with an order or a referral that follows from
// cards in the reader's language; what people wrote stays.
func (q *request) engineText(key, text string, payload map[string]any) string {
	id, _ := payload["rule"].(string)
	day, _ := payload["day"].(string)
	ofCards := id != "" && day != ""
	switch {
	case key == "title" && ofCards && strings.HasSuffix(text, " "+id) && strings.Contains(text, " "+day+" · "):
		return q.ruleTitle(id+" "+day, kit.Row{})
	case key == "demand" && ofCards, key == "grounds" && payload["basis"] != nil:
		return q.ownLanguage(text)
	}
	return text
}

// ruleTitle writes a title that the engine made, which is a rule's id with a day or with
// the subject of an escalated card, in the reader's language; what people wrote stays.
func (q *request) ruleTitle(title string, x kit.Row) string {
	id, about, _ := strings.Cut(title, " ")
	r, ok := q.Rule(id)
	if !ok {
		return title
	}
	_, noDay := time.Parse(time.DateOnly, about)
	isSubject := func(ref string) bool { return about != "" && strings.HasSuffix(ref, "/"+about) }
	if noDay != nil && !slices.ContainsFunc(x.Texts("subjects"), isSubject) {
		return title
	}
	return q.Pick(r.Names.Zh, r.Names.En) + " " + about + " · " + id
}

// rulesNamed lists the rules whose name in either language contains a text, because the
// lists show these names and the database does not hold them.
func (q *request) rulesNamed(text string) []string {
	ids := []string{}
	if q.Rules == nil || text == "" {
		return ids
	}
	for _, r := range q.Rules.All() {
		if strings.Contains(strings.ToLower(r.Names.Zh+"\n"+r.Names.En), strings.ToLower(text)) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// evidenceWords are the enumerations of evidence whose values are words, by key; what an
// enumeration does not know is shown as it is: a code of a source, a number, a text.
var evidenceWords = map[string]string{
	"basis": "due_basis", "event": "event_type", "last_fact": "event_type", "state": "case_state", "suspend_type": "suspend_type",
	"allowed_types": "suspend_type", "severity": "severity", "subject_kind": "subject_kind", "of": "subject_kind", "kind": "ticket_type",
	"channel": "apply_channel", "level": "level", "origin": "order_origin", "reasons": "evidence_word", "missing": "evidence_word",
	"differences": "evidence_word", "errors": "evidence_word", "pattern": "evidence_word", "approver_level": "evidence_word",
	"actor": "evidence_word", "tag": "evidence_word", "linkage": "evidence_word",
}

// eventInState is how R-PRC-02 lists what its life cycle does not know.
var eventInState = regexp.MustCompile(`^([a-z_]+) in ([a-z_]*)$`)

// evidenceCell shows a value that a rule found, by its key: instants are UTC in the
// database and Beijing time on the page, words are put into the reader's language.
func (q *request) evidenceCell(key, v string) kit.Cell {
	if t, err := time.ParseInLocation("2006-01-02 15:04:05.000", v, time.UTC); err == nil {
		return q.PreciseCell(t)
	}
	switch v {
	case "true", "false":
		return q.BoolCell(v == "true")
	}
	c := q.TextCell(discretion.MaskText(q.evidenceText(key, v)))
	c.Raw = discretion.MaskText(v)
	return c
}

// evidenceText puts the words of a value into the reader's language. Rules join several
// with a comma or a blank; a part with a blank that is not all words is one text.
func (q *request) evidenceText(key, v string) string {
	enum := evidenceWords[key]
	if enum == "" && key != "all" {
		return v
	}
	parts, known := strings.Split(v, ", "), false
	var out []string
	for _, part := range parts {
		if m := eventInState.FindStringSubmatch(part); key == "all" && m != nil {
			out, known = append(out, q.T("evidence_in_state", "Event", q.Enum("event_type", m[1]), "State", q.Enum("case_state", m[2]))), true
			continue
		}
		words := strings.Fields(part)
		for i, w := range words {
			if words[i] = q.Enum(enum, w); words[i] == w {
				words = []string{part}
				break
			}
			known = known || i == len(words)-1
		}
		out = append(out, words...)
	}
	if !known {
		return v
	}
	return strings.Join(out, q.T("evidence_and"))
}
