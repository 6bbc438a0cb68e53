package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"duban/cmd/duban/internal/shell"
	"duban/dashboards/actions"
	"duban/ingest"
	"duban/ingest/deadletter"
	"duban/ingest/event"
	"duban/ingest/importer"
	"duban/ingest/importer/rows"
	"duban/internal/config"
	"duban/queries"
	"duban/supervision/acceptance"
	"duban/supervision/calendar"
	"duban/supervision/movement"
	"duban/supervision/risk"
)

func noon(day int) time.Time { return time.Date(2026, time.March, day, 4, 0, 0, 0, time.UTC) } // in Beijing

// A status has every message in one column of its row, the sum below, and in words what is
// wrong, who took note of what is lost, and how far states and figures are.
func TestStatusTellsWhatBecameOfEveryMessage(t *testing.T) {
	folded, at := noon(3), noon(2)
	cases := statusTopic{TopicStatus: ingest.TopicStatus{Topic: "case-events", Received: 100, Stored: 80, Duplicate: 7, Rejected: 5,
		Conflicts: 2,
		Pending:   3, Held: 2, Lost: 5, IdentityHolds: true, LastReceivedAt: noon(2)}, FoldedUpTo: 90, Lag: 5}
	tickets := statusTopic{TopicStatus: ingest.TopicStatus{Topic: "hotline-tickets", Received: 20, Stored: 18, Unstored: 2,
		LastStoredAt: noon(3),
		Problems:     []ingest.Problem{{Kind: "unstored", Count: 2, Text: "hotline-tickets: 2 facts of the ledger are in no table"}}},
		FoldedUpTo: 20}
	rep := statusReport{Topics: []statusTopic{cases, tickets}, Watermark: &at, FoldedAt: &folded,
		Losses: []ingest.Loss{
			{Topic: "case-events", From: 10, Until: 15, Messages: 5, NoticedAt: noon(1), Acknowledged: true, AcknowledgedAt: noon(2),
				AcknowledgedBy: "zhou", Reason: "sent again by the hall"},
			{Topic: "case-events", From: 20, Until: 21, Messages: 1, NoticedAt: noon(1)}},
		Figures: movement.Progress{KnownAt: noon(3), Cases: 4, Tickets: 1}, ClickHouse: health{OK: true, Version: "25.8"},
		Broker: health{Error: "no answer"}, Disk: health{OK: true, Version: "9 MB free"}, Stored: health{OK: true, Version: "fine"}}
	rep.Total.Topic = "total"
	rep.Total.add(cases)
	rep.Total.add(tickets)
	require.Equal(t, ingest.TopicStatus{Topic: "total", Received: 120, Stored: 98, Duplicate: 7, Rejected: 5, Conflicts: 2,
		Pending: 3, Held: 2,
		Lost: 5, Unstored: 2, Problems: tickets.Problems, LastReceivedAt: noon(2), LastStoredAt: noon(3)}, rep.Total.TopicStatus)

	var b bytes.Buffer
	printStatus(&b, rep)
	lines := map[string][]string{}
	for line := range strings.Lines(b.String()) {
		cells := strings.Fields(strings.NewReplacer("│", " ", "|", " ").Replace(line))
		if len(cells) > 0 {
			lines[strings.ToLower(cells[0])] = cells[1:]
		}
	}
	require.Equal(t, strings.Fields("100 80 7 5 3 5 ✓ 90 5"), lines["case-events"])
	require.Equal(t, strings.Fields("20 18 0 0 0 0 ✗ 20 0"), lines["hotline-tickets"])
	require.Equal(t, strings.Fields("120 98 7 5 3 5 ✗ 110 5"), lines["total"])
	for _, want := range []string{
		"✗ hotline-tickets: 2 facts of the ledger are in no table\n",
		"… case-events: 2 messages wait behind a transaction at the broker that is not ended\n",
		"taken note of by zhou at 2026-03-02 12:00:00: sent again by the hall\n",
		"watermark   2026-03-02 04:00:00.000 +00:00\n",
		"figures     known at 2026-03-03 12:00:00.000 +08:00; 4 cases and 1 tickets left, computed from the states meanwhile\n",
		"✓ ClickHouse 25.8\n", "✗ broker     no answer\n", "✓ disk       9 MB free\n",
	} {
		require.Contains(t, b.String(), want)
	}
	require.Equal(t, 1, strings.Count(b.String(), "taken note of"), "of a loss that nobody took note of its topic tells")

	b.Reset()
	printStatus(&b, statusReport{})
	require.Contains(t, b.String(), "watermark   nothing folded yet\n")
	require.Contains(t, b.String(), "figures     the ledger is being filled\n")
}

