package workflow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"duban/internal/blank"
	"duban/supervision/calendar"
)

// payload is the object that an action brings.
type payload map[string]json.RawMessage

func parse(text string) (payload, bool) {
	if text == "" {
		return payload{}, true
	}
	var p payload
	if json.Unmarshal([]byte(text), &p) != nil || p == nil {
		return nil, false
	}
	return p, true
}

// text returns a text without the white space around it, empty when nothing of it can be seen.
func (p payload) text(key string) string {
	var s string
	_ = json.Unmarshal(p[key], &s) // anything else is no text
	return blank.Trim(s)
}

// list returns the texts of a list; a single text is a list of one.
func (p payload) list(key string) []string {
	var many []string
	if json.Unmarshal(p[key], &many) != nil {
		many = []string{p.text(key)}
	}
	return slices.DeleteFunc(many, blank.Is)
}

func (p payload) number(key string) (int, bool) {
	var n int
	if len(p[key]) == 0 || json.Unmarshal(p[key], &n) != nil {
		return 0, false
	}
	return n, true
}

func (p payload) flag(key string) bool {
	var b bool
	_ = json.Unmarshal(p[key], &b)
	return b
}

// due reads a deadline: an RFC 3339 instant, or a date for the end of that
// local day. 0: not given; ok is false when it cannot be read.
func (p payload) due(key string) (at int64, ok bool) {
	s := p.text(key)
	if s == "" {
		return 0, len(p[key]) == 0 || string(p[key]) == "null" || string(p[key]) == `""`
	}
	if d, err := calendar.ParseDay(s); err == nil {
		return d.End(), true
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return 0, false
	}
	return t.UnixMilli(), true
}

// need is one thing that an action must or may bring.
type need struct {
	key      string
	kind     needKind
	values   []string // of a choice
	min, max int      // of a number
	optional bool
}

type needKind uint8

const (
	needText needKind = iota
	needList
	needChoice
	needNumber
)

func texts(keys ...string) []need {
	out := make([]need, len(keys))
	for i, k := range keys {
		out[i] = need{key: k}
	}
	return out
}

func (n need) check(p payload) *Refusal {
	missing := refuse(Invalid, keyMissing, "field", n.key)
	switch n.kind {
	case needText:
		if p.text(n.key) == "" {
			return missing
		}
	case needList:
		if len(p.list(n.key)) == 0 {
			return missing
		}
	case needChoice:
		v := p.text(n.key)
		if v == "" && n.optional {
			return nil
		}
		if v == "" {
			return missing
		}
		if !slices.Contains(n.values, v) {
			return refuse(Invalid, keyChoice, "field", n.key, "values", strings.Join(n.values, ", "))
		}
	case needNumber:
		v, ok := p.number(n.key)
		if !ok && n.optional && len(p[n.key]) == 0 {
			return nil
		}
		if !ok && len(p[n.key]) == 0 {
			return missing
		}
		if !ok || v < n.min || v > n.max {
			return refuse(Invalid, keyRange, "field", n.key, "min", fmt.Sprint(n.min), "max", fmt.Sprint(n.max))
		}
	}
	return nil
}
