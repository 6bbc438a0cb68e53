package ruletest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/acceptance"
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
