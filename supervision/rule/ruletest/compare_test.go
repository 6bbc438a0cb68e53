package ruletest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/acceptance"
	"duban/supervision/checkpoint"
	"duban/supervision/rule"
)

// What is not as the ledger says is counted and shown for what it is; alerts of
// other sources and steps after the instant of the ledger are nobody's.
func TestAComparisonTellsWhatIsMissingExtraAndDifferent(t *testing.T) {
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	cat, err := rule.Load(reg, "")
	require.NoError(t, err)
	announced := func(table, at, severity, id, source, subject, clock, days, words string) {
		require.NoError(t, db.Conn().Exec(t.Context(), "INSERT INTO "+table+" (rule_id, source_sys, subject_no, clock_no, "+at+", "+severity+
			", subject_kind, alert_id) VALUES (?, ?, ?, ?, "+
			"arrayMap(d -> toDateTime64(concat('2026-03-', d, ' 00:00:00'), 3, 'Asia/Shanghai'), splitByChar(' ', '"+days+"')), splitByChar('|', '"+
			words+"'), 'case', ?)", id, source, subject, clock, source+id+subject+clock))
	}
	alert := func(id, source, subject, clock, days, words string) {
		announced("alerts", "announced_at", "announced_severity", id, source, subject, clock, days, words)
	}
	alert("R-DDL-03", "s", "equal", "", "10", "yellow")
	alert("R-DDL-03", "s", "extra", "", "10", "yellow")
	alert("R-DDL-03", "s", "graver", "", "10", "red")
	alert("R-DDL-03", "s", "earlier", "", "09", "yellow")
	alert("R-DDL-03", "other", "of another source", "", "10", "yellow")
	alert("R-DDL-03", "s", "after the instant", "", "30", "yellow")
	alert("R-DDL-01", "s", "cleared", "", "10 12", "warning|")
	alert("R-DDL-01", "s", "rises", "", "10 12 30", "notice|warning|red")
	alert("R-DEN-03", "", "ORG", "2026-02", "01", "notice")
	announced("alert_chains", "step_at", "step_severity", "R-DAT-02", "s", "an orphan", "", "30", "yellow")
	announced("alert_chains", "step_at", "step_severity", "R-NRM-06-L", "", "ORG", "2026-03-30", "30", "yellow")

	line := func(rule, subject, clock, severity, rest string) string {
		return `{"rule":"` + rule + `","subject_kind":"case","subject_no":"` + subject + `","clock_no":"` + clock + `","severity":"` +
			severity + `",` + rest + "}\n"
	}
	since := `"since":"2026-03-10T00:00:00+08:00","active":true`
	alerts, err := acceptance.ReadAlerts(strings.NewReader(
		line("R-DDL-03", "equal", "", "yellow", since) + line("R-DDL-03", "graver", "", "yellow", since) + line("R-DDL-03",
			"earlier", "", "yellow", since) +
			line("R-DDL-03", "missing", "", "yellow", since) +
			line("R-DDL-01", "cleared", "", "warning",
				`"since":"2026-03-10T00:00:00+08:00","active":false,"cleared_at":"2026-03-12T00:00:00+08:00"`) +
			line("R-DDL-01", "rises", "", "warning", `"since":"2026-03-12T00:00:00+08:00","active":true`) +
			line("R-DEN-03", "ORG", "2026-02", "notice", `"since":"2026-03-01T00:00:00+08:00","active":true,"tolerance":0.01`) +
			line("R-DEN-03", "ORG", "2026-01", "notice", `"since":"2026-02-01T00:00:00+08:00","active":true,"tolerance":0.01`) +
			line("R-DAT-02", "an orphan", "", "yellow", `"since":null,"active":true`) +
			line("R-NRM-06-L", "ORG", "", "yellow", `"since":null,"active":true`)))
	require.NoError(t, err)
	l := &acceptance.Ledger{Source: "s", AsOf: time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC), Alerts: alerts}
	report, err := acceptance.Compare(t.Context(), reg, db.Conn(), cat, l, 5)
	require.NoError(t, err)
	lines := map[string]acceptance.Line{}
	for _, x := range report.Rules {
		lines[x.Rule] = x
	}
	require.Len(t, lines, len(cat.All()), "every rule in force has a line")
	require.Equal(t, acceptance.Line{Rule: "R-DDL-03", Expected: 4, Raised: 4, Missing: 1, Extra: 1, Different: 2,
		Verdict: acceptance.Differs}, lines["R-DDL-03"])
	require.Equal(t, acceptance.Line{Rule: "R-DDL-01", Expected: 2, Raised: 2, Verdict: acceptance.Equal}, lines["R-DDL-01"])
	require.Equal(t, acceptance.Line{Rule: "R-DAT-02", Expected: 1, Raised: 1, Verdict: acceptance.Equal}, lines["R-DAT-02"])
	require.Equal(t, acceptance.Line{Rule: "R-NRM-06-L", Expected: 1, Raised: 1, Verdict: acceptance.Equal}, lines["R-NRM-06-L"])
	require.Equal(t, acceptance.Line{Rule: "R-DEN-03", Expected: 2, Raised: 1, Missing: 1, Tolerance: 0.01, Verdict: acceptance.Within},
		lines["R-DEN-03"])
	require.Equal(t, acceptance.None, lines["R-FEE-01"].Verdict)
	require.NotEmpty(t, report.Behind, "no period was judged")
	require.False(t, report.Holds())
	var shown []string
	for _, d := range report.Differences {
		if d.Rule == "R-DDL-03" {
			shown = append(shown, d.Difference+" "+d.SubjectNo+": "+d.Expected+" / "+d.Raised)
		}
	}
	require.Equal(t, []string{
		"different earlier: yellow since 2026-03-10T00:00:00.000 / yellow since 2026-03-09T00:00:00.000",
		"different graver: yellow since 2026-03-10T00:00:00.000 / red since 2026-03-10T00:00:00.000",
		"extra extra:  / yellow since 2026-03-10T00:00:00.000",
		"missing missing: yellow since 2026-03-10T00:00:00.000 / ",
	}, shown)
}

