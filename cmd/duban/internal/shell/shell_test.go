package shell

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"duban/internal/config"
	"duban/internal/instance"
)

// given is what the flags of a command come to.
func given(t *testing.T, args ...string) *Common {
	t.Helper()
	cmd := &cobra.Command{Use: "x", RunE: func(*cobra.Command, []string) error { return nil }}
	c := AddCommon(cmd)
	cmd.SetArgs(args)
	require.NoError(t, cmd.Execute())
	return c
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// A day is its beginning in Beijing, eight hours before that of Greenwich; what has an offset
// keeps it.
func TestInstantsWithoutAnOffsetAreOfTheZoneOfTheLaw(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-02":                    "2026-03-01T16:00:00Z",
		"2026-03-02 09:30":              "2026-03-02T01:30:00Z",
		"2026-03-02 09:30:15":           "2026-03-02T01:30:15Z",
		"2026-03-02T09:30:15":           "2026-03-02T01:30:15Z",
		"2026-03-02T09:30:15Z":          "2026-03-02T09:30:15Z",
		"2026-03-02T09:30:15.25+02:00":  "2026-03-02T07:30:15.25Z",
		"2024-02-29":                    "2024-02-28T16:00:00Z",
		"2026-03-02T23:59:59.999+08:00": "2026-03-02T15:59:59.999Z",
	} {
		at, err := ParseInstant("from", text)
		require.NoError(t, err, text)
		require.Equal(t, want, at.UTC().Format(time.RFC3339Nano), text)
	}
	for _, text := range []string{"", "yesterday", "2026-02-30", "2026-13-01", "2026-3-2", "02.03.2026", "2026-03-02T25:00:00", "1772409600"} {
		_, err := ParseInstant("from", text)
		var use UsageError
		require.ErrorAs(t, err, &use, text)
		require.ErrorContains(t, err, "--from \""+text+"\" is not an instant: want 2026-01-31", text)
	}
}

func TestAssignmentsAreCutAtTheFirstSign(t *testing.T) {
	got, err := ParseAssignments("p", []string{"a=1", "b=", "c=x=y", "a=2", "中=文"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a": "2", "b": "", "c": "x=y", "中": "文"}, got)
	for _, wrong := range []string{"a", "=1", ""} {
		_, err := ParseAssignments("p", []string{wrong})
		var use UsageError
		require.ErrorAs(t, err, &use, wrong)
		require.ErrorContains(t, err, "want name=value")
	}
}

// What is nearer to the person wins: a flag over a variable over the file over the program.
func TestFlagsWinOverVariablesAndVariablesOverTheFile(t *testing.T) {
	dir := t.TempDir()
	here, err := filepath.Abs(config.Default().Data)
	require.NoError(t, err)
	file := write(t, filepath.Join(dir, "duban.yaml"), "data: "+dir+"/of-file\nlog:\n  level: warn\nlisten: 127.0.0.1:7000\n")
	for _, c := range []struct {
		args                []string
		variable            string
		data, level, listen string
	}{
		{[]string{"--config", file}, "", dir + "/of-file", "warn", "127.0.0.1:7000"},
		{[]string{"--config", file}, dir + "/of-variable", dir + "/of-variable", "warn", "127.0.0.1:7000"},
		{[]string{"--config", file, "--data", dir + "/of-flag", "--log-level", "debug"}, dir + "/of-variable", dir + "/of-flag", "debug",
			"127.0.0.1:7000"},
		{nil, "", here, config.Default().Log.Level, config.Default().Listen},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			if c.variable != "" {
				t.Setenv("DUBAN_DATA", c.variable)
			}
			cfg, err := given(t, c.args...).Load(nil)
			require.NoError(t, err)
			require.Equal(t, []string{c.data, c.level, c.listen}, []string{cfg.Data, cfg.Log.Level, cfg.Listen})
		})
	}
	cfg, err := given(t, "--config", file).Load(map[string]any{"listen": "127.0.0.1:8000"})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8000", cfg.Listen, "a flag of one command is a flag")
	_, err = given(t, "--log-level", "loud").Load(nil)
	require.ErrorContains(t, err, "loud")
	_, err = given(t, "--config", filepath.Join(dir, "none.yaml")).Load(nil)
	require.ErrorContains(t, err, "none.yaml")
}

