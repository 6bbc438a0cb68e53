package metrics_test

import (
	"testing"

	"duban/ingest/event"
	"duban/metrics"
	"duban/supervision/engine/enginetest"

	"github.com/stretchr/testify/require"
)

// Whoever had the ticket answers for what was said of it then (domain guide 5.1, C8), of the kind that it was then. moved was
// sent to A, signed a day late (T3 ended on 3 March), extended by a day to the 10th and supervised, answered in time,
// found unsolved by a visit and rated 1; then it
// goes to B to be done again, and somebody calls it an enquiry. missed was due with A on the 9th, answered on the
// 11th, and goes to B as well, by when its new limit lies in another week. Neither the redo order nor the note takes anything from A.
func TestAFigureOfATicketStaysWithWhoHadIt(t *testing.T) {
	b := newBench(t)
	c := &calls{}
	c.add("moved", event.TReceive, "2026-03-02 09:00", "H", "")
	c.add("moved", event.TDispatch, "2026-03-02 10:00", "A", "")
	c.add("moved", event.TSign, "2026-03-04 10:00", "A", "")
	c.add("moved", event.TExtendRequest, "2026-03-05 10:00", "A", "")
	c.add("moved", event.TExtendApprove, "2026-03-05 11:00", "H", `{"days":1}`)
	c.add("moved", event.TSupervise, "2026-03-05 12:00", "H", "")
	c.add("moved", event.TReply, "2026-03-06 10:00", "A", "")
	c.add("moved", event.TVisit, "2026-03-06 11:00", "H", `{"contacted":false,"solved":false,"satisfied":1}`)
	c.add("missed", event.TReceive, "2026-03-02 09:00", "H", `{"to_supervisor":true}`)
	c.add("missed", event.TDispatch, "2026-03-02 10:00", "A", "")
	c.add("missed", event.TSign, "2026-03-02 11:00", "A", "")
	c.add("missed", event.TReply, "2026-03-11 10:00", "A", "")
	enginetest.Insert(t, b.db, event.Rating{SourceSys: "haoping", RatingID: "r", RatedAt: at("2026-03-06 12:00").UnixMilli(), Level: 1,
		SubjectSys: "12345", TicketNo: "moved"})
	of := func(org string, want map[string][2]float64) {
		t.Helper()
		for id, parts := range want {
			one := march(id)
			one.Org = org
			require.Equal(t, parts, b.parts(one), "%s of %s", id, org)
		}
	}
	byA := map[string][2]float64{"F05": {1, 2}, "F08": {0, 1}, "F09": {0, 1}, "F10": {0, 1}, "F12": {0, 2}, "F15": {1, 2}, "F16": {1, 2},
		"E04": {1, 1}, "G11": {0, 1}, "F07": {0, 1}}
	byB := map[string][2]float64{"F05": {0, 0}, "F08": {0, 0}, "F09": {0, 0}, "F11": {0, 0}, "F13": {0, 0}, "F15": {0, 0}, "E04": {0, 0},
		"G11": {0, 0}, "F07": {0, 1},
		"F16": {0, 1}} // missed was never supervised: whoever answers for it now
	stage := func() {
		t.Helper()
		enginetest.Insert(t, b.db, c.facts...)
		c.facts = nil
		enginetest.Fold(t, b.db)
		of("A", byA)
	}
	// moved is due on the 10th too, with its extension, and not closed yet
	byA["F07"] = [2]float64{0, 2}
	stage()
	of("A", map[string][2]float64{"F11": {1, 2}, "F13": {0, 2}})
	c.add("moved", event.TRedo, "2026-03-06 13:00", "B", "")
	c.add("missed", event.TRedo, "2026-03-12 10:00", "B", "")
	c.add("moved", event.TNote, "2026-03-12 11:00", "H", "", func(f *event.Ticket) { f.Kind = "consult" })
	byA["F16"] = [2]float64{1, 1}
	byA["F07"] = [2]float64{0, 1} // the new limit of moved, three working days, ended with B on the 11th
	stage()
	of("A", map[string][2]float64{"F11": {1, 2}, "F13": {2, 2}})
	of("B", byB)
	before := march("F09")
	before.AsOf = at("2026-03-08 00:00")
	require.Equal(t, [2]float64{0, 1}, b.parts(before), "as of before, an enquiry or not")
}

