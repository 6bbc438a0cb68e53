package mapping

import "sort"

// ColumnNames lists every column the mapping reads, sorted, without aliases.
func (m *Mapping) ColumnNames() []string {
	set := map[string]bool{}
	add := func(names ...string) {
		for _, n := range names {
			set[n] = true
		}
	}
	content := func(c Content) {
		for _, vs := range []map[string]Value{c.Fields, c.Payload, c.Attributes, c.Values} {
			for _, v := range vs {
				add(v.Columns...)
			}
		}
	}
	cond := func(c Condition) {
		for _, g := range c.Any {
			for _, t := range g {
				add(t.Column)
			}
		}
	}
	add(m.Subject.Columns...)
	add(m.EventID.Columns...)
	if m.Seq.Column != "" {
		add(m.Seq.Column)
	}
	for _, s := range m.Skip {
		cond(s.When)
	}
	content(m.Common)
	for _, g := range m.Events {
		for _, r := range g {
			add(r.Type.Columns...)
			add(r.At.Columns...)
			if r.Count != "" {
				add(r.Count)
			}
			cond(r.When)
			content(r.Content)
		}
	}
	var out []string
	for n := range set {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}
