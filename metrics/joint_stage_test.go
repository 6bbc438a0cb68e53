package metrics_test

import (
	"testing"

	"duban/ingest/event"
	"duban/supervision/engine/enginetest"

	"github.com/stretchr/testify/require"
)

// A joint stage of five working days from Monday 2 March is due at the end of Monday the 9th (domain guide 2.4: the day of
// acceptance does not count). What happens after that takes none of them back (5.5, D16; 2.5): more time granted on the 11th, the parent
// or its only part given up on the 11th, of a project of type joint and of a case that its part made joint. What is given
// up on the 6th asks for nothing, and time granted in time moves the due to the 12th.
func TestAMissedStageIsNotForgiven(t *testing.T) {
	b := newBench(t)
	s := &script{source: "jnt", org: "L", item: "J"}
	open := func(no, accept string) {
		s.add(no, event.Apply, "2026-03-02 09:00", "", by("hall"))
		s.add(no, event.Accept, "2026-03-02 10:00", accept)
		s.add(no+"-part", event.Apply, "2026-03-03 09:00", `{"parent_case_no":"`+no+`"}`, by("hall"))
		s.add(no+"-part", event.Accept, "2026-03-03 10:00", `{"parent_case_no":"`+no+`","promise_days":60,"legal_days":60}`)
	}
	const project, plain = `{"project_type":"joint","stage_days":5}`, `{"stage_days":5,"promise_days":60,"legal_days":60}`
	more := `{"days":3,"approver_level":"government_head","approver":"h","told_applicant":true}`
	for kind, accept := range map[string]string{"project": project, "plain": plain} {
		for _, what := range []string{"open", "more", "parent", "part", "early", "granted", "decided", "done", "won", "again", "dummy", "after",
			"two"} {
			open(kind+" "+what, accept)
		}
		s.add(kind+" more", event.Extend, "2026-03-11 09:00", more)
		s.add(kind+" granted", event.Extend, "2026-03-09 09:00", more)
		s.add(kind+" granted-part", event.Finish, "2026-03-12 09:00", `{"result_type":"approved"}`)
		// Decided itself in time while its part goes on: that it is given up afterwards changes nothing.
		s.add(kind+" decided", event.Decide, "2026-03-05 09:00", `{"result_type":"approved"}`)
		s.add(kind+" decided", event.Terminate, "2026-03-12 09:00", `{"actor":"dept"}`)
		// Done in time, and done it stays: whoever names it then is no part of it, accepted or not.
		s.add(kind+" done-part", event.Finish, "2026-03-06 09:00", `{"result_type":"approved"}`)
		for _, x := range []string{" done-late", " done-wish"} {
			s.add(kind+x, event.Apply, "2026-03-18 09:00", `{"parent_case_no":"`+kind+` done"}`, by("hall"))
		}
		s.add(kind+" done-late", event.Accept, "2026-03-18 10:00", `{"promise_days":60,"legal_days":60}`)
		// The part has its result, though its applicant gives up afterwards.
		s.add(kind+" won-part", event.Decide, "2026-03-06 09:00", `{"result_type":"approved"}`)
		s.add(kind+" won-part", event.Terminate, "2026-03-11 09:00", `{"actor":"applicant"}`)
		// Taken up again on the 18th: the eight working days between are no part of the stage, which has until the 19th.
		s.add(kind+" again-part", event.Finish, "2026-03-06 09:00", `{"result_type":"approved"}`)
		s.add(kind+" again-part", event.Reopen, "2026-03-18 09:00", `{"reason":"x","approver":"h"}`)
		s.add(kind+" again-part", event.Finish, "2026-03-19 09:00", `{"result_type":"approved"}`)
		// A part that is given up at once, accepted or not, ends no stage whose other part goes on; nor does one that is done before
		// the next one is named.
		for _, x := range []string{" dummy-1", " dummy-2"} {
			s.add(kind+x, event.Apply, "2026-03-02 10:30", `{"parent_case_no":"`+kind+` dummy"}`, by("hall"))
		}
		s.add(kind+" dummy-2", event.Accept, "2026-03-02 10:40", `{"promise_days":60,"legal_days":60}`)
		s.add(kind+" dummy-1", event.Withdraw, "2026-03-02 10:50", "")
		s.add(kind+" dummy-2", event.Withdraw, "2026-03-02 10:50", "")
		s.add(kind+" after-part", event.Finish, "2026-03-03 11:00", `{"result_type":"approved"}`)
		s.add(kind+" after-2", event.Apply, "2026-03-04 09:00", `{"parent_case_no":"`+kind+` after"}`, by("hall"))
		s.add(kind+" after-2", event.Accept, "2026-03-04 10:00", `{"promise_days":60,"legal_days":60}`)
		// A part that is named while another one is done again is one of that run: the rest before it is given back.
		s.add(kind+" two-part", event.Finish, "2026-03-06 09:00", `{"result_type":"approved"}`)
		s.add(kind+" two-part", event.Reopen, "2026-03-18 09:00", `{"reason":"x","approver":"h"}`)
		s.add(kind+" two-2", event.Apply, "2026-03-18 10:00", `{"parent_case_no":"`+kind+` two"}`, by("hall"))
		s.add(kind+" two-2", event.Accept, "2026-03-18 10:30", `{"promise_days":60,"legal_days":60}`)
		s.add(kind+" two-2", event.Finish, "2026-03-18 11:00", `{"result_type":"approved"}`)
		s.add(kind+" two-part", event.Finish, "2026-03-19 09:00", `{"result_type":"approved"}`)
		s.add(kind+" parent", event.Withdraw, "2026-03-11 09:00", "")
		s.add(kind+" part-part", event.Withdraw, "2026-03-11 09:00", "")
		s.add(kind+" early", event.Withdraw, "2026-03-06 09:00", "")
		s.add(kind+" early-part", event.Withdraw, "2026-03-06 09:00", "")
	}
	enginetest.Insert(t, b.db, s.twice()...)
	enginetest.Fold(t, b.db)
	b.requireParts(march, map[string][2]float64{"D16": {10, 24}})
	require.Equal(t, []string{"plain again", "plain done", "plain granted", "plain two", "plain won", "project again", "project done",
		"project granted", "project two", "project won"}, b.listed(march("D16"), "numerator"))
	before := march("D16")
	before.AsOf = at("2026-03-10 12:00") // the same is late, whatever comes afterwards
	require.Equal(t, [2]float64{8, 22}, b.parts(before))
}

