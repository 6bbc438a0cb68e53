package desk

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/locale"
	"duban/dashboards/page/kit"
	"duban/queries"
	"duban/supervision/rule"
)

// pair is one entry of the map that a rule writes as its evidence.
type pair struct{ key, value string }

// evidenceOf reads the calls map('k', v, …) of the SQL of a rule; only evidence is a map.
func evidenceOf(t *testing.T, text string) (pairs []pair) {
	t.Helper()
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, " map('")
		if !ok {
			return pairs
		}
		rest = after
		args, arg, depth, quoted := []string{}, "'", 1, true
		for _, c := range after {
			quoted = quoted != (c == '\'')
			if !quoted && strings.ContainsRune("([", c) {
				depth++
			} else if !quoted && strings.ContainsRune(")]", c) {
				depth--
			}
			if depth == 0 || depth == 1 && !quoted && c == ',' {
				args, arg = append(args, strings.TrimSpace(arg)), ""
			} else {
				arg += string(c)
			}
			if depth == 0 {
				break
			}
		}
		require.Zero(t, len(args)%2, "%q", args)
		for i := 0; i < len(args); i += 2 {
			require.Regexp(t, `^'[a-z][a-z_]*'$`, args[i])
			pairs = append(pairs, pair{strings.Trim(args[i], "'"), args[i+1]})
		}
	}
}

// ruleSQL is the SQL of every rule of the product, by id, without comments and on one line.
func ruleSQL(t *testing.T) map[string]string {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	out := map[string]string{}
	for _, name := range reg.Names() {
		if id, ok := strings.CutPrefix(name, "rule/"); ok {
			text, err := reg.Text(name)
			require.NoError(t, err)
			text = regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(text, "")
			out[id] = " " + strings.Join(strings.Fields(strings.ReplaceAll(text, "(map(", "( map(")), " ")
		}
	}
	return out
}

func inBothLanguages(t *testing.T) (zh, en *locale.Printer) {
	t.Helper()
	texts, err := locale.Load()
	require.NoError(t, err)
	return texts.Printer(locale.Chinese), texts.Printer(locale.English)
}

// Every enumeration that evidence is told by has texts in both languages.
func TestEnumerationsOfEvidenceHaveTexts(t *testing.T) {
	for _, lang := range []string{"zh-CN", "en"} {
		file, err := os.ReadFile("../../locale/messages/active." + lang + ".yaml")
		require.NoError(t, err)
		for _, enum := range evidenceWords {
			require.Regexp(t, `(?m)^"?`+enum+`\.`, string(file), lang)
		}
	}
}

// Whatever a rule of the product writes into its evidence has a name in both languages.
func TestEvidenceOfEveryRuleHasNames(t *testing.T) {
	zh, en := inBothLanguages(t)
	for id, text := range ruleSQL(t) {
		pairs := evidenceOf(t, text)
		require.NotEmpty(t, pairs, id)
		for _, p := range pairs {
			for _, texts := range []*locale.Printer{zh, en} {
				if name := texts.T("evidence." + p.key); strings.HasPrefix(name, "[") {
					t.Errorf("%s: evidence %s has no name in %s", id, p.key, texts.Lang())
				}
			}
		}
	}
}

// wordsOfSQL are the places in which the SQL of rules writes a word: an alternative to
// nothing, a column or an element of its own, the first of a tuple.
var wordsOfSQL = []*regexp.Regexp{
	regexp.MustCompile(`, '([a-z_]+)', ''\)`), regexp.MustCompile(`, '', '([a-z_]+)'\)`),
	regexp.MustCompile(`'([a-z_]+)' AS pattern`), regexp.MustCompile(`[\[,] ?\('([a-z_]+)', [a-z]`),
}

// elsewhere are the rules whose words are not in their SQL: codes of steps, and fields of
// the guide, which are a parameter.
var elsewhere = []string{"R-PRC-01", "R-NRM-01"}