// What is not judged yet is no difference. Rules over hours look at what people did, which
// is of before the instant of the ledger and arrives after it: they have judged it when the
// hour of its arrival is over. The lists of organisations are judged when the day of their
// arrival is, 16:00 UTC (docs/simulator.md).
func TestAComparisonWaitsForWhatIsNotJudgedYet(t *testing.T) {
	for name, write := range map[string]func(upTo string) string{
		"checkpoints of earlier programs": func(upTo string) string { return upTo + " false -62135596800 0 0 0/0" },
		"checkpoints": func(upTo string) string {
			at, err := time.Parse(time.RFC3339, upTo)
			require.NoError(t, err)
			text, err := json.Marshal(checkpoint.Progress{UpTo: at})
			require.NoError(t, err)
			return string(text)
		},
	} {
		t.Run(name, func(t *testing.T) { comparisonWaits(t, write) })
	}
}

// comparisonWaits has checkpoints of rules over periods written by write.
func comparisonWaits(t *testing.T, write func(upTo string) string) {
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	cat, err := rule.Load(reg, "")
	require.NoError(t, err)
	exec := func(sql string, args ...any) { require.NoError(t, db.Conn().Exec(t.Context(), sql, args...)) }
	mark := func(version uint64, name, value string) {
		exec("INSERT INTO fold_marks (name, value, fold_version) VALUES (?, ?, ?)", name, value, version)
	}
	judged := func(version uint64, hours, days string) {
		for _, evaluation := range []string{rule.EachHour, rule.EachDay} {
			for _, x := range cat.Of(evaluation, "") {
				upTo := days
				if evaluation == rule.EachHour {
					upTo = hours
				}
				mark(version, fmt.Sprintf("periods of %s@%d", x.ID, x.Version), write(upTo))
			}
		}
	}
	exec("INSERT INTO deliveries (topic, partition, offset, outcome, source_sys, received_at) " +
		"VALUES ('organisations', 0, 1, 'fact', 's', '2026-03-30 03:02:00')")
	// An order that should have been answered; the answer arrives last, one of after the instant is nobody's.
	exec("INSERT INTO actions (event_id, subject_kind, subject_id, action, occurred_at, received_at) " +
		"VALUES ('1', 'order', 'o', 'reply', '2026-03-19 09:00:00', '2026-03-30 03:09:00'), " +
		"('2', 'order', 'o', 'accept', '2026-03-25 09:00:00', '2026-03-30 06:00:00')")
	line := func(rule, subject, rest string) string {
		return `{"rule":"` + rule + `","subject_kind":"order","subject_no":"` + subject + `","clock_no":"",` + rest + "}\n"
	}
	alerts, err := acceptance.ReadAlerts(strings.NewReader(
		line("R-ORD-01", "o", `"severity":"red","since":"2026-03-10T00:00:00+08:00","active":true`) +
			line("R-NRM-06-L", "ORG", `"severity":"yellow","since":null,"active":true`)))
	require.NoError(t, err)
	l := &acceptance.Ledger{Source: "s", AsOf: time.Date(2026, 3, 19, 16, 0, 0, 0, time.UTC), Alerts: alerts}
	compare := func() (verdicts map[string]string, behind map[string]string) {
		report, err := acceptance.Compare(t.Context(), reg, db.Conn(), cat, l, 0)
		require.NoError(t, err)
		verdicts, behind = map[string]string{}, map[string]string{}
		for _, x := range report.Rules {
			if x.Verdict != acceptance.None {
				verdicts[x.Rule] = x.Verdict
			}
		}
		for _, b := range report.Behind {
			id, rest, _ := strings.Cut(b.String(), "@1 ")
			behind[id] = rest
		}
		return verdicts, behind
	}

	judged(1, "2026-03-30T03:00:00Z", "2026-03-29T16:00:00Z")
	mark(2, "alerts_looked", "2 1774839600000")
	verdicts, behind := compare()
	require.Equal(t, map[string]string{"R-ORD-01": acceptance.Waiting, "R-NRM-06-L": acceptance.Waiting}, verdicts)
	require.Equal(t, "has judged up to 2026-03-30T03:00:00Z of 2026-03-30T03:09:00Z, which is judged from 2026-03-30T04:00:00Z on",
		behind["R-ORD-01"])
	require.Equal(t, "has judged up to 2026-03-29T16:00:00Z of 2026-03-30T03:02:00Z, which is judged from 2026-03-30T16:00:00Z on",
		behind["R-NRM-06-L"])
	require.NotContains(t, behind, "R-DAT-01", "its days were over with the instant of the ledger")

	// The hour is over. What was judged is told with the next look.
	judged(3, "2026-03-30T04:00:00Z", "2026-03-29T16:00:00Z")
	told := func() bool {
		all, err := acceptance.AllTold(t.Context(), reg, db.Conn(), "s")
		require.NoError(t, err)
		return all
	}
	require.False(t, told())
	mark(4, "alerts_looked", "4 1774843210000")
	require.True(t, told())
	verdicts, behind = compare()
	require.Equal(t, map[string]string{"R-ORD-01": acceptance.Differs, "R-NRM-06-L": acceptance.Waiting}, verdicts)
	require.NotContains(t, behind, "R-ORD-01")
	judged(5, "2026-03-30T17:00:00Z", "2026-03-30T16:00:00Z")
	mark(6, "alerts_looked", "6 1774890000000")
	verdicts, behind = compare()
	require.Equal(t, map[string]string{"R-ORD-01": acceptance.Differs, "R-NRM-06-L": acceptance.Differs}, verdicts)
	require.Empty(t, behind)

	report := &acceptance.Report{
		Rules:   []acceptance.Line{{Verdict: acceptance.Differs}, {Verdict: acceptance.Equal}},
		Figures: []acceptance.FigureLine{{Verdict: acceptance.Differs}},
	}
	report.Unsettle("3 messages are still to be folded")
	require.Equal(t, []string{acceptance.Waiting, acceptance.Equal, acceptance.Waiting},
		[]string{report.Rules[0].Verdict, report.Rules[1].Verdict, report.Figures[0].Verdict})
	require.False(t, report.Holds())
}
