package page

import (
	"strings"
	"time"
)

// evidenceWords are the enumerations of evidence whose values are words; a value that
// is none of them is shown as it is.
var evidenceWords = map[string]string{
	"basis": "due_basis", "event": "event_type", "state": "case_state", "suspend_type": "suspend_type", "severity": "severity",
	"subject_kind": "subject_kind", "kind": "ticket_type", "reasons": "evidence_word", "missing": "evidence_word", "differs": "evidence_word",
	"pattern": "evidence_word", "approver_level": "evidence_word",
}

// evidenceCell shows a value that a rule found, by its key: instants are UTC in the
// database and Beijing time on the page, words are put into the reader's language.
func (q *request) evidenceCell(key, v string) Cell {
	if t, err := time.ParseInLocation("2006-01-02 15:04:05.000", v, time.UTC); err == nil {
		return q.preciseCell(t)
	}
	switch v {
	case "true", "false":
		return q.boolCell(v == "true")
	}
	if enum, ok := evidenceWords[key]; ok {
		words := strings.Split(v, ", ")
		for i, w := range words {
			words[i] = q.Enum(enum, w)
		}
		return Cell{Text: maskText(strings.Join(words, ", ")), Raw: v}
	}
	return q.textCell(maskText(v))
}