func TestTheLatestOfInstantsIsKept(t *testing.T) {
	early, late := noon(2), noon(3)
	require.Nil(t, latest(nil, time.Unix(0, 0)), "the beginning of time stands for none")
	require.True(t, latest(nil, early).Equal(early))
	require.True(t, latest(&early, late).Equal(late))
	require.True(t, latest(&late, early).Equal(late))
	require.Equal(t, "+0800", latest(nil, early).Format("-0700"), "told in the zone of the law")
	require.Equal(t, "keeps every message", keeps(config.Config{}))
	require.Equal(t, "drops stored messages after 1.5 days", keeps(config.Config{Kafka: config.Kafka{Retention: 36 * time.Hour}}))
}

// A comparison lists each rule with its verdict, then what differs; what is not judged yet is no
// verdict.
func TestAComparisonNamesWhatDiffers(t *testing.T) {
	r := &acceptance.Report{
		Rules: []acceptance.Line{
			{Rule: "R-DDL-03", Expected: 10, Raised: 10, Verdict: acceptance.Equal},
			{Rule: "R-SAT-01", Expected: 20, Raised: 19, Missing: 2, Extra: 1, Tolerance: 0.1, Verdict: acceptance.Within}},
		Differences: []acceptance.Difference{{Rule: "R-SAT-01", Difference: "missing", SubjectNo: "C-1", Expected: "yellow"}},
		Figures: []acceptance.FigureLine{{Figure: "D01", Cells: 12, Verdict: acceptance.Equal},
			{Figure: "F01", Cells: 8, Differ: 1, Verdict: acceptance.Differs}},
		FigureDifferences: []acceptance.FigureDifference{{Figure: "F01", Breakdown: "by_month", Key: "2026-03",
			Expected: acceptance.Parts{Numerator: 3, Denominator: 4}, Found: acceptance.Parts{Numerator: 2, Denominator: 4}}},
		Behind: []acceptance.Lag{{Rule: "R-DAY-01@1", Needed: noon(3), Possible: noon(4)}},
	}
	require.False(t, r.Holds())
	r.Unsettle("3 messages to fold")
	require.Equal(t, acceptance.Waiting, r.Figures[1].Verdict)
	var b bytes.Buffer
	printComparison(&b, r)
	text := strings.Join(strings.Fields(strings.NewReplacer("|", " ", "+", " ", "-+", " ").Replace(b.String())), " ")
	for _, want := range []string{
		"R-DDL-03 10 10 0 0 0 exact equal", "R-SAT-01 20 19 2 1 0 10 % within tolerance", "30 29 2 1 0",
		`R-SAT-01 missing C-1 : expected "yellow", raised ""`, "D01 12 0 equal", "F01 8 1 not judged yet", "20 1 not judged yet",
		"F01 by_month 2026-03: expected 3/4, found 2/4", "not everything is judged yet: 3 messages to fold",
		"not all periods are judged yet: R-DAY-01@1 has judged nothing of 2026-03-03T04:00:00Z, which is judged from 2026-03-04T04:00:00Z on",
	} {
		require.Contains(t, strings.ToUpper(text), strings.ToUpper(want), b.String())
	}
	b.Reset()
	printFigures(&b, &acceptance.Report{})
	require.Empty(t, b.String(), "a ledger without figures has no table of them")
}

