package kit

import (
	"strings"
	"time"

	"duban/dashboards/locale"
	"duban/supervision/lawzone"
)

// Writer makes cells in one language.
type Writer struct{ *locale.Printer }

// TextCell shows a text; an empty one as null.
func (w Writer) TextCell(s string) Cell {
	if s == "" {
		return Cell{Text: locale.Null, Raw: "", Class: "muted"}
	}
	return Cell{Text: s, Raw: s}
}

// CodeCell shows an identifier.
func (w Writer) CodeCell(s string) Cell {
	c := w.TextCell(s)
	if s != "" {
		c.Class = "code"
	}
	return c
}

// CountCell shows a whole number.
func (w Writer) CountCell(x any) Cell {
	v, ok := Number(x)
	if !ok {
		return NullCell()
	}
	return Cell{Text: w.Count(int64(v)), Raw: x, Class: "num"}
}

// DecimalCell shows a number with a fixed number of places.
func (w Writer) DecimalCell(x any, places int) Cell {
	v, ok := Number(x)
	if !ok {
		return NullCell()
	}
	return Cell{Text: w.Decimal(v, places), Raw: x, Class: "num"}
}

// HoursCell shows a number of hours.
func (w Writer) HoursCell(x any) Cell {
	v, ok := Number(x)
	if !ok {
		return NullCell()
	}
	return Cell{Text: w.Hours(v), Raw: x, Class: "num"}
}

// NullCell shows that there is no number.
func NullCell() Cell { return Cell{Text: locale.Null, Class: "num muted"} }

// RateCell shows a share with its numerator and denominator on hover.
func (w Writer) RateCell(numerator, denominator any) Cell {
	n, nok := Number(numerator)
	d, dok := Number(denominator)
	if !nok || !dok || d == 0 {
		return NullCell()
	}
	share := 100 * n / d
	return Cell{Text: w.Rate(n, d), Raw: n / d, Class: "num", Title: w.Fraction(n, d), Share: &share}
}

// Fraction writes "n / d" for hover texts.
func (w Writer) Fraction(n, d float64) string { return w.Plain(n) + " / " + w.Plain(d) }

// Plain writes a number that may or may not be whole.
func (w Writer) Plain(v float64) string {
	if v == float64(int64(v)) {
		return w.Count(int64(v))
	}
	return w.Decimal(v, 1)
}

// InstantCell shows an instant to the minute, exactly on hover.
func (w Writer) InstantCell(t time.Time) Cell {
	if t.IsZero() || t.Unix() == 0 {
		return Cell{Text: locale.Null, Class: "muted"}
	}
	return Cell{Text: w.Instant(t), Raw: t, Class: "time", Title: w.Precise(t)}
}

// DayCell shows the local day of an instant, the instant itself on hover.
func (w Writer) DayCell(t time.Time) Cell {
	c := w.InstantCell(t)
	if c.Raw != nil {
		c.Text = w.Date(t)
	}
	return c
}

// DueCell shows a due moment; one at the end of a day is shown as the day.
func (w Writer) DueCell(t time.Time) Cell {
	if local := t.In(lawzone.Zone); local.Hour() == 23 && local.Minute() == 59 && local.Second() == 59 {
		return w.DayCell(t)
	}
	return w.InstantCell(t)
}

// PreciseCell shows an instant exactly.
func (w Writer) PreciseCell(t time.Time) Cell {
	c := w.InstantCell(t)
	c.Text = w.Precise(t)
	return c
}

// BoolCell shows yes or no.
func (w Writer) BoolCell(v bool) Cell {
	if v {
		return Cell{Text: w.T("yes"), Raw: true}
	}
	return Cell{Text: w.T("no"), Raw: false, Class: "muted"}
}

// EnumCell shows the text of a value of an enumeration; the file holds the value.
func (w Writer) EnumCell(enum, value string) Cell {
	c := w.TextCell(value)
	if value != "" {
		c.Text = w.Enum(enum, value)
	}
	return c
}

// tones of the states that a reader must tell apart at a glance; the label
// always says the same in words.
func stateTone(state string) string {
	switch state {
	case "finished", "delivered", "decided", "closed", "replied":
		return "good"
	case "suspended", "correcting", "hung", "pending_ext", "returned", "redo":
		return "warn"
	default:
		return "plain"
	}
}

// StateCell shows a state as a label with its tone.
func (w Writer) StateCell(enum, state string) Cell {
	c := w.EnumCell(enum, state)
	if state != "" {
		c.Tag = stateTone(state)
	}
	return c
}

// OutcomeCell is a verdict about time: on_time, late, overdue, running …
func (w Writer) OutcomeCell(outcome string) Cell {
	c := w.EnumCell("timeliness", outcome)
	switch outcome {
	case "on_time", "met":
		c.Tag = "good"
	case "late", "overdue", "missed":
		c.Tag = "bad"
	case "suspended":
		c.Tag = "warn"
	case "":
	default:
		c.Tag = "plain"
	}
	return c
}

// col makes a column with its label from the messages.
func (w Writer) col(key, class string) Column {
	return Column{Key: key, Label: w.T("col." + key), Class: class}
}

// Cols makes columns from "key" or "key:class" or "key:hidden".
func (w Writer) Cols(specs ...string) []Column {
	out := make([]Column, len(specs))
	for i, spec := range specs {
		key, class, _ := strings.Cut(spec, ":")
		if class == "hidden" {
			out[i] = Column{Key: key, Hidden: true}
			continue
		}
		out[i] = w.col(key, class)
	}
	return out
}

// NumberCell writes a number that may have decimals.
func (w Writer) NumberCell(x any) Cell {
	v, ok := Number(x)
	if !ok {
		return NullCell()
	}
	return Cell{Text: w.Plain(v), Raw: x, Class: "num"}
}

// ZeroCell writes a count; a group without rows counts nothing.
func (w Writer) ZeroCell(x any) Cell {
	if x == nil {
		return Cell{Text: "0", Raw: 0, Class: "num muted"}
	}
	return w.CountCell(x)
}

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