// A parent of 2 March whose own five working days ended on the 9th, with a part that was decided on the 20th within its sixty:
// the part answers for it (2.5), and does so when its applicant gives up what was decided.
func TestAPartThatHadItsResultAnswersForItsParent(t *testing.T) {
	b := newBench(t)
	s := &script{source: "jnt", org: "L", item: "J"}
	s.add("X", event.Apply, "2026-03-02 09:00", "", by("hall"))
	s.add("X", event.Accept, "2026-03-02 10:00", `{"promise_days":5,"legal_days":20}`)
	s.add("part", event.Apply, "2026-03-03 09:00", `{"parent_case_no":"X"}`, by("hall"))
	s.add("part", event.Accept, "2026-03-03 10:00", `{"promise_days":60,"legal_days":60}`)
	s.add("part", event.Decide, "2026-03-20 09:00", `{"result_type":"approved"}`)
	s.add("part", event.Terminate, "2026-03-25 09:00", `{"actor":"applicant"}`)
	enginetest.Insert(t, b.db, s.twice()...)
	enginetest.Fold(t, b.db)
	b.requireParts(march, map[string][2]float64{"D01": {0, 0}, "C05": {0, -1}, "D16": {1, 1}})
}

// Two cases that name each other, or three in a ring, are no joint case, from the start: each is counted and late by itself
// (2.5; C5). Five working days from Monday 2 March ended on the 9th.
func TestARingOfParentsIsCounted(t *testing.T) {
	b := newBench(t)
	s := &script{source: "jnt", org: "L", item: "J"}
	for no, parent := range map[string]string{"X": "Y", "Y": "X", "R1": "R2", "R2": "R3", "R3": "R1", "own": "own"} {
		s.add(no, event.Apply, "2026-03-02 09:00", `{"parent_case_no":"`+parent+`"}`, by("hall"))
		s.add(no, event.Accept, "2026-03-02 10:00", `{"parent_case_no":"`+parent+`","promise_days":5,"legal_days":20}`)
	}
	enginetest.Insert(t, b.db, s.twice()...)
	enginetest.Fold(t, b.db)
	b.requireParts(march, map[string][2]float64{"D01": {0, 6}, "C04": {6, -1}, "C05": {6, -1}, "D16": {0, 0}})
}

// What a parent did in time nobody makes late by naming it afterwards, with no part or with one that was given up; a plain case is no joint
// one after the limit of a stage; and a part that is given up while the extension runs ends nothing of a project that goes on.
func TestAStageThatWasDoneIsNobodyElses(t *testing.T) {
	b := newBench(t)
	s := &script{source: "jnt", org: "L", item: "J"}
	for _, no := range []string{"bare", "dead", "longer"} {
		s.add(no, event.Apply, "2026-03-02 09:00", "", by("hall"))
		s.add(no, event.Accept, "2026-03-02 10:00", `{"project_type":"joint","stage_days":5}`)
	}
	s.add("plain", event.Apply, "2026-03-02 09:00", "", by("hall"))
	s.add("plain", event.Accept, "2026-03-02 10:00", `{"stage_days":5,"promise_days":60,"legal_days":60}`)
	part := func(no, parent, day string) {
		s.add(no, event.Apply, "2026-03-"+day+" 09:00", `{"parent_case_no":"`+parent+`"}`, by("hall"))
		s.add(no, event.Accept, "2026-03-"+day+" 10:00", `{"promise_days":60,"legal_days":60}`)
	}
	part("dead-1", "dead", "03")
	s.add("dead-1", event.Withdraw, "2026-03-04 09:00", "")
	part("longer-1", "longer", "03")
	s.add("longer", event.Extend, "2026-03-09 09:00", `{"days":3,"approver_level":"government_head","approver":"h","told_applicant":true}`)
	s.add("longer-1", event.Withdraw, "2026-03-10 09:00", "")
	for _, no := range []string{"bare", "dead"} {
		s.add(no, event.Finish, "2026-03-06 09:00", `{"result_type":"approved"}`)
		part(no+"-late", no, "18")
	}
	part("plain-late", "plain", "16")
	enginetest.Insert(t, b.db, s.twice()...)
	enginetest.Fold(t, b.db)
	b.requireParts(march, map[string][2]float64{"D16": {2, 3}})
	require.Equal(t, []string{"longer"}, b.listed(march("D16"), "rest"))
}
