package mapping

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// value reads where a value comes from: the name of a column, or keys.
func (b *builder) value(n node, f Field) Value {
	v := Value{Pos: n.pos(), As: f.Kind}
	if !n.isMap() {
		if n.isNull() {
			n.fail("the name of a column is missing")
		} else if s := n.text(); s != "" {
			v.Columns = []string{s}
		} else {
			n.fail("the name of a column is missing")
		}
		return v
	}
	k := n.keys("column", "columns", "join", "const", "codes", "as", "required", "token", "time")
	if c, ok := k["column"]; ok {
		v.Columns = []string{c.text()}
	}
	if c, ok := k["columns"]; ok {
		if len(v.Columns) > 0 {
			n.fail("give column or columns, not both")
		}
		v.Columns = c.texts()
		v.Join = " "
	}
	if c, ok := k["join"]; ok {
		v.Join = c.text()
	}
	if a, ok := k["as"]; ok {
		kind := kindNames[a.oneOf("text", "integer", "number", "boolean", "time", "date")]
		if f.Kind != KindAny && f.Kind != kind {
			a.fail("%s is always %s", f.Name, f.Kind)
		} else {
			v.As = kind
		}
	}
	if c, ok := k["const"]; ok {
		if len(v.Columns) > 0 {
			n.fail("give column or const, not both")
		}
		if len(k) > 1 && !(len(k) == 2 && hasKey(k, "as")) {
			n.fail("const stands alone (only as may be beside it)")
		}
		s := c.text()
		cv := constant(s, v.As, v.Pos)
		if cv.Const == nil {
			c.fail("%q is not a value of kind %s", s, v.As)
		}
		if !allowed(f, s) {
			c.fail("%q is not a value of %s%s; values: %s", s, f.Name, hint(s, f.Enum), strings.Join(f.Enum, ", "))
		}
		cv.As = v.As
		return cv
	}
	if len(v.Columns) == 0 {
		n.fail("say where the value comes from: column, columns or const")
	}
	if c, ok := k["codes"]; ok {
		v.Codes = b.codeTable(c, f)
	}
	if c, ok := k["required"]; ok {
		v.Required = c.boolean()
	}
	if c, ok := k["token"]; ok {
		v.Token = c.boolean()
	}
	if c, ok := k["time"]; ok {
		t := b.time(c, b.m.Time)
		v.Time = &t
		if v.As == KindAny {
			v.As = KindTime
		}
		if v.As != KindTime && v.As != KindDate {
			c.fail("%s is not a time", f.Name)
		}
	}
	return v
}

func hasKey(k map[string]node, name string) bool { _, ok := k[name]; return ok }

// codeTable checks that a table named in n exists and gives values that fit f.
func (b *builder) codeTable(n node, f Field) string {
	name := n.text()
	t, ok := b.m.Codes[name]
	if !ok {
		var names []string
		for k := range b.m.Codes {
			names = append(names, k)
		}
		n.fail("there is no code table %q%s", name, hint(name, names))
		return ""
	}
	b.used[name] = true
	for from, to := range t.Values {
		if !allowed(f, to) {
			n.fail("code table %s turns %q into %q, which is not a value of %s%s; values: %s",
				name, from, to, f.Name, hint(to, f.Enum), strings.Join(f.Enum, ", "))
		}
	}
	if t.Default == DefaultConst && !allowed(f, t.DefaultText) {
		n.fail("the default %q of code table %s is not a value of %s; values: %s", t.DefaultText, name, f.Name, strings.Join(f.Enum, ", "))
	}
	return name
}

func allowed(f Field, s string) bool {
	if slices.Contains(f.Enum, s) {
		return true
	}
	return len(f.Enum) == 0
}

// constant makes a fixed value; Const is nil when s is not of the kind.
func constant(s string, k Kind, p Pos) Value {
	v := Value{Pos: p, Text: s, As: k}
	switch k {
	case KindInteger:
		if _, err := strconv.ParseInt(s, 10, 64); err == nil {
			v.Const = []byte(s)
		}
	case KindNumber:
		if json.Valid([]byte(s)) && s != "" && (s[0] == '-' || s[0] >= '0' && s[0] <= '9') {
			v.Const = []byte(s)
		}
	case KindBoolean:
		if s == "true" || s == "false" {
			v.Const = []byte(s)
		}
	case KindTime:
		if _, zoned, ok := parseISO([]byte(s)); ok && zoned {
			v.Const, _ = json.Marshal(s)
		}
	case KindDate:
		if _, ok := parseISODate([]byte(s)); ok {
			v.Const, _ = json.Marshal(s)
		}
	default:
		v.Const, _ = json.Marshal(s)
	}
	return v
}