// A load tells of each file what became of its records, what the mapping did not use, and the
// first problems by their place.
func TestALoadTellsWhatTheMappingDidNotUse(t *testing.T) {
	sum := importer.Summary{
		Files: []importer.FileSummary{
			{Path: "/data/a.csv", Format: "csv", Source: "hall", Records: 10, Events: 8, Refused: 1, Skipped: 1, Again: 2, Merged: 3,
				UnusedColumns: []string{"note", "fax"}, UnseenColumns: []string{"office"}},
			{Path: "/data/b.csv", Source: "hall"}},
		Events: 8, Refused: 1, Notices: 4, Elapsed: 2 * time.Second,
		RefusedBy: []importer.Count{{Reason: "invalid_time", Column: "time", Count: 1}},
		NoticesBy: []importer.Count{{Reason: "unknown_value", Column: "channel", Count: 4}},
		Problems:  []rows.Problem{{File: "a.csv", Line: 3, Column: "time", Reason: "invalid_time", Message: "is no instant", Value: "02.03."}},
	}
	var b bytes.Buffer
	printLoad(&b, sum, false)
	for _, want := range []string{
		"a.csv (csv, source hall): 10 records, 8 events published, 1 refused, 1 left out\n",
		"2 events are equal to an earlier one of their case in all they claim; each is a fact of its own\n",
		"3 events are equal to an earlier one of their case in all they claim; they are the same fact\n",
		"columns that the mapping does not use: note, fax\n", "columns of the mapping that no record had: office\n",
		"b.csv (not opened, source hall): 0 records", "8 events in 2.0 s, 4 events/s\n",
		"refused 1: invalid_time time\n", "notice  4: unknown_value channel\n", "the first 1 of 5 (--problems lists more):\n",
		`a.csv:3: column "time": invalid_time: is no instant (found "02.03.")`,
	} {
		require.Contains(t, b.String(), want)
	}
	b.Reset()
	printLoad(&b, sum, true)
	require.Contains(t, b.String(), "8 events would be published")
	require.NotContains(t, b.String(), "events/s", "a check is no measure")
}

// What failed comes before what was refused; a load that wrote something says how much.
func TestALoadThatBrokeOffSaysAfterHowMuch(t *testing.T) {
	broken := errors.New("the broker is gone")
	some := importer.Summary{Files: []importer.FileSummary{{Path: "a.csv"}}, Events: 3, Refused: 1}
	for _, c := range []struct {
		sum    importer.Summary
		failed error
		check  bool
		want   string
	}{
		{importer.Summary{}, broken, false, "the broker is gone"},
		{some, broken, false, "after 3 events: the broker is gone"},
		{some, broken, true, "the broker is gone"},
		{some, nil, false, shell.ErrProblems.Error()},
		{importer.Summary{Files: some.Files, Events: 3}, nil, false, ""},
	} {
		cmd := &cobra.Command{}
		var out bytes.Buffer
		cmd.SetOut(&out)
		err := finishLoad(cmd, c.sum, c.failed, "json", c.check)
		if c.want == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, c.want)
		}
		if len(c.sum.Files) > 0 {
			require.True(t, json.Valid(out.Bytes()), out.String())
		}
	}
}

