package page

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/queries"
)

// A new query about alerts or work that can tell of secret subjects must be named here, or
// those who may see them would not.
func TestEveryQueryThatCanTellSecretsIsAskedWithTheReader(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	found := map[string]bool{}
	for _, name := range reg.Names() {
		q, err := reg.Get(name)
		require.NoError(t, err)
		if strings.HasPrefix(name, "page/") && slices.ContainsFunc(q.Params, func(p queries.Param) bool { return p.Name == "secret" }) {
			found[name] = true
		}
	}
	require.Equal(t, found, tellsSecrets)
}
