package lifecycle_test

import (
	"fmt"
	"testing"

	"duban/ingest/event"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/items"
)

// benchCases makes n cases of five facts like those of a licensing hall.
func benchCases(n int) [][]event.Case {
	out := make([][]event.Case, n)
	for i := range out {
		shift := int64(i%200) * 86_400_000
		facts := caseFacts(
			fact{"10-15 09", "apply", `{"applicant_name":"tok:ABCDEF","project_type":"promised"}`},
			fact{"10-16 10", "accept", `{"doc_no":"A-1","legal_days":20,"legal_unit":"W","promise_days":7,"promise_unit":"W"}`},
			fact{"10-17 10", "step_start", `{"step_code":"review","limit_days":3}`},
			fact{"10-19 10", "step_end", `{"step_code":"review","opinion":true}`},
			fact{"10-22 10", "finish", `{"result_type":"approved","cert_token":"tok:XYZ"}`})
		for k := range facts {
			f := &facts[k]
			f.CaseNo, f.EventID = fmt.Sprintf("c%07d", i), fmt.Sprintf("c%07d-%d", i, k)
			f.OccurredAt += shift
			f.OrgCode, f.RegionCode, f.TaskCode, f.ApplyChannel = "11610000016000000X", "610000", "t", "web"
			f.Content = uint64(i*5 + k + 1)
		}
		out[i] = facts
	}
	return out
}

func BenchmarkFoldCase(b *testing.B) {
	cases := benchCases(1000)
	f := lifecycle.NewFolder(items.New([]event.Item{{EventID: "1", TaskCode: "t", TaskVersion: "1", LegalDays: intp(20)}}),
		cal(b), policyOfTests())
	var s lifecycle.CaseState
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		f.Case(cases[i%len(cases)], &s)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cases/s")
}

// BenchmarkFoldCorrectedCase is the slow way: a void makes the past differ.
func BenchmarkFoldCorrectedCase(b *testing.B) {
	facts := caseFacts(accepted(limits, fact{"10-22 10", "finish", ""}, fact{"10-23 10", "void", `{"target_event_id":"e03"}`},
		fact{"10-24 10", "finish", ""})...)
	f := lifecycle.NewFolder(nil, cal(b), policyOfTests())
	var s lifecycle.CaseState
	b.ReportAllocs()
	for range b.N {
		f.Case(facts, &s)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cases/s")
}
