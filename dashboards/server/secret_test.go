package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
	"duban/ingest/event"
	"duban/internal/store"
	"duban/supervision/engine/enginetest"
)

// putSecretCard is an alert about a ticket, with evidence that tells what it is about.
func putSecretCard(t *testing.T, db *store.DB, id, rule, kind, subject, clock string) {
	t.Helper()
	source := "12345"
	if kind != "ticket" {
		source = ""
	}
	sitetest.InsertRow(t, db, "alerts", `alert_id, fold_version, seq, rule_id, rule_version, category, subject_kind, source_sys, subject_no,
		clock_no, org_code, region_code,
			state, severity, points, raised_at, severity_at, feedback_due, recorded_at, evidence`,
		id, uint64(1), uint32(1), rule, uint16(1), "hotline", kind, source, subject, clock, sitetest.OrgCode, sitetest.County, "issued",
		"yellow", 5.0,
		sitetest.Day(time.June, 1), sitetest.Day(time.June, 1), sitetest.OrNull(sitetest.EndOf(time.June, 17)), sitetest.Day(time.June,
			1), map[string]string{"linkage": "EVIDENCE-" + id})
	sitetest.InsertRow(t, db, "alert_events", "alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at", id, uint32(1),
		uint64(1), "raised", "issued", "yellow", sitetest.Day(time.June, 1), sitetest.Day(time.June, 1))
}

