package truth

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/supervision/lawzone"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// script makes a case of an item with the given limits from "date time" texts.
type script struct {
	t *testing.T
	w *world.World
	s plan.Subject
}

func newScript(t *testing.T, promise, legal int32, unit string) *script {
	days, err := world.LoadWorkdays()
	require.NoError(t, err)
	v := world.Version{Name: "1", Promise: promise, Legal: legal}
	service := world.Item{Title: &world.Title{Promise: promise, Legal: legal, PromiseUnit: unit, LegalUnit: unit, RollForward: true},
		Versions: []world.Version{v}}
	return &script{t: t, w: &world.World{Days: days, Items: []world.Item{service}}}
}

func (s *script) at(text string) int64 {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, lawzone.Zone)
	require.NoError(s.t, err)
	return at.UnixMilli()
}

func (s *script) event(typ event.CaseType, when string, change ...func(*plan.Fact)) *script {
	f := plan.Fact{At: s.at(when), Type: string(typ), No: int32(len(s.s.Facts) + 1), Days: -1, AmendedDays: -1}
	for _, c := range change {
		c(&f)
	}
	s.s.Facts = append(s.s.Facts, f)
	return s
}

func (s *script) truth(asOf string) Case { return OfCase(s.w, &s.s, s.at(asOf)) }

func days(n int32) func(*plan.Fact) { return func(f *plan.Fact) { f.Days = n } }

func due(at int64) string {
	return time.UnixMilli(at).In(lawzone.Zone).Format("2006-01-02 15:04:05.000")
}

// Domain guide 2.4: accepted 2018-10-15, 7 and 10 working days, with and
// without a special procedure of three days.
func TestASpecialProcedureMovesBothDues(t *testing.T) {
	s := newScript(t, 7, 10, "W").event(event.Apply, "2018-10-15 09:00").event(event.Accept, "2018-10-15 09:05")
	truth := s.truth("2018-10-16 00:00")
	require.Equal(t, "2018-10-24 23:59:59.999", due(truth.PromiseDue))
	require.Equal(t, "2018-10-29 23:59:59.999", due(truth.LegalDue))
	s.event(event.SuspendStart, "2018-10-17 10:00", days(5)).event(event.SuspendEnd, "2018-10-22 10:00")
	truth = s.truth("2018-10-23 00:00")
	require.Equal(t, "2018-10-29 23:59:59.999", due(truth.PromiseDue))
	require.Equal(t, "2018-11-01 23:59:59.999", due(truth.LegalDue))
}

func TestBeyondTheApprovedDaysTheClockRunsAgain(t *testing.T) {
	s := newScript(t, 7, 10, "W").event(event.Apply, "2018-10-15 09:00").event(event.Accept, "2018-10-15 09:05").
		event(event.SuspendStart, "2018-10-17 10:00", days(2))
	require.Equal(t, s.at("2018-10-20 00:00")-1, s.truth("2018-10-18 00:00").PausedUntil, "two working days after Wednesday end on Friday")
	later := s.truth("2018-10-30 00:00")
	require.Zero(t, later.PausedUntil)
	require.Equal(t, "2018-10-26 23:59:59.999", due(later.PromiseDue))
	require.True(t, later.Late(later.PromiseDue, s.at("2018-10-30 00:00")))
	s.event(event.SuspendEnd, "2018-11-05 10:00")
	require.Equal(t, later.PromiseDue, s.truth("2018-11-06 00:00").PromiseDue)
}

// Law art. 32, domain guide 2.3 K2: silence for five working days accepts on the
// day of receipt. 2026-06-01 is a Monday, the fifth working day after it 06-08.
func TestSilenceAcceptsOnTheDayOfReceipt(t *testing.T) {
	s := newScript(t, 7, 20, "W").event(event.Apply, "2026-06-01 09:00")
	require.Zero(t, s.truth("2026-06-08 23:59").AcceptedAt)
	truth := s.truth("2026-06-09 00:00")
	require.True(t, truth.Deemed)
	require.Equal(t, s.at("2026-06-01 09:00"), truth.AcceptedAt)
	require.Equal(t, "2026-06-10 23:59:59.999", due(truth.PromiseDue))
	s.event(event.Accept, "2026-06-09 10:00")
	require.Equal(t, s.at("2026-06-01 09:00"), s.truth("2026-06-10 00:00").AcceptedAt, "a late acceptance changes nothing")
}

func TestACorrectionStartsTheAnswerClockAnew(t *testing.T) {
	s := newScript(t, 7, 20, "W").event(event.Apply, "2026-06-01 09:00").
		event(event.CorrectionNotice, "2026-06-05 09:00").event(event.CorrectionSubmit, "2026-06-22 09:00")
	require.False(t, s.truth("2026-06-26 23:00").Deemed)
	require.False(t, s.truth("2026-06-29 23:59").Deemed, "2026-06-29 is the fifth working day after 06-22")
	require.True(t, s.truth("2026-06-30 00:00").Deemed)
}

