package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
	"duban/ingest/event"
	"duban/supervision/engine/enginetest"
)

// Of a card about a secret ticket its organisation is told what it has to do and until
// when, wherever the card stands: no way to the ticket, and no count of days, which would
// say when somebody complained (domain guide 8.3).
func TestACardOfASecretTicketIsNeutralWhereverItStands(t *testing.T) {
	h := sitetest.NewHouse(t)
	sitetest.Fill(t, h.DB)
	for no, payload := range map[string]string{"HELD-1": `{"secret":true}`, "PLAIN-1": `{}`} {
		enginetest.Insert(t, h.DB, event.Ticket{SourceSys: "12345", TicketNo: no, EventID: "e-" + no, Type: event.TReceive,
			OccurredAt: sitetest.Local(6, 1, 9), RegionCode: sitetest.County, OrgCode: sitetest.OrgCode, Channel: "phone", Kind: "complaint",
			Payload: payload})
		for _, state := range []string{"issued", "appealed"} {
			id := state + map[string]string{"HELD-1": "-held", "PLAIN-1": "-plain"}[no]
			sitetest.InsertRow(t, h.DB, "alerts", `alert_id, fold_version, seq, rule_id, rule_version, category, subject_kind, source_sys,
				subject_no, clock_no, org_code, region_code, state, severity, points, raised_at, severity_at, due_at, feedback_due,
				recorded_at, evidence`,
				id, uint64(1), uint32(2), "R-HOT-02", uint16(1), "hotline", "ticket", "12345", no, "T5/1", sitetest.OrgCode, sitetest.County,
				state, "yellow", 5.0, sitetest.Day(time.June, 1), sitetest.Day(time.June, 1), sitetest.OrNull(sitetest.EndOf(time.June, 3)),
				sitetest.OrNull(sitetest.EndOf(time.June, 18)), sitetest.Day(time.June, 1),
				map[string]string{"stopped_at": "", "limit_unit": "W"})
			for seq, event := range []string{"raised", "appeal"} {
				at := []string{"issued", state}[seq]
				if seq == 1 && state == "issued" {
					event = "note"
				}
				sitetest.InsertRow(t, h.DB, "alert_events",
					"alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at, actor, role, payload",
					id, uint32(seq+1), uint64(1), event, at, "yellow", sitetest.Day(time.June, 1+seq), sitetest.Day(time.June, 1+seq), "u-1",
					"dept_manager", `{"ground":"wrong_data","evidence":["log 7"]}`)
			}
		}
	}
	enginetest.Fold(t, h.DB)
	sitetest.PutPieces(t, h.DB, sitetest.Piece{Kind: "order", ID: "both", Org: sitetest.OrgCode, Region: sitetest.County, State: "issued",
		Level: "normal", Origin: "rule", Alerts: []string{"issued-held", "issued-plain"}, Due: sitetest.EndOf(time.June, 20)})

	h.Add("office", access.DeptManager)
	h.Add("watch", access.Supervisor)
	office, watch := h.Reader(), h.Reader()
	office.SignIn("office")
	watch.SignIn("watch")
	pages := []string{"/todo", "/alerts?group=all", "/appeals", "/alerts/issued-held", "/work/order/both"}
	for _, path := range pages {
		a := office.Get(path)
		require.Equal(t, http.StatusOK, a.Status, path)
		require.Contains(t, a.Body, "HELD-1", "%s: the number is what the organisation acts by", path)
		require.NotContains(t, a.Body, `href="/tickets/12345/HELD-1`, path)
		if path != "/todo" { // where nothing waits for who watches over an issued card
			require.Contains(t, watch.Get(path).Body, `href="/tickets/12345/HELD-1`, path)
		}
	}
	// A card like it, about an open ticket, has what the neutral one has not.
	todo := office.Get("/todo?lang=en&task=alert.ack").Body
	require.Contains(t, todo, `href="/tickets/12345/PLAIN-1`)
	require.Equal(t, 1, strings.Count(todo, "3 working days left"), "June 15, a Monday, until the 18th: of the open ticket")
	require.Equal(t, 2, strings.Count(todo, "2026-06-18"), "until when both have to be answered")
	card := office.Get("/alerts/issued-held?lang=en").Body
	require.Contains(t, card, "2026-06-18")
	for _, words := range []string{"working days late", "answer within"} {
		require.NotContains(t, card, words)
		require.Contains(t, office.Get("/alerts/issued-plain?lang=en").Body, words)
		require.Contains(t, watch.Get("/alerts/issued-held?lang=en").Body, words)
	}
	late := slices.DeleteFunc(office.Columns("/alerts?group=all&format=csv&lang=en", "subject_no", "overdue_by"), func(row string) bool {
		return !strings.HasPrefix(row, "HELD-1") && !strings.HasPrefix(row, "PLAIN-1")
	})
	require.ElementsMatch(t, []string{"HELD-1 ", "HELD-1 ", "PLAIN-1 8 working days late", "PLAIN-1 8 working days late"}, late)
}
