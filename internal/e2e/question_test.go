package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// requireQuestionsCannotWrite asks for a named query that deletes: the command
// line must hold no more rights than a question needs.
func requireQuestionsCannotWrite(t *testing.T, r *running) {
	t.Helper()
	out, err := r.try("query", "engine/drop_cases", "-p", "sources=x", "-p", "subjects=y")
	require.Error(t, err, string(out))
	require.Contains(t, err.Error(), "Not enough privileges")
}
