package workflow

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/supervision/calendar"
	"duban/supervision/lawzone"
)

// env counts by the State Council's calendar; organisation a-1 is below a.
func env(t require.TestingT) Env {
	cal, err := calendar.Default()
	require.NoError(t, err)
	return Env{Days: cal, Within: func(org, above string) bool { return org == above || org == "a-1" && above == "a" }}
}

// at reads a local time.
func at(text string) int64 {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, lawzone.Zone)
	if err != nil {
		panic(err)
	}
	return t.UnixMilli()
}

// endOf is the last millisecond of a local day.
func endOf(day string) int64 { return at(day+" 23:59") + 59_999 }

// monday is 2 March 2026, the first day of a month without holidays.
var monday = at("2026-03-02 10:00")

// everything is a payload with all that any action may need.
const everything = `{"severity":"red","comment":"c","ground":"wrong_data","evidence":["file-1"],"cause":"x","fix":"y","assignee":"u-2",
	"demand":"d","title":"t","org_code":"a","region_code":"610800","days":3,"reason":"r","answer":"done","summary":"s","score":4,
	"grounds":"g","legal_basis":"art. 42","masked_text":"A department was late","result":"talk","body":"the commission",
	"decided_on":"2026-03-20","alerts":["al-1"],"subjects":["case/s/1"],
	"scope":"source","code":"s","from":"2026-03-02T08:00:00+08:00","until":"2026-03-10T08:00:00+08:00"}`

// act is an action by somebody of organisation a.
func act(role Role, name string, seq uint32, content string) Action {
	return Action{ID: "e-" + name, Action: name, ExpectedSeq: seq, Actor: "u-1", Role: role, OrgCode: "a", At: monday, RecordedAt: monday,
		Reason: "late_data", Payload: content}
}

// in is an item of organisation a that stands in a state and whose clocks run.
func in(kind Kind, s State) Item {
	it := Item{
		Kind: kind, ID: "1", Seq: 7, State: s, OrgCode: "a", CoOrgs: []string{"b"}, Category: "hotline", Severity: Yellow, Appealable: true,
		Origin: "hotline", FeedbackDue: endOf("2026-03-09"), AppealUntil: endOf("2026-03-05"), FinalDueAt: endOf("2026-03-09"),
		OpenedAt: monday - 1000,
	}
	if kind == Outage {
		it.Data = map[string]json.RawMessage{"from_ms": json.RawMessage(strconv.FormatInt(at("2026-03-02 08:00"), 10))}
	}
	if s == Absent {
		it = Item{Kind: kind, ID: "1", Category: "hotline"}
	}
	if kind == Outage && it.Seq > 0 {
		it.Origin, it.Level = "source", OutageHold // which the system administrator may declare too
	}
	return it
}

func accept(t *testing.T, m *Machine, it Item, a Action) Item {
	t.Helper()
	out, _, r := m.Apply(it, a)
	require.Nil(t, r)
	return out
}

func refused(t *testing.T, m *Machine, it Item, a Action) *Refusal {
	t.Helper()
	out, _, r := m.Apply(it, a)
	require.NotNil(t, r)
	require.Equal(t, it, out, "a refusal changes nothing")
	return r
}
