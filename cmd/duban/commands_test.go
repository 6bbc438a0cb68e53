package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// call is a command line and what it has to say.
type call struct {
	args string // words, parted by blanks (~ is one within a word); {} is the folder of the test
	code int
	text string // of standard error
	out  string // of standard output
}

func check(t *testing.T, dir string, calls []call) {
	t.Helper()
	for _, c := range calls {
		words := strings.Fields(strings.ReplaceAll(c.args, "{}", dir))
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "~", " ")
		}
		code, out, text := told(t, words...)
		require.Equal(t, c.code, code, "%s\n%s%s", c.args, out, text)
		require.Contains(t, text, strings.ReplaceAll(c.text, "{}", dir), c.args)
		require.Contains(t, out, strings.ReplaceAll(c.out, "{}", dir), c.args)
		require.NotContains(t, text+out, "goroutine", c.args)
		if code == exitUsage {
			require.Empty(t, out, "%s: who is told of wrong use is told nothing else", c.args)
		}
	}
}

// Every command says of a wrong word which one it is and what it may be, and does nothing:
// no instance is asked, no file is written.
func TestEachCommandSaysWhatIsWrongInItsWords(t *testing.T) {
	dir := t.TempDir()
	const topics = "is not one of [case-events hotline-tickets satisfaction-ratings service-items organisations actions measurements]"
	check(t, dir, []call{
		{"status --format xml", exitUsage, `--format "xml" is not one of table, json`, ""},
		{"status acknowledge", exitUsage, "--reason: say in a few words why the figures can stand as they are", ""},
		{"status acknowledge --reason known --topic cases", exitUsage, `--topic "cases" ` + topics, ""},
		{"load", exitUsage, "requires at least 1 arg(s), only received 0; see `duban load --help`", ""},
		{"load a.csv", exitUsage, `required flag(s) "mapping" not set`, ""},
		{"load a.csv --mapping {}/none.yaml", exitUsage, "read mapping: open {}/none.yaml: no such file or directory", ""},
		{"load a.csv --mapping m.yaml --format xml", exitUsage, `--format "xml" is not one of table, json`, ""},
		{"replay", exitUsage, "give exactly one of --set, --file and --as-is", ""},
		{"replay --as-is --set a=1", exitUsage, "give exactly one of --set, --file and --as-is", ""},
		{"replay --topic cases --as-is", exitUsage, `--topic "cases" ` + topics, ""},
		{"simulate --events 0 --out {}/p", exitUsage, "events: 0 is not between 1 and 2147483647", ""},
		{"simulate --violations 2 --out {}/p", exitUsage, "violations: 2 is not between 0 and 1", ""},
		{"simulate --from 2026-02-01 --to 2026-01-01 --out {}/p", exitUsage, "from: the period begins after its end", ""},
		{"notify test", exitUsage, "give --to USER, or --channel KIND:ADDRESS such as email:somebody@example.org", ""},
		{"notify test --channel pigeon:x", exitUsage, `kind "pigeon" is not one of email, webhook, kafka, dingtalk, wecom, feishu`, ""},
		{"risk backtest --format xml", exitUsage, `--format "xml" is not one of table, json`, ""},
		{"ledger compare", exitUsage, "--ledger is missing: name the ledger that duban simulate wrote", ""},
		{"ledger compare --ledger l.json --format csv", exitUsage, `--format "csv" is not one of table, json`, ""},
		{"outage declare", exitUsage, `required flag(s) "as", "from", "reason", "until" not set`, ""},
		{"outage end x", exitUsage, `required flag(s) "as" not set`, ""},
		{"outage list --as-of yesterday", exitUsage, `--as-of "yesterday" is not an instant: want 2026-01-31`, ""},
		{"indicator Z99", exitUsage, `there is no indicator "Z99"; there are: A01, A02`, ""},
		{"indicator D01 --from x", exitUsage, `--from "x" is not an instant`, ""},
		{"indicator D01 --format xml", exitUsage, `--format "xml" is not one of table, json, csv`, ""},
		{"process weather", exitUsage, `invalid argument "weather" for "duban process"`, ""},
		{"process dfg", exitUsage, `required flag(s) "source" not set`, ""},
		{"query weather", exitUsage, "there is no query \"weather\"; the families are audit/…", ""},
		{"query ingest/losses -p colour=red", exitUsage,
			"query ingest/losses has no parameter colour; see `duban query ingest/losses --describe`", ""},
		{"query ingest/losses -p colour", exitUsage, `-p "colour": want name=value`, ""},
		{"query quality/deadline_outcomes -p from=x", exitUsage, `--from "x" is not an instant`, ""},
		{"calendar due --start 2026-03-02 --days -1", exitUsage, "--days -1 is not between 0 and 3660", ""},
		{"calendar due --start 2026-03-02 --days 5 --due-mode noon", exitUsage, "is not end_of_day, close_of_business or same_instant", ""},
		{"calendar count --from 2026-03-02", exitUsage, "unknown flag: --from", ""},
		{"calendar import {}/none.yaml", exitUsage, "open {}/none.yaml: no such file or directory", ""},
		{"calendar import {}/none.yaml --put-into-force", exitUsage, "--put-into-force needs --reason: why it is put into force", ""},
		{"calendar put-into-force v", exitUsage, "--reason is needed: why it is put into force", ""},
		{"up --listen nowhere --data {}/x", exitUsage, `listen: "nowhere" is not HOST:PORT`, ""},
		{"user add li --data {}", exitUsage, `required flag(s) "role" not set`, ""},
		{"user role --data {}", exitUsage, "accepts 1 arg(s), received 0", ""},
	})
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left, "nothing was written")
}