// The engines are those of the configuration, and of the running instance where it names none.
func TestEnginesAreFoundByTheFolderUnlessTheyAreNamed(t *testing.T) {
	dir := t.TempDir()
	_, err := given(t, "--data", dir).Locate()
	require.ErrorContains(t, err, "no instance is running in "+dir+": start it with `duban up --data "+dir+"`")

	require.NoError(t, instance.Write(dir, instance.Endpoints{HTTP: "http://127.0.0.1:1", ClickHouse: "clickhouse://u:p@127.0.0.1:2/duban",
		Reader: "clickhouse://r:p@127.0.0.1:2/duban", Kafka: []string{"127.0.0.1:3"}, PID: os.Getpid()}))
	cl, err := given(t, "--data", dir).Locate()
	require.NoError(t, err)
	require.Equal(t, []string{"127.0.0.1:3"}, cl.Brokers)
	require.Equal(t, "clickhouse://u:p@127.0.0.1:2/duban", cl.Cfg.ClickHouse.DSN)
	require.Equal(t, "clickhouse://r:p@127.0.0.1:2/duban", cl.Cfg.ClickHouse.ReaderDSN)
	require.Equal(t, "http://127.0.0.1:1", cl.HTTP)
	cl.Close() // nothing is open

	cl, err = given(t, "--data", dir, "--kafka", "a:1,b:2").Locate()
	require.NoError(t, err)
	require.Equal(t, []string{"a:1", "b:2"}, cl.Brokers)
	require.Equal(t, "clickhouse://u:p@127.0.0.1:2/duban", cl.Cfg.ClickHouse.DSN)

	cl, err = given(t, "--data", t.TempDir(), "--kafka", "a:1", "--clickhouse", "clickhouse://x:y@h:9000/d").Locate()
	require.NoError(t, err, "no instance has to run")
	require.Equal(t, "clickhouse://x:y@h:9000/d", cl.Cfg.ClickHouse.DSN)

	cl, err = given(t, "--data", t.TempDir(), "--kafka", "a:1").LocateBroker()
	require.NoError(t, err, "where only the broker is needed, nor is a database")
	require.Equal(t, []string{"a:1"}, cl.Brokers)
	_, err = given(t, "--data", t.TempDir()).LocateBroker()
	require.ErrorContains(t, err, "no instance is running")
}

// Limits of their own have the sources that the configuration names, else those of the demo in
// the folder: a command beside a demo computes as the demo does.
func TestSourcesWithLimitsOfTheirOwn(t *testing.T) {
	cfg := config.Default()
	cfg.Data = t.TempDir()
	got, err := OwnLimits(cfg)
	require.NoError(t, err)
	require.Empty(t, got)
	file := write(t, filepath.Join(cfg.Data, DemoFile), `{"own limits":"wabo-receipt karlsruhe","province":"done"}`)
	got, err = OwnLimits(cfg)
	require.NoError(t, err)
	require.Equal(t, []string{"wabo-receipt", "karlsruhe"}, got)
	cfg.Supervise.OwnLimits = []string{"hall"}
	got, err = OwnLimits(cfg)
	require.NoError(t, err)
	require.Equal(t, []string{"hall"}, got)

	cfg.Supervise.OwnLimits = nil
	write(t, file, `{"own limits":`)
	_, err = OwnLimits(cfg)
	require.ErrorContains(t, err, "demo.json is damaged; delete it to load the samples again (no figure changes)")
	_, err = given(t, "--data", cfg.Data, "--kafka", "a:1", "--clickhouse", "clickhouse://x:y@h:9000/d").Locate()
	require.ErrorContains(t, err, "demo.json is damaged")
}

func TestOnlyThreeFormatsAreWritten(t *testing.T) {
	for _, f := range []string{"table", "json", "csv"} {
		require.NoError(t, CheckFormat(f))
	}
	for _, f := range []string{"", "xml", "JSON"} {
		var use UsageError
		require.ErrorAs(t, CheckFormat(f), &use, f)
	}
	require.Equal(t, "why", Usage(errors.New("why")).Error())
}

// Names stay readable: neither Chinese nor < and & are escaped.
func TestJSONIsWrittenForPeopleToo(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, PrintJSON(&b, map[string]string{"name": "办结 <5 & more"}))
	require.Equal(t, "{\n  \"name\": \"办结 <5 & more\"\n}\n", b.String())
}

func TestWordsArePrintedLikeAnswers(t *testing.T) {
	res := TextResult("version", "in_force")
	AddRow(res, "cn-2026-08-07", "true")
	AddRow(res, "a,b", "")
	var b bytes.Buffer
	require.NoError(t, res.Write(&b, "csv"))
	require.Equal(t, "version,in_force\ncn-2026-08-07,true\n\"a,b\",\n", b.String())
	b.Reset()
	require.NoError(t, res.Write(&b, "table"))
	require.Contains(t, b.String(), "cn-2026-08-07")

	require.Empty(t, Moment(time.Time{}))
	require.Equal(t, "2026-03-02 09:30:15", Moment(time.Date(2026, time.March, 2, 1, 30, 15, 0, time.UTC)))
}

func TestTheLogHasTheFormAndLevelOfTheConfiguration(t *testing.T) {
	var b bytes.Buffer
	log := NewLogger(config.Log{Level: "warn", Format: "json"}, &b)
	log.Info("not this")
	log.Warn("this", "topic", "case-events")
	require.NotContains(t, b.String(), "not this")
	require.Contains(t, b.String(), `"level":"WARN","msg":"this","topic":"case-events"}`)
	b.Reset()
	NewLogger(config.Log{Level: "debug", Format: "text"}, &b).Debug("all of it")
	require.Contains(t, b.String(), `level=DEBUG msg="all of it"`)
}
