package page

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"duban/supervision/rule"
)

// asked are the ways in which the program and the templates ask for a text: by its key,
// by a key whose end is known only at run time, and by an enumeration.
var asked = struct{ key, family, column, spec *regexp.Regexp }{
	key:    regexp.MustCompile(`\bT\("([^"]+)"[,)]|\{\{[^}]*\bt "([^"]+)"`),
	family: regexp.MustCompile(`\bT\("([^"]+\.)" ?\+|\b[eE]num(?:Cell)?\("([a-z_]+)"|\{\{[^}]*\benum "([^"]+)"`),
	column: regexp.MustCompile(`(?s)\b[cC]ols\(([^()]*)\)`),
	spec:   regexp.MustCompile(`"([a-z0-9_]+)(:[a-z]+)?"`),
}

// Every text that a page asks for stands in both languages; that the files have the same
// keys the loader sees to, so one that is missing would be shown as its key in brackets.
func TestEveryTextThatIsAskedForExistsInBothLanguages(t *testing.T) {
	for _, lang := range []string{"zh-CN", "en"} {
		file, err := os.ReadFile("../locale/messages/active." + lang + ".yaml")
		require.NoError(t, err)
		var texts map[string]any
		require.NoError(t, yaml.Unmarshal(file, &texts))
		families := map[string]bool{}
		for key, text := range texts {
			for i, c := range key {
				if c == '.' {
					families[key[:i]] = true
				}
			}
			require.NotEmpty(t, text, "%s: %s", lang, key)
		}
		keys, prefixes, columns := 0, 0, 0
		need := func(key, path string) {
			if _, ok := texts[key]; !ok {
				t.Errorf("%s asks for %s, which %s lacks", path, key, lang)
			}
		}
		require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || filepath.Ext(path) != ".go" && filepath.Ext(path) != ".html" {
				return err
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range asked.key.FindAllStringSubmatch(string(source), -1) {
				keys++
				need(m[1]+m[2], path)
			}
			for _, m := range asked.family.FindAllStringSubmatch(string(source), -1) {
				prefixes++
				if family := strings.TrimSuffix(m[1]+m[2]+m[3], "."); !families[family] {
					t.Errorf("%s asks for texts of %s, of which %s has none", path, family, lang)
				}
			}
			for _, list := range asked.column.FindAllStringSubmatch(string(source), -1) {
				for _, m := range asked.spec.FindAllStringSubmatch(list[1], -1) {
					if m[2] != ":hidden" {
						columns++
						need("col."+m[1], path)
					}
				}
			}
			return nil
		}))
		require.Greater(t, min(keys, prefixes, columns), 80, "the source was read")
		for _, category := range rule.Categories() {
			need("rule_category."+category, "the catalogue of rules")
		}
	}
}
