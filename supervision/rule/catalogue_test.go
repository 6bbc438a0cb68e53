package rule_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/rule"
	"duban/supervision/rule/ruletest"
)

func load(t *testing.T) (*queries.Registry, *rule.Catalogue) {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	cat, err := rule.Load(reg, "")
	require.NoError(t, err)
	return reg, cat
}

// Every rule of the catalogue raises what its file says that it must.
func TestRulesRaiseWhatTheirFilesExpect(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			reg, cat := load(t)
			f, err := ruletest.Read(path)
			require.NoError(t, err)
			problems, err := ruletest.Run(t.Context(), storetest.New(t), reg, cat, f)
			require.NoError(t, err)
			require.Empty(t, problems)
		})
	}
}

// Domain guide 2.3: promise and legal limit end by decision, finish, deemed consent, refusal,
// withdrawal and termination, and stop for special procedures, extensions and payment.
func TestTheClockOfARuleNamesItsEvents(t *testing.T) {
	for _, clock := range []string{"K3", "K4"} {
		r, err := rule.Parse("X-1.yaml", []byte(`id: X-1
version: 1
names: {zh: 甲, en: A}
category: timeliness
subject: case
evaluation: fold
taken_back_by: {clock: `+clock+`}
ladder: [{severity: yellow, notify: N3, points: 5}]
clear: [B]
issue: auto
norm: {zh: 甲, en: A}
`))
		require.NoError(t, err)
		require.Equal(t, []string{"decide", "finish", "deemed_consent", "not_accept", "withdraw", "terminate"}, r.TakenBackBy.Ends, clock)
		require.Equal(t, []string{"suspend_start", "suspend_end", "extend", "fee_notice", "fee_paid"}, r.TakenBackBy.Moves, clock)
	}
}

func TestWrongRuleFilesAreRefusedWithFileLineAndReason(t *testing.T) {
	good := `id: X-1
version: 1
names: {zh: 甲, en: A}
category: timeliness
subject: case
evaluation: fold
ladder: [{severity: yellow, notify: N3, points: 5}]
clear: [B]
issue: auto
norm: {zh: 甲, en: A}
`
	_, err := rule.Parse("X-1.yaml", []byte(good)) // without a decision
	require.NoError(t, err)
	_, err = rule.Parse("X-1.yaml", []byte(good+"decision: {zh: 甲, en: A}\n"))
	require.NoError(t, err)
	for name, v := range map[string]struct{ text, want string }{
		"a key that is not known":  {good + "colour: red\n", `unknown field "colour"`},
		"another name":             {"id: X-2" + good[7:], `X-1.yaml:1: id: is "X-2", but the file is named "X-1"`},
		"a category":               {replace(good, "category: timeliness", "category: time"), `X-1.yaml:4: category: "time" is not one of`},
		"a severity":               {replace(good, "severity: yellow", "severity: orange"), `X-1.yaml:7: ladder: severity "orange"`},
		"points below none":        {replace(good, "points: 5", "points: -5"), `X-1.yaml:7: ladder: points of yellow are negative`},
		"a rung":                   {replace(good, "notify: N3", "notify: N9"), `X-1.yaml:7: ladder: notify of yellow is "N9"`},
		"no norm":                  {replace(good, "norm: {zh: 甲, en: A}\n", ""), "X-1.yaml:1: norm: needs zh and en"},
		"decision in one language": {good + "decision: {zh: 甲}\n", "X-1.yaml:11: decision: is given in one language: want zh and en"},
		"decision with a blank":    {good + "decision: {zh: 甲, en: ' '}\n", "X-1.yaml:11: decision: is given in one language: want zh and en"},
		"a plain decision": {good + "decision: >-\n  What the law\n  leaves open.\n",
			"X-1.yaml:11: decision: is one plain text: write it in both languages, decision: {zh: …, en: …}"},
		"an empty decision":   {good + "decision: {}\n", "X-1.yaml:11: decision: is empty"},
		"a plain name":        {replace(good, "names: {zh: 甲, en: A}", "names: 甲"), "X-1.yaml:3: names: is one plain text"},
		"no clear mode":       {replace(good, "clear: [B]\n", ""), "X-1.yaml:1: clear: needs at least one"},
		"many days of a fold": {good + "at_once: true\n", "X-1.yaml:6: evaluation: at_once is for rules about days and hours"},
		"a month of an hour": {replace(good, "evaluation: fold", "evaluation: hour") + "closes: month\n",
			"X-1.yaml:6: evaluation: closes is for rules about days"},
		"a need of days": {replace(good, "evaluation: fold", "evaluation: day") + "needs: {facts: [finish]}\n",
			"X-1.yaml:11: needs: is for rules about the fold"},
		"what no event is":    {good + "taken_back_by: {ends: [finnish]}\n", `X-1.yaml:11: taken_back_by: "finnish" is not one of apply,`},
		"an event of tickets": {good + "taken_back_by: {ends: [t_reply]}\n", `X-1.yaml:11: taken_back_by: "t_reply" is not one of apply,`},
		"a correction":        {good + "taken_back_by: {moves: [void]}\n", `X-1.yaml:11: taken_back_by: "void" is not one of`},
		"any and one":         {good + "taken_back_by: {ends: [finish], moves: [any]}\n", "X-1.yaml:11: taken_back_by: any stands alone"},
		"any as an end":       {good + "taken_back_by: {ends: [any]}\n", `X-1.yaml:11: taken_back_by: "any" is not one of`},
		"a rule that only warns": {replace(good, "severity: yellow", "severity: warning") + "taken_back_by: {ends: [finish]}\n",
			"X-1.yaml:11: taken_back_by: is for rules that raise cards"},
		"a clock and its ends": {good + "taken_back_by: {clock: K3, ends: [finish]}\n",
			"X-1.yaml:11: taken_back_by: clock stands for ends and moves"},
		"a clock of a stage": {good + "taken_back_by: {clock: K5}\n", `X-1.yaml:11: taken_back_by: clock "K5" is not K3 or K4`},
		"a main clock of orders": {replace(good, "subject: case", "subject: ticket") + "taken_back_by: {clock: K3}\n",
			`X-1.yaml:11: taken_back_by: "decide" is not one of`},
		"granted and not moved": {good + "taken_back_by: {ends: [finish], granted: [extend]}\n",
			`X-1.yaml:11: taken_back_by: "extend" is granted and not among moves`},
		"sub-cases of nothing": {good + "taken_back_by: {sub_cases: true}\n",
			"X-1.yaml:11: taken_back_by: granted and sub_cases need ends or moves"},
		"an end of days": {replace(good, "evaluation: fold", "evaluation: day") + "taken_back_by: {ends: [finish]}\n",
			"X-1.yaml:11: taken_back_by: is for rules about the fold"},
		"a fold of organisations": {replace(good, "subject: case", "subject: org"), "X-1.yaml:6: evaluation: fold is for cases"},
	} {
		_, err := rule.Parse("X-1.yaml", []byte(v.text))
		require.ErrorContains(t, err, v.want, name)
	}
}

