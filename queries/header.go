package queries

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// Param is one typed, server-side parameter of a query.
type Param struct {
	Name string
	// Type is the ClickHouse type.
	Type string
	// Optional parameters are given the empty value of their type when the
	// caller leaves them out.
	Optional bool
	Help     string
}

// Column is one column of a query's result.
type Column struct {
	Name string
	Type string
	// Help says what the column holds, with unit and the meaning of null.
	Help string
	// inherited columns are declared by a fragment: a query that only counts by it has not got them.
	inherited bool
}

// Query is one named SQL text.
type Query struct {
	// Name is the path below queries/ without .sql, such as indicator/D01.
	Name    string
	Purpose string
	// Grain says what one row is.
	Grain   string
	Source  string
	Params  []Param
	Columns []Column
	// Dims names the dimension list that the query can be grouped by, or is
	// empty.
	Dims string
	// Evidence names the fragment that lists the rows behind the figure, where the
	// query NAME_cases is made of this one: the same rows, another reader.
	Evidence string
	includes []string
	body     string
}

var (
	paramLine  = regexp.MustCompile(`^(\w+) (.+?)( \?)? = (.+)$`)
	columnLine = regexp.MustCompile(`^(\w+) (.+?) = (.+)$`)
	paramUse   = regexp.MustCompile(`\{(\w+):([^{}]+)\}`)
	macroUse   = regexp.MustCompile(`\{\{(\w+)\}\}`)
)

// parse reads the header and body of one file and wants both.
func parse(name, text string) (*Query, error) {
	q, err := parseFragment(name, text)
	if err != nil {
		return nil, err
	}
	if q.Purpose == "" || q.body == "" {
		return nil, fmt.Errorf("%s: a query needs a purpose line and a text", name)
	}
	return q, nil
}

// parseFragment reads a text that need not stand alone.
func parseFragment(name, text string) (*Query, error) {
	q := &Query{Name: name}
	lines := strings.Split(text, "\n")
	i := 0
	for ; i < len(lines); i++ {
		line, ok := strings.CutPrefix(lines[i], "--")
		if !ok {
			break
		}
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue // a line of plain comment
		}
		if err := q.setHeader(key, strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", name, i+1, err)
		}
	}
	q.body = strings.TrimSpace(strings.Join(lines[i:], "\n"))
	return q, nil
}

func (q *Query) setHeader(key, value string) error {
	switch key {
	case "purpose":
		q.Purpose = value
	case "grain":
		q.Grain = value
	case "source":
		q.Source = value
	case "dims":
		q.Dims = value
	case "evidence":
		q.Evidence = value
	case "include":
		q.includes = append(q.includes, strings.Fields(strings.ReplaceAll(value, ",", " "))...)
	case "param":
		m := paramLine.FindStringSubmatch(value)
		if m == nil {
			return fmt.Errorf("want `param: name Type [?] = help`, got %q", value)
		}
		q.Params = append(q.Params, Param{Name: m[1], Type: m[2], Optional: m[3] != "", Help: m[4]})
	case "column":
		m := columnLine.FindStringSubmatch(value)
		if m == nil {
			return fmt.Errorf("want `column: name Type = help`, got %q", value)
		}
		q.Columns = append(q.Columns, Column{Name: m[1], Type: m[2], Help: m[3]})
	}
	return nil
}

// checkHeader wants what a reader needs to know before the query is run: what one row
// is, what every column holds, and what a rule or an indicator is taken from.
// The text is the expanded one; what only writes has no columns.
func (q *Query) checkHeader(text string) error {
	var missing []string
	if q.Grain == "" {
		missing = append(missing, "a grain")
	}
	if len(q.Columns) == 0 && returnsRows(text) {
		missing = append(missing, "its columns")
	}
	family, _, _ := strings.Cut(q.Name, "/")
	if q.Source == "" && (family == "rule" || family == "indicator") {
		missing = append(missing, "the source of its definition")
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("%s: the header needs %s", q.Name, strings.Join(missing, " and "))
}

// returnsRows tells a question from a statement that changes something.
func returnsRows(text string) bool {
	words := strings.Fields(strings.TrimLeft(stripComments(text), "("))
	return len(words) > 0 && (words[0] == "SELECT" || words[0] == "WITH" || words[0] == "EXPLAIN" || words[0] == "SHOW")
}

// checkParams compares the declared parameters with those in the text.
func (q *Query) checkParams(text string) error {
	used := map[string]string{}
	for _, m := range paramUse.FindAllStringSubmatch(text, -1) {
		used[m[1]] = m[2]
	}
	var problems []string
	for _, p := range q.Params {
		t, ok := used[p.Name]
		switch {
		case !ok:
			problems = append(problems, "parameter "+p.Name+" is declared and not used")
		case t != p.Type:
			problems = append(problems, fmt.Sprintf("parameter %s is declared as %s and used as %s", p.Name, p.Type, t))
		}
		delete(used, p.Name)
	}
	for name := range used {
		problems = append(problems, "parameter "+name+" is used and not declared")
	}
	if len(problems) == 0 {
		return nil
	}
	sort.Strings(problems)
	return fmt.Errorf("%s: %s", q.Name, strings.Join(problems, "; "))
}
