package doccheck

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	// cited is the guide by name, also where a comment breaks the line.
	cited = regexp.MustCompile(`(?i)domain\s+(?:(?://|--|#)\s*)?guide,?\s+(?:(?://|--|#)\s*)?(?:section\s+)?`)
	// cut ends a citation: what follows are words, or numbers of something else.
	cut       = regexp.MustCompile(`[)":` + "`" + `]|\.\s|(?i:licensing|\barts?\b|docs/)`)
	numbered  = regexp.MustCompile(`(?:^|[,;]\s+|\(|\band\s+|\bwith\s+)(\d{1,2}(?:\.\d{1,2})?)(?:[\s,;.]|$)`)
	breaks    = regexp.MustCompile(`\s*\n\s*(?://|--|#)?\s*`)
	heading   = regexp.MustCompile(`(?m)^#{2,3} (\d{1,2}(?:\.\d{1,2})?)\.? `)
	ruleID    = regexp.MustCompile(`R-[A-Z]{3}-\d{2}`)
	figureRow = regexp.MustCompile(`(?m)^\| ([A-G]\d{2}[a-c]?) \|`)
)

// sections returns the numbers of the sections that a citation names; text begins behind the words "domain guide".
func sections(text string) []string {
	text = text[:min(len(text), 160)]
	text = breaks.ReplaceAllString(text, " ")
	if end := cut.FindStringIndex(text); end != nil {
		text = text[:end[0]]
	}
	var found []string
	for {
		m := numbered.FindStringSubmatchIndex(text)
		if m == nil {
			return found
		}
		found = append(found, text[m[2]:m[3]])
		text = text[m[3]:]
	}
}

func TestSectionsOfACitation(t *testing.T) {
	for text, want := range map[string][]string{
		"5.3, B05).":                           {"5.3"},
		"2.2 and 2.6":                          {"2.2", "2.6"},
		"8.1 with 6.1, 6.3, 4 and 7.3: who":    {"8.1", "6.1", "6.3", "4", "7.3"},
		"6.2, R-SAT-02; 4, state rectifying":   {"6.2", "4"},
		"6.2, R-DDL-04; Licensing Law art. 42": {"6.2"},
		"3. They stop":                         {"3"},
		"5.1,\n// C1) and 12":                  {"5.1"},
		"names these events (2.2 and 3)":       {"2.2", "3"},
		"'s value: denial filing is local":     nil,
	} {
		assert.Equal(t, want, sections(text), text)
	}
}

// The code rests on the domain guide by the numbers of its sections.
func TestCitedSectionsOfTheDomainGuideExist(t *testing.T) {
	known := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(read(t, "docs/domain.md"), -1) {
		known[m[1]] = true
	}
	var citing, missing []string
	n := 0
	for _, path := range files(t, ".go", ".sql", ".yaml", ".md", ".json", ".html") {
		if strings.HasPrefix(path, "internal/doccheck/") {
			continue
		}
		text := read(t, path)
		for _, at := range cited.FindAllStringIndex(text, -1) {
			for _, s := range sections(text[at[1]:]) {
				n++
				citing = append(citing, path)
				if !known[s] {
					missing = append(missing, fmt.Sprintf("%s:%d cites domain guide %s", path, lineOf(text, at[0]), s))
				}
			}
		}
	}
	assert.Empty(t, missing)
	slices.Sort(citing)
	t.Logf("%d citations in %d files", n, len(slices.Compact(citing)))
	require.Greater(t, n, 300, "the citations are found at all")
}

// Section 6 of the guide says that all its rules are in the product, supervision.md that there are no others.
func TestTheGuideHasTheRulesOfTheCatalogue(t *testing.T) {
	guide := read(t, "docs/domain.md")
	_, rules, ok := strings.Cut(guide, "### 6.2 Rules")
	require.True(t, ok)
	rules, _, _ = strings.Cut(rules, "### 6.3")
	var inGuide, inProduct []string
	for line := range strings.Lines(rules) {
		first, _, _ := strings.Cut(strings.TrimPrefix(line, "|"), "|")
		inGuide = append(inGuide, ruleID.FindAllString(first, -1)...)
	}
	paths, err := filepath.Glob(filepath.Join(root, "supervision/rule/catalogue/*.yaml"))
	require.NoError(t, err)
	for _, path := range paths {
		inProduct = append(inProduct, ruleID.FindString(filepath.Base(path)))
	}
	slices.Sort(inGuide)
	slices.Sort(inProduct)
	assert.Equal(t, inGuide, slices.Compact(inProduct))
}

// figures.md says what the product computes, the guide what the trade knows.
func TestFiguresListTheCatalogueOfIndicators(t *testing.T) {
	var listed, defined []string
	for _, m := range figureRow.FindAllStringSubmatch(read(t, "docs/figures.md"), -1) {
		listed = append(listed, m[1])
	}
	paths, err := filepath.Glob(filepath.Join(root, "metrics/catalogue/*.yaml"))
	require.NoError(t, err)
	id := regexp.MustCompile(`(?m)^- id: ([A-G]\d{2}[a-c]?)$`)
	for _, path := range paths {
		path, err = filepath.Rel(root, path)
		require.NoError(t, err)
		for _, m := range id.FindAllStringSubmatch(read(t, path), -1) {
			defined = append(defined, m[1])
		}
	}
	slices.Sort(listed)
	slices.Sort(defined)
	assert.Equal(t, defined, listed, "docs/figures.md")
}
