package decode

import (
	"fmt"
	"strings"

	"github.com/go-faster/jx"

	"duban/ingest/deadletter"
	"duban/ingest/decode/scalar"
	"duban/internal/blank"
)

// field reads one key and its value; jx calls it for every key of the object.
func (d *Decoder) field(jd *jx.Decoder, key []byte) error {
	i := d.sh.find(d.last, key)
	if i < 0 {
		return d.bad(deadletter.UnknownField, string(key), "this topic has no such field; put what is not listed in its schema into payload")
	}
	d.last = i
	f := &d.sh.fields[i]
	if d.named&(1<<i) != 0 {
		return d.bad(deadletter.DuplicateKey, f.name, "the key is given twice")
	}
	d.named |= 1 << i
	t := jd.Next()
	if t == jx.Null {
		if f.required {
			return d.bad(deadletter.MissingField, f.name, "the field is required and null")
		}
		return jd.Null()
	}
	if want := jsonType(f.kind); t != want {
		if t == jx.Invalid {
			return errRefused
		}
		return d.bad(deadletter.WrongType, f.name, "want a JSON "+want.String())
	}
	switch f.kind {
	case kInt, kRevision:
		raw, err := jd.Num()
		if err != nil {
			return err
		}
		return d.integer(i, f, raw)
	case kBool:
		v, err := jd.Bool()
		if err != nil {
			return err
		}
		if v {
			d.slots[i].n = 1
		}
	case kPayload, kValues:
		raw, err := jd.Raw()
		if err != nil {
			return err
		}
		d.slots[i].s = raw
	default:
		s, err := jd.StrBytes()
		if err != nil {
			return err
		}
		return d.text(i, f, s)
	}
	d.seen |= 1 << i
	return nil
}

func jsonType(k kind) jx.Type {
	switch k {
	case kInt, kRevision:
		return jx.Number
	case kBool:
		return jx.Bool
	case kPayload, kValues:
		return jx.Object
	}
	return jx.String
}

// text checks a string value. An empty string means "not given" for optional
// identifiers, names and choices.
func (d *Decoder) text(i int, f *field, s []byte) error {
	switch f.kind {
	case kTime:
		ms, bad := scalar.Instant(s)
		if bad != "" {
			return d.bad(bad, f.name, timeDetail(bad))
		}
		d.slots[i].n = ms
	case kDate:
		day, ok := scalar.Day(s)
		if !ok || len(s) != 10 || day < scalar.MinDay || day > scalar.MaxDay {
			return d.bad(deadletter.InvalidDate, f.name, "want a date YYYY-MM-DD between 1900 and 2299")
		}
		d.slots[i].n = int64(day)
	case kRegion:
		if !regionCode(s) {
			return d.bad(deadletter.InvalidRegionCode, f.name, "want a division code of 6, 9 or 12 digits")
		}
	case kEnum, kUnit:
		v, ok := f.enum[string(s)]
		if !ok && (len(s) > 0 || f.required) {
			return d.bad(f.reason, f.name, "want one of the values listed in the schema of the topic")
		}
		d.slots[i].s = []byte(nil)
		if ok {
			d.slots[i].s = view(v)
		}
	default:
		limit := MaxIdentifierBytes
		if f.kind == kText {
			limit = MaxTextBytes
		}
		if f.required && len(s) == 0 || len(s) > limit || !d.plain && hasControl(s) {
			return d.bad(deadletter.InvalidIdentifier, f.name, fmt.Sprintf("want 1 to %d bytes without control characters", limit))
		}
		if len(s) > 0 && (f.kind != kText || f.required) && blank.Bytes(s) {
			return d.bad(deadletter.InvalidIdentifier, f.name, "nothing of the value can be seen; leave the field out when there is none")
		}
		d.slots[i].s = s
	}
	if f.kind == kRegion {
		d.slots[i].s = s
	}
	if len(s) > 0 {
		d.seen |= 1 << i
	}
	return nil
}

func timeDetail(r deadletter.Reason) string {
	if r == deadletter.TimeWithoutZone {
		return "the time has no zone; add Z or an offset such as +08:00"
	}
	return "want an RFC 3339 time with zone, such as 2026-03-01T09:00:00+08:00"
}

func regionCode(s []byte) bool {
	switch len(s) {
	case 0, 6, 9, 12:
	default:
		return false
	}
	for _, c := range s {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

// hasControl finds C0 controls, DEL and the C1 controls U+0080 to U+009F.
func hasControl(s []byte) bool {
	for i, c := range s {
		if c < 0x20 || c == 0x7f || c == 0xc2 && i+1 < len(s) && s[i+1] < 0xa0 {
			return true
		}
	}
	return false
}

func (d *Decoder) integer(i int, f *field, raw []byte) error {
	n, st := scalar.Integer(raw)
	if f.kind == kRevision {
		if st != scalar.IsInteger || n < 0 || n > 1<<32-1 {
			return d.bad(deadletter.InvalidRevision, f.name, "want an integer from 0 to 4294967295")
		}
	} else {
		if st == scalar.NotIntegral {
			return d.bad(deadletter.InvalidNumber, f.name, "want an integer")
		}
		if st == scalar.TooLarge || n < f.min || n > f.max {
			return d.bad(f.reason, f.name, fmt.Sprintf("want an integer from %d to %d", f.min, f.max))
		}
	}
	d.slots[i].n = n
	d.seen |= 1 << i
	return nil
}

// pointer escapes a key for a JSON pointer (RFC 6901) and cuts long ones.
func pointer(key string) string {
	if len(key) > 100 {
		key = strings.ToValidUTF8(key[:100], "") + "…"
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}
