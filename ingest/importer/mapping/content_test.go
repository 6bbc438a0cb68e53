package mapping

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
)

const whole = `version: 1
source: hall
topic: case-events
input: {format: csv, delimiter: tab, encoding: GB18030, header: [case, when, until, kind, who, fee]}
aliases: {when: [time, 时间]}
optional: [until]
leave_out: phone
rest: keep
missing: ["-", 无]
time: {formats: [iso8601, date], zone: Asia/Shanghai, day: end, ambiguous: later, nonexistent: offset_after}
subject: {columns: [case, kind], join: "-"}
seq: {column: fee}
event_id: {columns: [case, when]}
codes:
  kinds: {values: {受理: accept, 办结: finish}, default: {const: accept}}
  offices: {values: {一: org-1}, default: keep}
skip:
  - {when: {kind: empty}, reason: no kind}
  - when: [{kind: {is: 测试}}, {who: {matches: "^t"}, fee: present}]
    reason: a trial
fields: {org_code: {column: who, codes: offices, required: true}}
payload: {days: fee, hall: {const: east}}
attributes: {pay: {column: fee, as: text}}
events:
  - name: begin
    type: {column: kind, codes: kinds}
    at: when
    payload: {hall: null}
  - choose:
      - {name: slow, when: {until: present}, type: finish, at: {column: until, time: {format: rfc3339}}, after: begin}
      - {name: quick, type: finish, at: when, not_after: [slow], fields: {staff_id: {column: who, token: true}}}
  - {name: once, per: case, type: apply, at: when}
`

