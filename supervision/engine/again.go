package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"duban/queries"
	"duban/supervision/fold"
	"duban/supervision/lawzone"
	"duban/supervision/rule"
)

// Further marks of table fold_marks.
const (
	// markPeriods and rule@version: how far a rule over periods was asked.
	markPeriods = "periods of "
	// markTouched: the earliest closed day that late facts are about, as they are
	// gathered; markAgain: that from which rules about days are asked again.
	markTouched = "periods touched"
	markAgain   = "periods again"
)

// Facts that come late are gathered before the days that they touch are judged again:
// for again at most, and not longer once none has come for quiet, so that a load of
// history is judged soon after its end.
const (
	again = time.Hour
	quiet = 2 * time.Minute
)

// progress is how far a rule over periods was asked. While days are judged again,
// again is the first of them, version the one since which they are asked, and lag how
// late the facts were pushed, in milliseconds.
type progress struct {
	upTo      time.Time
	touched   string // the value of markAgain that was taken up last
	rejudging bool
	again     time.Time
	version   uint64 // 0: not asked yet since it was set back
	lag       int64
	// taken is the version under which the last judging again took back what it did not
	// find, and takenLag how late its facts were: whoever announces it must know, also
	// after a crash.
	taken    uint64
	takenLag int64
}

// progressMark names the mark of a rule's progress.
func progressMark(r *rule.Rule) string { return fmt.Sprintf("%s%s@%d", markPeriods, r.ID, r.Version) }

// String writes a progress as the value of a mark.
func (p progress) String() string {
	return fmt.Sprintf("%s %t %d %d %d %d/%d %s", p.upTo.UTC().Format(time.RFC3339), p.rejudging, p.again.Unix(), p.version, p.lag, p.taken, p.takenLag, p.touched)
}

// readProgress reads a mark; the earliest form is the instant alone, the one after it
// is without what was taken.
func readProgress(text string) (p progress, err error) {
	if text == "" {
		return p, nil
	}
	upTo, rest, more := strings.Cut(text, " ")
	if p.upTo, err = time.Parse(time.RFC3339, upTo); err != nil || !more {
		return p, err
	}
	var seconds int64
	if _, err = fmt.Sscanf(rest, "%t %d %d %d", &p.rejudging, &seconds, &p.version, &p.lag); err != nil {
		return p, err
	}
	p.again = time.Unix(seconds, 0).UTC()
	parts := strings.SplitN(rest, " ", 6)
	if len(parts) > 4 && strings.Contains(parts[4], "/") {
		if _, err = fmt.Sscanf(parts[4], "%d/%d", &p.taken, &p.takenLag); err != nil {
			return p, err
		}
		p.touched = strings.Join(parts[5:], " ")
	} else if len(parts) > 4 {
		p.touched = strings.Join(parts[4:], " ")
	}
	return p, nil
}

// touched is what is known of late facts: the earliest local day that they are about,
// how late they were pushed at most (milliseconds), since when they are gathered, and
// when the last of them was folded (to within a quarter of quiet).
type touched struct {
	day   time.Time
	lag   int64
	since time.Time
	last  time.Time
}

// String writes it as the value of a mark.
func (t touched) String() string {
	return fmt.Sprintf("%d %d %d %d", t.day.Unix(), t.lag, t.since.UnixMilli(), t.last.UnixMilli())
}

func readTouched(text string) (t touched, ok bool) {
	var day, since, last int64
	if n, _ := fmt.Sscanf(text, "%d %d %d %d", &day, &t.lag, &since, &last); n < 4 {
		return t, false
	}
	t.day, t.since, t.last = time.Unix(day, 0).UTC(), time.UnixMilli(since).UTC(), time.UnixMilli(last).UTC()
	return t, true
}

// merge takes the earlier day and the greater lateness of two.
func (t touched) merge(o touched) touched {
	if o.day.Before(t.day) {
		t.day = o.day
	}
	t.lag = max(t.lag, o.lag)
	return t
}

// promote has the days that late facts touched judged again, once they were gathered
// long enough. What a rule has not taken up from the last time stays among them.
func (e *Engine) promote(ctx context.Context, l *lease, marks map[string]string) error {
	t, ok := readTouched(marks[markTouched])
	if !ok || e.now().Before(t.since.Add(again)) && e.now().Before(t.last.Add(quiet)) {
		return nil
	}
	if old, ok := readTouched(marks[markAgain]); ok {
		for _, r := range e.cfg.Rules.Of(rule.EachDay, "") {
			p, err := readProgress(marks[progressMark(r)])
			if err == nil && !p.upTo.IsZero() && p.touched != marks[markAgain] {
				t = t.merge(old)
				break
			}
		}
	}
	marks[markAgain], marks[markTouched] = t.String(), "none"
	if err := e.saveMark(ctx, l, markAgain, marks[markAgain]); err != nil {
		return err
	}
	return e.saveMark(ctx, l, markTouched, "none")
}

