package mapping

import (
	"fmt"
	"regexp"
	"strings"

	"duban/ingest/event"
)

// events reads the list of what one row becomes.
func (b *builder) events(n node) {
	b.rules = map[string]int{}
	type pending struct {
		rule *Rule
		k    map[string]node
	}
	var later []pending
	rule := func(e node) *Rule {
		k := e.keys("name", "per", "when", "after", "not_after", "type", "at", "count", "fields", "payload", "attributes", "values")
		r := &Rule{Pos: e.pos(), Index: len(later)}
		if v, ok := k["name"]; ok {
			r.Name = v.text()
		} else {
			r.Name = fmt.Sprintf("event %d", r.Index+1)
		}
		if _, twice := b.rules[r.Name]; twice {
			e.fail("the name %q is used twice", r.Name)
		}
		b.rules[r.Name] = r.Index
		later = append(later, pending{r, k})
		if v, ok := k["per"]; ok {
			r.PerCase = v.oneOf("row", "case") == "case"
			if r.PerCase && b.target.Subject == "" {
				v.fail("facts of topic %s do not belong to a case", b.m.Topic)
			}
		}
		if v, ok := k["when"]; ok {
			r.When = b.condition(v)
		}
		b.typeAndTime(e, k, r)
		r.Content = b.content(k, true)
		b.required(e, r)
		b.equal(k, r)
		return r
	}
	for _, e := range n.list() {
		var group []*Rule
		if e.isMap() && len(e.entries()) == 1 && e.entries()[0].key == "choose" {
			for _, c := range e.entries()[0].val.list() {
				group = append(group, rule(c))
			}
			for _, r := range group {
				if r.PerCase != group[0].PerCase {
					e.fail("the alternatives of one choice must all be per row or all per case")
				}
			}
		} else {
			group = []*Rule{rule(e)}
		}
		if len(group) > 0 {
			b.m.Events = append(b.m.Events, group)
		}
	}
	if len(b.m.Events) == 0 {
		n.fail("at least one event is needed")
	}
	for _, p := range later {
		p.rule.After = b.ruleNames(p.k["after"])
		p.rule.NotAfter = b.ruleNames(p.k["not_after"])
		if len(p.rule.After)+len(p.rule.NotAfter) > 0 {
			b.m.TracksCase = true
		}
	}
}

// equal says what equal facts of a case are: those that carry an activity, and
// ratings, are things that happened as often as they are written; a fact that
// moves a case is the same however often a file repeats it.
func (b *builder) equal(k map[string]node, r *Rule) {
	activity, own := r.Content.Fields["activity"]
	if !own {
		activity = b.m.Common.Fields["activity"]
	}
	r.Each = activity.Set() || b.m.Topic == event.TopicRatings
	if len(b.m.EventID.Columns) > 0 {
		r.Each = false
	}
	if b.m.Equal != "" {
		r.Each = b.m.Equal == "each"
	}
	v, ok := k["count"]
	if !ok {
		return
	}
	if r.Count = v.text(); r.Count == "" {
		v.fail("the name of a column is missing")
	}
	if r.PerCase || b.m.Topic != event.TopicRatings {
		v.fail("count is for ratings: several cases, tickets or organisations need a number each")
	}
	r.Each = true
}

func (b *builder) ruleNames(n node) []int {
	if n.n == nil {
		return nil
	}
	var out []int
	var names []string
	for k := range b.rules {
		names = append(names, k)
	}
	for _, e := range n.list() {
		name := e.text()
		i, ok := b.rules[name]
		if !ok {
			e.fail("no event of this mapping has the name %q%s", name, hint(name, names))
			continue
		}
		out = append(out, i)
	}
	return out
}

func (b *builder) typeAndTime(e node, k map[string]node, r *Rule) {
	v, has := k["type"]
	switch {
	case b.target.Type == "" && has:
		v.fail("facts of topic %s have no type", b.m.Topic)
	case b.target.Type == "":
	case !has:
		e.fail("the key type is missing")
	case v.isMap():
		r.Type = b.value(v, Field{Name: "type", Kind: KindText, Enum: b.target.Types})
		r.Type.Required = true
	default:
		if t := v.oneOf(b.target.Types...); t != "" {
			r.Type = constant(t, KindText, v.pos())
		}
	}
	v, has = k["at"]
	switch {
	case b.target.At == "" && has:
		v.fail("facts of topic %s have no time of their own; map valid_from", b.m.Topic)
	case b.target.At == "":
	case !has:
		e.fail("the key at is missing: say which column holds the time of this event")
	default:
		r.At = b.value(v, Field{Name: "at", Kind: KindTime})
		r.At.Required = true
	}
}

