package importer

import (
	"errors"
	"sort"
	"strings"

	"duban/ingest/importer/mapping"
	"duban/ingest/importer/rows"
)

// plan is a mapping made ready for the columns of one file.
type plan struct {
	m       *mapping.Mapping
	target  *mapping.Target
	cols    *rows.Columns
	subject valuePlan
	seqSlot int // -1 when the sequence number is no column
	idSlots []int
	skip    []skipPlan
	groups  [][]*rulePlan
	rules   int
	// caseSlots are the columns that the facts of the case as a whole use.
	caseSlots []int
	// places holds, by entry of the mapping, its place among the rowEntries
	// that each row becomes; facts of the case as a whole stand before all rows
	// (…, -1, 0), those that the mapping lists after a row's event behind them.
	places     []int
	rowEntries int
	similar    map[string]*similarMemory
}

type skipPlan struct {
	when   condPlan
	reason string
}

type rulePlan struct {
	*mapping.Rule
	when       condPlan
	typ, at    valuePlan
	head       []valuePlan // revision, emit_time: not part of what is claimed
	fields     []valuePlan
	payload    []valuePlan
	attributes []valuePlan
	values     []valuePlan
	countSlot  int // -1 when a row is one fact
}

type condPlan [][]testPlan

type testPlan struct {
	mapping.Test
	slot int
}

func newPlan(m *mapping.Mapping, cols *rows.Columns, opt *Options) (*plan, error) {
	p := &plan{m: m, target: mapping.TargetOf(m.Topic), cols: cols, seqSlot: -1, similar: map[string]*similarMemory{}}
	if m.Subject.Set() {
		p.subject = p.value(m.Subject, mapping.Field{Name: p.target.Subject, Identifier: true, Kind: mapping.KindText})
	}
	if m.Seq.Column != "" {
		p.seqSlot = cols.Slot(m.Seq.Column)
	}
	for _, c := range m.EventID.Columns {
		p.idSlots = append(p.idSlots, cols.Slot(c))
	}
	for _, s := range m.Skip {
		p.skip = append(p.skip, skipPlan{p.cond(s.When), s.Reason})
	}
	used := map[int]bool{}
	p.order()
	for _, g := range m.Events {
		var group []*rulePlan
		for _, r := range g {
			rp := p.rule(r)
			group = append(group, rp)
			p.rules++
			if r.PerCase {
				rp.slots(used)
			}
		}
		p.groups = append(p.groups, group)
	}
	for i := range used {
		p.caseSlots = append(p.caseSlots, i)
	}
	sort.Ints(p.caseSlots)
	if p.tokens() && len(opt.TokenKey) == 0 {
		return nil, errors.New("the mapping replaces values by tokens, but no token key is configured")
	}
	return p, nil
}

func (p *plan) tokens() bool {
	for _, g := range p.groups {
		for _, r := range g {
			for _, vs := range [][]valuePlan{r.fields, r.payload, r.attributes} {
				for _, v := range vs {
					if v.token {
						return true
					}
				}
			}
		}
	}
	return p.subject.token
}

func (p *plan) rule(r *mapping.Rule) *rulePlan {
	rp := &rulePlan{Rule: r, when: p.cond(r.When), countSlot: -1}
	if r.Count != "" {
		rp.countSlot = p.cols.Slot(r.Count)
	}
	if r.Type.Set() {
		rp.typ = p.value(r.Type, mapping.Field{Name: p.target.Type, Kind: mapping.KindText, Enum: p.target.Types})
	}
	if r.At.Set() {
		rp.at = p.value(r.At, mapping.Field{Name: p.target.At, Kind: mapping.KindTime})
		rp.at.fact = true
	}
	pick := func(own, common map[string]mapping.Value, name string) (mapping.Value, bool) {
		if v, ok := own[name]; ok {
			return v, v.Set() // without a value: taken off this event
		}
		v, ok := common[name]
		return v, ok
	}
	for _, f := range p.target.Fields {
		v, ok := pick(r.Content.Fields, p.m.Common.Fields, f.Name)
		if !ok {
			continue
		}
		vp := p.value(v, f)
		vp.required = vp.required || f.Required
		if f.Name == "emit_time" || f.Name == "revision" {
			rp.head = append(rp.head, vp)
		} else {
			rp.fields = append(rp.fields, vp)
		}
	}
	for _, n := range names(r.Content.Payload, p.m.Common.Payload) {
		if v, ok := pick(r.Content.Payload, p.m.Common.Payload, n); ok {
			rp.payload = append(rp.payload, p.value(v, mapping.Field{Name: n, Kind: v.As}))
		}
	}
	for _, n := range names(r.Content.Attributes, p.m.Common.Attributes) {
		if v, ok := pick(r.Content.Attributes, p.m.Common.Attributes, n); ok {
			rp.attributes = append(rp.attributes, p.value(v, mapping.Field{Name: n, Kind: v.As}))
		}
	}
	for _, n := range names(r.Content.Values, p.m.Common.Values) {
		if v, ok := pick(r.Content.Values, p.m.Common.Values, n); ok {
			rp.values = append(rp.values, p.value(v, mapping.Field{Name: n, Kind: v.As}))
		}
	}
	return rp
}

