package page

import (
	"strings"
)

// activity names the work that a source named: what is called like a standard event
// is shown in the reader's language, anything else in the source's own words.
func (w writer) activity(name string) string { return w.Standard("event_type", name) }

func (w writer) activityCell(name string) Cell {
	c := w.textCell(w.activity(name))
	c.Raw = name
	return c
}

// occasionCell names the clock or the occasion that an alert is about: K7/2 with what
// K7 is, words such as moved in the reader's language, days and numbers as they are.
func (w writer) occasionCell(no string) Cell {
	if no == "" {
		return w.codeCell(no)
	}
	parts := strings.Split(no, "/")
	for i, p := range parts {
		switch {
		case w.Enum("clock", p) != p:
			parts[i] = p + " " + w.Enum("clock", p)
		default:
			parts[i] = w.Enum("clock_word", w.Enum("evidence_word", p))
		}
	}
	return Cell{Text: strings.Join(parts, " / "), Raw: no}
}