// required checks that the fields a message cannot do without are mapped.
func (b *builder) required(e node, r *Rule) {
	for _, f := range b.target.Fields {
		if !f.Required {
			continue
		}
		own, has := r.Content.Fields[f.Name]
		common := b.m.Common.Fields[f.Name]
		if has && !own.Set() || !has && !common.Set() {
			e.fail("the field %s is missing: every message of topic %s needs it", f.Name, b.m.Topic)
		}
	}
	if b.target.Values && len(r.Content.Values)+len(b.m.Common.Values) == 0 {
		e.fail("the key values is missing: say which columns hold the numbers")
	}
}

// content reads what a message holds. In an event a key without a value (null)
// takes off what every event of the file carries under that name.
func (b *builder) content(k map[string]node, inEvent bool) Content {
	c := Content{map[string]Value{}, map[string]Value{}, map[string]Value{}, map[string]Value{}}
	off := func(n node) bool { return inEvent && n.isNull() }
	if v, ok := k["values"]; ok {
		if !b.target.Values {
			v.fail("only facts of topic %s have values; other numbers belong into payload", event.TopicMeasurements)
		}
		for _, e := range v.entries() {
			if off(e.val) {
				c.Values[e.key] = Value{Pos: e.at}
				continue
			}
			c.Values[e.key] = b.value(e.val, Field{Name: e.key, Kind: KindNumber})
		}
	}
	if v, ok := k["fields"]; ok {
		for _, e := range v.entries() {
			f, ok := b.target.Field(e.key)
			if !ok {
				where := "; other values belong into payload or attributes"
				if e.key == b.target.ID || e.key == b.target.Subject || e.key == b.target.Type || e.key == b.target.At {
					where = "; it is made from event_id, subject, type or at"
				}
				b.r.add(e.at, v.path, "%q is not a field of topic %s%s%s; fields: %s", e.key, b.m.Topic,
					hint(e.key, b.target.FieldNames()), where, strings.Join(b.target.FieldNames(), ", "))
				continue
			}
			if off(e.val) {
				c.Fields[e.key] = Value{Pos: e.at}
				continue
			}
			c.Fields[e.key] = b.value(e.val, f)
		}
	}
	if v, ok := k["payload"]; ok {
		for _, e := range v.entries() {
			if e.key == "attributes" || e.key == "rest" {
				b.r.add(e.at, v.path, "the payload key %s is filled by the section of that name", e.key)
				continue
			}
			if off(e.val) {
				c.Payload[e.key] = Value{Pos: e.at}
				continue
			}
			c.Payload[e.key] = b.value(e.val, Field{Name: e.key, Kind: b.target.PayloadKinds[e.key]})
		}
	}
	if v, ok := k["attributes"]; ok {
		for _, e := range v.entries() {
			if off(e.val) {
				c.Attributes[e.key] = Value{Pos: e.at}
				continue
			}
			val := b.value(e.val, Field{Name: e.key, Kind: KindAny})
			if val.As != KindAny && val.As != KindText && val.As != KindTime && val.As != KindDate {
				e.val.fail("attributes are texts; as may be text, time or date")
			}
			c.Attributes[e.key] = val
		}
	}
	return c
}

// condition reads tests of columns; a list means that one entry must hold.
func (b *builder) condition(n node) Condition {
	var c Condition
	groups := []node{n}
	if n.isList() {
		groups = n.list()
	}
	for _, g := range groups {
		var tests []Test
		for _, e := range g.entries() {
			tests = append(tests, b.tests(e)...)
		}
		if len(tests) == 0 {
			g.fail("a condition needs at least one test, such as closed_dt: present")
		}
		c.Any = append(c.Any, tests)
	}
	return c
}

func (b *builder) tests(e entry) []Test {
	if !e.val.isMap() {
		switch e.val.oneOf("present", "empty") {
		case "present":
			return []Test{{Column: e.key, Op: OpPresent}}
		case "empty":
			return []Test{{Column: e.key, Op: OpEmpty}}
		}
		return nil
	}
	var out []Test
	for _, t := range e.val.entries() {
		test := Test{Column: e.key, Values: map[string]bool{}}
		switch t.key {
		case "is", "in":
			test.Op = OpIn
		case "is_not", "not_in":
			test.Op = OpNotIn
		case "matches":
			test.Op = OpMatches
			re, err := regexp.Compile(t.val.text())
			if err != nil {
				t.val.fail("not a regular expression: %v", err)
				continue
			}
			test.Match = re
		default:
			b.r.add(t.at, e.val.path,
				"unknown test %q; write present, empty, {is: X}, {is_not: X}, {in: [X, Y]}, {not_in: [X, Y]} or {matches: REGEXP}", t.key)
			continue
		}
		if test.Op != OpMatches {
			for _, s := range t.val.texts() {
				test.Values[s] = true
			}
		}
		out = append(out, test)
	}
	return out
}
