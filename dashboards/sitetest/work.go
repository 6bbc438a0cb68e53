package sitetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/ingest/event"
	"duban/internal/store"
	"duban/queries"
	"duban/supervision/engine/enginetest"
	"duban/supervision/workflow"
)

// Card is an alert as the engine left it.
type Card struct {
	ID, Org, Region, State, Severity, Category, assignee string
	Due                                                  time.Time // of the answer
	// events are its history: name and instant; the last gives the state.
	Events []Happening
}

// Happening is one event of a history.
type Happening struct {
	Name    string
	At      time.Time
	Payload string
}

// Day is nine in the morning of a day of 2026.
func Day(month time.Month, d int) time.Time { return time.UnixMilli(Local(month, d, 9)) }

// EndOf is the last instant of a day of 2026.
func EndOf(month time.Month, d int) time.Time {
	return time.UnixMilli(Local(month, d, 0)).AddDate(0, 0, 1).Add(-time.Millisecond)
}

// OrNull is nil for no time.
func OrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// InsertRow puts one row into a table.
func InsertRow(t *testing.T, db *store.DB, table, columns string, values ...any) {
	t.Helper()
	batch, err := db.Conn().PrepareBatch(t.Context(), "INSERT INTO "+table+" ("+columns+")")
	require.NoError(t, err)
	require.NoError(t, batch.Append(values...))
	require.NoError(t, batch.Send())
}

// PutCards stores alerts as the engine does.
func PutCards(t *testing.T, db *store.DB, cards ...Card) {
	t.Helper()
	for _, c := range cards {
		if c.Category == "" {
			c.Category = "timeliness"
		}
		if len(c.Events) == 0 {
			c.Events = []Happening{{"raised", Day(time.June, 1), ""}}
		}
		seq := uint32(len(c.Events))
		InsertRow(t, db, "alerts", `alert_id, fold_version, seq, rule_id, rule_version, category, subject_kind, source_sys, subject_no,
			org_code, region_code,
			state, severity, points, raised_at, severity_at, feedback_due, recorded_at, assignee`,
			c.ID, uint64(1), seq, "R-DDL-04", uint16(1), c.Category, "case", "hall", "CASE-"+c.ID, c.Org, c.Region, c.State, c.Severity, 10.0,
			Day(time.June, 1), Day(time.June, 1), OrNull(c.Due), Day(time.June, 1), c.assignee)
		for i, e := range c.Events {
			InsertRow(t, db, "alert_events", "alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at, actor, role, payload",
				c.ID, uint32(i+1), uint64(1), e.Name, c.State, c.Severity, e.At, e.At, "u-1", "dept_manager", e.Payload)
		}
	}
}

// Piece is a work item as the engine left it.
type Piece struct {
	Kind, ID, Org, Region, State, Level, Origin, Data string
	Co, Alerts                                        []string
	Due, Final                                        time.Time
}

// PutPieces stores pieces of work as the engine does.
func PutPieces(t *testing.T, db *store.DB, pieces ...Piece) {
	t.Helper()
	for _, p := range pieces {
		if p.Co == nil {
			p.Co = []string{}
		}
		if p.Alerts == nil {
			p.Alerts = []string{"a1"}
		}
		InsertRow(t, db, "work_items", `kind, id, fold_version, seq, state, level, origin, org_code, co_orgs, region_code, subjects, alerts, `+
			`opened_at, due_at, final_due_at, data, updated_at`,
			p.Kind, p.ID, uint64(1), uint32(1), p.State, p.Level, p.Origin, p.Org, p.Co, p.Region, []string{"case/hall/OPEN"}, p.Alerts,
			Day(time.June, 1), OrNull(p.Due), OrNull(p.Final), p.Data, Day(time.June, 1))
		InsertRow(t, db, "work_events", "kind, id, seq, fold_version, event, state, effective_at, recorded_at, actor, role, payload",
			p.Kind, p.ID, uint32(1), uint64(1), "create", p.State, Day(time.June, 1), Day(time.June, 1), "u-1", "supervisor", p.Data)
	}
}