// Scores have four digits, a half-width of 95 % is 1.96 standard errors, and what cannot be
// computed is a dash.
func TestABacktestIsToldByAge(t *testing.T) {
	p := func(f float64) *float64 { return &f }
	reports := []*risk.Report{{Source: "hall", Kind: "case", Verdict: risk.Beats, TrainUntil: noon(2), AsOf: noon(9), Strength: 5,
		WithOrg: true,
		Ages:    []risk.Score{{AgeHours: p(12.5), Predictions: 40, Late: 10, AUCModel: p(0.75), AUCBaseline: p(0.5)}},
		All:     risk.Score{Predictions: 80, Late: 20, BrierGain: p(0.02), BrierGainError: p(0.005)}}}
	var b bytes.Buffer
	require.NoError(t, writeReports(&b, reports, "table"))
	require.Contains(t, b.String(),
		"hall, cases: beats (learned until 2026-03-02, judged until 2026-03-09, prior strength 5, with organisations)\n")
	text := strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "│", " ")), " ")
	require.Contains(t, text, "12.5 h 40 10 0.7500 0.5000 — — — — —")
	require.Contains(t, text, "all 80 20 — — — — — 0.0200 0.0098")
	b.Reset()
	require.NoError(t, writeReports(&b, reports, "json"))
	require.Contains(t, b.String(), `"verdict": "beats"`)
	b.Reset()
	require.NoError(t, writeReports(&b, nil, "table"))
	require.Empty(t, b.String())
}

func TestABacktestRefusesWhatCannotBeJudged(t *testing.T) {
	ok := func() *backtestFlags {
		return &backtestFlags{format: "table", org: "auto", landmarks: []float64{0, 24}}
	}
	for want, change := range map[string]func(*backtestFlags){
		`--format "xml" is not one of table, json`:       func(f *backtestFlags) { f.format = "xml" },
		`--kind "order" is not one of case, ticket`:      func(f *backtestFlags) { f.kind = "order" },
		`--strength -1 is negative`:                      func(f *backtestFlags) { f.strength = -1 },
		`--landmarks: the age -2 is negative`:            func(f *backtestFlags) { f.landmarks = []float64{-2} },
		`--org "maybe" is not one of with, without`:      func(f *backtestFlags) { f.org = "maybe" },
		`--train-from "x" is not an instant`:             func(f *backtestFlags) { f.from = "x" },
		`--train-until must be before --as-of`:           func(f *backtestFlags) { f.until, f.asOf = "2026-03-02", "2026-03-02" },
		`--as-of "2026-02-30" is not an instant`:         func(f *backtestFlags) { f.asOf = "2026-02-30" },
		`--train-until must be before --as-of: nothing `: func(f *backtestFlags) { f.until = "2999-01-01" },
	} {
		f := ok()
		change(f)
		_, err := f.request()
		var use shell.UsageError
		require.ErrorAs(t, err, &use, want)
		require.ErrorContains(t, err, want)
	}
	f := ok()
	f.source, f.kind, f.org, f.from, f.until, f.asOf = "hall", "ticket", "without", "2026-01-01", "2026-02-01", "2026-03-01"
	req, err := f.request()
	require.NoError(t, err)
	require.Equal(t, []any{"hall", "ticket", false}, []any{req.Source, req.Kind, *req.WithOrg})
	require.Equal(t, "2025-12-31T16:00:00Z", req.TrainFrom.UTC().Format(time.RFC3339))
	require.Equal(t, 28*24*time.Hour, req.AsOf.Sub(req.TrainUntil))
}

// Words become arguments of the types that the query declares; what it does not know is refused.
func TestWordsBecomeArgumentsOfTheQuery(t *testing.T) {
	q := &queries.Query{Name: "page/x", Params: []queries.Param{{Name: "as_of", Type: "DateTime64(3,'UTC')"},
		{Name: "from", Type: "DateTime64(3,'UTC')"},
		{Name: "ids", Type: "Array(String)"}, {Name: "limit", Type: "UInt64"}}}
	args, err := queryArgs(q, []string{"from=2026-03-02", "ids=a,b", "limit=5"}, "2026-03-03")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, args["ids"])
	require.Equal(t, "5", args["limit"])
	require.Equal(t, 24*time.Hour, args["as_of"].(time.Time).Sub(args["from"].(time.Time)))
	args, err = queryArgs(q, []string{"as_of=2026-03-01"}, "2026-03-03")
	require.NoError(t, err)
	require.Equal(t, "2026-03-01", args["as_of"].(time.Time).Format(time.DateOnly), "what is named wins")
	require.Len(t, args, 1, "what is left out is left to the query")
	args, err = queryArgs(q, nil, "")
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), args["as_of"].(time.Time), time.Minute)
	_, err = queryArgs(q, []string{"colour=red"}, "")
	require.ErrorContains(t, err, "query page/x has no parameter colour")

	_, err = parseKnownAt("2999-01-01")
	require.ErrorContains(t, err, "--known-at 2999-01-01 has not come yet")
	at, err := parseKnownAt("")
	require.NoError(t, err)
	require.True(t, at.IsZero())
	require.NoError(t, wrongUse(nil))
}

