package decode

import (
	"bytes"
	"encoding/base32"
	"hash"
	"slices"
	"unicode/utf8"

	"duban/ingest/deadletter"
)

// walker rewrites a payload that is known to be valid JSON into canonical
// form: no white space, keys sorted by their bytes and once only, strings
// escaped in one way, numbers as written. On the way it replaces personal
// data by tokens and notes the keys that have a meaning.
type walker struct {
	mac hash.Hash
	// plain is a key that is left as it is; empty: there is none.
	plain string
	// names are the names of fields that were looked at, and whether they are personal.
	names   map[string]bool
	in      []byte
	out     []byte
	members []member
	top     [payloadKeys]payloadValue
	scratch []byte
	tmp     []byte
	sum     [32]byte
	// Why the walk ended early.
	reason deadletter.Reason
	where  string
}

// member is one key of an object, and where "key":value lies in out.
type member struct {
	key        []byte
	start, end int
}

// payloadValue is the value of a key with a meaning, as it came.
type payloadValue struct {
	raw []byte
}

// run canonicalises one payload; the result is good until the next run.
func (w *walker) run(in []byte) ([]byte, bool) {
	w.in, w.out, w.members = in, w.out[:0], w.members[:0]
	w.reason, w.where = "", ""
	clear(w.top[:])
	_, ok := w.value(0, 2, false, true)
	return w.out, ok
}

func (w *walker) space(i int) int {
	for i < len(w.in) && (w.in[i] == ' ' || w.in[i] == '\n' || w.in[i] == '\t' || w.in[i] == '\r') {
		i++
	}
	return i
}

// value rewrites the value at i and returns the position behind it. depth is
// that of the value, mask says that it belongs to a personal-data key.
func (w *walker) value(i, depth int, mask, top bool) (int, bool) {
	switch w.in[i] {
	case '{':
		return w.object(i+1, depth, mask, top)
	case '[':
		return w.array(i+1, depth, mask)
	case '"':
		end := w.stringEnd(i)
		if mask {
			w.token(w.unescape(w.in[i+1 : end-1]))
		} else {
			w.emitString(w.in[i:end])
		}
		return end, true
	}
	end := i
	for end < len(w.in) && !delimiter(w.in[end]) {
		end++
	}
	if c := w.in[i]; mask && (c == '-' || c-'0' <= 9) {
		w.token(w.in[i:end])
	} else {
		w.out = append(w.out, w.in[i:end]...)
	}
	return end, true
}

func delimiter(c byte) bool {
	switch c {
	case ',', ']', '}', ' ', '\n', '\t', '\r':
		return true
	}
	return false
}

func (w *walker) array(i, depth int, mask bool) (int, bool) {
	if depth > MaxDepth {
		w.reason = deadletter.NestingTooDeep
		return 0, false
	}
	w.out = append(w.out, '[')
	if i = w.space(i); w.in[i] == ']' {
		w.out = append(w.out, ']')
		return i + 1, true
	}
	for {
		var ok bool
		if i, ok = w.value(w.space(i), depth+1, mask, false); !ok {
			return 0, false
		}
		i = w.space(i)
		w.out = append(w.out, w.in[i])
		if w.in[i] == ']' {
			return i + 1, true
		}
		i++
	}
}

func (w *walker) object(i, depth int, mask, top bool) (int, bool) {
	if depth > MaxDepth {
		w.reason = deadletter.NestingTooDeep
		return 0, false
	}
	w.out = append(w.out, '{')
	if i = w.space(i); w.in[i] == '}' {
		w.out = append(w.out, '}')
		return i + 1, true
	}
	first, begin, sorted := len(w.members), len(w.out), true
	for {
		i = w.space(i)
		keyEnd := w.stringEnd(i)
		key := w.in[i+1 : keyEnd-1]
		if bytes.IndexByte(key, '\\') >= 0 {
			key = bytes.Clone(w.unescape(key))
		}
		if n := len(w.members); n > first && bytes.Compare(w.members[n-1].key, key) >= 0 {
			sorted = false
		}
		start := len(w.out)
		w.emitString(w.in[i:keyEnd])
		w.out = append(w.out, ':')
		i = w.space(w.space(keyEnd) + 1)
		id, personal := w.classify(key)
		end, ok := w.value(i, depth+1, mask || personal, false)
		if !ok {
			return 0, false
		}
		if top && id != keyOther {
			w.top[id].raw = w.in[i:end]
		}
		w.members = append(w.members, member{key: key, start: start, end: len(w.out)})
		i = w.space(end)
		w.out = append(w.out, w.in[i])
		if w.in[i] == '}' {
			break
		}
		i++
	}
	ok := sorted || w.sort(w.members[first:], begin)
	w.members = w.members[:first]
	return i + 1, ok
}

