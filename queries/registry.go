package queries

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed */*.sql all:dimension
var files embed.FS

// Registry holds every named query, checked.
type Registry struct {
	queries    map[string]*Query
	fragments  map[string]*Query
	dimensions map[string][]Dimension
	migrations []Migration
	// observe is told of each statement; nil when nobody asked.
	observe Observer
}

// Load reads and checks all embedded files, and what Select declares of them; the
// error names every problem. What it returns is the caller's own, to which Add adds.
func Load() (*Registry, error) {
	r, err := program()
	if err != nil {
		return r, err
	}
	return &Registry{
		queries: maps.Clone(r.queries), fragments: maps.Clone(r.fragments), dimensions: maps.Clone(r.dimensions),
		migrations: slices.Clone(r.migrations),
	}, selections.check(r)
}

// program is the embedded files, read once: they cannot change while the program runs, a
// query is never changed after it was read, and reading them takes 50 ms.
var program = sync.OnceValues(func() (*Registry, error) { return load(files) })

func load(fsys fs.FS) (*Registry, error) {
	r := &Registry{queries: map[string]*Query{}, fragments: map[string]*Query{}, dimensions: map[string][]Dimension{}}
	var problems []error
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		if err := r.add(p, string(text)); err != nil {
			problems = append(problems, err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read embedded queries: %w", err)
	}
	for _, name := range r.Names() {
		if q := r.queries[name]; q.Evidence != "" {
			list, err := q.listing()
			if err != nil {
				problems = append(problems, err)
				continue
			}
			r.queries[list.Name] = list
		}
	}
	r.addNow()
	for _, name := range r.Names() {
		q := r.queries[name]
		r.inherit(q)
		text, err := r.expand(q, nil)
		if err == nil {
			err = errors.Join(q.checkParams(text), q.checkHeader(text))
		}
		if err != nil {
			problems = append(problems, err)
		}
	}
	problems = append(problems, r.checkLedger()...)
	sort.Slice(r.migrations, func(i, j int) bool { return r.migrations[i].Name < r.migrations[j].Name })
	return r, errors.Join(problems...)
}

// checkLedger holds the figures of the ledger of movements against those of the states,
// for which they stand: what one can be grouped by, the other can.
func (r *Registry) checkLedger() []error {
	var problems []error
	for _, name := range r.Names() {
		id, held := strings.CutPrefix(name, "figures/")
		of, found := r.queries["indicator/"+id]
		if q := r.queries[name]; held && found && q.Dims != of.Dims {
			problems = append(problems, fmt.Errorf("%s is grouped by the dimensions %q, and %s, for which it stands, by %q", name, q.Dims, of.Name,
				of.Dims))
		}
	}
	return problems
}

func (r *Registry) add(p, text string) error {
	dir, base := path.Split(p)
	switch {
	case dir == "schema/" && strings.HasSuffix(base, ".sql"):
		r.migrations = append(r.migrations, newMigration(strings.TrimSuffix(base, ".sql"), text))
	case dir == "fragment/" && strings.HasSuffix(base, ".sql"):
		f, err := parseFragment(strings.TrimSuffix(p, ".sql"), text)
		if err != nil {
			return err
		}
		f.body = stripComments(f.body)
		r.fragments[strings.TrimSuffix(base, ".sql")] = f
	case dir == "dimension/" && strings.HasSuffix(base, ".yaml"):
		var dims []Dimension
		if err := yaml.UnmarshalWithOptions([]byte(text), &dims, yaml.Strict()); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		r.dimensions[strings.TrimSuffix(base, ".yaml")] = dims
	case strings.HasSuffix(base, ".sql"):
		q, err := parse(strings.TrimSuffix(p, ".sql"), text)
		if err != nil {
			return err
		}
		r.queries[q.Name] = q
	}
	return nil
}

// Add takes a query that is not part of the program, such as the SQL of a rule
// of the jurisdiction; its parameters are checked like those of the others. A query of that name is
// replaced.
func (r *Registry) Add(name, text string) error {
	q, err := parse(name, text)
	if err != nil {
		return err
	}
	r.inherit(q)
	expanded, err := r.expand(q, nil)
	if err == nil {
		err = q.checkParams(expanded)
	}
	if err == nil {
		r.queries[name] = q
	}
	return err
}

// stripComments drops whole-line comments, which would otherwise be repeated
// in every query that includes the fragment.
func stripComments(text string) string {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// inherit gives a query the parameters, columns and further includes that its
// fragments declare, so that what many queries share is written once. What the
// query declares itself wins.
//
// Every rule answers with the same row, which the fragment rule_row declares.
func (r *Registry) inherit(q *Query) {
	if _, ok := r.fragments[ruleRow]; ok && strings.HasPrefix(q.Name, "rule/") {
		q.includes = append(q.includes, ruleRow)
	}
	for i := 0; i < len(q.includes); i++ {
		f, ok := r.fragments[q.includes[i]]
		if !ok {
			continue // expand names it
		}
		for _, name := range f.includes {
			if !slices.Contains(q.includes, name) {
				q.includes = append(q.includes, name)
			}
		}
		for _, p := range f.Params {
			if !slices.ContainsFunc(q.Params, func(own Param) bool { return own.Name == p.Name }) {
				q.Params = append(q.Params, p)
			}
		}
		for _, c := range f.Columns {
			if !slices.ContainsFunc(q.Columns, func(own Column) bool { return own.Name == c.Name }) {
				c.inherited = true
				q.Columns = append(q.Columns, c)
			}
		}
	}
}

// Names lists the queries in alphabetical order.
func (r *Registry) Names() []string {
	names := make([]string, 0, len(r.queries))
	for n := range r.queries {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Get returns a query by name.
func (r *Registry) Get(name string) (*Query, error) {
	q, ok := r.queries[name]
	if !ok {
		return nil, &UnknownQueryError{Name: name, Known: r.Names()}
	}
	return q, nil
}

// UnknownQueryError says that no query has the name.
type UnknownQueryError struct {
	Name  string
	Known []string
}

// Error lists the names that hold the wanted one or stand in the same family,
// else the families.
func (e *UnknownQueryError) Error() string {
	family, last, _ := strings.Cut(e.Name, "/")
	if last == "" {
		family, last = "", e.Name
	}
	var like, same, families []string
	for _, n := range e.Known {
		f, rest, _ := strings.Cut(n, "/")
		switch {
		case strings.Contains(strings.ToLower(rest), strings.ToLower(last)):
			like = append(like, n)
		case f == family:
			same = append(same, n)
		}
		families = append(families, f+"/…")
	}
	families = slices.Compact(families)
	switch {
	case len(like) > 0:
		return fmt.Sprintf("there is no query %q; did you mean: %s", e.Name, strings.Join(like, ", "))
	case len(same) > 0:
		return fmt.Sprintf("there is no query %q; %s/ has: %s", e.Name, family, strings.Join(same, ", "))
	}
	return fmt.Sprintf("there is no query %q; the families are %s; `duban query` lists all", e.Name, strings.Join(families, ", "))
}

// Dimensions lists the ways in which a query can be grouped; empty when it
// cannot. Named dimensions are not among them, see NamedDimensions.
func (r *Registry) Dimensions(q *Query) []Dimension {
	return slices.DeleteFunc(slices.Clone(r.dimensions[q.Dims]), func(d Dimension) bool { return d.Named })
}

// NamedDimensions lists those ways that need a name.
func (r *Registry) NamedDimensions(q *Query) []Dimension {
	return slices.DeleteFunc(slices.Clone(r.dimensions[q.Dims]), func(d Dimension) bool { return !d.Named })
}

// Text renders the SQL of a query grouped by the named dimensions.
func (r *Registry) Text(name string, by ...string) (string, error) {
	q, err := r.Get(name)
	if err != nil {
		return "", err
	}
	return r.expand(q, by)
}

// maxDepth bounds how deep fragments may include fragments.
const maxDepth = 10

// expand fills {{fragment}} and the grouping macros {{dims}} (select list,
// with a trailing comma), {{group}} (GROUP BY clause or nothing), {{order}} and
// {{keys}} (the names, with a trailing comma), {{joins}}, {{only}} (a condition)
// and {{bucket}} (see Dimension). {{places}} and {{times}} are {{dims}} without and with
// only those that cut time, {{place_keys}} the names of the first; {{timed}} is _timed
// where there are of the second, so that {{reader{{timed}}}} is one of two fragments.
func (r *Registry) expand(q *Query, by []string) (string, error) {
	macros := map[string]string{}
	for _, name := range q.includes {
		f, ok := r.fragments[name]
		if !ok {
			return "", fmt.Errorf("%s includes the unknown fragment %s", q.Name, name)
		}
		macros[name] = f.body
	}
	if len(by) > 0 || q.Dims != "" {
		dims, err := r.choose(q, by)
		if err != nil {
			return "", err
		}
		var sel, keys []string
		for _, d := range dims {
			sel = append(sel, d.SQL+" AS `"+d.column()+"`, ")
			keys = append(keys, "`"+d.column()+"`")
		}
		macros["dims"] = strings.Join(sel, "")
		macros["keys"], macros["group"], macros["order"] = "", "", ""
		macros["places"], macros["place_keys"], macros["times"] = apart(dims)
		macros["joins"], macros["only"], macros["bucket"] = needs(dims)
		macros["timed"] = ""
		if macros["bucket"] != "" {
			macros["timed"] = "_timed"
		}
		if len(keys) > 0 {
			list := strings.Join(keys, ", ")
			macros["keys"] = list + ", "
			macros["group"] = "GROUP BY " + list
			macros["order"] = "ORDER BY " + list
		}
	}
	// Fragments may use other fragments.
	text := q.body
	for range maxDepth {
		if !macroUse.MatchString(strings.ReplaceAll(text, "{{rows}}", "")) {
			return text, nil
		}
		var unknown string
		text = macroUse.ReplaceAllStringFunc(text, func(m string) string {
			name := m[2 : len(m)-2]
			value, ok := macros[name]
			if name == "rows" { // filled by ExecOver, and by the sink of ingest
				return m
			}
			if !ok {
				unknown = name
			}
			return value
		})
		if unknown != "" {
			return "", fmt.Errorf("%s uses {{%s}}, which no include line brings in", q.Name, unknown)
		}
	}
	return "", fmt.Errorf("%s: fragments include each other without end", q.Name)
}
