package desk

import (
	"regexp"
	"strings"
	"time"

	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
)

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
