package queries

import (
	"fmt"
	"slices"
	"strings"
)

// Dimension is one way to group a figure.
type Dimension struct {
	// Name is what the user writes after --by.
	Name string `yaml:"name"`
	// SQL is the expression over the fragment that the query is built on.
	SQL string `yaml:"sql"`
	// Label in Chinese and English.
	Zh string `yaml:"zh"`
	En string `yaml:"en"`
	// Join is what the expression needs beside the rows of the query, such as
	// the parent table of the divisions; {{joins}} of the query.
	Join string `yaml:"join"`
	// Only is a condition that rows must meet to be grouped this way, such as
	// a rating that is linked to a case; {{only}} of the query.
	Only string `yaml:"only"`
	// Bucket names the local period (day, month, quarter, year) that this
	// dimension cuts the asked time into; {{bucket}} of the query.
	Bucket string `yaml:"bucket"`
	// Named marks a dimension that stands for as many as there are names: the
	// user writes NAME behind a colon (attribute:status), and the expression
	// takes it as the parameter {name:String}.
	Named bool `yaml:"named"`

	// alias is the column of a named dimension in the SQL, and the prefix of its
	// parameter; the name that the user writes is in Name.
	alias string
}

// column is the column of the dimension in the SQL.
func (d Dimension) column() string {
	if d.alias != "" {
		return d.alias
	}
	return d.Name
}

// NamedDimension cuts what a user writes for a named dimension (attribute:status)
// into the dimension and the name.
func NamedDimension(by string) (dimension, name string, ok bool) {
	dimension, name, ok = strings.Cut(by, ":")
	return dimension, name, ok && name != ""
}

// namedAs returns the dimension for the name at position i of those asked for.
// The name goes to the server as a parameter and is never part of the text.
func (d Dimension) namedAs(by string, i int) Dimension {
	d.alias = fmt.Sprintf("%s_%d", d.Name, i+1)
	d.SQL = strings.ReplaceAll(d.SQL, "{name:String}", "{"+d.alias+":String}")
	d.Name = by
	return d
}

// ruleRow is the fragment with the columns of every rule.
const ruleRow = "rule_row"

// needs collects what the dimensions ask for beside their expressions: each
// join once, the conditions together, the finest bucket.
func needs(dims []Dimension) (joins, only, bucket string) {
	var joined, conditions []string
	fineness := []string{"", "year", "quarter", "month", "week", "day"}
	for _, d := range dims {
		if d.Join != "" && !slices.Contains(joined, d.Join) {
			joined = append(joined, d.Join)
		}
		if d.Only != "" && !slices.Contains(conditions, d.Only) {
			conditions = append(conditions, d.Only)
		}
		if slices.Index(fineness, d.Bucket) > slices.Index(fineness, bucket) {
			bucket = d.Bucket
		}
	}
	if len(conditions) == 0 {
		conditions = []string{"1"}
	}
	return strings.Join(joined, "\n"), strings.Join(conditions, " AND "), bucket
}

// apart lists the dimensions that do not cut time, their names, and those that do, each with a
// trailing comma.
func apart(dims []Dimension) (places, keys, times string) {
	for _, d := range dims {
		sel := d.SQL + " AS `" + d.column() + "`, "
		if d.Bucket != "" {
			times += sel
			continue
		}
		places += sel
		keys += "`" + d.column() + "`, "
	}
	return places, keys, times
}

// GroupingError says that a query cannot be grouped as somebody asked for.
type GroupingError struct{ text string }

// Error is what cannot be done, and what can.
func (e *GroupingError) Error() string { return e.text }

func grouping(format string, args ...any) error { return &GroupingError{fmt.Sprintf(format, args...)} }

// CheckGrouping says whether a query can be grouped by the named dimensions.
func (r *Registry) CheckGrouping(name string, by ...string) error {
	q, err := r.Get(name)
	if err == nil && len(by) > 0 {
		_, err = r.choose(q, by)
	}
	return err
}

func (r *Registry) choose(q *Query, by []string) ([]Dimension, error) {
	var chosen []Dimension
	if q.Dims == "" {
		return nil, grouping("query %s cannot be grouped", q.Name)
	}
	if len(by) > MaxDimensions {
		return nil, grouping("%s cannot be grouped by %d dimensions: by %d at most of %s", q.Name, len(by), MaxDimensions,
			strings.Join(r.dimensionNames(q), ", "))
	}
	for i, name := range by {
		if slices.Contains(by[:i], name) {
			return nil, grouping("%s cannot be grouped by %q twice: each once, of %s", q.Name, name, strings.Join(r.dimensionNames(q), ", "))
		}
		found := false
		for _, d := range r.dimensions[q.Dims] {
			switch base, _, named := NamedDimension(name); {
			case d.Named && named && d.Name == base:
				chosen, found = append(chosen, d.namedAs(name, i)), true
			case !d.Named && d.Name == name:
				chosen, found = append(chosen, d), true
			}
		}
		if !found {
			return nil, grouping("%s cannot be grouped by %q; it can be by: %s", q.Name, name, strings.Join(r.dimensionNames(q), ", "))
		}
	}
	return chosen, nil
}

func (r *Registry) dimensionNames(q *Query) []string {
	var names []string
	for _, d := range r.dimensions[q.Dims] {
		if d.Named {
			names = append(names, d.Name+":NAME")
			continue
		}
		names = append(names, d.Name)
	}
	return names
}
