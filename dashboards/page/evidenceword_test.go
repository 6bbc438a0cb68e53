package page

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/locale"
	"duban/queries"
)

// Whatever a rule of the product writes into its evidence has a name in both languages:
// the keys are the texts before each value in the map of its SQL.
func TestEvidenceOfEveryRuleHasNames(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	texts, err := locale.Load()
	require.NoError(t, err)
	chinese := texts.Printer(locale.Chinese)
	key := regexp.MustCompile(`[(,]\s*'([a-z][a-z_]*)',\s`)
	found := 0
	for _, name := range reg.Names() {
		if !strings.HasPrefix(name, "rule/") {
			continue
		}
		text, err := reg.Text(name)
		require.NoError(t, err)
		before, _, ok := strings.Cut(text, "AS evidence")
		require.True(t, ok, name)
		evidence := before[max(0, strings.LastIndex(before, "map(")):]
		for _, m := range key.FindAllStringSubmatch(evidence, -1) {
			if slices.Contains([]string{"day", "millisecond", "max", "notice", "warning"}, m[1]) {
				continue // of a function or a severity beside it
			}
			found++
			// The Chinese names differ from the keys; both languages have the same ones.
			named := false
			for _, family := range []string{"evidence", "evidence_word", "due_basis", "event_type"} {
				named = named || chinese.Enum(family, m[1]) != m[1]
			}
			if !named {
				t.Errorf("%s: evidence %s has no name", name, m[1])
			}
		}
	}
	require.Greater(t, found, 200)
}
