package mapping

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// reader collects the mistakes found while a mapping is read.
type reader struct {
	file    string
	errs    []error
	anchors map[string]ast.Node
}

// node is a YAML node and the path of keys that leads to it.
type node struct {
	r    *reader
	n    ast.Node
	path string
}

func (r *reader) add(p Pos, where, format string, args ...any) {
	r.errs = append(r.errs, &Error{File: r.file, Pos: p, Where: where, Message: fmt.Sprintf(format, args...)})
}

func (n node) fail(format string, args ...any) { n.r.add(n.pos(), n.path, format, args...) }

func (n node) pos() Pos { return posOf(n.n) }

func posOf(a ast.Node) Pos {
	if a == nil {
		return Pos{1, 1}
	}
	if m, ok := a.(*ast.MappingNode); ok && len(m.Values) > 0 {
		return posOf(m.Values[0].Key)
	}
	if m, ok := a.(*ast.MappingValueNode); ok {
		return posOf(m.Key)
	}
	if t := a.GetToken(); t != nil && t.Position != nil {
		return Pos{t.Position.Line, t.Position.Column}
	}
	return Pos{1, 1}
}

// child wraps a node below n, with anchors and aliases followed.
func (n node) child(key string, a ast.Node) node {
	var p string
	if n.path != "" && !strings.HasPrefix(key, "[") {
		p = n.path + "." + key
	} else {
		p = n.path + key
	}
	return node{n.r, n.r.follow(a), p}
}

func (r *reader) follow(a ast.Node) ast.Node {
	for range 20 {
		switch v := a.(type) {
		case *ast.AnchorNode:
			if r.anchors == nil {
				r.anchors = map[string]ast.Node{}
			}
			r.anchors[v.Name.String()] = v.Value
			a = v.Value
		case *ast.AliasNode:
			t, ok := r.anchors[v.Value.String()]
			if !ok {
				r.add(posOf(a), "", "there is no anchor &%s above this line", v.Value.String())
				return nil
			}
			a = t
		case *ast.TagNode:
			a = v.Value
		default:
			return a
		}
	}
	return a
}

func (n node) isNull() bool {
	if n.n == nil {
		return true
	}
	_, ok := n.n.(*ast.NullNode)
	return ok
}

// entry is one key of a mapping with its value.
type entry struct {
	key string
	at  Pos
	val node
}

// isMap reports whether n is a mapping.
func (n node) isMap() bool {
	switch n.n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

func (n node) isList() bool { _, ok := n.n.(*ast.SequenceNode); return ok }

// entries returns the keys of a mapping in the order of the file.
func (n node) entries() []entry {
	var vals []*ast.MappingValueNode
	switch m := n.n.(type) {
	case *ast.MappingNode:
		vals = m.Values
	case *ast.MappingValueNode:
		vals = []*ast.MappingValueNode{m}
	default:
		n.fail("expected keys and values (key: value), found %s", n.kind())
		return nil
	}
	var out []entry
	for _, v := range vals {
		k, ok := scalarText(n.r.follow(v.Key))
		if !ok {
			n.r.add(posOf(v.Key), n.path, "a key must be plain text")
			continue
		}
		out = append(out, entry{k, posOf(v.Key), n.child(k, v.Value)})
	}
	return out
}

// keys returns the values of a mapping whose keys are all in allowed; other
// keys are mistakes.
func (n node) keys(allowed ...string) map[string]node {
	out := map[string]node{}
	for _, e := range n.entries() {
		ok := false
		for _, a := range allowed {
			ok = ok || a == e.key
		}
		if !ok {
			n.r.add(e.at, n.path, "unknown key %q%s; allowed here: %s", e.key, hint(e.key, allowed), strings.Join(allowed, ", "))
			continue
		}
		out[e.key] = e.val
	}
	return out
}

// list returns the elements of a sequence; a scalar is a list of one.
func (n node) list() []node {
	s, ok := n.n.(*ast.SequenceNode)
	if !ok {
		if _, ok := scalarText(n.n); ok {
			return []node{n}
		}
		n.fail("expected a list, found %s", n.kind())
		return nil
	}
	var out []node
	for i, v := range s.Values {
		out = append(out, n.child(fmt.Sprintf("[%d]", i), v))
	}
	return out
}

// text returns the text of a scalar as it is written (numbers and words like
// true included), and fails for anything else.
func (n node) text() string {
	s, ok := scalarText(n.n)
	if !ok {
		n.fail("expected a text, found %s", n.kind())
	}
	return s
}

func (n node) texts() []string {
	var out []string
	for _, e := range n.list() {
		out = append(out, e.text())
	}
	return out
}

func (n node) boolean() bool {
	if b, ok := n.n.(*ast.BoolNode); ok {
		return b.Value
	}
	n.fail("expected true or false, found %s", n.kind())
	return false
}

// oneOf returns the text of a scalar that must be one of allowed.
func (n node) oneOf(allowed ...string) string {
	s := n.text()
	if slices.Contains(allowed, s) {
		return s
	}
	n.fail("%q is not known here%s; write one of: %s", s, hint(s, allowed), strings.Join(allowed, ", "))
	return ""
}

func (n node) kind() string {
	switch {
	case n.isNull():
		return "nothing"
	case n.isMap():
		return "keys and values"
	case n.isList():
		return "a list"
	}
	return "a text"
}

func scalarText(a ast.Node) (string, bool) {
	switch v := a.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return v.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return v.GetToken().Value, true
	case *ast.NullNode:
		// An unquoted word null is a text where a text is wanted; an empty
		// value is not.
		if s := v.GetToken().Value; s == "null" || s == "Null" || s == "NULL" || s == "~" {
			return s, true
		}
	}
	return "", false
}

// hint proposes the allowed word that is nearest to got.
func hint(got string, allowed []string) string {
	best, dist := "", 3
	for _, a := range sorted(allowed) {
		if d := distance(strings.ToLower(got), strings.ToLower(a)); d < dist {
			best, dist = a, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// Nearest proposes the name of list that is nearest to got, as a half
// sentence, or nothing.
func Nearest(got string, list []string) string { return hint(got, list) }

func sorted(in []string) []string {
	out := append([]string(nil), in...)
	sort.Strings(out)
	return out
}

// distance is the Levenshtein distance of two short words.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		prev := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, prev+cost)
			prev, row[j+1] = row[j+1], next
		}
	}
	return row[len(y)]
}