// Each key of a mapping becomes what docs/mapping.md says of it.
func TestAMappingIsReadWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hall.v1.yaml")
	require.NoError(t, os.WriteFile(path, []byte(whole), 0o600))
	m, err := Load(path)
	require.NoError(t, err)
	require.Equal(t, path, m.Name)
	require.Equal(t, "hall", m.Source)
	require.Equal(t, event.TopicCases, m.Topic)
	require.Equal(t, Input{Format: "csv", Delimiter: '\t', Encoding: "gb18030", Header: []string{"case", "when", "until", "kind", "who",
		"fee"}},
		m.Input)
	require.Equal(t, []string{"time", "时间"}, m.Aliases["when"])
	require.True(t, m.Optional["until"] && m.LeaveOut["phone"] && m.KeepRest)
	require.Equal(t, map[string]bool{"": true, "-": true, "无": true}, m.Missing)
	require.Equal(t, []string{"iso8601", "date"}, m.Time.FormatNames())
	require.Equal(t, []string{"case", "kind"}, m.Subject.Columns)
	require.Equal(t, "-", m.Subject.Join)
	require.True(t, m.Subject.Required)
	require.Equal(t, Seq{Column: "fee"}, m.Seq)
	require.Equal(t, []string{"case", "when"}, m.EventID.Columns)
	require.Equal(t, DefaultConst, m.Codes["kinds"].Default)
	require.Equal(t, "accept", m.Codes["kinds"].DefaultText)
	require.Equal(t, DefaultKeep, m.Codes["offices"].Default)

	require.Len(t, m.Skip, 2)
	require.Equal(t, "a trial", m.Skip[1].Reason)
	require.Len(t, m.Skip[1].When.Any, 2, "one of two")
	require.Len(t, m.Skip[1].When.Any[1], 2, "of which the second wants both")
	require.Equal(t, OpIn, m.Skip[1].When.Any[0][0].Op)
	require.True(t, m.Skip[1].When.Any[0][0].Values["测试"])

	org := m.Common.Fields["org_code"]
	require.True(t, org.Required)
	require.Equal(t, "offices", org.Codes)
	require.Equal(t, `"east"`, string(m.Common.Payload["hall"].Const))
	require.Equal(t, KindInteger, m.Common.Payload["days"].As, "days are a number by the schema")

	require.Len(t, m.Events, 3)
	begin, slow, quick, once := m.Events[0][0], m.Events[1][0], m.Events[1][1], m.Events[2][0]
	require.Equal(t, []int{0, 1, 2, 3}, []int{begin.Index, slow.Index, quick.Index, once.Index})
	require.Equal(t, "kinds", begin.Type.Codes)
	require.False(t, begin.Content.Payload["hall"].Set(), "an event takes off what all carry")
	require.Equal(t, []int{0}, slow.After)
	require.Equal(t, []int{1}, quick.NotAfter)
	require.True(t, m.TracksCase)
	require.Equal(t, []string{"rfc3339"}, slow.At.Time.FormatNames())
	require.Equal(t, m.Time.Zone, slow.At.Time.Zone, "what is not said is that of the file")
	require.True(t, quick.Content.Fields["staff_id"].Token)
	require.Equal(t, `"finish"`, string(quick.Type.Const))
	require.True(t, once.PerCase)
	require.ElementsMatch(t, []string{"case", "when", "until", "kind", "who", "fee"}, m.ColumnNames())

	_, err = Load(filepath.Join(t.TempDir(), "none.yaml"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A mistake names its place and what would be right, beyond the first level too.
func TestMistakesWithinValuesAreNamed(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"delimiter: tab", "delimiter: '\"'", "the delimiter must be one ASCII character"},
		{"delimiter: tab", "delimiter: '||'", "or the word tab"},
		{"GB18030", "klingon", `the encoding "klingon" is not known; write utf-8, gb18030`},
		{"source: hall", "source: ''", "a source name has 1 to 200 characters"},
		{"source: hall", "source: " + strings.Repeat("x", 201), "a source name has 1 to 200 characters"},
		{"format: csv", "format: xlsx", `"xlsx" is not known here`},
		{"seq: {column: fee}", "seq: {}", "the key column is missing"},
		{"event_id: {columns: [case, when]}", "event_id: {}", "the key columns is missing"},
		{"event_id: {columns: [case, when]}", "event_id: {columns: [case]}\nequal_events: each", "rows with equal columns are one fact"},
		{"default: {const: accept}", "default: {konst: accept}", `unknown key "konst"`},
		{"default: {const: accept}", "default: {const: begin}", `the default "begin" of code table kinds is not a value of type`},
		{"kinds: {values: {受理: accept, 办结: finish}, ", "kinds: {", "the key values is missing"},
		{"{kind: empty}, reason", "{}, reason", "a condition needs at least one test"},
		{"{when: {kind: empty}, reason: no kind}", "{reason: no kind}", "the key when is missing"},
		{"days: fee", "days: {const: few}", `"few" is not a value of kind integer`},
		{"days: fee", "rest: fee", "the payload key rest is filled by the section of that name"},
		{"{column: fee, as: text}", "{column: fee, as: integer}", "attributes are texts; as may be text, time or date"},
		{"{column: who, token: true}", "{column: who, token: perhaps}", "expected true or false, found a text"},
		{"{column: who, token: true}", "{column: who, as: boolean}", "staff_id is always "},
		{"{column: who, token: true}", "{column: who, time: {format: date}}", "staff_id is not a time"},
		{"{column: who, token: true}", "{column: who, columns: [who]}", "give column or columns, not both"},
		{"{column: who, token: true}", "{const: x, token: true}", "const stands alone (only as may be beside it)"},
		{"{column: who, token: true}", "{required: true}", "say where the value comes from: column, columns or const"},
		{"name: quick", "name: slow", `the name "slow" is used twice`},
		{"{name: slow,", "{name: slow, per: case,", "must all be per row or all per case"},
		{"type: finish, at: when, not_after", "at: when, not_after", "the key type is missing"},
		{"zone: Asia/Shanghai", "zone: Local", `"Local" is not a time zone`},
		{"nonexistent: offset_after", "nonexistent: skip", `"skip" is not known here`},
		{"version: 1\n", "", "the key version is missing; write version: 1 as the first line"},
	} {
		require.Contains(t, whole, c.from)
		_, err := Parse("m.yaml", []byte(strings.Replace(whole, c.from, c.to, 1)))
		require.ErrorContains(t, err, c.want, c.to)
		for _, one := range Errors(err) {
			require.Regexp(t, `^m\.yaml:\d+:\d+: `, one.Error())
		}
	}
	for text, want := range map[string]string{
		"": "the mapping is empty", "# nothing\n": "the mapping is empty", "version: 1\n---\nversion: 1\n": "more than one YAML document",
		"- a\n": "m.yaml:1:1", "version: [": "not valid YAML",
	} {
		_, err := Parse("m.yaml", []byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

// Facts of other topics have other keys: an item has no time of its own, a measurement has values,
// a rating may stand for several.
func TestOtherTopicsHaveOtherKeys(t *testing.T) {
	items := "version: 1\ntopic: service-items\nsubject: a\nfields: {task_version: v, org_code: b, valid_from: c, region_code: d, name: e}\n" +
		"events: [{name: item}]\n"
	measured := "version: 1\ntopic: measurements\nfields: {name: {const: calls}, from: a, to: b}\nvalues: {calls: n}\nevents: [{name: m}]\n"
	rated := "version: 1\ntopic: satisfaction-ratings\nfields: {case_no: c, level: l}\nevents: [{name: r, at: t, count: n}]\n"
	for name, text := range map[string]string{"items": items, "measurements": measured, "ratings": rated} {
		_, err := Parse("m.yaml", []byte(text))
		require.NoError(t, err, name)
	}
	m, err := Parse("m.yaml", []byte(rated))
	require.NoError(t, err)
	require.Equal(t, "n", m.Events[0][0].Count)
	require.True(t, m.Events[0][0].Each, "each of several equal ratings is one")
	for _, c := range []struct{ text, from, to, want string }{
		{items, "events: [{name: item}]", "events: [{name: item, at: c}]", "have no time of their own; map valid_from"},
		{items, "events: [{name: item}]", "events: [{name: item, type: x}]", "facts of topic service-items have no type"},
		{measured, "events: [{name: m}]", "events: [{name: m, per: case}]", "do not belong to a case"},
		{items, "subject: a\n", "", "the key subject is missing: say which column holds the task_code"},
		{items, "task_version: v, ", "", "the field task_version is missing: every message of topic service-items needs it"},
		{rated, "fields:", "subject: c\nfields:", "have no subject of their own; map the fields case_no or ticket_no instead"},
		{measured, "values: {calls: n}\n", "", "the key values is missing: say which columns hold the numbers"},
		{rated, "count: n", "count: ''", "the name of a column is missing"},
		{rated, "at: t, ", "", "the key at is missing: say which column holds the time of this event"},
	} {
		require.Contains(t, c.text, c.from)
		_, err := Parse("m.yaml", []byte(strings.Replace(c.text, c.from, c.to, 1)))
		require.ErrorContains(t, err, c.want, c.to)
	}
	require.NotContains(t, Topics(), event.TopicActions, "what people do arises in the product alone")
}

// A constant is of the kind of its field.
func TestConstantsAreOfTheirKind(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		text string
		want string // empty: refused
	}{
		{KindInteger, "7", "7"}, {KindInteger, "-7", "-7"}, {KindInteger, "7.0", ""}, {KindInteger, "x", ""},
		{KindNumber, "7.5", "7.5"}, {KindNumber, "-1e3", "-1e3"}, {KindNumber, "true", ""}, {KindNumber, "", ""}, {KindNumber, "01", ""},
		{KindBoolean, "true", "true"}, {KindBoolean, "yes", ""},
		{KindTime, "2026-03-02T09:00:00+08:00", `"2026-03-02T09:00:00+08:00"`}, {KindTime, "2026-03-02T09:00:00", ""},
		{KindDate, "2026-03-02", `"2026-03-02"`}, {KindDate, "2026-02-30", ""},
		{KindText, `a"b`, `"a\"b"`}, {KindAny, "", `""`},
	} {
		require.Equal(t, c.want, string(constant(c.text, c.kind, Pos{}).Const), "%s %q", c.kind, c.text)
	}
}

// A day of which only the date is written is its beginning, its last instant or the instant behind
// it, as the mapping says: a case that was finished "on the 9th" was in time on the 9th.
func TestADateStandsForThePartOfTheDayThatIsMeant(t *testing.T) {
	for day, want := range map[string]string{
		"start": "2026-03-08T16:00:00Z", "end": "2026-03-09T15:59:59.999Z", "after": "2026-03-09T16:00:00Z",
	} {
		s := settings(t, "{formats: [date, iso8601], zone: Asia/Shanghai, day: "+day+"}")
		at, err := s.Parse([]byte("2026-03-09"))
		require.NoError(t, err)
		require.Equal(t, want, at.Format(time.RFC3339Nano), day)
		at, err = s.Parse([]byte("2026-03-09T10:00:00"))
		require.NoError(t, err)
		require.Equal(t, "2026-03-09T02:00:00Z", at.Format(time.RFC3339Nano), "a time of day stands for itself")
		date, err := s.ParseDate([]byte("2026-03-09T23:30:00+00:00"))
		require.NoError(t, err)
		require.Equal(t, "2026-03-09", date.Format(time.DateOnly), "of a date the day as written counts")
	}
}
