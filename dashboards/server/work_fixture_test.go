package server_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/internal/store"
	"duban/queries"
	"duban/supervision/workflow"
)

// card is an alert as the engine left it.
type card struct {
	id, org, region, state, severity, category, assignee string
	due                                                  time.Time // of the answer
	// events are its history: name and instant; the last gives the state.
	events []happening
}

type happening struct {
	name    string
	at      time.Time
	payload string
}

func day(month time.Month, d int) time.Time { return time.UnixMilli(local(month, d, 9)) }

func endOf(month time.Month, d int) time.Time {
	return time.UnixMilli(local(month, d, 0)).AddDate(0, 0, 1).Add(-time.Millisecond)
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func insertRow(t *testing.T, db *store.DB, table, columns string, values ...any) {
	t.Helper()
	batch, err := db.Conn().PrepareBatch(t.Context(), "INSERT INTO "+table+" ("+columns+")")
	require.NoError(t, err)
	require.NoError(t, batch.Append(values...))
	require.NoError(t, batch.Send())
}

func putCards(t *testing.T, db *store.DB, cards ...card) {
	t.Helper()
	for _, c := range cards {
		if c.category == "" {
			c.category = "timeliness"
		}
		if len(c.events) == 0 {
			c.events = []happening{{"raised", day(time.June, 1), ""}}
		}
		seq := uint32(len(c.events))
		insertRow(t, db, "alerts", `alert_id, fold_version, seq, rule_id, rule_version, category, subject_kind, source_sys, subject_no,
			org_code, region_code,
			state, severity, points, raised_at, severity_at, feedback_due, recorded_at, assignee`,
			c.id, uint64(1), seq, "R-DDL-04", uint16(1), c.category, "case", "hall", "CASE-"+c.id, c.org, c.region, c.state, c.severity, 10.0,
			day(time.June, 1), day(time.June, 1), orNull(c.due), day(time.June, 1), c.assignee)
		for i, e := range c.events {
			insertRow(t, db, "alert_events", "alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at, actor, role, payload",
				c.id, uint32(i+1), uint64(1), e.name, c.state, c.severity, e.at, e.at, "u-1", "dept_manager", e.payload)
		}
	}
}

// piece is a work item as the engine left it.
type piece struct {
	kind, id, org, region, state, level, origin, data string
	co, alerts                                        []string
	due, final                                        time.Time
}

func putPieces(t *testing.T, db *store.DB, pieces ...piece) {
	t.Helper()
	for _, p := range pieces {
		if p.co == nil {
			p.co = []string{}
		}
		if p.alerts == nil {
			p.alerts = []string{"a1"}
		}
		insertRow(t, db, "work_items", `kind, id, fold_version, seq, state, level, origin, org_code, co_orgs, region_code, subjects, alerts, `+
			`opened_at, due_at, final_due_at, data, updated_at`,
			p.kind, p.id, uint64(1), uint32(1), p.state, p.level, p.origin, p.org, p.co, p.region, []string{"case/hall/OPEN"}, p.alerts,
			day(time.June, 1), orNull(p.due), orNull(p.final), p.data, day(time.June, 1))
		insertRow(t, db, "work_events", "kind, id, seq, fold_version, event, state, effective_at, recorded_at, actor, role, payload",
			p.kind, p.id, uint32(1), uint64(1), "create", p.state, day(time.June, 1), day(time.June, 1), "u-1", "supervisor", p.data)
	}
}

// fillWork gives the pages about people's work something to show; what people
// write is as hostile as what sources send.
func fillWork(t *testing.T, db *store.DB) {
	t.Helper()
	const title = `{"title":"</script><script>alert(1)</script> 督办","demand":"<img src=x onerror=alert(1)>","attachments":["督〔2026〕3号"]}`
	putCards(t, db,
		card{id: "a1000000", org: orgCode, region: county, state: "issued", severity: "red", due: endOf(time.June, 17)},
		card{id: "a2000000", org: orgCode, region: county, state: "appealed", severity: "yellow",
			events: []happening{{"raised", day(time.June, 1), ""}, {"appeal", day(time.June, 8), `{"ground":"wrong_data","evidence":["<img ` +
				`src=x>"],"comment":"<script>alert(2)</script>"}`}}})
	putPieces(t, db,
		piece{kind: "order", id: "o1", org: orgCode, region: county, state: "draft", level: "normal", origin: "rule", data: title},
		piece{kind: "order", id: "o2", org: orgCode, region: county, state: "issued", level: "leader", origin: "leader", data: title,
			co: []string{otherOrg}, due: endOf(time.June, 10), final: endOf(time.June, 16)},
		piece{kind: "order", id: "o3", org: orgCode, region: county, state: "closed", level: "key", origin: "hotline", data: title,
			final: endOf(time.June, 5)},
		piece{kind: "rating", id: "r1", org: orgCode, region: county, state: "verifying", data: `{"level":1,"channel":"web"}`,
			due: endOf(time.June, 2)},
		piece{kind: "exposure", id: "x1", org: orgCode, region: county, state: "published", data: title, due: endOf(time.June, 22),
			final: endOf(time.June, 22)},
		piece{kind: "referral", id: "f1", org: orgCode, region: county, state: "referred",
			data: `{"grounds":"three red cards","body":"the commission"}`})
}

// testDesk offers what the machines allow; nothing that is done here takes effect.
type testDesk struct {
	reg  *queries.Registry
	conn queries.Conn
}

func (testDesk) Person(ctx context.Context) (actions.Person, bool) {
	u, ok := access.FromContext(ctx)
	return actions.Person{ID: u.ID, Name: u.Display, Role: string(u.Role), Org: u.OrgCode}, ok
}

func (d testDesk) Allowed(ctx context.Context, p actions.Person, matters []actions.Subject) (map[actions.Subject][]string, error) {
	out := map[actions.Subject][]string{}
	for _, m := range matters {
		query := "work/items_of"
		if m.Kind == "alert" {
			query = "work/alerts_of"
		}
		res, err := d.reg.Run(ctx, d.conn, query, queries.Args{"ids": []string{m.ID}})
		if err != nil {
			return nil, err
		}
		machine := workflow.New(workflow.Kind(m.Kind), workflow.Env{Within: func(org, above string) bool { return org == above }})
		for _, x := range res.Maps() {
			it := workflow.Item{Seq: m.Seq, State: workflow.State(x["state"].(string)), OrgCode: x["org_code"].(string)}
			out[m] = machine.Allowed(it, workflow.Role(p.Role), p.Org)
		}
	}
	return out, nil
}

func (testDesk) Act(_ context.Context, _ actions.Person, deeds []actions.Command) ([]actions.Result, error) {
	out := make([]actions.Result, len(deeds))
	for i, d := range deeds {
		out[i] = actions.Result{Command: d, Outcome: "invalid", Key: "refusal.missing", Details: map[string]string{"field": "demand"}}
	}
	return out, nil
}
