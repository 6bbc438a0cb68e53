package decode

import (
	"bytes"
	"strings"

	"github.com/go-faster/jx"

	"duban/ingest/deadletter"
	"duban/ingest/event"
)

// envelopeAttributes are the CloudEvents 1.0 attributes that are read; other
// attributes are extensions: they describe the transport and are left out.
const (
	ceVersion = iota
	ceID
	ceSource
	ceType
	ceTime
	ceContentType
	ceData
	ceOther
)

func attribute(key []byte) int {
	switch string(key) {
	case "specversion":
		return ceVersion
	case "id":
		return ceID
	case "source":
		return ceSource
	case "type":
		return ceType
	case "time":
		return ceTime
	case "datacontenttype":
		return ceContentType
	case "data":
		return ceData
	}
	return ceOther
}

// typePrefix returns what a producer may put before an event type.
func typePrefix(t event.Topic) string {
	return map[event.Topic]string{event.TopicCases: "cn.duban.case.", event.TopicTickets: "cn.duban.ticket."}[t]
}

// envelope reads a CloudEvents 1.0 message in structured mode: its data is the
// message, and id, source, time and type stand in for what data leaves out.
// It takes over only when the plain reading met a field that no topic knows
// and the message names a specversion; false leaves d.rej as the reason.
func (d *Decoder) envelope(value []byte) bool {
	if d.rej == nil || d.rej.Reason != deadletter.UnknownField && d.rej.Reason != deadletter.WrongType ||
		!bytes.Contains(value, []byte(`"specversion"`)) {
		return false
	}
	var attrs [ceOther][]byte
	var twice string
	names := map[string]bool{}
	err := jx.DecodeBytes(value).ObjBytes(func(jd *jx.Decoder, key []byte) error {
		name := string(key)
		if names[name] {
			twice = name
		}
		names[name] = true
		raw, err := jd.Raw()
		if a := attribute(key); err == nil && a != ceOther && raw[0] != 'n' {
			attrs[a] = raw
		}
		return err
	})
	if err != nil || !names["specversion"] {
		return false
	}
	d.restart()
	if twice != "" {
		_ = d.bad(deadletter.DuplicateKey, twice, "the key is given twice")
		return false
	}
	data := attrs[ceData]
	return d.attributes(&attrs) && d.data(data) && d.defaults(&attrs)
}

// attributes checks the attributes that every event must have and turns them
// from JSON strings into text.
func (d *Decoder) attributes(attrs *[ceOther][]byte) bool {
	names := [ceOther]string{"specversion", "id", "source", "type", "time", "datacontenttype", "data"}
	for a, raw := range attrs[:ceData] {
		if raw == nil {
			if a <= ceType {
				_ = d.bad(deadletter.MissingField, names[a], "CloudEvents 1.0 requires this attribute")
				return false
			}
			continue
		}
		s, ok := text(raw)
		if !ok {
			_ = d.bad(deadletter.WrongType, names[a], "want a JSON string")
			return false
		}
		attrs[a] = s
	}
	if string(attrs[ceVersion]) != "1.0" {
		_ = d.bad(deadletter.CloudEventsUnsupportedVersion, "specversion", "only CloudEvents 1.0 is read")
		return false
	}
	if t := attrs[ceContentType]; t != nil && !jsonContent(string(t)) {
		_ = d.bad(deadletter.InvalidEnum, "datacontenttype", "data must be application/json")
		return false
	}
	return true
}

func jsonContent(t string) bool {
	t, _, _ = strings.Cut(strings.ToLower(t), ";")
	t = strings.TrimSpace(t)
	return t == "application/json" || strings.HasSuffix(t, "+json")
}

func (d *Decoder) data(data []byte) bool {
	switch {
	case data == nil:
		_ = d.bad(deadletter.CloudEventsDataMissing, "data", "the event has no data; data_base64 is not read")
		return false
	case data[0] != '{':
		_ = d.bad(deadletter.WrongType, "data", "want a JSON object")
		return false
	}
	d.prefix = "/data"
	return d.object(data)
}

// defaults fills the fields that data does not name from the attributes.
func (d *Decoder) defaults(attrs *[ceOther][]byte) bool {
	for _, def := range [...]struct {
		at   int
		attr []byte
		name string
	}{
		{d.sh.idAt, attrs[ceID], "id"},
		{d.sh.sourceAt, attrs[ceSource], "source"},
		{d.sh.timeAt, attrs[ceTime], "time"},
		{d.sh.typeAt, bytes.TrimPrefix(attrs[ceType], []byte(typePrefix(d.sh.topic))), "type"},
	} {
		if def.at < 0 || def.attr == nil || d.has(def.at) {
			continue
		}
		f := d.sh.fields[def.at]
		if d.text(def.at, &f, def.attr) != nil {
			d.rej.Field = "/" + def.name
			if def.at == d.sh.typeAt {
				d.rej.Reason = deadletter.CloudEventsUnknownType
				d.rej.Detail = "type is no event type of this topic, with or without the prefix " + typePrefix(d.sh.topic)
			}
			return false
		}
	}
	return true
}