// sort brings the members of the object whose members begin at out[begin]
// into order; false means that two have the same key.
func (w *walker) sort(ms []member, begin int) bool {
	if len(ms) > 12 {
		slices.SortFunc(ms, func(a, b member) int { return bytes.Compare(a.key, b.key) })
	}
	for i := 1; i < len(ms); i++ { // few keys, the usual case, are faster without a function
		for j := i; j > 0 && bytes.Compare(ms[j].key, ms[j-1].key) < 0; j-- {
			ms[j], ms[j-1] = ms[j-1], ms[j]
		}
	}
	for i := 1; i < len(ms); i++ {
		if bytes.Equal(ms[i-1].key, ms[i].key) {
			w.reason, w.where = deadletter.DuplicateKey, string(ms[i].key)
			return false
		}
	}
	w.tmp = append(w.tmp[:0], w.out[begin:]...)
	w.out = w.out[:begin]
	for i, m := range ms {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.out = append(w.out, w.tmp[m.start-begin:m.end-begin]...)
	}
	w.out = append(w.out, '}')
	return true
}

// stringEnd returns the position behind the string that begins at i.
func (w *walker) stringEnd(i int) int {
	for i++; ; i++ {
		n := bytes.IndexByte(w.in[i:], '"')
		if e := bytes.IndexByte(w.in[i:i+n], '\\'); e < 0 {
			return i + n + 1
		} else {
			i += e + 1
		}
	}
}

// emitString writes a quoted string; one with escapes is written in the one
// canonical way.
func (w *walker) emitString(quoted []byte) {
	if bytes.IndexByte(quoted, '\\') < 0 {
		w.out = append(w.out, quoted...)
		return
	}
	w.out = append(w.out, '"')
	for _, c := range w.unescape(quoted[1 : len(quoted)-1]) {
		switch {
		case c == '"' || c == '\\':
			w.out = append(w.out, '\\', c)
		case c < 0x20:
			const hex = "0123456789abcdef"
			w.out = append(w.out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			w.out = append(w.out, c)
		}
	}
	w.out = append(w.out, '"')
}

// unescape returns the text of a string body; the result is good until the
// next call.
func (w *walker) unescape(s []byte) []byte {
	if bytes.IndexByte(s, '\\') < 0 {
		return s
	}
	b := w.scratch[:0]
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b = append(b, '\n')
		case 't':
			b = append(b, '\t')
		case 'r':
			b = append(b, '\r')
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'u':
			r, _ := hex4(s[i+1:])
			i += 4
			if r >= 0xd800 && r < 0xdc00 { // pairs were checked before
				lo, _ := hex4(s[i+3:])
				r = (r-0xd800)<<10 | (lo - 0xdc00) + 0x10000
				i += 6
			}
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, s[i])
		}
	}
	w.scratch = b
	return b
}

func hex4(s []byte) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range s[:4] {
		switch {
		case c-'0' <= 9:
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// TokenPrefix marks a token that stands for personal data.
const TokenPrefix = "tok:"

var tokenAlphabet = base32.StdEncoding.WithPadding(base32.NoPadding)

// token writes the token of a personal value; a value that is a token already
// stays, so that stored facts can be sent again.
func (w *walker) token(value []byte) {
	w.out = append(w.out, '"')
	if isToken(value) {
		w.out = append(w.out, value...)
	} else {
		w.mac.Reset()
		w.mac.Write(value)
		w.out = append(w.out, TokenPrefix...)
		w.out = tokenAlphabet.AppendEncode(w.out, w.mac.Sum(w.sum[:0]))
	}
	w.out = append(w.out, '"')
}

func isToken(v []byte) bool {
	if len(v) != len(TokenPrefix)+52 || string(v[:4]) != TokenPrefix {
		return false
	}
	for _, c := range v[4:] {
		if (c < 'A' || c > 'Z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}
