package decode

import (
	"bytes"

	"github.com/go-faster/jx"

	"duban/ingest/deadletter"
)

// refuse settles the reason of a message that is no fact. What is wrong with
// the text comes before what is wrong with a field, wherever it stands, so
// that the reason does not depend on the order of the keys.
func (d *Decoder) refuse(value []byte) *Reject {
	rej := d.rej
	switch {
	case depth(value) > MaxDepth:
		rej = &Reject{Reason: deadletter.NestingTooDeep, Detail: nestingDetail}
	case !jx.Valid(value):
		rej = &Reject{Reason: deadletter.MalformedJSON, Detail: "the message is not one JSON value"}
	case bytes.TrimLeft(value, " \t\r\n")[0] != '{':
		rej = &Reject{Reason: deadletter.NotAnObject, Detail: "want a JSON object; send one message per event"}
	case rej == nil:
		rej = &Reject{Reason: deadletter.MalformedJSON, Detail: "the message is not one JSON object"}
	}
	if d.has(d.sh.sourceAt) {
		rej.SourceSys = string(d.slots[d.sh.sourceAt].s)
	}
	if d.prefix == "" {
		rej.Detail += d.explain.rule(d.sh.topic, value, rej)
	}
	return rej
}

// depth returns how deep objects and arrays nest in text that may not be JSON.
func depth(text []byte) int {
	level, deepest, inString := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			level++
			deepest = max(deepest, level)
		case c == '}' || c == ']':
			level--
		}
	}
	return deepest
}
