package kit

// Term is a name with its value.
type Term struct {
	Name string
	Cell Cell
}

// Moment is one entry of the time line.
type Moment struct {
	At       string
	Gap      string
	Type     string
	Activity string
	Detail   string
	Tone     string
	// Href leads to the raw fact on the same page.
	Href string
}

// ClockView is one run of a clock with its explanation.
type ClockView struct {
	Name    string
	Title   string
	Terms   []Term
	Outcome Cell
	Days    []DayView
	// HasDays is false when no explanation could be had.
	HasDays bool
}

// DayView is one day of an explanation.
type DayView struct{ Day, Weekday, Role, Text, Tone, Counted string }

// DayView writes one day of an explanation.
func (q *Request) DayView(d DayExplanation) DayView {
	v := DayView{Day: q.Date(d.Day), Weekday: q.Weekday(d.Day), Role: q.Enum("day_role", d.Role), Tone: d.Role}
	v.Text = q.Enum("day_reason", d.Reason)
	if d.Name != "" {
		v.Text += " · " + q.Enum("suspend_type", d.Name) // a pause is called by its kind, a holiday by its name
	}
	if d.Note != "" {
		v.Text += " · " + d.Note
	}
	if d.Role != "skipped" && d.Role != "start" && d.Role != "paused" {
		v.Counted = q.Count(int64(d.Counted))
	}
	return v
}
