package decode

import "bytes"

// plainText reports whether a message has no backslash, no control character
// of any kind and so no line break: then every quote ends a string, and no
// text of it needs a closer look. Producers write nearly all messages so.
func plainText(b []byte) bool {
	if bytes.IndexByte(b, '\\') >= 0 || bytes.IndexByte(b, 0x7f) >= 0 || bytes.IndexByte(b, 0xc2) >= 0 {
		return false
	}
	// Eight bytes at a time: subtracting 0x20 borrows from the high bit of a
	// byte below 0x20 (Warren, "Hacker's Delight", zero-byte test).
	const low, high = 0x2020202020202020, 0x8080808080808080
	for ; len(b) >= 8; b = b[8:] {
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		if (w-low)&^w&high != 0 {
			return false
		}
	}
	for _, c := range b {
		if c < 0x20 {
			return false
		}
	}
	return true
}

// quick reads an object of plain text without white space between its parts.
// It gives up (false) on everything unusual, a refusal included; the full
// reading then settles it from the start. What quick takes, the full reading
// takes with the same result.
func (d *Decoder) quick(b []byte) bool {
	if len(b) < 2 || b[0] != '{' || b[1] != '"' {
		return false
	}
	d.last = d.sh.n
	for i := 2; ; {
		f, n := d.sh.expect(d.last, b[i:])
		if f < 0 {
			if n = bytes.IndexByte(b[i:], '"'); n < 0 || i+n+2 >= len(b) || b[i+n+1] != ':' {
				return false
			}
			f = d.sh.find(d.last, b[i:i+n])
		}
		if f < 0 || d.named&(1<<f) != 0 {
			return false
		}
		d.last = f
		d.named |= 1 << f
		if i = d.quickValue(f, b, i+n+2); i < 0 || i >= len(b) {
			return false
		}
		switch {
		case b[i] == ',' && i+1 < len(b) && b[i+1] == '"':
			i += 2
		case b[i] == '}':
			return i+1 == len(b)
		default:
			return false
		}
	}
}

// quickValue reads the value of field f at i and returns the position behind
// it, or -1.
func (d *Decoder) quickValue(f int, b []byte, i int) int {
	fd := &d.sh.fields[f]
	switch fd.kind {
	case kPayload:
		if b[i] != '{' {
			return -1
		}
		if end := d.walk.flat(b, i); end > 0 {
			d.slots[f].s, d.walked = b[i:end], true
			d.seen |= 1 << f
			return end
		}
		d.jd.ResetBytes(b[i:])
		raw, err := d.jd.Raw()
		if err != nil {
			return -1
		}
		d.slots[f].s = raw
		d.seen |= 1 << f
		return i + len(raw)
	case kInt, kRevision:
		end := i
		for end < len(b) && b[end]-'0' <= 9 {
			end++
		}
		// Plain digits only: signs, fractions, leading zeros go the full way.
		if end == i || end-i > 18 || b[i] == '0' && end-i > 1 || d.integer(f, fd, b[i:end]) != nil {
			return -1
		}
		return end
	case kBool, kValues:
		return -1
	}
	if b[i] != '"' {
		return -1
	}
	n := bytes.IndexByte(b[i+1:], '"')
	if n < 0 || d.text(f, fd, b[i+1:i+1+n]) != nil {
		return -1
	}
	return i + n + 2
}
