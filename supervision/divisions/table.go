package divisions

import (
	"fmt"
	"iter"
	"sort"
)

// Table is the tree of divisions. It is immutable after Load and safe for
// concurrent use.
type Table struct {
	all      []Division     // sorted by code
	index    map[string]int // code → position in all
	children map[string][]int
}

// Len returns the number of divisions.
func (t *Table) Len() int { return len(t.all) }

// All yields every division in the order of its code.
func (t *Table) All() iter.Seq[Division] {
	return func(yield func(Division) bool) {
		for _, d := range t.all {
			if !yield(d) {
				return
			}
		}
	}
}

// Lookup returns the division with this code; false when the edition has none.
func (t *Table) Lookup(code string) (Division, bool) {
	i, ok := t.index[code]
	if !ok {
		return Division{}, false
	}
	return t.all[i], true
}

// Parent returns the place above code; false for a province and for a code
// that the edition does not have.
func (t *Table) Parent(code string) (Division, bool) {
	d, ok := t.Lookup(code)
	if !ok || d.Parent == "" {
		return Division{}, false
	}
	return t.Lookup(d.Parent)
}

// Children returns the divisions directly below code, sorted by code; nil when
// there are none. Below "" are the provinces.
func (t *Table) Children(code string) []Division {
	positions := t.children[code]
	if len(positions) == 0 {
		return nil
	}
	out := make([]Division, len(positions))
	for i, p := range positions {
		out[i] = t.all[p]
	}
	return out
}

// Path returns the codes from the province down to code, both included; nil
// when the edition does not have the code.
func (t *Table) Path(code string) []string {
	var up []string
	for d, ok := t.Lookup(code); ok; d, ok = t.Parent(d.Code) {
		up = append(up, d.Code)
	}
	for i, j := 0, len(up)-1; i < j; i, j = i+1, j-1 {
		up[i], up[j] = up[j], up[i]
	}
	return up
}

// Level returns the level of government of code; false when the edition does
// not have it.
func (t *Table) Level(code string) (int8, bool) {
	d, ok := t.Lookup(code)
	return d.Level, ok
}

// Rows yields the rows of table `regions` in the order of their codes.
func (t *Table) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, d := range t.all {
			if !yield(Row{Division: d, Edition: Edition, Path: t.Path(d.Code)}) {
				return
			}
		}
	}
}

// build sorts and indexes the divisions and checks that the tree is whole.
func build(all []Division) (*Table, error) {
	sort.Slice(all, func(i, j int) bool { return all[i].Code < all[j].Code })
	t := &Table{all: all, index: make(map[string]int, len(all)), children: map[string][]int{}}
	for i, d := range all {
		if _, twice := t.index[d.Code]; twice {
			return nil, fmt.Errorf("division code %s occurs twice", d.Code)
		}
		t.index[d.Code] = i
		t.children[d.Parent] = append(t.children[d.Parent], i)
	}
	for _, d := range all {
		if d.Parent == "" {
			continue
		}
		if p, ok := t.Lookup(d.Parent); !ok || p.Level >= d.Level {
			return nil, fmt.Errorf("division %s hangs from %q, which is not a place above it", d.Code, d.Parent)
		}
	}
	return t, nil
}
