package doccheck

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"duban/ingest/event"
)

var (
	code   = regexp.MustCompile("`([^`\n]+)`")
	link   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	title  = regexp.MustCompile(`(?m)^#{1,6} (.+)$`)
	fenced = regexp.MustCompile("(?s)```.*?```")
	ours   = regexp.MustCompile(`^(cmd|dashboards|deploy|docs|ingest|internal|metrics|queries|supervision|testdata)/[\w./*-]+$`)
	// placeholder is a name that stands for one to be chosen.
	placeholder = regexp.MustCompile(`NAME|X01|R-ABC|NNNN`)
	function    = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	variable    = regexp.MustCompile(`"(DUBAN_[A-Z_]+)"`)
)

// guides are the documents that lead through the code: each path that they name is there.
func guides(t *testing.T) []string {
	t.Helper()
	all := []string{"README.md", "CONTRIBUTING.md", "docs/glossary.md", "docs/architecture.md", "docs/promises.md"}
	decisions, err := filepath.Glob(filepath.Join(root, "docs/decisions/*.md"))
	require.NoError(t, err)
	for _, d := range decisions {
		d, err = filepath.Rel(root, d)
		require.NoError(t, err)
		all = append(all, filepath.ToSlash(d))
	}
	return all
}

func TestPathsThatTheGuidesNameExist(t *testing.T) {
	n := 0
	for _, doc := range guides(t) {
		text := read(t, doc)
		for _, m := range code.FindAllStringSubmatchIndex(text, -1) {
			name := text[m[2]:m[3]]
			if !ours.MatchString(name) || placeholder.MatchString(name) {
				continue
			}
			n++
			found, err := filepath.Glob(filepath.Join(root, strings.TrimSuffix(name, "/")))
			require.NoError(t, err)
			assert.NotEmpty(t, found, "%s:%d names %s", doc, lineOf(text, m[0]), name)
		}
	}
	require.Greater(t, n, 50, "the paths are found at all")
}

// A document that names a test rests on it.
func TestTestsThatTheGuidesNameExist(t *testing.T) {
	tests := map[string]bool{}
	for _, file := range files(t, ".go") {
		for _, m := range function.FindAllStringSubmatch(read(t, file), -1) {
			tests[m[1]] = true
		}
	}
	named := regexp.MustCompile("`(Test\\w+)`")
	n := 0
	for _, doc := range guides(t) {
		text := read(t, doc)
		for _, m := range named.FindAllStringSubmatchIndex(text, -1) {
			n++
			assert.True(t, tests[text[m[2]:m[3]]], "%s:%d names %s", doc, lineOf(text, m[0]), text[m[2]:m[3]])
		}
	}
	require.Greater(t, n, 30, "the tests are found at all")
}

// anchor is the name by which a heading can be linked to.
func anchor(heading string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(strings.TrimSpace(heading)) {
		switch {
		case unicode.IsLetter(c) || unicode.IsNumber(c) || c == '-' || c == '_':
			b.WriteRune(c)
		case c == ' ':
			b.WriteByte('-')
		}
	}
	return b.String()
}

func TestLinksOfDocumentsLeadSomewhere(t *testing.T) {
	for _, doc := range files(t, ".md") {
		if strings.Contains(doc, "/templates/") {
			continue // messages, with links to be filled in
		}
		text := read(t, doc)
		for _, m := range link.FindAllStringSubmatchIndex(fenced.ReplaceAllStringFunc(text, blank), -1) {
			to := text[m[2]:m[3]]
			if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			where := fmt.Sprintf("%s:%d links to %s", doc, lineOf(text, m[0]), to)
			file, section, _ := strings.Cut(to, "#")
			target := doc
			if file != "" {
				target = path.Join(path.Dir(doc), file)
			}
			if _, err := os.Stat(filepath.Join(root, target)); !assert.NoError(t, err, where) || section == "" {
				continue
			}
			var anchors []string
			for _, h := range title.FindAllStringSubmatch(read(t, target), -1) {
				anchors = append(anchors, anchor(h[1]))
			}
			assert.Contains(t, anchors, section, where)
		}
	}
}

// blank takes away what a text says and keeps how long it is and where its lines end.
func blank(s string) string {
	out := []byte(s)
	for i, c := range out {
		if c != '\n' {
			out[i] = ' '
		}
	}
	return string(out)
}

// Who runs the tests can find every variable that they look at.
func TestVariablesOfTestsAreDocumented(t *testing.T) {
	documents := read(t, "CONTRIBUTING.md") + read(t, "docs/configuration.md")
	n := 0
	for _, file := range files(t, ".go") {
		if strings.HasPrefix(file, "internal/config/") || strings.HasPrefix(file, "internal/doccheck/") {
			continue // keys of the configuration have names by a rule
		}
		for _, m := range variable.FindAllStringSubmatch(read(t, file), -1) {
			n++
			key := strings.Replace(strings.ToLower(strings.TrimPrefix(m[1], "DUBAN_")), "_", ".", 1)
			assert.True(t, strings.Contains(documents, "`"+m[1]+"`") || strings.Contains(documents, "`"+key+"`"),
				"%s reads %s, which no document names", file, m[1])
		}
	}
	require.Greater(t, n, 8, "the variables are found at all")
}

// A type of event is in the schema that senders get, in the guide for mappings, and has a name in both languages.
func TestEveryTypeOfEventIsDocumented(t *testing.T) {
	types := map[string][]string{}
	for _, x := range event.CaseTypes() {
		types["case-events"] = append(types["case-events"], string(x))
	}
	for _, x := range event.TicketTypes() {
		types["hotline-tickets"] = append(types["hotline-tickets"], string(x))
	}
	mapping := read(t, "docs/mapping.md")
	zh, en := read(t, "dashboards/locale/messages/active.zh-CN.yaml"), read(t, "dashboards/locale/messages/active.en.yaml")
	for topic, names := range types {
		schema := read(t, "ingest/decode/schema/"+topic+".v1.json")
		for _, x := range names {
			assert.Contains(t, schema, `"`+x+`"`, "schema of %s", topic)
			assert.Contains(t, mapping, "`"+x+"`", "docs/mapping.md")
			assert.Contains(t, zh, `"event_type.`+x+`"`)
			assert.Contains(t, en, `"event_type.`+x+`"`)
		}
	}
}
