package importer

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/importer/rows"
)

// seqs returns "type:seq" of every message, in the order of publication.
func seqs(t testing.TB, s *sink) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for _, v := range s.values {
		var m struct {
			No   string `json:"ticket_no"`
			Act  string `json:"activity"`
			Type string `json:"event_type"`
			Seq  int64  `json:"seq"`
		}
		require.NoError(t, json.Unmarshal([]byte(v), &m))
		out[m.No+m.Act+m.Type] = m.Seq
	}
	return out
}

// Facts of one row with the same instant stand in the order of the mapping,
// and those of an earlier row before those of a later one.
func TestFactsOfOneRowStandInTheOrderOfTheMapping(t *testing.T) {
	for _, seq := range []string{"record", "none", "{column: nr}"} {
		m := `version: 1
topic: hotline-tickets
subject: id
seq: ` + seq + `
time: {formats: ["yyyy-MM-dd HH:mm"], zone: Asia/Shanghai}
events:
  - {name: h, per: case, type: t_note, at: opened, fields: {activity: {const: head}}}
  - {name: g, per: case, type: t_note, at: opened, fields: {activity: {const: intake}}}
  - {name: r, type: t_receive, at: opened, fields: {activity: {const: received}}}
  - {name: c, type: t_close, at: closed, fields: {activity: {const: closed}}}
  - {name: z, per: case, type: t_note, at: closed, fields: {activity: {const: archived}}}
`
		var text strings.Builder
		text.WriteString("id,opened,closed,nr\n")
		for i := range 9 {
			n := string(rune('1' + i))
			text.WriteString(n + ",2024-03-01 09:00,2024-03-01 09:00," + n + "\n")
		}
		s := &sink{}
		_, err := Run(context.Background(), []string{write(t, "a.csv", []byte(text.String()))}, parse(t, m), s, Options{})
		require.NoError(t, err)
		got := seqs(t, s)
		for i := range 9 {
			n := string(rune('1' + i))
			order := []int64{got[n+"headt_note"], got[n+"intaket_note"], got[n+"receivedt_receive"], got[n+"closedt_close"], got[n+"archivedt_note"]}
			for k := range order[1:] {
				require.Less(t, order[k], order[k+1], "seq: %s, ticket %s: %v", seq, n, order)
			}
			if i > 0 && seq != "none" {
				require.Greater(t, order[2], got[string(rune('0'+i))+"closedt_close"], "a later row comes later")
			}
		}
	}
}

// A thing that happened twice is written twice: the n-th of equal events of a
// case is a fact of its own, the same one in whatever order the log stands.
func TestEqualEventsOfALogAreEachAFact(t *testing.T) {
	var traces []string
	for _, n := range []string{"a", "b", "c", "d"} {
		traces = append(traces, `<trace><string key="concept:name" value="`+n+`"/>`+strings.Repeat(eventXML("call", ""), 3)+eventXML("close", "")+
			`</trace>`)
	}
	load := func() ([]string, Summary) {
		s := &sink{}
		sum, err := Run(context.Background(), []string{write(t, "a.xes", []byte("<log>"+strings.Join(traces, "")+"</log>"))},
			parse(t, logMapping), s, Options{Source: "s"})
		require.NoError(t, err)
		_, ids := facts(t, s)
		return ids, sum
	}
	want, sum := load()
	require.Len(t, want, 16, "four traces of four events")
	require.EqualValues(t, 8, sum.Again)
	require.EqualValues(t, 8, sum.Files[0].Again)
	require.Zero(t, sum.Merged)
	rand.New(rand.NewPCG(3, 0)).Shuffle(len(traces), func(i, j int) { traces[i], traces[j] = traces[j], traces[i] })
	got, _ := load()
	require.Equal(t, want, got)

	// The first of them keeps the identity that it has alone.
	once := strings.Replace(logMapping, "events:", "equal_events: once\nevents:", 1)
	s := &sink{}
	sum, err := Run(context.Background(), []string{write(t, "a.xes", []byte("<log>"+strings.Join(traces, "")+"</log>"))}, parse(t, once),
		s, Options{Source: "s"})
	require.NoError(t, err)
	_, ids := facts(t, s)
	require.Len(t, ids, 8)
	require.Subset(t, want, ids)
	require.EqualValues(t, 8, sum.Merged)
	require.Zero(t, sum.Again)
}

// Anonymous ratings of one window in one minute are as many as are written, and
// a row may give them as a number.
func TestRatingsAreAsManyAsAreWritten(t *testing.T) {
	m := `version: 1
topic: satisfaction-ratings
time: {formats: date, zone: Asia/Shanghai}
events:
  - {at: day, fields: {org_code: org, level: {const: "5"}}, count: good}
  - {at: day, fields: {org_code: org, level: {const: "1"}}, count: bad}
`
	s := &sink{}
	sum, err := Run(context.Background(), []string{write(t, "r.csv", []byte("day,org,good,bad\n2026-03-02,A,3,1\n2026-03-02,A,2,"+
		"0\n2026-03-03,A,,1\n2026-03-03,B,-1,0\n2026-03-03,B,1.5,0\n2026-03-03,B,100001,0\n"))},
		parse(t, m), s, Options{Source: "s"})
	require.NoError(t, err)
	ids := map[string]int{}
	for _, v := range s.values {
		ids[member(v, "rating_id")]++
	}
	require.Len(t, ids, 7)
	require.EqualValues(t, 7, sum.Events)
	require.Equal(t, []string{"5 invalid_value good", "6 invalid_value good", "7 invalid_value good"}, listed(sum))
}

// A file that holds nothing is no success, whatever its kind.
func TestAFileWithoutARecordIsNoSuccess(t *testing.T) {
	for name, text := range map[string]string{
		"header.csv": "id,kind,time\n", "empty.ndjson": "", "blank.ndjson": "\n\n", "log.xes": "<log></log>",
		"nested.xes":  "<log><string key='a' value='b'/></log>",
		"nothing.csv": "", "nothing.csv.gz": string(gz(t, nil)), "nothing.ndjson.gz": string(gz(t, nil)),
	} {
		sum, err := Check(context.Background(), []string{write(t, name, []byte(text))}, parse(t, simple), 0, Options{})
		require.Error(t, err, name)
		require.Zero(t, sum.Records)
		if !strings.HasPrefix(name, "nothing.csv") {
			require.ErrorIs(t, err, rows.ErrNothingRead, "%s: %v", name, err)
		}
	}
}