// What needs an instance says so, with the folder that it looked in and what to do.
func TestCommandsWithoutAnInstanceSayHowToStartOne(t *testing.T) {
	dir := t.TempDir()
	ledger := filepath.Join(dir, "ledger")
	check(t, dir, []call{{"simulate --events 200 --from 2026-03-02 --to 2026-03-06 --out " + ledger, 0, "simulated province", ""}})
	var calls []call
	for _, args := range []string{
		"status", "status --wait", "status acknowledge --reason we~know~of~it", "migrate", "query ingest/losses", "indicator D01",
		"process dfg --source hall", "risk backtest", "calendar list", "simulate --events 10",
		"replay --all --as-is", "notify test --to u-1", "outage list", "outage cases x", "ledger compare --ledger " + ledger + "/ledger.json",
		"ingest", "supervise", "serve", "supervise --explain-change", "supervise --recompute",
	} {
		calls = append(calls, call{args + " --data {}", exitFailed, "no instance is running in {}: start it with `duban up --data {}`", ""})
	}
	check(t, dir, calls)
}

// Users are added and changed without a running instance; what would leave nobody who can
// sign in as administrator is refused.
func TestUsersAreKeptOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	file("good", "korrekt-Pferd-Batterie-9\n")
	file("short", "kurz\n")
	const with = " --data {} --password-file {}/good"
	check(t, dir, []call{
		{"user list --data {}", 0, "", "DISPLAY NAME"},
		{"user add zhou --role king" + with, exitUsage, `role: "king" is not one of leader, supervisor, analyst, dept_manager`, ""},
		{"user add zhou --role sysadmin --data {} --password-file {}/short", exitUsage, "password: want at least 12 characters", ""},
		{"user add zhou --role sysadmin --data {} --password-file {}/none", exitFailed, "read password: open {}/none: no such file", ""},
		{"user add zhou --role sysadmin --data {}", exitUsage, "there is no terminal to ask for a password: use --stdin or --password-file", ""},
		{"user add zhou --display 周敏 --role sysadmin" + with, 0, "", "added zhou (u-1, sysadmin)"},
		{"user add ZHOU --role leader" + with, exitUsage, "name: there is a user with this name", ""},
		{"user add li --role dept_manager" + with, exitUsage, "org: the role dept_manager acts for one organisation: name it", ""},
		{"user add li --role supervisor --region 999999" + with, exitUsage, "region: there is no division with the code 999999", ""},
		{"user add li --role supervisor --region 610800" + with, 0, "", "added li (u-2, supervisor)"},
		{"user list --data {}", 0, "", "周敏"},
		{"user list --data {}", 0, "", "610800"},
		// The last one who may let others in stays.
		{"user disable zhou --data {}", exitFailed, "this is the last sysadmin who can sign in: make somebody else sysadmin first", ""},
		{"user role zhou --role leader --data {}", exitFailed, "this is the last sysadmin who can sign in", ""},
		{"user role li --role sysadmin --data {}", 0, "", "li (u-2)"},
		{"user disable zhou --data {}", 0, "", "zhou (u-1)"},
		{"user list --data {}", 0, "", "disabled"},
		{"user enable zhou --data {}", 0, "", "user enabled: zhou (u-1)"},
		{"user passwd li" + with, 0, "", "password reset: li (u-2)"},
		{"user passwd nobody" + with, exitFailed, "nobody: there is no such user; `duban user list` shows those there are", ""},
		{"user disable nobody --data {}", exitFailed, "there is no such user", ""},
	})
	b, err := os.ReadFile(filepath.Join(dir, "users.json"))
	require.NoError(t, err)
	require.NotContains(t, string(b), "Batterie", "no password is kept")
	entries, err := filepath.Glob(filepath.Join(dir, "audit", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, entries, "what was done is on the trail")
}