// The words that the SQL of a rule can put into its evidence are shown as words of both
// languages, by the key that they stand under.
func TestWordsOfEvidenceAreTranslated(t *testing.T) {
	zh, en := inBothLanguages(t)
	translated := func(id, key, word string) {
		enum := evidenceWords[key]
		require.NotEmpty(t, enum, "%s: %s", id, key)
		for _, texts := range []*locale.Printer{zh, en} {
			if strings.HasPrefix(texts.T(enum+"."+word), "[") {
				t.Errorf("%s: %s %s has no text in %s", id, key, word, texts.Lang())
			}
		}
	}
	literal := regexp.MustCompile(`^'([a-z_]+)'$|, '([a-z_]+)'(?:, '([a-z_]+)')?\)$`)
	for id, text := range ruleSQL(t) {
		for _, p := range evidenceOf(t, text) {
			switch p.key {
			case "reasons", "missing", "differences", "errors", "pattern", "of":
				if strings.HasPrefix(p.value, "toString(") || slices.Contains(elsewhere, id) {
					continue // a number, or words that are not in the SQL
				}
				var words []string
				for _, place := range wordsOfSQL {
					for _, m := range place.FindAllStringSubmatch(text, -1) {
						words = append(words, m[1])
					}
				}
				if list, _, ok := strings.Cut(text, ") AS missing"); ok && p.key == "missing" {
					for _, m := range regexp.MustCompile(`'([a-z_]+)'`).FindAllStringSubmatch(list[strings.LastIndex(list, "["):], -1) {
						words = append(words, m[1])
					}
				}
				words = slices.DeleteFunc(words, func(w string) bool { return rule.Severity(w).Rank() > 0 })
				require.NotEmpty(t, words, "%s: words of %s", id, p.key)
				for _, w := range words {
					translated(id, p.key, w)
				}
			case "basis", "tag":
				for _, m := range literal.FindAllStringSubmatch(p.value, -1) {
					for _, w := range m[1:] {
						if w != "" {
							translated(id, p.key, w)
						}
					}
				}
			}
		}
	}
	reg, err := queries.Load()
	require.NoError(t, err)
	cat, err := rule.Load(reg, "")
	require.NoError(t, err)
	guide, _ := cat.Get("R-NRM-01")
	for _, field := range guide.Params["required"].([]any) {
		translated(guide.ID, "missing", field.(string))
	}
}

// What a reader sees; the raw value goes to the file of the page.
func TestEvidenceIsToldInTheLanguageOfTheReader(t *testing.T) {
	texts, err := locale.Load()
	require.NoError(t, err)
	for _, c := range []struct{ key, value, zh, en string }{
		{"urgent", "true", "是", "yes"},
		{"basis", "legal", "法定时限", "statutory limit"},
		{"channel", "hall", "窗口", "counter"},
		{"last_fact", "accept", "受理", "acceptance"},
		{"actor", "dept", "部门", "department"},
		{"reasons", "no_basis, last_day", "未给出法律依据、临近到期才开始", "no legal basis given, begun shortly before the due"},
		{"errors", "no_unit no_catalogue_code", "缺时限单位、缺目录编码", "unit missing, catalogue code missing"},
		{"missing", "Assess reason, W7", "Assess reason, W7", "Assess reason, W7"}, // steps are called as the source calls them
		{"all", "accept in finished, decide in withdrawn", "已办结状态下的受理、已撤回状态下的决定", "acceptance while finished, decision while withdrawn"},
		{"linkage", "110", "110", "110"},
		{"approved_days", "12", "12", "12"},
		{"notice_no", "legal", "legal", "legal"},
	} {
		for lang, want := range map[string]string{locale.Chinese: c.zh, locale.English: c.en} {
			q := &request{Request: kit.Request{Writer: kit.Writer{Printer: texts.Printer(lang)}}}
			cell := q.evidenceCell(c.key, c.value)
			require.Equal(t, strings.ToLower(want), strings.ToLower(cell.Text), "%s in %s", c.key, lang)
			if c.value != "true" {
				require.Equal(t, c.value, cell.Raw)
			}
		}
	}
}

// Titles that the engine made are told by the rule's name, those of people as they wrote them.
func TestTitlesOfOrdersAreToldInTheLanguageOfTheReader(t *testing.T) {
	texts, err := locale.Load()
	require.NoError(t, err)
	reg, err := queries.Load()
	require.NoError(t, err)
	cat, err := rule.Load(reg, "")
	require.NoError(t, err)
	for _, c := range []struct{ title, zh, en string }{
		{"R-PRC-07 2026-11-26", "未听证 2026-11-26 · R-PRC-07", "Hearing not held 2026-11-26 · R-PRC-07"}, // of a day's cards
		{"R-PRC-07 ZW-1", "未听证 ZW-1 · R-PRC-07", "Hearing not held ZW-1 · R-PRC-07"},                   // of an escalated card
		{"R-PRC-07 请即办理", "R-PRC-07 请即办理", "R-PRC-07 请即办理"},
		{"R-PRC-07", "R-PRC-07", "R-PRC-07"},
		{"R-XXX-99 2026-11-26", "R-XXX-99 2026-11-26", "R-XXX-99 2026-11-26"},
	} {
		for lang, want := range map[string]string{locale.Chinese: c.zh, locale.English: c.en} {
			q := &request{Request: kit.Request{Site: &kit.Site{Deps: kit.Deps{Rules: cat}}, Writer: kit.Writer{Printer: texts.Printer(lang)}}}
			require.Equal(t, want, q.workTitle(kit.Names{}, kit.Row{"kind": "order", "title": c.title, "subjects": []string{"case/hall/ZW-1"}}))
		}
	}
}
