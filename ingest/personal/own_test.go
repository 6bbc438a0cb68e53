package personal_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"duban/ingest/personal"
)

// ownNames finds the names that the program itself gives to what it reads of payloads: in
// its schemas, its queries and its types.
func ownNames(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for pattern, name := range map[string]*regexp.Regexp{
		"../decode/schema/*.json": regexp.MustCompile(`"([a-z][a-z_0-9]*)":\s*\{`),
		"../../queries/*/*.sql": regexp.MustCompile(`JSON\w+\(\s*[a-z_.]+(?:\[[^\]]*\])?,\s*'([a-z][a-z_0-9]*)'` +
			`|said\([^,()]+,\s*'([a-z][a-z_0-9]*)'`),
		"../../supervision/notify/*.go":  regexp.MustCompile("`json:\"([a-z][a-z_0-9]*)"),
		"../../ingest/decode/payload.go": regexp.MustCompile(`case "([a-z][a-z_0-9]*)"`),
	} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		names := 0
		for _, f := range files {
			text, err := os.ReadFile(f)
			require.NoError(t, err)
			for _, m := range name.FindAllSubmatch(text, -1) {
				for _, g := range m[1:] {
					if len(g) > 0 {
						found[string(g)] = f
						names++
					}
				}
			}
		}
		require.NotZero(t, names, "no name found in %s", pattern)
	}
	return found
}

// What the program reads by a name of its own must reach it: a name that is guessed to be
// personal, such as contacts, would replace every value below it by a token.
func TestNoNameOfTheProgramIsGuessedToBePersonal(t *testing.T) {
	names := ownNames(t)
	require.Contains(t, names, "claims_contact")
	require.Greater(t, len(names), 100)
	for name, file := range names {
		// real_name is yes or no beside the payload, where names are not looked at; contacts
		// are those of organisations, where decode leaves them as they are.
		if !slices.Contains(append(personal.Keys(), "real_name", "contacts"), name) {
			assert.False(t, personal.Key(name), "%s of %s would be replaced by a token", name, file)
		}
	}
}
