package acceptance_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/supervision/acceptance"
)

func TestALedgerThatCannotBeComparedIsRefusedWithItsLine(t *testing.T) {
	good := `{"rule":"R-DDL-03","subject_kind":"case","subject_no":"A","clock_no":"","severity":"yellow",` +
		`"since":"2026-03-10T00:00:00+08:00","active":true}`
	for text, problem := range map[string]string{
		"":                "nothing is expected",
		good + "\n" + "{": "line 2: unexpected EOF",
		`{"rule":"R"}`:    "line 1: an alert needs rule and subject_no",
		`{"regel":"R"}`:   `line 1: json: unknown field "regel"`,
		strings.Replace(good, "yellow", "blue", 1):                       `line 1: severity "blue" is not one of`,
		strings.Replace(good, `"active"`, `"tolerance":1.5,"active"`, 1): "line 1: tolerance 1.5",
	} {
		_, err := acceptance.ReadAlerts(strings.NewReader(text))
		require.ErrorContains(t, err, problem, text)
	}
	all, err := acceptance.ReadAlerts(strings.NewReader(good + "\n" + good))
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, "2026-03-09T16:00:00Z", all[0].Since.UTC().Format("2006-01-02T15:04:05Z07:00"))
}

func TestTheAlertsLieBesideTheLedger(t *testing.T) {
	dir := t.TempDir()
	ledger := filepath.Join(dir, "spring.json")
	_, err := acceptance.Read(ledger)
	require.ErrorContains(t, err, "spring.json")
	require.NoError(t, os.WriteFile(ledger, []byte(`{"source":"s","as_of":"2026-04-01T00:00:00Z","alerts":{"rules":{}}}`), 0o600))
	_, err = acceptance.Read(ledger)
	require.ErrorContains(t, err, "spring-alerts.ndjson")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "spring-alerts.ndjson"),
		[]byte(`{"rule":"R-DAT-02","subject_no":"A","severity":"yellow","since":null,"active":true}`), 0o600))
	l, err := acceptance.Read(ledger)
	require.NoError(t, err)
	require.Equal(t, "s", l.Source)
	require.Nil(t, l.Alerts[0].Since)
	require.NoError(t, os.WriteFile(ledger, []byte(`{"source":"s"}`), 0o600))
	_, err = acceptance.Read(ledger)
	require.ErrorContains(t, err, "no as_of")
}
