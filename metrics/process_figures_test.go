package metrics_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/metrics"
	"duban/supervision/engine/enginetest"
)

// script writes the facts of cases of one source, all of which came an hour after they occurred.
type script struct {
	source, org, item string
	facts             []event.Case
}

type fields func(*event.Case)

func (s *script) add(no string, typ event.CaseType, when, payload string, more ...fields) {
	f := event.Case{SourceSys: s.source, CaseNo: no, EventID: fmt.Sprintf("%s-%s-%d", s.source, no, len(s.facts)), Type: typ,
		OccurredAt: at(when).UnixMilli(), OrgCode: s.org, RegionCode: "610802", TaskCode: s.item, Payload: payload}
	f.Origin.ReceivedAt = f.OccurredAt + time.Hour.Milliseconds()
	for _, m := range more {
		m(&f)
	}
	s.facts = append(s.facts, f)
}

// twice are the facts, and those of a twin of every case that is a test: figures know none
// of the twins (C4).
func (s *script) twice() []any {
	out := make([]any, 0, 2*len(s.facts))
	for _, f := range s.facts {
		out = append(out, f)
		f.CaseNo, f.EventID = "test-"+f.CaseNo, "test-"+f.EventID
		if f.Type == event.Apply || f.Type == event.Accept {
			f.Payload = `{"is_test":true}`
		}
		out = append(out, f)
	}
	return out
}

func by(channel string) fields { return func(f *event.Case) { f.ApplyChannel = channel } }
func staff(id string) fields   { return func(f *event.Case) { f.StaffID = id } }

// Volume, process, time and data of cases as the guide counts them (5.3, 5.4, 5.5, 5.8),
// worked out by hand from ten cases of March.
func TestFiguresOfCases(t *testing.T) {
	b := newBench(t)
	s := b.tenCases()
	enginetest.Fold(t, b.db)
	march := func(id string, by ...string) metrics.Request {
		req := march(id, by...)
		req.Source = "gov"
		return req
	}
	told := float64(len(s.facts) - 3) // without those of February
	b.requireParts(march, map[string][2]float64{
		"C01": {9, -1}, "C02": {8, -1}, "C03": {4, -1},
		"C09": {2, 4},         // full, auto of full, corrected, auto, ended
		"C11": {0 + 1 + 2, 4}, // an application in the hall is one visit at least
		"C12": {1, 9}, "C12b": {1, 3}, "C13": {2, 9}, "C13b": {1, 9}, "C14": {1, 8}, "C14b": {1, 8}, "C15": {1, 8}, "C15b": {1, 8},
		"C18": {1, -1}, "C18b": {1, -1}, "C18c": {1, -1}, "C19": {1, 4}, "C20": {4, 2},
		"B07": {1, 2}, "B08": {1, 4}, "B09": {2, 3}, "B10": {told - 1, told}, "B11": {3, 4}, "B12": {1, 2*told + 1},
		// full 4 of 20 working days, slow 14, paused 10 less the 2 that were approved, auto none
		"D06": {80 - 4 - 14 - 8, 80},
		"D09": {11, 12}, "D10": {3, 4}, "D11": {1, 2}, "D12": {1, 2}, "D15": {1, 1}, "G07": {1, 2}, "G08": {1, 2}, "G10": {1, 2},
	})
	require.Equal(t, map[string][2]float64{"review": {0, 1}, "sign": {1, 1}}, b.grouped(march("D12", "step")))
	require.Equal(t, []string{"slow"}, b.listed(march("D09"), "rest"))
	require.Equal(t, []string{"ended"}, b.listed(march("D10"), "rest"))
	require.Equal(t, []string{"corrected"}, b.listed(march("G07"), "rest"))
	// A clock that is still running is neither kept nor missed.
	early := march("D11")
	early.AsOf = at("2026-03-30 12:00")
	require.Equal(t, [2]float64{1, 1}, b.parts(early))
}

// tenCases stores the cases, with what they need of the catalogue and the directory.
// A step of three working days from 2 March, never closed: of a case that was finished on the next day it is no more asked for;
// of one that was finished on the 9th it was over on the 5th.
func TestAStepThatWasNeverClosedEndsWithTheCase(t *testing.T) {
	b := newBench(t)
	s := &script{source: "gov", org: "A", item: "T1"}
	for no, finished := range map[string]string{"soon": "2026-03-03 11:00", "late": "2026-03-09 11:00"} {
		s.add(no, event.Apply, "2026-03-02 09:00", "", by("hall"))
		s.add(no, event.Accept, "2026-03-02 10:00", `{"promise_days":60,"legal_days":90}`)
		s.add(no, event.StepStart, "2026-03-02 11:00", `{"step_code":"`+no+`","limit_days":3}`)
		s.add(no, event.Finish, finished, `{"result_type":"approved"}`)
	}
	for _, f := range s.facts {
		enginetest.Insert(t, b.db, f)
	}
	enginetest.Fold(t, b.db)
	require.Equal(t, map[string][2]float64{"late": {1, 1}}, b.grouped(march("D12", "step")))
}