// rewind sets a rule about days back to the first day that late facts touched; it
// reports whether it took note of something new.
func (p *progress) rewind(text string) bool {
	t, ok := readTouched(text)
	if !ok || text == p.touched {
		return false
	}
	p.touched = text
	if !t.day.Before(p.upTo) {
		return true
	}
	if !p.rejudging || t.day.Before(p.again) {
		p.again = t.day
	}
	// From the beginning, also when an earlier day was being judged again: what is not
	// said again after this is gone.
	p.rejudging, p.upTo, p.lag, p.version = true, p.again, max(p.lag, t.lag), 0
	return true
}

// endRejudging takes back what a rule no longer said when it was asked again about all
// days since the first that was touched.
func (e *Engine) endRejudging(ctx context.Context, l *lease, r *rule.Rule, p *progress) error {
	if p.version > 0 {
		p.taken, p.takenLag = l.version(), p.lag
		if err := e.reg.Exec(ctx, e.db.Conn(), "engine/gone_chains_of_periods", queries.Args{
			"rule_id": r.ID, "rule_version": r.Version, "since": p.again, "asked_since": p.version, "fold_version": p.taken, "at": e.now(),
		}); err != nil {
			return err
		}
		// What was said meanwhile was not announced: it is said once more, as a whole.
		if err := e.reg.Exec(ctx, e.db.Conn(), "engine/say_again", queries.Args{
			"rule_id": r.ID, "rule_version": r.Version, "since": p.again, "asked_since": p.version, "fold_version": p.taken,
		}); err != nil {
			return err
		}
	}
	p.rejudging, p.version, p.lag = false, 0, 0
	delete(e.rules.rejudging, r.ID)
	return nil
}

// readLateness takes up how late the facts were for which days were judged again, when
// what that took back was not announced before the engine ended, and which rules are being
// asked again.
func (e *Engine) readLateness(marks map[string]string) error {
	clear(e.rules.rejudging)
	for _, r := range e.cfg.Rules.Of(rule.EachDay, "") {
		p, err := readProgress(marks[progressMark(r)])
		if err != nil {
			return fmt.Errorf("read mark %s: %w", progressMark(r), err)
		}
		if p.rejudging {
			e.rules.lateness[r.ID] = max(e.rules.lateness[r.ID], p.lag)
			e.rules.rejudging[r.ID] = true
		}
		if p.taken > e.announcer.Version() {
			e.rules.lateness[r.ID] = max(e.rules.lateness[r.ID], p.takenLag)
		}
	}
	return nil
}

// noteTouched remembers which closed days the facts of a round are about, before the
// cursors move. Rules about days are asked again about them and all days since.
func (e *Engine) noteTouched(ctx context.Context, l *lease, s fold.Span, kind string, version uint64) error {
	if e.cfg.Rules == nil || kind == "" || len(e.cfg.Rules.Of(rule.EachDay, "")) == 0 {
		return nil
	}
	args := queries.Args{}
	if kind != rule.SubjectRating {
		args = s.Args()
	}
	args["version"] = version
	res, err := e.reg.Run(ctx, e.db.Conn(), "engine/touched_days_"+kind, args)
	if err != nil || len(res.Rows) == 0 {
		return err
	}
	t := touched{day: res.Rows[0][0].(time.Time), lag: max(res.Rows[0][1].(int64), 0), since: e.now().UTC(), last: e.now().UTC()}
	t.day = startOfDay(later(t.day, e.announcer.Until().Add(-judgedBack)))
	if t.day.Add(day).After(e.announcer.Until()) {
		return nil // about a day that is not over
	}
	marks, err := e.keptMarks(ctx)
	if err != nil {
		return err
	}
	old, ok := readTouched(marks[markTouched])
	if ok {
		if !t.day.Before(old.day) && t.lag <= old.lag && t.last.Before(old.last.Add(quiet/4)) {
			return nil // gathered already
		}
		t = t.merge(old)
		t.since = old.since
	}
	return e.saveMark(ctx, l, markTouched, t.String())
}

// startOfDay is the first instant of the local day of an instant.
func startOfDay(t time.Time) time.Time {
	t = t.In(lawzone.Zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, lawzone.Zone)
}