// What asks for no publication, or says who repeats what, counts when it was said: after the close it takes nothing out, and
// an instant before it knows nothing of it.
func TestWhatIsSaidLaterIsNotKnownBefore(t *testing.T) {
	b := newBench(t)
	c := &calls{}
	c.add("x", event.TReceive, "2026-03-02 09:00", "H", "")
	c.add("x", event.TAnswerDirect, "2026-03-02 09:05", "H", "")
	c.add("x", event.TNote, "2026-03-05 09:00", "H", `{"no_publish":true,"repeat_of":"w","to_supervisor":true}`)
	enginetest.Insert(t, b.db, c.facts...)
	enginetest.Fold(t, b.db)
	b.requireParts(march, map[string][2]float64{"F17": {0, 1}, "F14": {1, 1}, "G11": {1, 1}})
	for id, want := range map[string][2]float64{"F17": {0, 1}, "F14": {0, 1}, "G11": {0, 0}} {
		before := march(id)
		before.AsOf = at("2026-03-04 00:00")
		require.Equal(t, want, b.parts(before), id)
	}
}

// Answered on 11 March, two days after its due, and done again in April: March keeps the late answer that it had, as it keeps the end
// of a case that is reopened, and April has the second one (C9), late too as its due was missed.
func TestAnAnswerStaysInItsMonth(t *testing.T) {
	for name, again := range map[string]event.TicketType{"redo": event.TRedo, "reopened": event.TReopen} {
		b := newBench(t)
		c := &calls{}
		c.add("x", event.TReceive, "2026-03-02 09:00", "H", "")
		c.add("x", event.TDispatch, "2026-03-02 10:00", "A", "")
		c.add("x", event.TSign, "2026-03-02 11:00", "A", "")
		c.add("x", event.TReply, "2026-03-11 10:00", "A", "")
		if again == event.TReopen {
			c.add("x", event.TClose, "2026-03-11 11:00", "H", "")
		}
		c.add("x", again, "2026-04-02 10:00", "A", "")
		c.add("x", event.TReply, "2026-04-03 10:00", "A", "")
		enginetest.Insert(t, b.db, c.facts...)
		enginetest.Fold(t, b.db)
		months := march("F06", "month")
		months.To, months.AsOf = at("2026-05-01"), at("2026-05-01")
		require.Equal(t, map[string][2]float64{"2026-03": {0, 1}, "2026-04": {0, 1}}, b.grouped(months), name)
		own := march("F06")
		own.AsOf = at("2026-05-01")
		require.Equal(t, [2]float64{0, 1}, b.parts(own), name)
	}
}

// Closed in March and published by nobody, taken up again and hung in April: it was closed, and not published, in March. And who gives
// a ticket back, answers while the hotline rules and gets it back has answered, whatever he says afterwards.
func TestWhatWasClosedAndAnsweredStaysSo(t *testing.T) {
	b := newBench(t)
	c := &calls{}
	for _, no := range []string{"x", "back"} {
		c.add(no, event.TReceive, "2026-03-02 09:00", "H", "")
		c.add(no, event.TDispatch, "2026-03-02 10:00", "A", "")
	}
	c.add("x", event.TSign, "2026-03-02 11:00", "A", "")
	c.add("x", event.TReply, "2026-03-04 10:00", "A", "")
	c.add("x", event.TClose, "2026-03-05 10:00", "H", "")
	c.add("x", event.TReopen, "2026-04-02 10:00", "A", "")
	c.add("x", event.THang, "2026-04-03 10:00", "A", "")
	c.add("back", event.TReturn, "2026-03-02 11:00", "A", "")
	c.add("back", event.TReply, "2026-03-03 10:00", "A", "")
	c.add("back", event.TRedispatch, "2026-03-03 11:00", "A", "")
	c.add("back", event.TSign, "2026-03-03 12:00", "A", "")
	c.add("back", event.TReply, "2026-03-04 10:00", "A", "")
	c.add("back", event.TVisit, "2026-03-05 10:00", "H", `{"contacted":true}`)
	c.add("back", event.TRedo, "2026-03-05 11:00", "H", "")
	c.add("back", event.TReply, "2026-03-06 11:00", "A", "")
	enginetest.Insert(t, b.db, c.facts...)
	enginetest.Fold(t, b.db)
	later := func(id string, by ...string) metrics.Request {
		one := march(id, by...)
		one.AsOf = at("2026-05-01")
		return one
	}
	b.requireParts(later, map[string][2]float64{"F17": {0, 1}, "F11": {1, 2}, "F13": {1, 2}})
}