func (b *bench) tenCases() *script {
	b.t.Helper()
	enginetest.Insert(b.t, b.db, event.Item{SourceSys: "cat", TaskCode: "F1", TaskVersion: "1", EventID: "F1", Name: "with a fee",
		ValidFrom: 20000, Payload: `{"is_fee":true,"fees":{"X":100}}`})
	place := func(code, region string, level int) map[string]any {
		return map[string]any{"source_sys": "d", "org_code": code, "event_id": code, "name": code, "region_code": region,
			"gov_level": level, "org_line": "health", "valid_from": "2026-01-01"}
	}
	b.insert("organisations", place("A", "610802", 3), place("B", "610803", 4), place("C", "610800", 2))
	s := &script{source: "gov", org: "A", item: "T1"}
	s.add("first", event.Apply, "2026-02-02 09:00", "", by("hall")) // since then the source tells us
	s.add("first", event.Accept, "2026-02-02 10:00", "")
	s.add("first", event.Withdraw, "2026-02-03 10:00", "")

	s.add("full", event.Apply, "2026-03-02 09:00", "", by("web"), staff("s1"))
	s.add("full", event.Material, "2026-03-02 09:30", `{"source":"elicense"}`)
	s.add("full", event.Material, "2026-03-02 09:40", `{"source":"upload","available_shared":true}`)
	s.add("full", event.Accept, "2026-03-03 10:00", `{"promise_days":10,"legal_days":20}`, staff("s1"))
	s.add("full", event.StepStart, "2026-03-03 11:00", `{"step_code":"review","limit_days":2}`)
	s.add("full", event.StepEnd, "2026-03-04 11:00", `{"step_code":"review"}`)
	s.add("full", event.StepStart, "2026-03-05 09:00", `{"step_code":"draft"}`)
	s.add("full", event.StepEnd, "2026-03-05 10:00", `{"step_code":"draft"}`)
	s.add("full", event.Decide, "2026-03-09 10:00", `{"result_type":"approved"}`)
	s.add("full", event.Finish, "2026-03-09 11:00", "")
	s.add("full", event.Deliver, "2026-03-11 10:00", `{"method":"electronic"}`)

	// Nobody answers for five working days: accepted by law on the day of receipt.
	s.add("slow", event.Apply, "2026-03-02 09:00", "", by("hall"))
	s.add("slow", event.Material, "2026-03-02 09:30", `{"source":"paper"}`)
	s.add("slow", event.Accept, "2026-03-16 10:00", "")
	s.add("slow", event.Decide, "2026-03-20 10:00", `{"result_type":"denied","reason":"no"}`,
		func(f *event.Case) { f.Origin.ReceivedAt = f.OccurredAt + 30*time.Hour.Milliseconds() })

	s.add("corrected", event.Apply, "2026-03-02 09:00", "", by("web"))
	s.add("corrected", event.CorrectionNotice, "2026-03-03 09:00", "")
	s.add("corrected", event.CorrectionSubmit, "2026-03-04 09:00", "")
	s.add("corrected", event.CorrectionNotice, "2026-03-05 09:00", "")
	s.add("corrected", event.CorrectionSubmit, "2026-03-06 09:00", "")
	s.add("corrected", event.Accept, "2026-03-09 09:00", "")
	s.add("corrected", event.Withdraw, "2026-03-10 09:00", "")

	s.add("refused", event.Apply, "2026-03-02 09:00", "", by("hall"))
	s.add("refused", event.NotAccept, "2026-03-04 09:00",
		`{"reason":"not ours","denial_filing":"F-1","filed_at":"2026-03-05T09:00:00+08:00"}`)

	s.add("paused", event.Apply, "2026-03-02 09:00", "", by("hall"), staff("s2"))
	s.add("paused", event.Material, "2026-03-02 09:30", `{"source":"upload","available_shared":true}`)
	s.add("paused", event.Accept, "2026-03-02 12:00", `{"promise_days":15,"legal_days":20}`)
	s.add("paused", event.SuspendStart, "2026-03-03 09:00", `{"suspend_type":"inspection","approved_days":2}`)
	s.add("paused", event.SuspendEnd, "2026-03-10 09:00", "")
	s.add("paused", event.Extend, "2026-03-11 09:00", `{"days":5,"approver":"head"}`)
	s.add("paused", event.StepStart, "2026-03-11 10:00", `{"step_code":"sign","limit_days":1}`)
	s.add("paused", event.Visit, "2026-03-12 09:00", "")
	s.add("paused", event.Visit, "2026-03-13 09:00", "")
	s.add("paused", event.StepEnd, "2026-03-13 10:00", `{"step_code":"sign"}`)
	s.add("paused", event.Decide, "2026-03-16 10:00", `{"result_type":"approved"}`)
	s.add("paused", event.Finish, "2026-03-16 11:00", "")

	s.add("auto", event.Apply, "2026-03-05 09:00", "", by("auto"))
	s.add("auto", event.Accept, "2026-03-05 09:01", "")
	s.add("auto", event.Decide, "2026-03-05 09:02", "") // does not say its result

	s.add("ended", event.Apply, "2026-03-02 09:00", "", by("web"))
	s.add("ended", event.Accept, "2026-03-06 09:00", "") // two working days for the pre-review ended on 4 March
	s.add("ended", event.Terminate, "2026-03-09 09:00", `{"actor":"applicant"}`)

	s.add("cross", event.Apply, "2026-03-04 09:00", "", by("hall"), func(f *event.Case) { f.AcceptOrg = "B" })
	s.add("cross", event.Accept, "2026-03-04 10:00", `{"promise_days":60,"legal_days":60}`, func(f *event.Case) { f.AcceptOrg = "B" })
	s.add("cross", event.Transfer, "2026-03-05 10:00", `{"to_org":"C"}`)

	s.item = "F1"
	s.add("fees", event.Apply, "2026-03-02 09:00", "", by("hall"))
	s.add("fees", event.CorrectionNotice, "2026-03-03 09:00", "")
	s.add("fees", event.CorrectionSubmit, "2026-03-04 09:00", "")
	s.add("fees", event.Accept, "2026-03-04 12:00", `{"promise_days":60,"legal_days":60}`)
	s.add("fees", event.FeeNotice, "2026-03-05 09:00", `{"fee_code":"X","amount":100}`)
	s.add("fees", event.FeeNotice, "2026-03-06 09:00", `{"fee_code":"X","amount":90}`)
	enginetest.Insert(b.t, b.db, s.twice()...)
	b.insert("deliveries", map[string]any{"topic": "case-events", "partition": 9, "offset": 1, "outcome": "rejected", "source_sys": "gov",
		"received_at": stored("2026-03-05 09:00")})
	return s
}