// The days of the law, by the notices of the State Council: 1–7 October 2026 are off and
// 10 October is worked; 15–23 February 2026 are off, 14 and 28 February are worked.
func TestTheCalendarCountsByTheNotices(t *testing.T) {
	for _, v := range []struct {
		args string
		due  string
		days int // working days listed as counted
	}{
		{"due --start 2026-03-02 --days 5", "2026-03-09", 5},
		{"due --start 2026-03-06 --days 1", "2026-03-09", 1},
		{"due --start 2026-09-28 --days 5", "2026-10-10", 5},
		{"due --start 2026-02-13 --days 2", "2026-02-24", 2},
		{"due --start 2026-03-02 --days 0", "2026-03-02", -1},
		{"due --start 2026-02-10 --days 10 --unit C", "2026-02-24", -1}, // the tenth day is a holiday: the next working day
	} {
		code, out, text := told(t, append(append([]string{"calendar"}, strings.Fields(v.args)...), "--format", "json")...)
		require.Zero(t, code, "%s: %s", v.args, text)
		var got struct {
			Due         string `json:"due"`
			DueAt       string `json:"due_at"`
			Version     string `json:"calendar_version"`
			Explanation []struct {
				Date, Role string
				Workday    bool
			} `json:"explanation"`
		}
		require.NoError(t, json.Unmarshal([]byte(out), &got), out)
		require.Equal(t, v.due, got.Due, v.args)
		require.Equal(t, v.due+"T23:59:59.999+08:00", got.DueAt, v.args)
		require.NotEmpty(t, got.Version)
		if v.days >= 0 {
			counted := 0
			for _, d := range got.Explanation {
				if d.Role == "counted" {
					counted++
					require.True(t, d.Workday, "%s: %s", v.args, d.Date)
				}
			}
			require.Equal(t, v.days, counted, v.args)
		}
	}
	check(t, t.TempDir(), []call{
		{"calendar count --after 2026-02-10 --through 2026-03-01", 0, "", "9 working days"},
		{"calendar count --after 2026-02-14 --through 2026-02-23", 0, "", "0 working days"},
		{"calendar count --after 2026-03-10 --through 2026-03-01", 0, "", "0 working days"},
		{"calendar due --start 2026-09-30 --days 1", 0, "", "due 2026-10-08 (2026-10-08T23:59:59.999+08:00)"},
		{"calendar due --start 2026-03-02 --days 5 --calendar cn-1900 --data {}/none", exitFailed,
			"calendar cn-1900 is none of the program's", ""},
	})
}

// What the program knows by itself is told without an instance.
func TestTheProgramTellsWhatItKnows(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.yaml")
	require.NoError(t, os.WriteFile(bad, []byte("colour: red\n"), 0o600))
	check(t, dir, []call{
		{"--version", 0, "", "duban version dev"},
		{"query", 0, "", "ingest/losses"},
		{"query ingest/losses --describe", 0, "", "grain: one row per range of places"},
		{"query indicator/D01 --describe", 0, "", "--by "},
		{"rule list", 0, "", "R-DDL-03"},
		{"rule list", 0, "", "超承诺时限"},
		{"rule test {}/none.yaml", exitFailed, "{}/none.yaml: read rule test: open {}/none.yaml: no such file", ""},
		{"findings --data {}", 0, "", "nothing was found"},
		{"findings --data {} --acknowledge=", exitFailed, "say why: a finding is acknowledged with a reason", ""},
		// check goes on as far as it can, and its code says that something is wrong.
		{"check --config {}/none.yaml", exitProblems, "", "✗ configuration  read configuration {}/none.yaml"},
		{"check --config " + bad, exitProblems, "", "unknown keys colour; known are: clickhouse.dsn"},
		{"check --data {}", exitProblems, "", "✓ calendar"},
		{"check --data {}", exitProblems, "", "✗ instance       no instance is running in {}"},
		{"ledger compare --ledger {}/none.json", exitFailed, "read the ledger: open {}/none.json", ""},
	})
}

// A simulation into a folder leaves messages by topic and the ledger of what is true; the
// same seed gives the same bytes, another one does not.
func TestASimulationIntoAFolderIsTheSameForOneSeed(t *testing.T) {
	dir := t.TempDir()
	const span = " --events 300 --violations 0.2 --from 2026-03-02 --to 2026-03-08 --out {}/"
	check(t, dir, []call{
		{"simulate --seed 7" + span + "a", 0, "done", ""},
		{"simulate --seed 7" + span + "b", 0, "done", ""},
		{"simulate --seed 8" + span + "c", 0, "done", ""},
		{"simulate --seed 7 --gzip" + span + "d", 0, "done", ""},
	})
	read := func(folder, name string) string {
		b, err := os.ReadFile(filepath.Join(dir, folder, name))
		require.NoError(t, err)
		return string(b)
	}
	files, err := filepath.Glob(filepath.Join(dir, "a", "*"))
	require.NoError(t, err)
	var names []string
	for _, f := range files {
		names = append(names, filepath.Base(f))
	}
	require.Contains(t, names, "case-events.ndjson")
	require.Contains(t, names, "ledger.json")
	for _, n := range names {
		require.Equal(t, read("a", n), read("b", n), n)
	}
	require.NotEqual(t, read("a", "case-events.ndjson"), read("c", "case-events.ndjson"))
	require.True(t, strings.HasPrefix(read("d", "case-events.ndjson.gz"), "\x1f\x8b"))
	for line := range strings.Lines(read("a", "case-events.ndjson")) {
		require.True(t, json.Valid([]byte(line)), line)
	}
}