// Who complains in confidence about an organisation is kept from it, and from everybody who
// does not watch over organisations: in every list, count, file and page (domain guide 8.3).
// The organisation is told in neutral words what it has to act on, the signing and the
// handling of the ticket, and nothing else.
func TestASecretTicketIsToldNowhere(t *testing.T) {
	h := sitetest.NewHouse(t)
	sitetest.Fill(t, h.DB)
	secret := func(no, payload string) event.Ticket {
		return event.Ticket{SourceSys: "12345", TicketNo: no, EventID: "e-" + no, Type: event.TReceive, OccurredAt: sitetest.Local(6, 1, 9),
			RegionCode: sitetest.County, OrgCode: sitetest.OrgCode,
			Channel: "phone", Kind: "complaint", Payload: payload}
	}
	// WHISTLE-1 is secret from its first fact on, the case and ACT-1 by a later one.
	hidden := sitetest.Fact("WHISTLE-CASE", 1, event.Apply, sitetest.Local(6, 1, 9), "")
	hiddenLater := sitetest.Fact("WHISTLE-CASE", 2, event.Material, sitetest.Local(6, 1, 11), `{"secret":true}`)
	noted := secret("ACT-1", `{"secret":true}`)
	noted.EventID, noted.Type, noted.OccurredAt = "note-ACT-1", event.TNote, sitetest.Local(6, 1, 11)
	// Open subjects that name secret ones: as what they repeat, as their case, as their parent, in a text.
	again, caseOf := secret("PLAIN-1", `{"repeat_of":"WHISTLE-1","note":"一再来电见WHISTLE-1（同一诉求）"}`), secret("PLAIN-2",
		`{"case_no":"WHISTLE-CASE"}`)
	part := sitetest.Fact("PART-1", 1, event.Apply, sitetest.Local(6, 1, 9), `{"parent_case_no":"WHISTLE-CASE"}`)
	enginetest.Insert(t, h.DB, secret("WHISTLE-1", `{"secret":true,"to_supervisor":true}`), secret("ACT-1", `{}`), noted, again, caseOf,
		part, hidden, hiddenLater)
	enginetest.Fold(t, h.DB)
	for id, c := range map[string][4]string{
		"supervisor-late": {"R-ORD-03", "ticket", "WHISTLE-1", "decide"}, "linked-call": {"R-HOT-07", "ticket", "WHISTLE-1",
			""}, "of-the-rating": {"R-SAT-02", "rating", "rated-in-secret", ""},
		"about-case": {"R-DDL-04", "case", "WHISTLE-CASE", "K3/1"}, "handling-due": {"R-HOT-02", "ticket", "ACT-1",
			"T5/1"}, "handled-badly": {"R-HOT-05", "ticket", "ACT-1", ""}, "plain-due": {"R-HOT-02", "ticket", "PLAIN-1", "T5/1"},
	} {
		source := c[1]
		putSecretCard(t, h.DB, id, c[0], source, c[2], c[3])
	}
	// The case's alert is about a source of cases.
	sitetest.InsertRow(t, h.DB, "alerts", `alert_id, fold_version, seq, rule_id, rule_version, category, subject_kind, source_sys, subject_no,
		clock_no, org_code, region_code,
			state, severity, points, raised_at, severity_at, recorded_at`,
		"about-case", uint64(2), uint32(1), "R-DDL-04", uint16(1), "timeliness", "case", "hall", "WHISTLE-CASE", "K3/1", sitetest.OrgCode,
		sitetest.County,
		"issued", "red", 10.0, sitetest.Day(time.June, 1), sitetest.Day(time.June, 1), sitetest.Day(time.June, 1))
	// An open subject's alert whose evidence numbers a secret one.
	sitetest.InsertRow(t, h.DB, "alerts", `alert_id, fold_version, seq, rule_id, rule_version, category, subject_kind, source_sys, subject_no,
			clock_no, org_code, region_code,
			state, severity, points, raised_at, severity_at, recorded_at, evidence`,
		"plain-due", uint64(2), uint32(1), "R-HOT-02", uint16(1), "hotline", "ticket", "12345", "PLAIN-1", "T5/1", sitetest.OrgCode,
		sitetest.County, "issued",
		"yellow", 5.0, sitetest.Day(time.June, 1), sitetest.Day(time.June, 1), sitetest.Day(time.June, 1),
		map[string]string{"tickets": "WHISTLE-1, OTHER-1"})
	// Messages that could not become facts: about a subject that says it is secret, about one that is, in escapes too.
	for i, raw := range []string{`{"ticket_no":"WHISTLE-9","payload":{"secret":true}}`, `{"ticket_no":"WHISTLE-1","x":`,
		`{"case_no":"\u0057HISTLE-CASE"}`, `{"ticket_no":"WHISTLE-8","payload":{"\u0073ecret":true}}`} {
		sitetest.InsertRow(t, h.DB, "ingest_rejects",
			"topic, partition, offset, reason, field, detail, source_sys, key, raw, received_at, stored_at",
			"hotline-tickets", uint32(0), uint64(100+i), "malformed_json", "/ticket_no", "of WHISTLE-1", "12345", "k", raw, sitetest.Now(),
			sitetest.Now())
	}
	// Who looked at them is on record.
	for i, target := range []string{"12345/WHISTLE-1", "/tickets/12345/WHISTLE%2D1", "hall/WHISTLE-CASE"} {
		sitetest.InsertRow(t, h.DB, "audit_log", "at, id, user_id, role, what, target_kind, target_id, outcome, request_id, remote",
			sitetest.Day(time.June, 1), fmt.Sprint("look-", i), "u-9", "supervisor", access.SubjectRead, "ticket", target, "done", "r", "n")
	}
	work := func(kind, id, state string, subjects, alerts []string) {
		sitetest.InsertRow(t, h.DB, "work_items",
			`kind, id, fold_version, seq, state, level, origin, org_code, co_orgs, region_code, subjects, alerts, opened_at, due_at, `+
				`final_due_at, data, updated_at`,
			kind, id, uint64(1), uint32(1), state, "normal", "rule", sitetest.OrgCode, []string{}, sitetest.County, subjects, alerts,
			sitetest.Day(time.June,
				1), sitetest.OrNull(sitetest.EndOf(6, 20)), sitetest.OrNull(sitetest.EndOf(6, 20)), `{}`, sitetest.Day(time.June, 1))
		sitetest.InsertRow(t, h.DB, "work_events", "kind, id, seq, fold_version, event, state, effective_at, recorded_at, actor, role, payload",
			kind, id, uint32(1), uint64(1), "create", state, sitetest.Day(time.June, 1), sitetest.Day(time.June, 1), "u-1", "supervisor", `{}`)
	}
	work("order", "order-of-both", "issued", []string{"ticket/12345/WHISTLE-1", "ticket/12345/PLAIN-1"}, []string{"linked-call",
		"plain-due"})
	work("rating", "rated-in-secret", "verifying", []string{"ticket/12345/WHISTLE-1"}, []string{})
	work("exposure", "exposed-secret", "candidate", []string{"ticket/12345/WHISTLE-1"}, []string{"supervisor-late"})
	work("referral", "referred-secret", "draft", []string{"ticket/12345/WHISTLE-1"}, []string{"supervisor-late"})

	watching := []string{"about-case", "handled-badly", "handling-due", "linked-call", "of-the-rating", "plain-due", "supervisor-late"}
	acting := []string{"handling-due", "of-the-rating", "plain-due"}
	others := []string{"plain-due"}
	params := []map[string]string{
		{"source": "12345", "*": "WHISTLE-1", "id": "supervisor-late", "kind": "exposure", "code": sitetest.OrgCode}, {"source": "12345",
			"*": "ACT-1", "id": "linked-call", "kind": "referral", "code": sitetest.County},
		{"source": "hall", "*": "WHISTLE-CASE", "id": "exposed-secret", "kind": "exposure"}, {"id": "handled-badly",
			"kind": "order"}, {"id": "handling-due", "kind": "rating"},
		{"id": "order-of-both", "kind": "order"}, {"source": "12345", "*": "PLAIN-1", "id": "plain-due"}, {"source": "12345",
			"*": "PLAIN-2"}, {"source": "hall", "*": "PART-1"},
		{"topic": "hotline-tickets", "partition": "0", "offset": "100"}, {"topic": "hotline-tickets", "partition": "0",
			"offset": "101"}, {"topic": "hotline-tickets", "partition": "0", "offset": "102"},
		{"topic": "hotline-tickets", "partition": "0", "offset": "103"}, {"id": "rated-in-secret", "kind": "rating"},
		{"id": "referred-secret", "kind": "referral"}, {"id": "about-case"}, {"id": "R-ORD-03"}, {"id": "F01"},
	}
	for role, want := range map[access.Role][]string{
		access.Supervisor: watching, access.Leader: watching, access.HotlineAdmin: watching,
		access.DeptManager: acting, access.WindowManager: acting, access.Handler: acting, access.Analyst: others, access.Sysadmin: others,
		access.Auditor: nil, access.Public: nil,
	} {
		h.Add("r-"+strings.ReplaceAll(string(role), "_", "-"), role)
		r := h.Reader()
		r.SignIn("r-" + strings.ReplaceAll(string(role), "_", "-"))
		if want != nil {
			var got []string
			for _, id := range r.Columns("/alerts?format=csv&group=all", "alert_id") {
				if id != "a1000000" && id != "a2000000" {
					got = append(got, id)
				}
			}
			require.ElementsMatch(t, want, got, string(role))
			late := map[bool]string{true: "R-ORD-03 1", false: "R-ORD-03 0"}[len(want) == len(watching)]
			require.Contains(t, r.Columns("/rules?format=csv&table=rules", "rule_id", "total"), late, string(role))
		}
		if len(want) == len(watching) {
			require.Equal(t, http.StatusOK, r.Get("/alerts/supervisor-late").Status)
			require.Contains(t, r.Get("/alerts/supervisor-late").Body, "EVIDENCE-supervisor-late")
			continue
		}
		see := func(path string, a sitetest.Answer) {
			body := strings.NewReplacer("target=12345%2FWHISTLE", "", "q=WHISTLE", "", "q=ACT", "").Replace(a.Body)
			for _, word := range []string{"WHISTLE", "EVIDENCE-handling", "EVIDENCE-handled", "EVIDENCE-linked", "EVIDENCE-superv",
				"supervisor-late", "linked-call", "about-case", "handled-badly", "exposed-secret", "referred-secret"} {
				if strings.Contains(path, word) && a.Status != http.StatusOK {
					continue // refused, and told so
				}
				if at := strings.Index(body, word); at >= 0 {
					t.Fatalf("%s %s: …%s…", role, path, body[max(0, at-200):min(len(body), at+60)])
				}
			}
		}
		seen := map[string]bool{}
		everyPage(h, func(route string) {
			if role == access.WindowManager || role == access.Handler || role == access.Auditor {
				return // as the manager, and as the public, who walk through all
			}
			for _, p := range params {
				if path := address(route, p); !seen[path] {
					seen[path] = true
					look(r, route, path, seen, see)
				}
			}
		})
		for _, path := range []string{"/alerts?q=WHISTLE-1&group=all&format=csv", "/work?kind=rating&q=WHISTLE-1&format=csv",
			"/orders?q=WHISTLE-1&format=csv", "/tickets?q=WHISTLE-1&format=csv", "/cases?q=WHISTLE-CASE&format=csv",
			"/cases?indicator=F01&format=csv", "/cases?indicator=A01&format=csv", "/tickets?indicator=F01&format=csv", "/audit", "/audit?format=csv",
			"/quality/rejects?format=csv", "/risk", "/tickets/12345/PLAIN-1?format=csv&table=facts",
			"/alerts?wall=1&group=all", "/orders?alert=linked-call&format=csv"} {
			see(path, r.Get(path))
		}
		if role == access.Sysadmin { // the others see the lines of their organisation
			require.Equal(t, 3, strings.Count(r.Get("/audit").Body, ">***<"), "that somebody looked stays on record")
			// the reader's own id, which the page holds, may begin as well
			require.NotRegexp(t, `\bu-9\b`, r.Get("/audit?target=12345%2FWHISTLE-1").Body, "whether it was that one is nothing to ask for")
		}
		for _, id := range []string{"supervisor-late", "linked-call", "about-case", "handled-badly"} {
			require.NotEqual(t, http.StatusOK, r.Get("/alerts/"+id).Status, "%s %s", role, id)
		}
		if role.OfOrganisation() {
			page := r.Get("/alerts/handling-due")
			require.Equal(t, http.StatusOK, page.Status, string(role))
			require.Contains(t, page.Body, "ACT-1", "the number is what the organisation acts by")
			require.NotContains(t, page.Body, `href="/tickets/12345/ACT-1`)
			require.Equal(t, http.StatusOK, r.Get("/work/order/order-of-both").Status)
			require.Contains(t, r.Get("/work/order/order-of-both").Body, "PLAIN-1")
		}
	}
}
