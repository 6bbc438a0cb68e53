package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
	"duban/supervision/lawzone"
)

// march is an instant of March 2026 in Beijing; the 2nd is a Monday, the month has no holiday.
func march(day, hour int) int64 {
	return time.Date(2026, time.March, day, hour, 0, 0, 0, lawzone.Zone).UnixMilli()
}

// hall is one case of an organisation: accepted on Monday the 2nd with a promise of five
// working days, so due at the end of Monday the 9th (domain guide 2.4), and finished on a
// day; 0 = open.
func hall(no, org string, finished int) []any {
	fact := func(kind event.CaseType, at int64, payload string) event.Case {
		return event.Case{SourceSys: "hall", CaseNo: no, EventID: no + string(kind), Type: kind, OccurredAt: at, Payload: payload,
			RegionCode: "610802", OrgCode: org, TaskCode: "T1", ApplyChannel: "window", Activity: string(kind)}
	}
	facts := []any{fact(event.Apply, march(2, 9), ""),
		fact(event.Accept, march(2, 10), `{"promise_days":5,"promise_unit":"W","legal_days":20,"legal_unit":"W"}`)}
	if finished > 0 {
		facts = append(facts, fact(event.Finish, march(finished, 15), `{"result_type":"approved"}`))
	}
	return facts
}

// Questions on the command line are answered from the database. By hand: of six cases that
// were due on the 9th four ended in time, one a day late, one is open (D01 counts what is past
// its due, open or not).
func TestQuestionsAreAnsweredOnTheCommandLine(t *testing.T) {
	db := storetest.New(t)
	var facts []any
	for i, day := range []int{5, 6, 9, 10} { // the 9th is the last day, the 10th is late
		facts = append(facts, hall(fmt.Sprint("A", i), "bureau", day)...)
	}
	facts = append(facts, hall("B0", "office", 6)...)
	facts = append(facts, hall("B1", "office", 0)...)
	enginetest.Insert(t, db, facts...)
	enginetest.Fold(t, db)

	dir := t.TempDir()
	ask := func(words string) (int, string, string) {
		args := strings.Fields(words)
		return told(t, append(args, "--data", dir, "--clickhouse", db.DSN(), "--kafka", "127.0.0.1:1")...)
	}
	const month = " --from 2026-03-01 --to 2026-04-01 --as-of 2026-03-31"
	for _, c := range []struct {
		words string
		code  int
		out   []string
		text  string
	}{
		{"indicator D01 --format csv" + month, 0, []string{"numerator,denominator,value\n", "4,6,0.6666666666666666\n"}, ""},
		{"indicator D01 --by org --format csv" + month, 0, []string{"bureau,3,4,0.75\n", "office,1,2,0.5\n"}, ""},
		{"indicator D01 --org office --format csv" + month, 0, []string{"1,2,0.5\n"}, ""},
		{"indicator D01 --region 610000 --format csv" + month, 0, []string{"4,6,"}, ""},                    // the province has them all
		{"indicator D01 --format csv --from 2026-01-01 --to 2026-02-01", 0, []string{"value\n0,0,\n"}, ""}, // no value, not nought
		{"indicator D01 --format csv --as-of 2026-03-08", 0, []string{"3,3,1\n"}, "of all time; the pages open with: --from "},
		{"indicator D01 --cases --role rest --format csv" + month, 0,
			[]string{"hall,A3,false,true,2026-03-10T15:00:00+08:00,", "2026-03-09T23:59:59.999+08:00",
				"hall,B1,false,true,2026-03-31T00:00:00+08:00,"}, ""},
		{"indicator D01 --org nobody" + month, exitUsage, nil, "nobody"},
		{"indicator D01 --region 999999" + month, exitUsage, nil, "999999"},
		{"indicator D01 --source unknown" + month, exitUsage, nil, "unknown"},
		{"indicator D01 --by weather" + month, exitUsage, nil, `cannot be grouped by "weather"; it can be by: region, `},
		{"indicator D01 --by org,org" + month, exitUsage, nil, `cannot be grouped by "org" twice`},
		{"query page/extent --by org -p as_of=2026-03-31", exitUsage, nil, "query page/extent cannot be grouped"},
		{"indicator --format csv", 0, []string{"D01,", "G15,"}, ""},
		// From accepted at ten on the 2nd to three o'clock of the 5th, 6th, 6th, 9th and 10th: 77, 101, 101, 173, 197 hours.
		{"process dfg --source hall --format csv", 0,
			[]string{"apply,accept,6,1,1,1,6\n", "accept,finish,5,129.8,101,"}, ""},
		{"process variants --source hall --format csv", 0, []string{"apply > accept > finish,5,0.83", "apply > accept,1,0.16"}, ""},
		{"process activities --source hall --format csv", 0, []string{"apply,6,6,6,0,", "accept,6,6,0,1,", "finish,5,5,0,5,"}, ""},
		{"query page/extent -p as_of=2026-03-31 --format csv", 0, []string{"2026-03-02T09:00:00+08:00"}, ""},
		{"calendar list --format csv", 0, []string{"cn-2026-08-07,true,", "cn-2019-11-21,false,"}, ""},
		{"outage list --format csv", 0, []string{"id,scope,code,from_at,"}, ""},
		{"target --format csv --as-of 2026-03-31", 0, []string{"zhejiang-promises,330000,,A09,承诺时限再压缩两成,"}, ""},
		{"migrate --plan", 0, []string{"done     0001_create_case_events\n"}, ""},
		{"migrate", 0, nil, ""},
	} {
		code, out, text := ask(c.words)
		require.Equal(t, c.code, code, "%s\n%s%s", c.words, out, text)
		for _, want := range c.out {
			require.Contains(t, out, want, c.words)
		}
		require.Contains(t, text, c.text, c.words)
	}
}
