package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/internal/broker/brokertest"
)

// told is said with what the command wrote to stdout as well.
func told(t *testing.T, args ...string) (code int, out, text string) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	was := os.Stdout
	os.Stdout = w
	done := make(chan []byte)
	go func() { all, _ := io.ReadAll(r); done <- all }()
	code, text = said(t, args...)
	os.Stdout = was
	require.NoError(t, w.Close())
	return code, string(<-done), text
}

const loadMapping = `version: 1
topic: case-events
source: f08
time: {formats: ["yyyy-MM-dd HH:mm"], zone: Asia/Shanghai}
subject: case
fields: {org_code: office}
events:
  - {name: s, type: apply, at: time}
`

// A night job that loads nothing, or not everything, is not green: 3 where rows
// were refused, 1 where a file could not be read or held nothing; what became
// of the records is told in any case.
func TestALoadSaysByItsCodeWhatBecameOfTheFile(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		p := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(p, []byte(text), 0o600))
		return p
	}
	m := file("m.yaml", loadMapping)
	good := "case,time,office\nA-1,2026-03-02 09:00,x\n"
	kafka := brokertest.New(t)
	for _, c := range []struct {
		name, text string
		code       int
		out        string
	}{
		{"good.csv", good, 0, "1 records, 1 events"},
		{"allbad.csv", "case,time,office\nA-1,02.03.2026,x\nA-2,99.99.9999,x\nA-3,00.00.0000,x\n", exitProblems, "3 records, 0 events"},
		{"onebad.csv", good + "A-2,99.99.9999,x\n", exitProblems, "refused 1: invalid_time time"},
		{"header.csv", "case,time,office\n", exitFailed, "0 records"},
		{"empty.ndjson", "", exitFailed, "0 records"},
		{"log.xes", "<log/>", exitFailed, "0 records"},
		// Broken off in the middle: the summary of what came before is there.
		{"cut.xes", `<log><trace><string key="case" value="1"/><event><string key="time" value="x"/></event></trace><trace>`, exitFailed,
			"1 records, 0 events"},
	} {
		f := file(c.name, c.text)
		for _, how := range [][]string{{"--check"}, {"--kafka", kafka, "--data", dir}} {
			code, out, text := told(t, append([]string{"load", f, "--mapping", m}, how...)...)
			require.Equal(t, c.code, code, "%s %v: %s%s", c.name, how, out, text)
			require.Contains(t, out, c.out, "%s %v: %s", c.name, how, text)
			if c.code == exitFailed {
				require.Contains(t, text, c.name)
			}
		}
	}
	// The list is shortened, and says so.
	long := "case,time,office\n"
	for range 50 {
		long += "A,x,y\n"
	}
	_, out, _ := told(t, "load", file("long.csv", long), "--mapping", m, "--check", "--problems", "3")
	require.Contains(t, out, "50 records, 0 events")
	require.Contains(t, out, "the first 3 of 50")
}

// A mapping can be looked at by what it makes of a file.
func TestACheckShowsTheMessagesThatAFileBecomes(t *testing.T) {
	dir := t.TempDir()
	m, f := filepath.Join(dir, "m.yaml"), filepath.Join(dir, "a.csv")
	require.NoError(t, os.WriteFile(m, []byte(loadMapping), 0o600))
	require.NoError(t,
		os.WriteFile(f, []byte("case,time,office\nA-1,2026-03-02 09:00,x\nA-2,2026-03-02 09:00,x\nA-3,2026-03-02 09:00,x\n"), 0o600))
	code, out, _ := told(t, "load", f, "--mapping", m, "--check", "--show", "2")
	require.Zero(t, code)
	require.Contains(t, out, `"case_no":"A-1","event_type":"apply","event_time":"2026-03-02T01:00:00Z","org_code":"x"}`)
	require.Contains(t, out, `"case_no":"A-2"`)
	require.NotContains(t, out, `"case_no":"A-3"`)
	code, _, text := told(t, "load", f, "--mapping", m, "--show", "2")
	require.Equal(t, exitUsage, code)
	require.Contains(t, text, "--show is for --check")
}

// A simulation may write more than it was asked for; what is not done is never 100 %.
func TestProgressIsNeverAWholeBeforeTheEnd(t *testing.T) {
	require.Equal(t, "0 %", percentDone(0, 40_000))
	require.Equal(t, "50 %", percentDone(20_000, 40_000))
	require.Equal(t, "99 %", percentDone(39_999, 40_000))
	require.Equal(t, "99 %", percentDone(45_899, 40_000))
	require.Equal(t, "99 %", percentDone(5, 0))
}