// Joint projects (5.4, C16 and C17; 5.5, D16): two sub-cases of six and nine days in ten, and
// one of nine in ten against a promise of five working days.
func TestFiguresOfJointProjects(t *testing.T) {
	b := newBench(t)
	b.jointProjects()
	enginetest.Fold(t, b.db)
	b.requireParts(march, map[string][2]float64{"C16": {1, 2}, "C17": {6 + 9 + 9, 20}, "C17b": {8 + 8, 2}, "D16": {1, 2}, "C01": {3, -1}})
	require.Equal(t, []string{"P2"}, b.listed(march("D16"), "rest"))
	late := march("D16")
	late.AsOf = at("2026-03-10 12:00") // both are open, and P2 is past its five days
	require.Equal(t, [2]float64{0, 1}, b.parts(late))
}

func (b *bench) jointProjects() {
	b.t.Helper()
	s := &script{source: "jnt", org: "L", item: "J"}
	s.add("P", event.Apply, "2026-03-02 09:00", "", by("hall"))
	s.add("P", event.Accept, "2026-03-02 10:00", `{"project_type":"joint"}`)
	s.add("P2", event.Apply, "2026-03-02 09:00", "", by("hall"))
	s.add("P2", event.Accept, "2026-03-02 10:00", `{"project_type":"joint","stage_days":5}`)
	for no, end := range map[string]string{"S1": "2026-03-09 10:00", "S2": "2026-03-12 10:00", "S3": "2026-03-12 10:00"} {
		parent := "P"
		if no == "S3" {
			parent = "P2"
		}
		s.add(no, event.Apply, "2026-03-03 09:00", `{"parent_case_no":"`+parent+`"}`, by("hall"))
		s.add(no, event.Accept, "2026-03-03 10:00", `{"parent_case_no":"`+parent+`"}`)
		s.add(no, event.Finish, end, `{"result_type":"approved"}`)
	}
	enginetest.Insert(b.t, b.db, s.twice()...)
}