func TestAReopenedCaseHasTheRestOfItsTimeAndNoMore(t *testing.T) {
	s := newScript(t, 10, 20, "W").event(event.Apply, "2026-06-01 09:00").event(event.Accept, "2026-06-01 09:05").
		event(event.Finish, "2026-06-03 10:00").event(event.Reopen, "2026-06-10 10:00")
	truth := s.truth("2026-06-11 00:00")
	require.True(t, truth.open())
	require.Zero(t, truth.StopAt)
	// 06-15 was the due; eight of ten days were left on 06-03, so eight after
	// 06-10: 06-22, with 06-19 (Dragon Boat Festival) off one later: 06-23.
	require.Equal(t, "2026-06-23 23:59:59.999", due(truth.PromiseDue))
}

func TestEndsThatDoNotCount(t *testing.T) {
	base := func() *script {
		return newScript(t, 3, 5, "W").event(event.Apply, "2026-06-01 09:00").event(event.Accept, "2026-06-01 09:05")
	}
	by := func(actor string) func(*plan.Fact) { return func(f *plan.Fact) { f.Word = actor } }
	for want, s := range map[string]*script{
		"withdrawn":               base().event(event.Withdraw, "2026-06-03 10:00"),
		"terminated_by_applicant": base().event(event.Terminate, "2026-06-03 10:00", by("applicant")),
		"terminated_before_due":   base().event(event.Terminate, "2026-06-03 10:00", by("dept")),
		"":                        base().event(event.Terminate, "2026-06-20 10:00", by("dept")),
		// What was late when it was given up was late (domain guide 5.1, C1).
		" withdrawn":  base().event(event.Withdraw, "2026-06-20 10:00"),
		" terminated": base().event(event.Terminate, "2026-06-20 10:00", by("applicant")),
	} {
		if want[:min(len(want), 1)] == " " {
			want = ""
		}
		truth := s.truth("2026-06-30 00:00")
		require.Equal(t, want, truth.Excluded)
		require.Equal(t, want == "", truth.Late(truth.PromiseDue, s.at("2026-06-30 00:00")), want)
	}
}

func TestVoidsAmendmentsAndRevisionsCountFromWhenTheyAreKnown(t *testing.T) {
	s := newScript(t, 3, 5, "W").event(event.Apply, "2026-06-01 09:00").event(event.Accept, "2026-06-01 09:05").
		event(event.Finish, "2026-06-08 10:00", func(f *plan.Fact) {
			f.AmendedAt, f.AmendedTo = time.Date(2026, 6, 10, 0, 0, 0, 0, lawzone.Zone).UnixMilli(),
				time.Date(2026, 6, 4, 10, 0, 0, 0, lawzone.Zone).UnixMilli()
		})
	before, after := s.truth("2026-06-09 00:00"), s.truth("2026-06-10 00:00")
	require.True(t, before.Late(before.PromiseDue, s.at("2026-06-09 00:00")))
	require.False(t, after.Late(after.PromiseDue, s.at("2026-06-10 00:00")))

	v := newScript(t, 3, 5, "W").event(event.Apply, "2026-06-01 09:00").event(event.Accept, "2026-06-01 09:05").
		event(event.Extend, "2026-06-05 10:00", days(4),
			func(f *plan.Fact) { f.VoidedAt = time.Date(2026, 6, 5, 12, 0, 0, 0, lawzone.Zone).UnixMilli() })
	require.Equal(t, "2026-06-12 23:59:59.999", due(v.truth("2026-06-05 11:00").LegalDue))
	require.Equal(t, "2026-06-04 23:59:59.999", due(v.truth("2026-06-05 11:00").PromiseDue), "an extension moves the legal due only")
	require.Equal(t, "2026-06-08 23:59:59.999", due(v.truth("2026-06-05 12:00").LegalDue))
}

func TestCalendarDaysRollForwardAndImmediateItemsAreDueToday(t *testing.T) {
	// 2026-06-01 + 19 = 06-20, a Saturday inside the festival 06-19…21.
	c := newScript(t, 19, 60, "C").event(event.Apply, "2026-06-01 09:00").event(event.Accept, "2026-06-01 09:05")
	require.Equal(t, "2026-06-22 23:59:59.999", due(c.truth("2026-06-02 00:00").PromiseDue))
	for accepted, want := range map[string]string{
		"2026-06-05 10:00": "2026-06-05 23:59:59.999",
		"2026-06-05 20:00": "2026-06-08 23:59:59.999",
		"2026-06-06 10:00": "2026-06-08 23:59:59.999",
	} {
		i := newScript(t, 0, 15, "W").event(event.Apply, accepted).event(event.Accept, accepted)
		require.Equal(t, want, due(i.truth("2026-06-30 00:00").PromiseDue), accepted)
	}
}

func TestThePromiseNeverOutlastsTheLaw(t *testing.T) {
	s := newScript(t, 25, 20, "W").event(event.Apply, "2026-06-01 09:00").event(event.Accept, "2026-06-01 09:05")
	truth := s.truth("2026-06-02 00:00")
	require.Equal(t, truth.LegalDue, truth.PromiseDue)
	none := newScript(t, world.Unlimited, world.Unlimited, "").event(event.Apply, "2018-10-15 09:00").event(event.Accept, "2018-10-15 09:05")
	require.Equal(t, "2018-11-12 23:59:59.999", due(none.truth("2018-10-16 00:00").LegalDue), "20 working days where nothing is said")
}
