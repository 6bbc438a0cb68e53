package main

import (
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// said runs a command line and returns its exit code and what it wrote to stderr.
func said(t *testing.T, args ...string) (code int, text string) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	was := os.Stderr
	os.Stderr = w
	code = run(t.Context(), args)
	os.Stderr = was
	require.NoError(t, w.Close())
	all, err := io.ReadAll(r)
	require.NoError(t, err)
	return code, string(all)
}

// Whatever is wrong in how a command is called is told as such, with where to read more;
// what fails in its work is something else.
func TestWrongUseIsToldFromFailure(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		text string
	}{
		{[]string{"foo"}, exitUsage, "unknown command \"foo\" for \"duban\"; see `duban --help`"},
		{[]string{"risk", "foo"}, exitUsage, "unknown command \"foo\" for \"duban risk\"; see `duban risk --help`"},
		{[]string{"rule", "test"}, exitUsage, "see `duban rule test --help`"},
		{[]string{"calendar", "due"}, exitUsage, "\"days\", \"start\" not set; see `duban calendar due --help`"},
		{[]string{"calendar", "due", "--colour", "red"}, exitUsage, "unknown flag: --colour"},
		{[]string{"calendar", "due", "--start", "2026-13-01", "--days", "3"}, exitUsage, "--start \"2026-13-01\" is not an instant"},
		{[]string{"calendar", "due", "--start", "2026-03-02", "--days", "3", "--unit", "X"}, exitUsage, "--unit"},
		{[]string{"status", "--data", t.TempDir()}, exitFailed, "no instance is running"},
	} {
		code, text := said(t, c.args...)
		require.Equal(t, c.code, code, "%v: %s", c.args, text)
		require.Contains(t, text, c.text, "%v", c.args)
		require.NotContains(t, text, "goroutine")
	}
}
