package mapping

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"duban/ingest/event"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Parse reads and checks a mapping; name is used in messages.
func Parse(name string, text []byte) (*Mapping, error) {
	r := &reader{file: name}
	f, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: not valid YAML: %w", name, err)
	}
	var root ast.Node
	for _, d := range f.Docs {
		if d.Body == nil {
			continue
		}
		if root != nil {
			return nil, fmt.Errorf("%s: more than one YAML document", name)
		}
		root = d.Body
	}
	if root == nil {
		return nil, fmt.Errorf("%s: the mapping is empty", name)
	}
	b := &builder{r: r, m: &Mapping{Name: name}}
	m := b.build(node{r: r, n: r.follow(root)})
	if b.target == nil {
		r.errs = underSomeTopic(name, root)
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return m, nil
}

// underSomeTopic lists the mistakes of a mapping whose topic is missing or wrong:
// that one, and the others under the topic that the rest fits best, so that they
// need not be found one after the other.
func underSomeTopic(name string, root ast.Node) []error {
	var fewest []error
	for _, t := range Topics() {
		r := &reader{file: name}
		(&builder{r: r, m: &Mapping{Name: name}, assumed: t}).build(node{r: r, n: r.follow(root)})
		if fewest == nil || len(r.errs) < len(fewest) {
			fewest = r.errs
		}
	}
	return fewest
}

// builder turns the nodes of a file into a Mapping.
type builder struct {
	r      *reader
	m      *Mapping
	target *Target
	rules  map[string]int
	used   map[string]bool // code tables
	// assumed is the topic to read on with when the mapping gives none.
	assumed event.Topic
}

var topKeys = []string{"version", "about", "source", "topic", "input", "aliases", "optional", "leave_out", "rest",
	"missing", "time", "subject", "seq", "event_id", "equal_events", "codes", "skip", "fields", "payload", "attributes", "values", "events"}

func (b *builder) build(root node) *Mapping {
	k := root.keys(topKeys...)
	m := b.m
	b.used = map[string]bool{}
	if v, ok := k["version"]; !ok {
		root.fail("the key version is missing; write version: %d as the first line", Version)
	} else if v.text() != fmt.Sprint(Version) {
		v.fail("this program reads version %d", Version)
	}
	if v, ok := k["source"]; ok {
		m.Source = v.text()
		if m.Source == "" || len(m.Source) > 200 {
			v.fail("a source name has 1 to 200 characters")
		}
	}
	if v, ok := k["topic"]; !ok {
		root.fail("the key topic is missing; one of: %s", strings.Join(strs(Topics()), ", "))
	} else if t := v.oneOf(strs(Topics())...); t != "" {
		m.Topic = event.Topic(t)
	}
	if b.target = TargetOf(m.Topic); b.target == nil {
		m.Topic = b.assumed
		if b.target = TargetOf(m.Topic); b.target == nil {
			return m
		}
	}
	b.input(k["input"])
	b.columns(k)
	m.Missing = map[string]bool{"": true}
	if v, ok := k["missing"]; ok {
		for _, s := range v.texts() {
			m.Missing[s] = true
		}
	}
	m.Time = Time{layouts: []layout{{name: "iso8601", kind: layoutISO}}}
	if v, ok := k["time"]; ok {
		m.Time = b.time(v, m.Time)
	}
	b.codes(k["codes"])
	b.identity(root, k)
	if v, ok := k["skip"]; ok {
		for _, s := range v.list() {
			sk := s.keys("when", "reason")
			w, ok := sk["when"]
			if !ok {
				s.fail("the key when is missing")
				continue
			}
			sr := Skip{When: b.condition(w), Reason: "skip rule"}
			if rn, ok := sk["reason"]; ok {
				sr.Reason = rn.text()
			} else {
				s.fail("the key reason is missing: say why these rows are left out")
			}
			m.Skip = append(m.Skip, sr)
		}
	}
	m.Common = b.content(k, false)
	if v, ok := k["events"]; ok {
		b.events(v)
	} else {
		root.fail("the key events is missing: say which events a row becomes")
	}
	if b.target.ID != "" {
		for name, t := range m.Codes {
			if !b.used[name] {
				b.r.add(k["codes"].pos(), "codes."+t.Name, "this code table is used nowhere")
			}
		}
	}
	return m
}

