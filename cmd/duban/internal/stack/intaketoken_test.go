package stack

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/ingest/intake"
	"duban/internal/config"
)

// The file that was made for an instance is read as one that is named: whoever adds a token
// or a limit to it means that it holds.
func TestLinesAndLimitsOfTheGeneratedTokenFileHold(t *testing.T) {
	s := &Stack{Cfg: config.Default()}
	s.Cfg.Data = t.TempDir()
	made, err := s.intakeTokens()
	require.NoError(t, err)
	require.Len(t, made, 1)
	require.NotEmpty(t, made[0].Value)

	path := filepath.Join(s.Cfg.Data, "secrets", "intake-token")
	require.NoError(t,
		os.WriteFile(path, []byte("# of the hall\n"+made[0].Value+" sources=hall topics=case-events\nsecond sources=kiosk\n"), 0o600))
	got, err := s.intakeTokens()
	require.NoError(t, err)
	require.Equal(t, []intake.Token{{Value: made[0].Value, Sources: []string{"hall"}, Topics: []event.Topic{event.TopicCases}},
		{Value: "second", Sources: []string{"kiosk"}}}, got)

	for text, why := range map[string]string{
		"a source=hall\n":             "line 1 of the intake tokens",
		"a\nb sources=hall\na\n":      "line 3 of the intake tokens: the token stands in an earlier line too",
		"# nothing but a comment\n\n": "no line holds one",
	} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := s.intakeTokens()
		require.ErrorContains(t, err, why)
		require.ErrorContains(t, err, path)
	}
}
