package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/internal/broker/brokertest"
	"duban/internal/store/storetest"
)

// The office loads the notice of a year on the command line: it is looked at, kept, and counts
// once somebody who may puts it into force. The notice is made up: 20 February 2027, a Saturday,
// works; 8 to 12 February, Monday to Friday, are off.
func TestTheNoticeOfAYearIsLoadedOnTheCommandLine(t *testing.T) {
	dir, db, kafka := t.TempDir(), storetest.New(t), brokertest.New(t)
	notice, err := filepath.Abs("../../supervision/calendar/testdata/made-up-2027.yaml")
	require.NoError(t, err)
	good, err := os.ReadFile(notice)
	require.NoError(t, err)
	bad := filepath.Join(dir, "bad.yaml")
	require.NoError(t, os.WriteFile(bad, []byte(strings.Replace(string(good),
		"date: 2027-02-20, isOffDay: false", "date: 2027-02-18, isOffDay: false", 1)),
		0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "password"), []byte("korrekt-Pferd-Batterie-9\n"), 0o600))
	run := func(words ...string) (int, string, string) {
		return told(t, append(words, "--data", dir, "--clickhouse", db.DSN(), "--kafka", kafka)...)
	}
	ok := func(words ...string) string {
		t.Helper()
		code, out, text := run(words...)
		require.Zero(t, code, "%v\n%s%s", words, out, text)
		return out
	}
	refused := func(code int, why string, words ...string) string {
		t.Helper()
		got, out, text := run(words...)
		require.Equal(t, code, got, "%v\n%s%s", words, out, text)
		require.Contains(t, out+text, why, words)
		return out
	}

	// What no notice can say is named with its line; nothing is kept.
	refused(exitProblems, "line 18", "calendar", "import", bad)
	require.Contains(t, ok("calendar", "import", notice, "--check"), "the notice of 2027, ")
	require.NotContains(t, ok("calendar", "list", "--format", "csv"), "2027")

	out := ok("calendar", "import", notice)
	require.Contains(t, out, "  2027-02-20 Saturday  day off -> working day")
	require.Contains(t, out, "kept, not in force: `duban calendar put-into-force cn-")
	version := regexp.MustCompile(`put-into-force (\S+)`).FindStringSubmatch(out)[1]
	list := ok("calendar", "list", "--format", "csv")
	require.Contains(t, list, version+",false,cn-2026-08-07,2027,")
	require.Contains(t, list, "cn-2026-08-07,true,")
	shown := ok("calendar", "show", version, "--year", "2027", "--format", "csv")
	require.Contains(t, shown, "2027-02-20,Saturday,true,make_up_workday,")
	require.NotContains(t, ok("calendar", "show", "--year", "2027", "--format", "csv"), "make_up_workday", "of the one in force")

	refused(exitUsage, "no", "calendar", "put-into-force", "cn-1900", "--reason", "国办发明电〔2026〕1号")
	refused(exitUsage, "--reason is needed", "calendar", "put-into-force", version)
	require.Contains(t, ok("calendar", "put-into-force", version, "--reason", "国办发明电〔2026〕1号"), version+" is in force")
	list = ok("calendar", "list", "--format", "csv")
	require.Contains(t, list, version+",true,")
	require.Contains(t, list, "国办发明电〔2026〕1号")
	require.Contains(t, list, "cn-2026-08-07,false,")

	// Once there are users it is the deed of one of them, who may.
	const with = "--password-file"
	password := filepath.Join(dir, "password")
	for name, role := range map[string]string{"zhou": "sysadmin", "wang": "supervisor", "li": "analyst"} {
		code, out, text := told(t, "user", "add", name, "--role", role, "--region", "610000", with, password, "--data", dir)
		if code != 0 { // a system administrator has no division
			code, out, text = told(t, "user", "add", name, "--role", role, with, password, "--data", dir)
		}
		require.Zero(t, code, out+text)
	}
	back := func(as ...string) []string {
		return append([]string{"calendar", "put-into-force", "cn-2026-08-07", "--reason", "taken back"}, as...)
	}
	refused(exitUsage, "--as is needed: whose deed it is", back()...)
	refused(exitUsage, "the role analyst may not do this; a supervisor or sysadmin may", back("--as", "li")...)
	refused(exitUsage, "--as nobody: ", back("--as", "nobody")...)
	ok(back("--as", "wang")...)
	require.Contains(t, ok("calendar", "list", "--format", "csv"), "cn-2026-08-07,true,")

	trail, err := filepath.Glob(filepath.Join(dir, "audit", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, trail)
	var all strings.Builder
	for _, f := range trail {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		all.Write(b)
	}
	require.Contains(t, all.String(), version, "who loaded it stands on the trail")
	require.Contains(t, all.String(), "calendar.manage")
}
