package checkpoint

import (
	"fmt"
	"strings"
	"time"
)

// LateFacts is what is known of facts about closed days: the earliest local day
// that they are about, how late they were pushed at most, since when they are
// gathered, and when the last of them was folded.
type LateFacts struct {
	DayS    int64 `json:"day_s"` // Unix seconds of its beginning
	LagMS   int64 `json:"lag_ms"`
	SinceMS int64 `json:"since_ms"`
	LastMS  int64 `json:"last_ms"`
}

// Day is the beginning of the earliest day.
func (f LateFacts) Day() time.Time { return time.Unix(f.DayS, 0).UTC() }

// Since is when the first of them was folded.
func (f LateFacts) Since() time.Time { return time.UnixMilli(f.SinceMS).UTC() }

// Last is when the last of them was folded.
func (f LateFacts) Last() time.Time { return time.UnixMilli(f.LastMS).UTC() }

// None reports whether there are none.
func (f LateFacts) None() bool { return f == LateFacts{} }

// Merge takes the earlier day and the greater lateness of two.
func (f LateFacts) Merge(o LateFacts) LateFacts {
	f.DayS, f.LagMS = min(f.DayS, o.DayS), max(f.LagMS, o.LagMS)
	return f
}

// parseLateFacts reads the four numbers of an earlier program; none is another text.
func parseLateFacts(text string) (f LateFacts) {
	if n, _ := fmt.Sscanf(text, "%d %d %d %d", &f.DayS, &f.LagMS, &f.SinceMS, &f.LastMS); n < 4 {
		return LateFacts{}
	}
	return f
}

// Touched are the late facts as they are gathered.
type Touched struct{ LateFacts }

// Name implements Value.
func (Touched) Name() string { return "periods touched" }

// Touched are the late facts that were gathered.
func (s Set) Touched() (Touched, error) {
	var t Touched
	err := read(s, &t, func(text string) error { t.LateFacts = parseLateFacts(text); return nil })
	return t, err
}

// Rejudged are the late facts for which rules about days are evaluated again.
type Rejudged struct{ LateFacts }

// Name implements Value.
func (Rejudged) Name() string { return "periods again" }

// Rejudged are the late facts for which days were last to be judged again.
func (s Set) Rejudged() (Rejudged, error) {
	var r Rejudged
	err := read(s, &r, func(text string) error { r.LateFacts = parseLateFacts(text); return nil })
	return r, err
}

// Progress is how far a rule over periods was evaluated.
type Progress struct {
	Rule        string `json:"-"`
	RuleVersion uint16 `json:"-"`
	// UpTo is the end of the last period that was judged; zero: none was.
	UpTo time.Time `json:"up_to"`
	// TakenUp are the late facts that were taken up last.
	TakenUp LateFacts `json:"taken_up"`
	// While days are judged again, Again is the first of them, Version the one since
	// which they are (0: not since it was set back), LagMS how late the facts were pushed.
	Rejudging bool      `json:"rejudging"`
	Again     time.Time `json:"again"`
	Version   uint64    `json:"version"`
	LagMS     int64     `json:"lag_ms"`
	// Taken is the version under which the last judging again took back what it did
	// not find, TakenLagMS how late its facts were.
	Taken      uint64 `json:"taken"`
	TakenLagMS int64  `json:"taken_lag_ms"`
}

// Name implements Value.
func (p Progress) Name() string { return fmt.Sprintf("periods of %s@%d", p.Rule, p.RuleVersion) }

// Progress is how far a rule was evaluated.
func (s Set) Progress(rule string, version uint16) (Progress, error) {
	p := Progress{Rule: rule, RuleVersion: version}
	err := read(s, &p, p.parse)
	return p, err
}

// parse reads the text of an earlier program; its earliest form is the instant
// alone, the one after it is without what was taken.
func (p *Progress) parse(text string) (err error) {
	upTo, rest, more := strings.Cut(text, " ")
	if p.UpTo, err = time.Parse(time.RFC3339, upTo); err != nil || !more {
		return err
	}
	var seconds int64
	if _, err = fmt.Sscanf(rest, "%t %d %d %d", &p.Rejudging, &seconds, &p.Version, &p.LagMS); err != nil {
		return err
	}
	p.Again = time.Unix(seconds, 0).UTC()
	parts := strings.SplitN(rest, " ", 6)
	if len(parts) > 4 && strings.Contains(parts[4], "/") {
		if _, err = fmt.Sscanf(parts[4], "%d/%d", &p.Taken, &p.TakenLagMS); err != nil {
			return err
		}
		p.TakenUp = parseLateFacts(strings.Join(parts[5:], " "))
	} else if len(parts) > 4 {
		p.TakenUp = parseLateFacts(strings.Join(parts[4:], " "))
	}
	return nil
}