func (p *plan) value(v mapping.Value, f mapping.Field) valuePlan {
	out := valuePlan{field: f.Name, label: strings.Join(v.Columns, " + "), join: v.Join, constant: v.Const,
		text: v.Text, as: v.As, ident: f.Identifier, required: v.Required, token: v.Token, time: v.Time}
	for _, c := range v.Columns {
		out.slots = append(out.slots, p.cols.Slot(c))
	}
	if out.time == nil {
		out.time = &p.m.Time
	}
	if out.time.Day == mapping.DayByKind && deadline(f.Name) {
		t := *out.time
		t.Day = mapping.DayEnd
		out.time = &t
	}
	if lookAlikes[f.Name] && v.Const == nil {
		if p.similar[f.Name] == nil {
			p.similar[f.Name] = newSimilarMemory()
		}
		out.similar = p.similar[f.Name]
	}
	if v.Codes != "" {
		out.codes = p.m.Codes[v.Codes]
	}
	if f.Enum != nil {
		out.enum = map[string]bool{}
		for _, e := range f.Enum {
			out.enum[e] = true
		}
	}
	return out
}

// deadline reports whether a time is one until which something may be done: a
// day as a deadline lasts to its end (Civil Code of the PRC, article 203: the
// last day of a period ends at 24:00).
func deadline(field string) bool { return strings.HasSuffix(field, "due_at") }

func (p *plan) cond(c mapping.Condition) condPlan {
	var out condPlan
	for _, g := range c.Any {
		var tests []testPlan
		for _, t := range g {
			tests = append(tests, testPlan{t, p.cols.Slot(t.Column)})
		}
		out = append(out, tests)
	}
	return out
}

// holds tests a condition.
func (c condPlan) holds(rec *rows.Record, s *scratch) bool {
	if len(c) == 0 {
		return true
	}
	for _, g := range c {
		all := true
		for i := range g {
			all = all && g[i].holds(rec, s)
		}
		if all {
			return true
		}
	}
	return false
}

func (t *testPlan) holds(rec *rows.Record, s *scratch) bool {
	b := rec.Cell(t.slot)
	switch t.Op {
	case mapping.OpPresent:
		return !s.isMissing(b)
	case mapping.OpEmpty:
		return s.isMissing(b)
	case mapping.OpIn:
		return t.Values[string(b)]
	case mapping.OpNotIn:
		return !t.Values[string(b)]
	default:
		return t.Match.Match(b)
	}
}

// slots adds every column a rule reads.
func (r *rulePlan) slots(used map[int]bool) {
	add := func(vs ...valuePlan) {
		for _, v := range vs {
			for _, i := range v.slots {
				used[i] = true
			}
		}
	}
	add(r.typ, r.at)
	add(r.head...)
	add(r.fields...)
	add(r.payload...)
	add(r.attributes...)
	add(r.values...)
	for _, g := range r.when {
		for _, t := range g {
			used[t.slot] = true
		}
	}
}

func names(a, b map[string]mapping.Value) []string {
	set := map[string]bool{}
	for n := range a {
		set[n] = true
	}
	for n := range b {
		set[n] = true
	}
	var out []string
	for n := range set {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}
