package decode

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/go-faster/jx"

	"duban/ingest/deadletter"
)

// checkText refuses what is no JSON text at all.
func (d *Decoder) checkText(value []byte) *Reject {
	if len(value) > d.maxBytes {
		return &Reject{Reason: deadletter.TooLarge, Detail: "the message is over the size limit; send large attachments as links"}
	}
	if len(value) == 0 || len(value) < 64 && len(bytes.TrimLeft(value, " \t\r\n")) == 0 {
		return &Reject{Reason: deadletter.EmptyMessage, Detail: "the message has no value"}
	}
	if !utf8.Valid(value) {
		return &Reject{Reason: deadletter.InvalidUTF8, Detail: "the message is not UTF-8; convert it at the source"}
	}
	if bytes.IndexByte(value, '\\') >= 0 && loneSurrogate(value) {
		return &Reject{Reason: deadletter.InvalidUTF8, Detail: "a \\u escape is half of a surrogate pair"}
	}
	return nil
}

// loneSurrogate finds \u escapes that stand for no character.
func loneSurrogate(b []byte) bool {
	for i := 0; i < len(b); i++ {
		n := bytes.IndexByte(b[i:], '\\')
		if n < 0 {
			return false
		}
		i += n + 1
		if i >= len(b) || b[i] != 'u' {
			continue
		}
		r, ok := hex4(b[i+1:])
		if !ok {
			return false // malformed, found later
		}
		i += 4
		if r < 0xd800 || r > 0xdfff {
			continue
		}
		if r >= 0xdc00 || i+2 >= len(b) || b[i+1] != '\\' || b[i+2] != 'u' {
			return true
		}
		if lo, ok := hex4(b[i+3:]); !ok || lo < 0xdc00 || lo > 0xdfff {
			return true
		}
		i += 6
	}
	return false
}

// atEnd reports whether only white space follows the object.
func (d *Decoder) atEnd() bool {
	return d.jd.Next() == jx.Invalid && errors.Is(d.jd.Skip(), io.EOF)
}

// complete checks what needs more than one field or the arrival time.
func (d *Decoder) complete(m *Message) *Reject {
	sh := d.sh
	if missing := sh.required &^ d.seen; missing != 0 {
		for i := range sh.fields {
			if missing&(1<<i) != 0 {
				return d.reject(deadletter.MissingField, sh.fields[i].name, "the field is required")
			}
		}
	}
	for i := range sh.fields {
		if sh.fields[i].kind == kTime && d.has(i) {
			if rej := d.instantInRange(i, m); rej != nil {
				return rej
			}
		}
	}
	return nil
}

func (d *Decoder) instantInRange(i int, m *Message) *Reject {
	name, ms := d.sh.fields[i].name, d.slots[i].n
	if d.sh.fields[i].bound && ms >= minInstant {
		if ms > maxInstant {
			return d.reject(deadletter.InvalidTime, name, "want a time before the year 2300")
		}
		return nil
	}
	return d.inRange(name, ms, m)
}

// inRange checks when something is said to have happened (domain guide 2.6, bad clock).
func (d *Decoder) inRange(name string, ms int64, m *Message) *Reject {
	if ms < minInstant {
		return d.reject(deadletter.TimeTooEarly, name, "the time is before 2000; check the clock of the source")
	}
	if ms > m.ReceivedAt+futureTolerance || ms > maxInstant {
		return d.reject(deadletter.TimeInFuture, name,
			"the time is more than five minutes after the message arrived; check the clock of the source")
	}
	return nil
}

// period checks that the end of a period comes after its start.
func (d *Decoder) period(from, to int) *Reject {
	if d.slots[to].n <= d.slots[from].n {
		return d.reject(deadletter.InvalidTime, d.sh.fields[to].name, "the period must end after it began")
	}
	return nil
}

// validTo checks that the end of a validity comes after its start.
func (d *Decoder) validTo(from, to int) *Reject {
	if d.has(to) && d.slots[to].n <= d.slots[from].n {
		return d.reject(deadletter.InvalidDate, d.sh.fields[to].name, "the first day no longer in force must come after the first day of force")
	}
	return nil
}