// FillWork gives the pages about people's work something to show; what people
// write is as hostile as what sources send.
func FillWork(t *testing.T, db *store.DB) {
	t.Helper()
	const title = `{"title":"</script><script>alert(1)</script> 督办","demand":"<img src=x onerror=alert(1)>","attachments":["督〔2026〕3号"]}`
	PutCards(t, db,
		Card{ID: "a1000000", Org: OrgCode, Region: County, State: "issued", Severity: "red", Due: EndOf(time.June, 17)},
		Card{ID: "a2000000", Org: OrgCode, Region: County, State: "appealed", Severity: "yellow",
			Events: []Happening{{"raised", Day(time.June, 1), ""}, {"appeal", Day(time.June, 8), `{"ground":"wrong_data","evidence":["<img ` +
				`src=x>"],"comment":"<script>alert(2)</script>"}`}}})
	PutPieces(t, db,
		Piece{Kind: "order", ID: "o1", Org: OrgCode, Region: County, State: "draft", Level: "normal", Origin: "rule", Data: title},
		Piece{Kind: "order", ID: "o2", Org: OrgCode, Region: County, State: "issued", Level: "leader", Origin: "leader", Data: title,
			Co: []string{OtherOrg}, Due: EndOf(time.June, 10), Final: EndOf(time.June, 16)},
		Piece{Kind: "order", ID: "o3", Org: OrgCode, Region: County, State: "closed", Level: "key", Origin: "hotline", Data: title,
			Final: EndOf(time.June, 5)},
		Piece{Kind: "rating", ID: "r1", Org: OrgCode, Region: County, State: "verifying", Data: `{"level":1,"channel":"web"}`,
			Due: EndOf(time.June, 2)},
		Piece{Kind: "exposure", ID: "x1", Org: OrgCode, Region: County, State: "published", Data: title, Due: EndOf(time.June, 22),
			Final: EndOf(time.June, 22)},
		Piece{Kind: "referral", ID: "f1", Org: OrgCode, Region: County, State: "referred",
			Data: `{"grounds":"three red cards","body":"the commission"}`})
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

// WorkHouse is a bureau with an office below it and one that comes below it next
// year, another organisation elsewhere, and work for all of them.
func WorkHouse(t *testing.T) *House {
	t.Helper()
	h := NewHouse(t)
	org := func(code, parent, region string, from int32) event.Organisation {
		return event.Organisation{SourceSys: "dir", EventID: "o-" + code, OrgCode: code, ParentCode: parent, Name: code,
			RegionCode: region, ValidFrom: from}
	}
	nextYear := int32(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	enginetest.Insert(t, h.DB, org("bureau", "", "610800", 1), org("office", "bureau", County, 1), org("later", "bureau", County, nextYear),
		org("other", "", "620102", 1))
	enginetest.Fold(t, h.DB)
	PutCards(t, h.DB,
		Card{ID: "sign", Org: "office", Region: County, State: "issued", Severity: "red", Due: EndOf(time.June, 17)},
		Card{ID: "assigned", Org: "office", Region: County, State: "issued", Severity: "yellow", Due: EndOf(time.June, 18), assignee: "u-99"},
		Card{ID: "answer", Org: "bureau", Region: "610800", State: "acked", Severity: "yellow", Due: EndOf(time.June, 12)},
		Card{ID: "appealed", Org: "office", Region: County, State: "appealed", Severity: "red",
			Events: []Happening{{"raised", Day(time.June, 1), ""}, {"appeal", Day(time.June, 8), `{"ground":"wrong_data","evidence":["log 7"]}`},
				{"note", Day(time.June, 9), ""}}},
		Card{ID: "answered", Org: "other", Region: "620102", State: "fed_back", Severity: "red"},
		Card{ID: "pending", Org: "other", Region: "620102", State: "pending", Severity: "yellow"},
		Card{ID: "hotline", Org: "other", Region: "620102", State: "issued", Severity: "yellow", Category: "hotline", Due: EndOf(time.June, 19)},
		Card{ID: "nextyear", Org: "later", Region: County, State: "issued", Severity: "red", Due: EndOf(time.June, 17)},
		Card{ID: "escalated", Org: "office", Region: County, State: "escalated", Severity: "red"},
		Card{ID: "ordered", Org: "office", Region: County, State: "escalated", Severity: "red"},
		Card{ID: "over", Org: "office", Region: County, State: "closed", Severity: "red"})
	PutPieces(t, h.DB,
		Piece{Kind: "order", ID: "draft", Org: "other", Region: "620102", State: "draft", Level: "normal", Origin: "rule"},
		Piece{Kind: "order", ID: "beside", Org: "other", Co: []string{"office"}, Region: County, State: "issued", Level: "key", Origin: "rule",
			Due: EndOf(time.June, 15), Final: EndOf(time.June, 22)},
		Piece{Kind: "order", ID: "longer", Org: "office", Region: County, State: "signed", Level: "normal", Origin: "hotline",
			Due: EndOf(time.June, 16), Final: EndOf(time.June, 16), Data: `{"extension_requested":3}`},
		Piece{Kind: "order", ID: "replied", Alerts: []string{"ordered"}, Org: "office", Region: County, State: "replied", Level: "leader",
			Origin: "leader", Due: EndOf(time.June, 10), Final: EndOf(time.June, 10)},
		Piece{Kind: "order", ID: "done", Org: "office", Region: County, State: "closed", Level: "normal", Origin: "rule"},
		Piece{Kind: "rating", ID: "bad", Org: "office", Region: County, State: "verifying", Due: EndOf(time.June, 11)},
		Piece{Kind: "rating", ID: "contested", Org: "office", Region: County, State: "invalid_claimed", Due: EndOf(time.June, 16)},
		Piece{Kind: "referral", ID: "register", Org: "office", Region: County, State: "referred"})
	return h
}
