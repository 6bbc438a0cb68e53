package page

import (
	"strings"
	"time"

	"duban/dashboards/locale"
	"duban/supervision/lawzone"
)

// writer makes cells in one language.
type writer struct{ *locale.Printer }

func (w writer) textCell(s string) Cell {
	if s == "" {
		return Cell{Text: locale.Null, Raw: "", Class: "muted"}
	}
	return Cell{Text: s, Raw: s}
}

func (w writer) codeCell(s string) Cell {
	c := w.textCell(s)
	if s != "" {
		c.Class = "code"
	}
	return c
}

func (w writer) countCell(x any) Cell {
	v, ok := number(x)
	if !ok {
		return nullCell()
	}
	return Cell{Text: w.Count(int64(v)), Raw: x, Class: "num"}
}

func (w writer) decimalCell(x any, places int) Cell {
	v, ok := number(x)
	if !ok {
		return nullCell()
	}
	return Cell{Text: w.Decimal(v, places), Raw: x, Class: "num"}
}

func (w writer) hoursCell(x any) Cell {
	v, ok := number(x)
	if !ok {
		return nullCell()
	}
	return Cell{Text: w.Hours(v), Raw: x, Class: "num"}
}

func nullCell() Cell { return Cell{Text: locale.Null, Class: "num muted"} }

// rateCell shows a share with its numerator and denominator on hover.
func (w writer) rateCell(numerator, denominator any) Cell {
	n, nok := number(numerator)
	d, dok := number(denominator)
	if !nok || !dok || d == 0 {
		return nullCell()
	}
	share := 100 * n / d
	return Cell{Text: w.Rate(n, d), Raw: n / d, Class: "num", Title: w.fraction(n, d), Share: &share}
}

// fraction writes "n / d" for hover texts.
func (w writer) fraction(n, d float64) string { return w.plain(n) + " / " + w.plain(d) }

// plain writes a number that may or may not be whole.
func (w writer) plain(v float64) string {
	if v == float64(int64(v)) {
		return w.Count(int64(v))
	}
	return w.Decimal(v, 1)
}

func (w writer) instantCell(t time.Time) Cell {
	if t.IsZero() || t.Unix() == 0 {
		return Cell{Text: locale.Null, Class: "muted"}
	}
	return Cell{Text: w.Instant(t), Raw: t, Class: "time", Title: w.Precise(t)}
}

// dayCell shows the local day of an instant, the instant itself on hover.
func (w writer) dayCell(t time.Time) Cell {
	c := w.instantCell(t)
	if c.Raw != nil {
		c.Text = w.Date(t)
	}
	return c
}

// dueCell shows a due moment; one at the end of a day is shown as the day.
func (w writer) dueCell(t time.Time) Cell {
	if local := t.In(lawzone.Zone); local.Hour() == 23 && local.Minute() == 59 && local.Second() == 59 {
		return w.dayCell(t)
	}
	return w.instantCell(t)
}

func (w writer) preciseCell(t time.Time) Cell {
	c := w.instantCell(t)
	c.Text = w.Precise(t)
	return c
}

func (w writer) boolCell(v bool) Cell {
	if v {
		return Cell{Text: w.T("yes"), Raw: true}
	}
	return Cell{Text: w.T("no"), Raw: false, Class: "muted"}
}

func (w writer) enumCell(enum, value string) Cell {
	c := w.textCell(value)
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

func (w writer) stateCell(enum, state string) Cell {
	c := w.enumCell(enum, state)
	if state != "" {
		c.Tag = stateTone(state)
	}
	return c
}

// outcomeCell is a verdict about time: on_time, late, overdue, running …
func (w writer) outcomeCell(outcome string) Cell {
	c := w.enumCell("timeliness", outcome)
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
func (w writer) col(key, class string) Column {
	return Column{Key: key, Label: w.T("col." + key), Class: class}
}

// cols makes columns from "key" or "key:class" or "key:hidden".
func (w writer) cols(specs ...string) []Column {
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

// numberCell writes a number that may have decimals.
func (w writer) numberCell(x any) Cell {
	v, ok := number(x)
	if !ok {
		return nullCell()
	}
	return Cell{Text: w.plain(v), Raw: x, Class: "num"}
}

// zeroCell writes a count; a group without rows counts nothing.
func (w writer) zeroCell(x any) Cell {
	if x == nil {
		return Cell{Text: "0", Raw: 0, Class: "num muted"}
	}
	return w.countCell(x)
}
