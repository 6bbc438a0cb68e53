package deadletter

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Repair returns the bytes to send in place of a reject. It returns nil when
// it has nothing for this one.
type Repair func(Row) ([]byte, error)

// AsItIs sends the bytes that came: right after the cause was elsewhere, such
// as a source whose clock ran ahead.
func AsItIs(r Row) ([]byte, error) { return r.Raw, nil }

// SetFields replaces or adds fields. A name is a path of keys with dots, such
// as payload.days; a value is JSON, or plain text when it is no JSON. An empty
// value removes the field.
func SetFields(fields map[string]string) Repair {
	return func(r Row) ([]byte, error) {
		d := json.NewDecoder(bytes.NewReader(r.Raw))
		d.UseNumber()
		var doc map[string]any
		if err := d.Decode(&doc); err != nil || doc == nil {
			return nil, fmt.Errorf("message %s is no JSON object, so no field of it can be set; give its repaired text instead", r.Place)
		}
		for path, value := range fields {
			if err := set(doc, strings.Split(path, "."), value); err != nil {
				return nil, fmt.Errorf("set %s of message %s: %w", path, r.Place, err)
			}
		}
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		if err := e.Encode(doc); err != nil {
			return nil, fmt.Errorf("write repaired message %s: %w", r.Place, err)
		}
		return bytes.TrimRight(out.Bytes(), "\n"), nil
	}
}

func set(doc map[string]any, path []string, value string) error {
	key := path[0]
	if len(path) > 1 {
		inner, ok := doc[key].(map[string]any)
		if !ok {
			if doc[key] != nil {
				return fmt.Errorf("%s is no object", key)
			}
			inner = map[string]any{}
			doc[key] = inner
		}
		return set(inner, path[1:], value)
	}
	switch {
	case value == "":
		delete(doc, key)
	case json.Valid([]byte(value)):
		doc[key] = json.RawMessage(value)
	default:
		doc[key] = value
	}
	return nil
}

// FromLines reads repaired messages, one JSON object per line:
//
//	{"topic":"case-events","partition":0,"offset":42,"value":{…the message…}}
//
// Each replaces the reject of its place.
func FromLines(in io.Reader) (Repair, []Place, error) {
	type line struct {
		Place
		Value json.RawMessage `json:"value"`
	}
	repaired := map[Place][]byte{}
	var places []Place
	sc := bufio.NewScanner(in)
	sc.Buffer(make([]byte, 0, 64<<10), 4<<20)
	for n := 1; sc.Scan(); n++ {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		var l line
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil || !l.Topic.Known() || len(l.Value) == 0 {
			return nil, nil, fmt.Errorf("line %d is not {\"topic\",\"partition\",\"offset\",\"value\"}", n)
		}
		if _, twice := repaired[l.Place]; twice {
			return nil, nil, fmt.Errorf("line %d repairs %s a second time", n, l.Place)
		}
		repaired[l.Place] = l.Value
		places = append(places, l.Place)
	}
	if err := sc.Err(); err != nil {
		return nil, nil, fmt.Errorf("read repaired messages: %w", err)
	}
	return func(r Row) ([]byte, error) { return repaired[r.Place], nil }, places, nil
}
