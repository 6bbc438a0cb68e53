package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"duban/queries"
	"duban/supervision/alert"
	"duban/supervision/calendar"
	"duban/supervision/fold"
	"duban/supervision/rule"
)

// Calendars tells which version of the calendar is in force; almanac.Almanac does.
type Calendars interface {
	// InForce is the version that counts now.
	InForce(ctx context.Context) (*calendar.Calendar, error)
	// Load is a version by its name.
	Load(ctx context.Context, version string) (*calendar.Calendar, error)
}

// Calendar is the version in force, as far as this engine has heard.
func (e *Engine) Calendar() *calendar.Calendar { return e.cal.Load() }

// RefreshCalendar asks which version is in force and takes it; it reports
// whether that is another one than before. An engine that runs does so by itself;
// one that only folds single subjects is told to.
func (e *Engine) RefreshCalendar(ctx context.Context) (changed bool, err error) {
	if e.cfg.Calendars == nil {
		return false, nil
	}
	cal, err := e.cfg.Calendars.InForce(ctx)
	if err != nil || cal.Version() == e.Calendar().Version() {
		return false, err
	}
	e.cal.Store(cal)
	return true, nil
}

// followCalendar brings the states under another version of the calendar when one
// was put into force since the last look.
func (e *Engine) followCalendar(ctx context.Context, l *lease) error {
	was := e.Calendar().Version()
	changed, err := e.RefreshCalendar(ctx)
	if err != nil || !changed {
		return err
	}
	e.log.Info("another calendar is in force", "was", was, "is", e.Calendar().Version())
	if err := e.folder.WriteCalendar(ctx, e.Calendar()); err != nil {
		return err
	}
	if err := e.settleCalendar(ctx, l); err != nil {
		return err
	}
	// Where more than the calendar differs, everything is folded and asked again.
	if err := e.settleBasis(ctx, l); err != nil {
		return err
	}
	return e.settleRules(ctx, l)
}

// settleCalendar folds and asks again what another version of the calendar can
// move, when nothing but the calendar differs from what the states and the
// alerts stand on. Else it does nothing: settleBasis and settleRules take
// everything.
func (e *Engine) settleCalendar(ctx context.Context, l *lease) error {
	marks, was, want, err := e.bases(ctx)
	if err != nil || !was.OnlyCalendar(want) || e.cfg.Calendars == nil {
		return err
	}
	if e.cfg.Rules != nil {
		if marks[markRules] != e.rulesMark(was) {
			return nil
		}
		if err := e.readRuleMarks(marks); err != nil {
			return err
		}
	}
	before, err := e.cfg.Calendars.Load(ctx, was.Calendar)
	if err != nil {
		e.log.Warn("the calendar before is unknown, everything is folded again", "was", was.Calendar, "error", err)
		return nil
	}
	if changes := calendar.Changes(before, e.Calendar()); len(changes) > 0 {
		if err := e.foldMoved(ctx, l, changes[0].Was.Day, changes[len(changes)-1].Was.Day); err != nil {
			return err
		}
	}
	if e.cfg.Rules != nil {
		if err := e.saveMark(ctx, l, markRules, e.rulesMark(want)); err != nil {
			return err
		}
	}
	return e.checkpoint(ctx, l, want)
}

// foldMoved folds the subjects that days from first through last can move, and
// asks the rules about them.
func (e *Engine) foldMoved(ctx context.Context, l *lease, first, last calendar.Day) error {
	var n fold.Counts
	version, began := l.version(), e.now()
	args := queries.Args{"from": time.UnixMilli(first.Start()).UTC(), "until": time.UnixMilli(last.End()).UTC()}
	if err := e.announcer.Because(ctx, l.version, version, alert.CalendarChanged); err != nil {
		return err
	}
	if err := e.folder.Cases(ctx, "engine/facts_of_moved_cases", args, version, &n); err != nil {
		return err
	}
	if err := e.folder.Tickets(ctx, "engine/facts_of_moved_tickets", args, version, &n); err != nil {
		return err
	}
	if err := e.folder.Ratings(ctx, "engine/facts_of_moved_ratings", args, version, &n); err != nil {
		return err
	}
	if err := e.casework.OpenRatingOrders(ctx, version); err != nil {
		return err
	}
	for _, kind := range []string{rule.SubjectCase, rule.SubjectTicket, rule.SubjectRating} {
		if err := e.evaluateRound(ctx, kind, version); err != nil {
			return err
		}
	}
	if e.cfg.Rules != nil {
		if err := e.saveBehind(ctx, l); err != nil {
			return err
		}
	}
	e.log.Info("folded what the calendar can move", "calendar", e.Calendar().Version(), "first_day", first.String(), "last_day", last.String(),
		"subjects", n.Subjects.Load(), "facts", n.Facts.Load(), "took_s", e.now().Sub(began).Seconds())
	return nil
}

// ErrOtherBasis says that more than the calendar differs.
var ErrOtherBasis = errors.New("more than the calendar differs from what the states stand on: it has to be asked with the " +
	"configuration (and the program) of the instance, when that has folded everything under it")

// OnlyCalendarDiffers reports whether an engine with this configuration differs from
// what the states and the alerts stand on in the calendar at most; else it is
// ErrOtherBasis. What differs otherwise would be told as moved by the calendar.
func (e *Engine) OnlyCalendarDiffers(ctx context.Context) error {
	marks, was, want, err := e.bases(ctx)
	if err != nil {
		return err
	}
	if was != want && !was.OnlyCalendar(want) {
		return fmt.Errorf("%w (states: %s; here: %s)", ErrOtherBasis, was, want)
	}
	if e.cfg.Rules != nil && marks[markRules] != e.rulesMark(was) {
		return fmt.Errorf("%w (the rules)", ErrOtherBasis)
	}
	return nil
}

// DueRule is how dues of a division are counted, with the hours of its halls.
func (e *Engine) DueRule(region string) calendar.DueRule { return e.cfg.Policy.DueIn(region) }
