package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const good = `version: 1
topic: case-events
time: {formats: [iso8601], zone: Asia/Shanghai}
subject: case
codes:
  kinds: {values: {in: apply, out: finish}, default: refuse}
events:
  - name: step
    type: {column: kind, codes: kinds}
    at: when
`

func TestAGoodMappingHasNoErrors(t *testing.T) {
	m, err := Parse("m.yaml", []byte(good))
	require.NoError(t, err)
	require.Equal(t, []string{"case", "kind", "when"}, m.ColumnNames())
}

// Each mistake is reported where it stands, and the message says what would
// be right.
func TestMistakesAreReportedWithLineAndHint(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"unknown top key", "subject: case", "subjekt: case", `m.yaml:4:1: unknown key "subjekt" (did you mean "subject"?)`},
		{"unknown nested key", "at: when", "att: when", `m.yaml:10:5: events[0]: unknown key "att" (did you mean "at"?)`},
		{"missing at", "    at: when\n", "", `events[0]: the key at is missing`},
		{"wrong version", "version: 1", "version: 2", `m.yaml:1:10: version: this program reads version 1`},
		{"wrong topic", "case-events", "case-event", `"case-event" is not known here (did you mean "case-events"?)`},
		{"wrong zone", "Asia/Shanghai", "Asia/Shangai", `"Asia/Shangai" is not a time zone`},
		{"wrong format", "iso8601", "YYYY-MM-DD", `"YYYY" is not known`},
		{"no default", ", default: refuse", "", `codes.kinds: the key default is missing`},
		{"code to nowhere", "out: finish", "out: finished", `turns "out" into "finished", which is not a value of type (did you mean "finish"?)`},
		{"unknown table", "codes: kinds}", "codes: kindz}", `there is no code table "kindz" (did you mean "kinds"?)`},
		{"unused table", "type: {column: kind, codes: kinds}", "type: apply", `this code table is used nowhere`},
		{"unknown field", "    at: when", "    at: when\n    fields: {orgcode: dept}",
			`"orgcode" is not a field of topic case-events (did you mean "org_code"?)`},
		{"field made elsewhere", "    at: when", "    at: when\n    fields: {event_time: dept}", `it is made from event_id, subject, type or at`},
		{"bad constant", "    at: when", "    at: when\n    fields: {apply_channel: {const: internet}}",
			`"internet" is not a value of apply_channel`},
		{"bad boolean", "    at: when", "    at: when\n    payload: {is_test: {const: maybe}}", `"maybe" is not a value of kind boolean`},
		{"unknown rule", "    at: when", "    at: when\n    after: [stop]",
			`no event of this mapping has the name "stop" (did you mean "step"?)`},
		{"bad test", "    at: when", "    at: when\n    when: {kind: {equals: in}}", `unknown test "equals"`},
		{"bad regexp", "    at: when", "    at: when\n    when: {kind: {matches: '('}}", `not a regular expression`},
		{"skip without reason", "events:", "skip:\n  - when: {kind: empty}\nevents:", `say why these rows are left out`},
		{"two sources", "{column: kind, codes: kinds}", "{column: kind, const: apply}", `give column or const, not both`},
		{"twelve hours", "iso8601", "'dd/MM/yyyy hh:mm'", `12-hour clock without a`},
		{"subject missing", "subject: case\n", "", `the key subject is missing: say which column holds the case_no`},
		{"not YAML", "topic: case-events", "topic: [case-events", `not valid YAML`},
		{"no topic and another mistake", "topic: case-events\n", "rest: kepp\n", `"kepp" is not known here`},
		{"no topic", "topic: case-events\n", "rest: kepp\n", `the key topic is missing`},
		{"a wrong topic and another mistake", "topic: case-events", "topic: cases\nrest: kepp", `"kepp" is not known here`},
		{"values of a case", "    at: when", "    at: when\n    values: {n: when}", `only facts of topic measurements have values`},
		{"count of cases", "    at: when", "    at: when\n    count: n", `count is for ratings`},
		{"null at the top", "subject: case", "subject: case\nfields: {org_code: }", `the name of a column is missing`},
		{"wrong day", "formats: [iso8601]", "formats: [iso8601], day: last", `"last" is not known here`},
		{"anchor", "subject: case", "subject: *who", `there is no anchor &who`},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, good, c.from)
			_, err := Parse("m.yaml", []byte(strings.Replace(good, c.from, c.to, 1)))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	_, err := Parse("m.yaml",
		[]byte(strings.NewReplacer("Asia/Shanghai", "Mars", "at: when", "att: when", "subject: case", "subject: [a, b]").Replace(good)))
	require.GreaterOrEqual(t, len(Errors(err)), 4)
}

func TestAnchorsRepeatAValue(t *testing.T) {
	m, err := Parse("m.yaml", []byte(strings.Replace(good, "    at: when", "    at: &t {column: when, time: {format: rfc3339}}\n  - {name: "+
		"two, type: apply, at: *t}", 1)))
	require.NoError(t, err)
	require.Equal(t, []string{"when"}, m.Events[1][0].At.Columns)
}

func FuzzParse(f *testing.F) {
	f.Add(good)
	f.Add("version: 1\nevents: [{choose: []}]")
	f.Fuzz(func(t *testing.T, s string) {
		m, err := Parse("m.yaml", []byte(s))
		if (m == nil) == (err == nil) {
			t.Fatal("a mapping or an error, never both or neither")
		}
	})
}
