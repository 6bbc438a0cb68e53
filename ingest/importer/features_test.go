package importer

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/importer/rows"
)

const logMapping = `version: 1
topic: case-events
subject: case:concept:name
optional: [case:end]
events:
  - {name: end, per: case, when: {"case:end": present}, type: finish, at: "case:end"}
  - {name: step, type: activity, at: time:timestamp, fields: {activity: concept:name}, payload: {note: note}}
`

func eventXML(name, rest string) string {
	return `<event><string key="concept:name" value="` + name + `"/><date key="time:timestamp" value="2020-01-01T00:00:00Z"/>` + rest +
		`</event>`
}

// Only direct children of a trace or event count; the header, nested
// attributes and lists are passed over, and a trace may give its own
// attributes before or after its events.
func TestXESReadsOnlyWhatBelongsToTraceAndEvent(t *testing.T) {
	log := `<?xml version="1.0" encoding="UTF-8"?><!-- c --><log xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="u"/>
<global scope="event"><string key="concept:name" value="GLOBAL"/></global>
<string key="meta" value="x"><string key="concept:name" value="NO"/><trace/></string>
<trace><string key="concept:name" value="c&amp;1"/>` +
		eventXML("a", `<string key="other" value="v"><string key="note" value="NESTED"/></string><list key="l"><values><string key="note" `+
			`value="LISTED"/></values></list>`) +
		eventXML("b", `<string key="note" value="&quot;yes&quot;"/>`) + `</trace>
<trace>` + eventXML("a", "") + `<string key="concept:name" value="c2"/><date key="end" value="2020-02-01T00:00:00Z"/></trace>
<trace><string key="concept:name" value="empty"/><date key="end" value="2020-03-01T00:00:00Z"/></trace>
<trace>` + eventXML("lost", "") + `</trace>
<trace><string key="concept:name" value="c3"/>` + eventXML("a", `<string key="concept:name" value="again"/>`) +
		eventXML("b", "") + `</trace>
</log>`
	s := &sink{}
	sum, err := Run(context.Background(), []string{write(t, "a.xes", []byte(log))}, parse(t, logMapping), s, Options{Source: "s"})
	require.NoError(t, err)
	var got []string
	for _, v := range s.values {
		_, v, _ = strings.Cut(v, ",")
		got = append(got, v)
	}
	step := `"source_sys":"s","case_no":"%s","event_type":"activity","event_time":"2020-01-01T00:00:00Z","activity":"%s"%s}`
	require.Equal(t, []string{
		`"seq":1,` + fmt.Sprintf(step, "c&1", "a", ""),
		`"seq":2,` + fmt.Sprintf(step, "c&1", "b", `,"payload":{"note":"\"yes\""}`),
		`"source_sys":"s","case_no":"c2","event_type":"finish","event_time":"2020-02-01T00:00:00Z"}`,
		`"seq":1,` + fmt.Sprintf(step, "c2", "a", ""),
		`"source_sys":"s","case_no":"empty","event_type":"finish","event_time":"2020-03-01T00:00:00Z"}`,
		`"seq":2,` + fmt.Sprintf(step, "c3", "b", ""),
	}, got)
	require.Equal(t, []Count{{rows.ReasonDuplicateKey, "concept:name", 1}, {rows.ReasonMissingValue, "case:concept:name", 1}}, sum.RefusedBy)
	require.Equal(t, []string{"other"}, sum.Files[0].UnusedColumns)
}

func TestXESInAnotherEncoding(t *testing.T) {
	log := "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><log><trace><string key=\"concept:name\" value=\"caf\xe9\"/>" +
		eventXML("a", "") + "</trace></log>"
	s := &sink{}
	_, err := Run(context.Background(), []string{write(t, "a.xes", []byte(log))}, parse(t, logMapping), s, Options{})
	require.NoError(t, err)
	require.Contains(t, s.values[0], `"case_no":"café"`)
}

// A trace longer than memory allows is handed on in parts; an attribute of it
// that comes later is not lost in silence.
func TestAVeryLongTraceIsHandedOnInParts(t *testing.T) {
	long := eventXML("a", `<string key="note" value="`+strings.Repeat("n", 1<<20)+`"/>`)
	n := rows.MaxTraceBytes>>20 + 4
	name := `<string key="concept:name" value="c"/>`
	s, sum := &sink{}, Summary{}
	for _, late := range []string{"", `<date key="end" value="2020-02-01T00:00:00Z"/>`} {
		var err error
		s = &sink{}
		sum, err = Run(context.Background(),
			[]string{write(t, "a.xes", []byte("<log><trace>"+name+strings.Repeat(long, n)+late+"</trace></log>"))},
			parse(t, logMapping), s, Options{})
		require.NoError(t, err)
		require.EqualValues(t, n, sum.Events+sum.Refused)
		require.Equal(t, late != "", sum.Refused > 0)
	}
	require.Equal(t, rows.ReasonLateAttribute, sum.RefusedBy[0].Reason)
	require.Contains(t, s.values[0], `"case_no":"c"`)
}

func TestXESOnlyRulesAreRefusedForOtherFormats(t *testing.T) {
	m := strings.Replace(simple, "at: time}", "at: time, not_after: [step]}", 1)
	_, err := Run(context.Background(), []string{write(t, "a.csv", []byte("id,kind,time\n"))}, parse(t, m), &sink{}, Options{})
	require.ErrorContains(t, err, "only works for XES")
}

