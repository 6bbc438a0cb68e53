package rule

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"

	"duban/queries"
)

//go:embed catalogue/*.yaml
var embedded embed.FS

// Catalogue holds the rules in the order of their ids.
type Catalogue struct {
	rules []Rule
	byID  map[string]int
}

// Load reads the catalogue of the product and, when dir is not empty, the rules
// of a folder: pairs of ID.yaml and ID.sql, whose queries are added to reg. A
// rule of the folder replaces one of the product only with a higher version.
// The error names every problem with its file.
func Load(reg *queries.Registry, dir string) (*Catalogue, error) {
	c := &Catalogue{byID: map[string]int{}}
	err := c.read(embedded, "catalogue", "catalogue")
	if dir != "" {
		err = errors.Join(err, addQueries(reg, dir), c.read(os.DirFS(dir), ".", dir))
	}
	sort.Slice(c.rules, func(i, j int) bool { return c.rules[i].ID < c.rules[j].ID })
	for i := range c.rules {
		c.byID[c.rules[i].ID] = i
		err = errors.Join(err, c.rules[i].checkQuery(reg))
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// addQueries reads the SQL files of a folder.
func addQueries(reg *queries.Registry, dir string) error {
	// A folder that is not there has no rules either, and nobody would notice.
	if stat, err := os.Stat(dir); err != nil {
		return fmt.Errorf("rules.dir: %w; want the folder with the rules of the jurisdiction, or leave it out", err)
	} else if !stat.IsDir() {
		return fmt.Errorf("rules.dir: %s is a file; want the folder with the rules of the jurisdiction", dir)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.sql"))
	for _, file := range files {
		text, rerr := os.ReadFile(file)
		if rerr == nil {
			rerr = reg.Add("rule/"+strings.TrimSuffix(filepath.Base(file), ".sql"), string(text))
		}
		if rerr != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", file, rerr))
		}
	}
	return err
}

func (c *Catalogue) read(fsys fs.FS, dir, shown string) error {
	files, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	var problems []error
	for _, file := range files {
		name := filepath.Join(shown, path.Base(file))
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
			continue
		}
		r, err := Parse(name, text)
		if err == nil {
			err = c.add(*r)
		}
		if err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func (c *Catalogue) add(r Rule) error {
	for i := range c.rules {
		old := &c.rules[i]
		if old.ID != r.ID {
			continue
		}
		if old.Version >= r.Version {
			return fmt.Errorf("%s: rule %s has version %d already (%s); a change needs a higher version", r.File, r.ID, old.Version, old.File)
		}
		*old = r
		return nil
	}
	c.rules = append(c.rules, r)
	return nil
}

// Parse reads and checks one rule; the error has file, line and reason.
func Parse(file string, text []byte) (*Rule, error) {
	r := Rule{File: file}
	if err := plainTexts(file, text); err != nil {
		return nil, err
	}
	if err := yaml.UnmarshalWithOptions(text, &r, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", file, yaml.FormatError(err, false, true))
	}
	if r.Chain == "" {
		r.Chain = r.ID
	}
	var problems []error
	bad := func(key, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s:%d: %s: %s", file, lineOf(text, key), key, fmt.Sprintf(format, args...)))
	}
	if want := strings.TrimSuffix(filepath.Base(file), ".yaml"); r.ID != want {
		bad("id", "is %q, but the file is named %q", r.ID, want)
	}
	if r.Version == 0 {
		bad("version", "must be 1 or more")
	}
	if r.Names.Zh == "" || r.Names.En == "" {
		bad("names", "needs zh and en")
	}
	if (strings.TrimSpace(r.Decision.Zh) == "") != (strings.TrimSpace(r.Decision.En) == "") {
		bad("decision", "is given in one language: want zh and en, or neither")
	} else if _, given := topLevel(text)["decision"]; given && strings.TrimSpace(r.Decision.Zh) == "" {
		bad("decision", "is empty: want zh and en, or leave it out")
	}
	if r.Norm.Zh == "" || r.Norm.En == "" {
		bad("norm", "needs zh and en: what the rule rests on")
	}
	oneOf := func(key, value string, allowed ...string) {
		if !slices.Contains(allowed, value) {
			bad(key, "%q is not one of %s", value, strings.Join(allowed, ", "))
		}
	}
	oneOf("category", r.Category, Categories()...)
	oneOf("subject", r.Subject, subjects()...)
	oneOf("evaluation", r.Evaluation, EachFold, EachHour, EachDay)
	oneOf("issue", r.Issue, IssueAuto, IssueManual)
	if r.Evaluation == EachFold && r.Subject != SubjectCase && r.Subject != SubjectTicket && r.Subject != SubjectRating {
		bad("evaluation", "fold is for cases, tickets and ratings; want hour or day for %s", r.Subject)
	}
	unfit := func(format string, args ...any) { bad("taken_back_by", format, args...) }
	r.TakenBackBy.resolve(unfit)
	r.TakenBackBy.check(r.Subject, r.Evaluation, unfit)
	if !r.TakenBackBy.None() && len(r.Ladder) > 0 && !r.raisesCards() {
		unfit("is for rules that raise cards: a warning ends by itself, whatever ends it")
	}
	if !r.Needs.All() && (r.Evaluation != EachFold || r.Subject == SubjectRating) {
		bad("needs", "is for rules about the fold of cases or tickets")
	}
	if r.Evaluation == EachFold && r.AtOnce {
		bad("evaluation", "at_once is for rules about days and hours")
	}
	if r.Evaluation != EachDay && r.Closes != "" {
		bad("evaluation", "closes is for rules about days")
	}
	if r.AtOnce && r.Closes != "" {
		bad("at_once", "cannot stand beside closes: a month is asked about by itself")
	}
	oneOf("closes", r.Closes, "", ClosesMonth)
	if len(r.Clear) == 0 {
		bad("clear", "needs at least one of A, B, C, D")
	}
	for _, m := range r.Clear {
		oneOf("clear", m, "A", "B", "C", "D")
	}
	if len(r.Ladder) == 0 {
		bad("ladder", "needs at least one severity")
	}
	last := 0
	for _, x := range r.Ladder {
		if x.Severity.Rank() <= last {
			bad("ladder", "severity %q: want notice, warning, yellow, red, each once and ascending", x.Severity)
		}
		last = x.Severity.Rank()
		if x.Points < 0 {
			bad("ladder", "points of %s are negative; write what is deducted as a positive number", x.Severity)
		}
		if !notifyWord.MatchString(x.Notify) {
			bad("ladder", "notify of %s is %q, want N1 to N4 or a role, several of them joined by +", x.Severity, x.Notify)
		}
		if !slices.Contains([]string{"", OrderIssue, OrderDraft, OrderNone}, x.Order) {
			bad("ladder", "order of %s is %q, want issue, draft or none", x.Severity, x.Order)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return &r, nil
}

var notifyWord = regexp.MustCompile(`^(N[1-4]|hotline_admin|supervisor|analyst|leader|sysadmin)` +
	`(\+(N[1-4]|hotline_admin|supervisor|analyst|leader|sysadmin))*$`)

// plainTexts refuses what is written in one language where both are wanted, which the
// decoder would call a scalar in the place of a mapping.
func plainTexts(file string, text []byte) error {
	var problems []error
	values := topLevel(text)
	for _, key := range []string{"names", "norm", "decision"} {
		if _, plain := values[key].(string); plain {
			problems = append(problems, fmt.Errorf("%s:%d: %s: is one plain text: write it in both languages, %s: {zh: …, en: …}", file,
				lineOf(text, key), key, key))
		}
	}
	return errors.Join(problems...)
}

// topLevel reads the values of a file by key; nothing when it is no mapping, of which
// the decoder tells.
func topLevel(text []byte) map[string]any {
	var values map[string]any
	_ = yaml.Unmarshal(text, &values)
	return values
}

// lineOf finds the line of a top-level key; the first when it is missing.
func lineOf(text []byte, key string) int {
	for i, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, key+":") {
			return i + 1
		}
	}
	return 1
}

// GivenParams are the parameters that the engine gives to rules.
func GivenParams() []string {
	return []string{"calendar", "states", "version", "needs_facts", "needs_clocks", "from", "until"}
}

// checkQuery wants the SQL of a rule and a value for each of its parameters.
func (r *Rule) checkQuery(reg *queries.Registry) error {
	q, err := reg.Get(r.Query())
	if err != nil {
		return fmt.Errorf("%s: there is no %s.sql", r.File, r.Query())
	}
	var problems []error
	declared := map[string]bool{}
	for _, p := range q.Params {
		declared[p.Name] = true
		if slices.Contains(GivenParams(), p.Name) {
			continue
		}
		if _, ok := r.Params[p.Name]; !ok && !p.Optional {
			problems = append(problems, fmt.Errorf("%s: params: the SQL needs %s (%s): %s", r.File, p.Name, p.Type, p.Help))
		}
	}
	for name := range r.Params {
		if !declared[name] {
			problems = append(problems, fmt.Errorf("%s: params: the SQL has no parameter %s", r.File, name))
		}
	}
	return errors.Join(problems...)
}

// All returns the rules in the order of their ids.
func (c *Catalogue) All() []Rule { return c.rules }

// Get returns a rule by its id.
func (c *Catalogue) Get(id string) (*Rule, bool) {
	i, ok := c.byID[id]
	if !ok {
		return nil, false
	}
	return &c.rules[i], true
}

// Of returns the rules that are evaluated in a way for a kind of subject; every
// kind when subject is empty. Suspended ones are left out.
func (c *Catalogue) Of(evaluation, subject string) []*Rule {
	var out []*Rule
	for i := range c.rules {
		r := &c.rules[i]
		if r.Evaluation == evaluation && (subject == "" || r.Subject == subject) && !r.Suspended {
			out = append(out, r)
		}
	}
	return out
}

// Hash names the whole set: it changes when any rule, parameter or SQL does.
func (c *Catalogue) Hash(reg *queries.Registry) string {
	h := sha256.New()
	for i := range c.rules {
		r := &c.rules[i]
		text, _ := reg.Text(r.Query())
		keys := make([]string, 0, len(r.Params))
		for k := range r.Params {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		fmt.Fprintf(h, "%s %d %v %s %s %v %v\n", r.ID, r.Version, r.Suspended, r.Evaluation, text, r.Ladder, r.Needs)
		for _, k := range keys {
			fmt.Fprintf(h, "%s=%v\n", k, r.Params[k])
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Only is a catalogue of some of the rules; ids that it does not hold are left out.
func (c *Catalogue) Only(ids ...string) *Catalogue {
	return c.Keep(func(r *Rule) bool { return slices.Contains(ids, r.ID) })
}

// Keep is a catalogue of the rules that keep approves of.
func (c *Catalogue) Keep(keep func(*Rule) bool) *Catalogue {
	some := &Catalogue{byID: map[string]int{}}
	for i := range c.rules {
		if keep(&c.rules[i]) {
			some.byID[c.rules[i].ID] = len(some.rules)
			some.rules = append(some.rules, c.rules[i])
		}
	}
	return some
}