func (b *builder) input(n node) {
	if n.n == nil {
		return
	}
	k := n.keys("format", "delimiter", "encoding", "header")
	if v, ok := k["format"]; ok {
		b.m.Input.Format = v.oneOf("csv", "ndjson", "xes", "parquet")
	}
	if v, ok := k["delimiter"]; ok {
		s := v.text()
		if s == "tab" || s == "\\t" {
			s = "\t"
		}
		c, size := utf8.DecodeRuneInString(s)
		if size == 0 || size != len(s) || c == '"' || c == '\n' || c == '\r' || c > 127 {
			v.fail("the delimiter must be one ASCII character, such as \";\" or \"|\", or the word tab")
		}
		b.m.Input.Delimiter = c
	}
	if v, ok := k["encoding"]; ok {
		b.m.Input.Encoding = strings.ToLower(v.text())
		if err := CheckEncoding(b.m.Input.Encoding); err != nil {
			v.fail("%v", err)
		}
	}
	if v, ok := k["header"]; ok {
		b.m.Input.Header = v.texts()
	}
}

func (b *builder) columns(k map[string]node) {
	m := b.m
	m.Aliases, m.Optional, m.LeaveOut = map[string][]string{}, map[string]bool{}, map[string]bool{}
	if v, ok := k["aliases"]; ok {
		for _, e := range v.entries() {
			m.Aliases[e.key] = e.val.texts()
		}
	}
	if v, ok := k["optional"]; ok {
		for _, s := range v.texts() {
			m.Optional[s] = true
		}
	}
	if v, ok := k["leave_out"]; ok {
		for _, s := range v.texts() {
			m.LeaveOut[s] = true
		}
	}
	if v, ok := k["rest"]; ok {
		m.KeepRest = v.oneOf("keep", "leave_out") == "keep"
	}
}

func (b *builder) codes(n node) {
	b.m.Codes = map[string]*CodeTable{}
	if n.n == nil {
		return
	}
	for _, e := range n.entries() {
		k := e.val.keys("values", "default")
		t := &CodeTable{Name: e.key, Values: map[string]string{}}
		b.m.Codes[e.key] = t
		if v, ok := k["values"]; ok {
			for _, c := range v.entries() {
				t.Values[c.key] = c.val.text()
			}
		} else {
			e.val.fail("the key values is missing")
		}
		d, ok := k["default"]
		switch {
		case !ok:
			e.val.fail("the key default is missing: say what becomes of a word that is not listed: refuse, keep, omit or {const: TEXT}")
		case d.isMap():
			if c, ok := d.keys("const")["const"]; ok {
				t.Default, t.DefaultText = DefaultConst, c.text()
			} else {
				d.fail("the key const is missing")
			}
		default:
			switch d.oneOf("refuse", "keep", "omit") {
			case "keep":
				t.Default = DefaultKeep
			case "omit":
				t.Default = DefaultOmit
			}
		}
	}
}

func (b *builder) identity(root node, k map[string]node) {
	m := b.m
	if v, ok := k["subject"]; ok {
		if b.target.Subject == "" {
			v.fail("facts of topic %s have no subject of their own; map the fields case_no or ticket_no instead", m.Topic)
		} else {
			m.Subject = b.value(v, Field{Name: "subject", Kind: KindText, Identifier: true})
			m.Subject.Required = true
		}
	} else if b.target.Subject != "" {
		root.fail("the key subject is missing: say which column holds the %s", b.target.Subject)
	}
	m.Seq.Record = true
	if v, ok := k["seq"]; ok {
		m.Seq = Seq{}
		if v.isMap() {
			if c, ok := v.keys("column")["column"]; ok {
				m.Seq.Column = c.text()
			} else {
				v.fail("the key column is missing")
			}
		} else {
			m.Seq.Record = v.oneOf("record", "none") == "record"
		}
	}
	if v, ok := k["event_id"]; ok {
		if v.isMap() {
			if c, ok := v.keys("columns")["columns"]; ok {
				m.EventID.Columns = c.texts()
			} else {
				v.fail("the key columns is missing")
			}
		} else {
			v.oneOf("content")
		}
	}
	if v, ok := k["equal_events"]; ok {
		m.Equal = v.oneOf("each", "once")
		if m.Equal == "each" && len(m.EventID.Columns) > 0 {
			v.fail("with event_id by columns, rows with equal columns are one fact: leave out event_id or equal_events")
		}
	}
}

// TopKeys lists the keys of a mapping file.
func TopKeys() []string { return append([]string(nil), topKeys...) }