func replace(text, old, with string) string {
	i := len(text)
	for j := 0; j+len(old) <= len(text); j++ {
		if text[j:j+len(old)] == old {
			i = j
			break
		}
	}
	return text[:i] + with + text[i+len(old):]
}

// A folder that is mistyped must not lose the rules of a jurisdiction unseen.
func TestAFolderOfRulesThatIsNotThereIsAnError(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	dir := t.TempDir()
	_, err = rule.Load(reg, filepath.Join(dir, "none"))
	require.ErrorContains(t, err, "none: no such file or directory; want the folder with the rules of the jurisdiction, or leave it out")
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = rule.Load(reg, file)
	require.ErrorContains(t, err, "file is a file; want the folder")
	_, err = rule.Load(reg, dir)
	require.NoError(t, err, "an empty folder adds nothing")
}

// A jurisdiction adds a rule with two files and no program.
func TestARuleOfTheJurisdictionNeedsNoProgram(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("L-1.yaml", `id: L-1
version: 1
names: {zh: 夜间受理, en: Accepted at night}
category: norm
subject: case
evaluation: fold
ladder: [{severity: notice, notify: N1, points: 0}]
clear: [B]
issue: auto
params: {hour: 22}
norm: {zh: 本地规定, en: Local regulation}
`)
	_, err = rule.Load(reg, dir)
	require.ErrorContains(t, err, "there is no rule/L-1.sql")

	write("L-1.sql", `-- purpose: Acceptance at night.
-- grain: one row per case
-- include: case_subjects
-- param: hour UInt8 = first hour of the night
SELECT source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    [(assumeNotNull(h_accepted_at[-1]), 'notice')] AS steps, NULL AS due_at, map('hour', toString(toHour(h_accepted_at[-1],
'Asia/Shanghai'))) AS evidence
FROM ({{case_subjects}})
WHERE toHour(h_accepted_at[-1], 'Asia/Shanghai') >= {hour:UInt8}
`)
	cat, err := rule.Load(reg, dir)
	require.NoError(t, err)
	problems, err := ruletest.Run(t.Context(), storetest.New(t), reg, cat, &ruletest.File{
		Rule: "L-1",
		Facts: []map[string]any{
			{"topic": "case-events", "event_type": "apply", "case_no": "DAY", "event_time": "2026-03-02T09:00:00+08:00"},
			{"topic": "case-events", "event_type": "accept", "case_no": "DAY", "event_time": "2026-03-02T21:59:59+08:00"},
			{"topic": "case-events", "event_type": "apply", "case_no": "NIGHT", "event_time": "2026-03-02T09:00:00+08:00"},
			{"topic": "case-events", "event_type": "accept", "case_no": "NIGHT", "event_time": "2026-03-02T22:00:00+08:00"},
		},
		Expect: []ruletest.Expectation{{At: "2026-03-03T00:00:00+08:00", Alerts: []ruletest.Alert{
			{Subject: "NIGHT", Severity: "notice", Since: "2026-03-02T22:00:00+08:00", Evidence: map[string]string{"hour": "22"}},
		}}},
	})
	require.NoError(t, err)
	require.Empty(t, problems)
}

// How many rules there are is said by the catalogue (duban rule list, /rules) and nowhere
// else; the table of the measured ledger names each of them, and no other.
func TestTheDocumentsKnowTheRulesOfTheCatalogue(t *testing.T) {
	_, cat := load(t)
	root := filepath.Join("..", "..")
	number := regexp.MustCompile(`\b[0-9]+ (of the )?rules\b|[0-9]+ ?条(监察)?规则`)
	for _, name := range []string{
		"README.md", "README.zh-CN.md", "CHANGELOG.md", "docs/supervision.md", "docs/simulator.md", "docs/bench/ledger.md",
	} {
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		require.Empty(t, number.FindAllString(string(text), -1), name)
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "bench", "ledger.md"))
	require.NoError(t, err)
	rows, ids := []string{}, []string{}
	for _, m := range regexp.MustCompile(`(?m)^\| (R-[A-Z]{3}-[0-9A-Z-]+) \|`).FindAllStringSubmatch(string(text), -1) {
		rows = append(rows, m[1])
	}
	for _, r := range cat.All() {
		ids = append(ids, r.ID)
	}
	require.ElementsMatch(t, ids, rows)
}