// Of three kinds of repair one is chosen; lines of a file choose by themselves what they repair.
func TestOneRepairIsChosen(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "repaired.ndjson")
	require.NoError(t, os.WriteFile(file, []byte(`{"topic":"case-events","partition":0,"offset":42,"value":{"case_no":"C-1"}}`+"\n"), 0o600))
	var filter deadletter.Filter
	repair, err := chooseRepair(nil, file, false, &filter)
	require.NoError(t, err)
	place := deadletter.Place{Topic: event.TopicCases, Partition: 0, Offset: 42}
	require.Equal(t, []deadletter.Place{place}, filter.Places)
	value, err := repair(deadletter.Row{Place: place})
	require.NoError(t, err)
	require.JSONEq(t, `{"case_no":"C-1"}`, string(value))

	repair, err = chooseRepair([]string{"apply_channel=web"}, "", false, &filter)
	require.NoError(t, err)
	value, err = repair(deadletter.Row{Raw: []byte(`{"apply_channel":"wbe"}`)})
	require.NoError(t, err)
	require.JSONEq(t, `{"apply_channel":"web"}`, string(value))

	for _, c := range []struct {
		set  []string
		file string
		want string
	}{
		{nil, "", "give exactly one of --set, --file and --as-is"},
		{[]string{"a=b"}, file, "give exactly one of"},
		{[]string{"a"}, "", `--set "a": want name=value`},
		{nil, filepath.Join(dir, "none"), "open repaired messages: open "},
	} {
		_, err := chooseRepair(c.set, c.file, false, &filter)
		require.ErrorContains(t, err, c.want)
	}
	require.NoError(t, os.WriteFile(file, []byte("no json\n"), 0o600))
	_, err = chooseRepair(nil, file, false, &filter)
	var use shell.UsageError
	require.ErrorAs(t, err, &use)
}

func TestARefusalIsToldWithItsDetails(t *testing.T) {
	require.Equal(t, "rejected: outage.evidence", refusalText(actions.Result{Outcome: "rejected", Key: "outage.evidence",
		Details: map[string]string{"key": "outage.evidence"}}))
	require.Equal(t, "rejected: outage.late, days 3", refusalText(actions.Result{Outcome: "rejected", Key: "outage.late",
		Details: map[string]string{"days": "3"}}))
}

// The notices of the program reach through 2026; 2027 may still change.
func TestACheckSaysHowFarTheNoticesReach(t *testing.T) {
	cal, err := calendar.Default()
	require.NoError(t, err)
	require.Contains(t, aboutCalendar(cal), "version cn-2026-08-07, notices through 2026; from 202")
	require.Contains(t, aboutCalendar(cal), "there are days that the next notice may change")
}

// Who waits is told what for, and an end from outside ends it.
func TestPollingEndsWhenThereIsNothingLeftOrNoTime(t *testing.T) {
	asked := 0
	require.NoError(t, poll(t.Context(), func() (string, error) {
		if asked++; asked < 3 {
			return "two rules are behind", nil
		}
		return "", nil
	}))
	require.Equal(t, 3, asked)
	enough := errors.New("enough")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, enough)
	defer cancel()
	require.ErrorIs(t, poll(ctx, func() (string, error) { return "", errors.New("the engine is away") }), enough)
	require.True(t, timeUp(ctx))
	require.False(t, timeUp(t.Context()))
	soon, stop := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer stop()
	require.True(t, timeUp(soon), "a second before the end it is over")
}
