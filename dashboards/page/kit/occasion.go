package kit

import (
	"strings"
)

// Activity names the work that a source named: what is called like a standard event
// is shown in the reader's language, anything else in the source's own words.
func (w Writer) Activity(name string) string { return w.Standard("event_type", name) }

// ActivityCell shows an activity; the file holds the name that the source gave it.
func (w Writer) ActivityCell(name string) Cell {
	c := w.TextCell(w.Activity(name))
	c.Raw = name
	return c
}

// OccasionCell names the clock or the occasion that an alert is about: K7/2 with what
// K7 is, words such as moved in the reader's language, days and numbers as they are.
func (w Writer) OccasionCell(no string) Cell {
	if no == "" {
		return w.CodeCell(no)
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
