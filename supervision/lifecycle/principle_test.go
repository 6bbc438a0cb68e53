package lifecycle_test

import (
	"fmt"
	"slices"
	"testing"

	"duban/ingest/event"
	"duban/supervision/lifecycle"

	"pgregory.net/rapid"
)

// later draws facts that happen after an instant: of every type but corrections, and with
// every payload key that the fold reads. Not among them are the ways that may take a
// verdict back (docs/supervision.md, section 10): void and amend, test and secret cases
// and the regime of the limits.
func later(t *rapid.T, after int64) []event.Case {
	types := slices.DeleteFunc(event.CaseTypes(), func(x event.CaseType) bool { return x == event.Void || x == event.Amend })
	var out []event.Case
	for i := range rapid.IntRange(1, 6).Draw(t, "more") {
		e := event.Case{
			SourceSys: "s", CaseNo: "c", EventID: fmt.Sprintf("x%d", i), Type: rapid.SampledFrom(types).Draw(t, "type"),
			OccurredAt:   after + 1 + rapid.Int64Range(0, 4*60).Draw(t, "after")*6*3_600_000,
			TaskCode:     rapid.SampledFrom([]string{"", "t", "fee"}).Draw(t, "task"),
			TaskVersion:  rapid.SampledFrom([]string{"", "1", "7"}).Draw(t, "version"),
			OrgCode:      rapid.SampledFrom([]string{"", "o9"}).Draw(t, "org"),
			ApplyChannel: rapid.SampledFrom([]string{"", "web"}).Draw(t, "channel"),
			Origin:       event.Origin{ReceivedAt: 1_800_000_000_000 + int64(i), Offset: 1000 + int64(i)},
		}
		e.Payload = rapid.SampledFrom([]string{
			"", `{"promise_days":90,"promise_unit":"C","legal_days":365,"legal_unit":"C"}`,
			`{"promise_days":24,"promise_unit":"M","legal_days":36,"legal_unit":"M"}`,
			`{"suspend_type":"hearing","approved_days":60}`, `{"suspend_type":"hearing"}`, `{"suspend_type":"testing","approved_days":36525}`,
			`{"days":30,"approver_level":"agency_head"}`, `{"days":100,"approver_level":"government_head"}`, `{"actor":"applicant"}`,
			`{"actor":"dept","returned":true}`,
			`{"result_type":"approved","e_cert":true}`, `{"result_type":"denied"}`, `{"method":"electronic","cert_token":"x"}`,
			`{"to_org":"o8"}`, `{"level":"lower"}`,
			`{"step_code":"a","limit_days":90}`, `{"step_code":"b"}`, `{"step_code":"b","limit_days":3}`, `{"hearing_request":true}`,
			`{"hearing_held":true}`,
			`{"source_due_at":"2019-12-01T00:00:00Z","source_on_time":"yes"}`,
			`{"project_type":"joint","project_code":"p"}`, `{"parent_case_no":"p"}`, `{"parent_case_no":"c"}`, `{"item_type":"confirm"}`,
			`{"item_type":"license"}`, `{"attributes":{"a":"1"}}`,
		}).Draw(t, "payload")
		out = append(out, e)
	}
	return out
}

// A verdict that stood at the end of a due is not withdrawn by what happens after it: K3
// and K4 stay missed by the same due, the case stays in the figures as late at every later
// instant, and so does every other clock that had run out.
func TestNoLaterFactWithdrawsAVerdict(t *testing.T) {
	f := folder(t)
	lives, late := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		facts := randomCase(t)
		var before, after lifecycle.CaseState
		f.Case(facts, &before)
		lives++
		// The dues that had passed, and when the first of all facts can follow.
		var dues []int64
		for _, k := range before.Clocks {
			if k.DueAt != 0 && (k.StopAt == 0 || k.StopAt > k.DueAt) {
				dues = append(dues, k.DueAt)
			}
		}
		if len(dues) == 0 {
			return
		}
		late++
		due := rapid.SampledFrom(dues).Draw(t, "due")
		for _, e := range facts {
			due = max(due, e.OccurredAt) // what a correction among them did is done
		}
		f.Case(append(slices.Clone(facts), later(t, due)...), &after)

		then, _ := lifecycle.AsOf(before.History, due+1)
		if again, ok := lifecycle.AsOf(after.History, due); ok {
			if was, _ := lifecycle.AsOf(before.History, due); again != was {
				t.Fatalf("the past is another one: at %s\n%s\nnow\n%s", show(due), line(was), line(again))
			}
		}
		promised := overdueAt(then, then.PromiseDue, then.PauseUntil, due+1)
		lawful := overdueAt(then, then.LegalDue, then.LegalPauseUntil, due+1)
		for _, s := range after.History {
			if s.At <= due {
				continue
			}
			if promised && (s.Excluded != "" || s.PromiseDue != then.PromiseDue || s.StopAt != 0 && s.StopAt <= s.PromiseDue || s.PauseUntil != 0) {
				t.Fatalf("the promise was broken at %s:\n%s\nbut later at %s:\n%s", show(due+1), line(then), show(s.At), line(s))
			}
			if lawful && (s.LegalDue != then.LegalDue || s.StopAt != 0 && s.StopAt <= s.LegalDue || s.LegalPauseUntil != 0) {
				t.Fatalf("the law was broken at %s:\n%s\nbut later at %s:\n%s", show(due+1), line(then), show(s.At), line(s))
			}
		}
		for _, k := range before.Clocks {
			if k.DueAt == 0 || k.DueAt > due || k.StopAt != 0 && k.StopAt <= k.DueAt || k.Clock == "K8" { // K8 is the applicant's time
				continue
			}
			if (k.Clock == "K3" && !promised || k.Clock == "K4" && !lawful) || k.Outcome == lifecycle.Cancelled {
				continue
			}
			// What had not begun is in no figure, and its clocks go when it begins.
			if !slices.ContainsFunc(before.FactEntries, func(f lifecycle.FactEntry) bool { return f.Type == "apply" || f.Type == "accept" }) {
				continue
			}
			// A step that runs in a pause, or when the case itself has stopped, is not late yet,
			// and nobody asks when the case itself is over its promise (R-DDL-08).
			if s, _ := lifecycle.AsOf(before.History, k.DueAt+1); k.Clock == "K6" && (s.PauseUntil != 0 || s.LegalPauseUntil != 0 || s.StopAt != 0 ||
				overdueAt(s, s.PromiseDue, s.PauseUntil, k.DueAt+1)) {
				continue
			}
			at := slices.IndexFunc(after.Clocks, func(x lifecycle.Clock) bool { return x.Clock == k.Clock && x.No == k.No })
			if at < 0 || after.Clocks[at].DueAt != k.DueAt || after.Clocks[at].StopAt != 0 && after.Clocks[at].StopAt <= k.DueAt ||
				after.Clocks[at].Outcome != lifecycle.Missed && after.Clocks[at].Outcome != lifecycle.Running {
				t.Fatalf("%+v had run out by %s, then:\n%s", k, show(due), clockLines(after.Clocks, k.Clock))
			}
		}
	})
	t.Logf("%d lives, %d with a due that had passed", lives, late)
	if late*3 < lives {
		t.Errorf("only %d of %d lives broke a due", late, lives)
	}
}

// overdueAt reports whether what holds at an instant is overdue by a due (C1).
func overdueAt(s lifecycle.Snapshot, due, pause, at int64) bool {
	switch {
	case due == 0 || s.Excluded != "":
		return false
	case s.StopAt != 0:
		return s.StopAt > due
	}
	return at > due && pause < at && s.State != lifecycle.Decided
}
