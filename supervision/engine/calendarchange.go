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
func (p *parts) Calendar() *calendar.Calendar { return p.cal.Load() }

// RefreshCalendar asks which version is in force and takes it; it reports
// whether that is another one than before. An engine that runs does so by itself;
// one that only folds single subjects is told to.
func (p *parts) RefreshCalendar(ctx context.Context) (changed bool, err error) {
	if p.cfg.Calendars == nil {
		return false, nil
	}
	cal, err := p.cfg.Calendars.InForce(ctx)
	if err != nil || cal.Version() == p.Calendar().Version() {
		return false, err
	}
	p.cal.Store(cal)
	return true, nil
}

// followCalendar brings the states under another version of the calendar when one
// was put into force since the last look.
func (r *reconciler) followCalendar(ctx context.Context, next func() uint64) error {
	was := r.Calendar().Version()
	changed, err := r.RefreshCalendar(ctx)
	if err != nil || !changed {
		return err
	}
	r.log.Info("another calendar is in force", "was", was, "is", r.Calendar().Version())
	if err := r.folder.WriteCalendar(ctx, r.Calendar()); err != nil {
		return err
	}
	return r.all(ctx, next)
}

// calendar folds and evaluates again what another version of the calendar can
// move, when nothing but the calendar differs from what the states and the
// alerts stand on. Else it does nothing: states and alerts take everything.
func (r *reconciler) calendar(ctx context.Context, next func() uint64) error {
	marks, was, want, err := r.bases(ctx)
	if err != nil || !was.OnlyCalendar(want) || r.cfg.Calendars == nil {
		return err
	}
	if r.cfg.Rules != nil {
		with, err := marks.Rules()
		if err != nil || with != r.evaluator.Basis(was) {
			return err
		}
		if err := r.takeUp(marks); err != nil {
			return err
		}
	}
	before, err := r.cfg.Calendars.Load(ctx, was.Calendar)
	if err != nil {
		r.log.Warn("the calendar before is unknown, everything is folded again", "was", was.Calendar, "error", err)
		return nil
	}
	if changes := calendar.Changes(before, r.Calendar()); len(changes) > 0 {
		if err := r.foldMoved(ctx, next, changes[0].Was.Day, changes[len(changes)-1].Was.Day); err != nil {
			return err
		}
	}
	if r.cfg.Rules != nil {
		if err := r.marks.Save(ctx, r.evaluator.Basis(want), next()); err != nil {
			return err
		}
	}
	return r.marks.Save(ctx, want, next())
}

// foldMoved folds the subjects that days from first through last can move, and
// evaluates the rules about them.
func (r *reconciler) foldMoved(ctx context.Context, next func() uint64, first, last calendar.Day) error {
	var n fold.Counts
	version, began := next(), r.now()
	args := queries.Args{"from": time.UnixMilli(first.Start()).UTC(), "until": time.UnixMilli(last.End()).UTC()}
	if err := r.announcer.Because(ctx, next, version, alert.CalendarChanged); err != nil {
		return err
	}
	if err := r.folder.Cases(ctx, "engine/facts_of_moved_cases", args, version, &n); err != nil {
		return err
	}
	if err := r.folder.Tickets(ctx, "engine/facts_of_moved_tickets", args, version, &n); err != nil {
		return err
	}
	if err := r.folder.Ratings(ctx, "engine/facts_of_moved_ratings", args, version, &n); err != nil {
		return err
	}
	if err := r.casework.OpenRatingOrders(ctx, version); err != nil {
		return err
	}
	for _, kind := range []string{rule.SubjectCase, rule.SubjectTicket, rule.SubjectRating} {
		if err := r.evaluator.Round(ctx, kind, version); err != nil {
			return err
		}
	}
	if err := r.evaluator.SaveFailed(ctx, next); err != nil {
		return err
	}
	r.log.Info("folded what the calendar can move", "calendar", r.Calendar().Version(), "first_day", first.String(), "last_day", last.String(),
		"subjects", n.Subjects.Load(), "facts", n.Facts.Load(), "took_s", r.now().Sub(began).Seconds())
	return nil
}

// ErrOtherBasis says that more than the calendar differs.
var ErrOtherBasis = errors.New("more than the calendar differs from what the states stand on: it has to be asked with the " +
	"configuration (and the program) of the instance, when that has folded everything under it")

// OnlyCalendarDiffers reports whether an engine with this configuration differs from
// what the states and the alerts stand on in the calendar at most; else it is
// ErrOtherBasis. What differs otherwise would be told as moved by the calendar.
func (e *Engine) OnlyCalendarDiffers(ctx context.Context) error {
	marks, was, want, err := e.reconciler.bases(ctx)
	if err != nil {
		return err
	}
	if was != want && !was.OnlyCalendar(want) {
		return fmt.Errorf("%w (states: %s; here: %s)", ErrOtherBasis, was, want)
	}
	if e.cfg.Rules == nil {
		return nil
	}
	with, err := marks.Rules()
	if err == nil && with != e.evaluator.Basis(was) {
		err = fmt.Errorf("%w (the rules)", ErrOtherBasis)
	}
	return err
}

// DueRule is how dues of a division are counted, with the hours of its halls.
func (e *Engine) DueRule(region string) calendar.DueRule { return e.cfg.Policy.DueIn(region) }