func TestTheSmallerFeaturesOfAMapping(t *testing.T) {
	m := `version: 1
topic: hotline-tickets
source: own-name
input: {delimiter: ";", encoding: gb18030}
aliases: {id: [编号]}
missing: [NA]
rest: keep
leave_out: [secret]
time: {formats: "yyyy-MM-dd HH:mm", zone: Asia/Shanghai}
subject: {columns: [id, part], join: "/"}
seq: {column: nr}
event_id: {columns: [id, part]}
codes:
  words: {values: {a: A}, default: keep}
  drop: {values: {a: A}, default: omit}
  fixed: {values: {a: A}, default: {const: other}}
payload:
  days: {column: n}
  amount: {column: n, as: number}
  urgent: {const: true}
  kept: {column: w, codes: words}
  gone: {column: w, codes: drop}
  name: {column: w, token: true}
  label: {column: w, codes: fixed}
events:
  - {type: t_receive, at: {columns: [day, hour]}}
`
	text := "\xb1\xe0\xba\xc5;part;nr;day;hour;n;w;secret;;free\n1;x;7;2020-01-02;03:04;5;NA;s;e;f\n2;NA;8;2020-01-02;03:04;NA;b;s;;\n"
	s := &sink{}
	sum, err := Run(context.Background(), []string{write(t, "a.csv", []byte(text))}, parse(t, m), s, Options{TokenKey: []byte("k")})
	require.NoError(t, err)
	require.Zero(t, sum.Refused, "%v", sum.Problems)
	_, first, _ := strings.Cut(s.values[0], ",")
	_, second, _ := strings.Cut(s.values[1], ",")
	require.Equal(t, `"seq":7,"source_sys":"own-name","ticket_no":"1/x","event_type":"t_receive","event_time":"2020-01-01T19:04:00Z",`+
		`"payload":{"amount":5,"days":5,"urgent":true,"rest":{"#9":"e","free":"f"}}}`, first)
	require.Regexp(t, `^"seq":8,"source_sys":"own-name","ticket_no":"2",.*"payload":\{"kept":"b","label":"other","name":"tok:[A-Z2-7]{52}",`+
		`"urgent":true\}\}$`, second)
	_, err = Run(context.Background(), []string{write(t, "a.csv", []byte(text))}, parse(t, m), s, Options{})
	require.ErrorContains(t, err, "no token key is configured")
}

// With columns that identify a fact, a changed value keeps the identity: the
// product then sees a rewrite instead of a second fact.
func TestIdentityFromColumns(t *testing.T) {
	m := simple + "event_id: {columns: [id, kind]}\n"
	a, _ := run(t, m, "a.csv", "id,kind,time\n1,in,2016-11-05 10:00:00\n", Options{Source: "s"})
	b, _ := run(t, m, "a.csv", "id,kind,time\n1,in,2016-11-05 11:00:00\n", Options{Source: "s"})
	require.Equal(t, a.values[0][:45], b.values[0][:45])
	require.NotEqual(t, a.values[0], b.values[0])
}

func TestOtherTopics(t *testing.T) {
	s, sum := run(t, `version: 1
topic: satisfaction-ratings
codes: {stars: {values: {good: 5, bad: 1}, default: refuse}}
events:
  - {at: when, fields: {level: {column: mark, codes: stars}, case_no: case}}
`, "r.csv", "when,mark,case\n2020-01-01T00:00Z,good,c1\n2020-01-01T00:00Z,so,c1\n", Options{Source: "s"})
	require.Equal(t, []string{"3 unknown_code mark"}, listed(sum))
	require.Contains(t, s.values[0], `{"rating_id":"`)
	require.Contains(t, s.values[0], `"source_sys":"s","rated_at":"2020-01-01T00:00:00Z","case_no":"c1","level":5}`)
	require.Equal(t, "s\x1fc1", s.keys[0])
	s, _ = run(t, `version: 1
topic: organisations
subject: code
events:
  - fields: {name: name, valid_from: {const: 2020-01-01}, gov_level: level}
`, "o.csv", "code,name,level\nA1,Bureau,2\n", Options{Source: "s"})
	require.Contains(t, s.values[0], `"source_sys":"s","org_code":"A1","name":"Bureau","gov_level":2,"valid_from":"2020-01-01"}`)
}

// Memory does not grow with the file: four times the rows, the same heap.
func TestMemoryStaysFlat(t *testing.T) {
	m := `version: 1
topic: case-events
subject: id
events:
  - {name: start, per: case, type: apply, at: time}
  - {name: step, type: activity, at: time, fields: {activity: what}}
`
	peak := func(rows int) uint64 {
		p := filepath.Join(t.TempDir(), "big.csv")
		f, err := os.Create(p)
		require.NoError(t, err)
		_, err = io.WriteString(f, "id,time,what\n")
		require.NoError(t, err)
		var b strings.Builder
		for i := range rows {
			fmt.Fprintf(&b, "case-%d,2020-01-01 00:00:00Z,\"step, %d\"\n", i/2, i%7)
			if b.Len() > 1<<20 || i == rows-1 {
				_, err := io.WriteString(f, b.String())
				require.NoError(t, err)
				b.Reset()
			}
		}
		require.NoError(t, f.Close())
		var most uint64
		_, err = Run(context.Background(), []string{p}, parse(t, m), &sink{drop: true}, Options{Progress: func(Progress) {
			runtime.GC()
			var ms runtime.MemStats
			runtime.ReadMemStats(&ms)
			most = max(most, ms.HeapAlloc)
		}})
		require.NoError(t, err)
		return most
	}
	small, big := peak(600_000), peak(1_800_000)
	require.Less(t, big, small*5/4+4<<20, "heap at 600 k rows %d MB, at 1.8 M rows %d MB", small>>20, big>>20)
	require.Less(t, big, uint64(96<<20))
}
