package decode

import "bytes"

// flat canonicalises, in one pass and without having been checked before, the
// payload that begins at b[i], if it is of the usual kind: an object of plain
// text without white space whose values are strings, whole numbers, true, false
// or null. It returns the position behind it, or -1 for everything else, a
// duplicate key included; run settles that. What flat takes, run takes with the
// same result.
func (w *walker) flat(b []byte, i int) int {
	w.out, w.members = append(w.out[:0], '{'), w.members[:0]
	clear(w.top[:])
	if i++; i < len(b) && b[i] == '}' {
		w.out = append(w.out, '}')
		return i + 1
	}
	for sorted := true; ; i++ {
		if i >= len(b) || b[i] != '"' {
			return -1
		}
		n := bytes.IndexByte(b[i+1:], '"')
		colon := i + n + 2
		if n < 0 || colon+1 >= len(b) || b[colon] != ':' {
			return -1
		}
		key := b[i+1 : i+1+n]
		end := simple(b, colon+1)
		if end < 0 || end >= len(b) {
			return -1
		}
		if k := len(w.members); k > 0 && bytes.Compare(w.members[k-1].key, key) >= 0 {
			sorted = false
		}
		start := len(w.out)
		id, personal := w.classify(key)
		if id != keyOther {
			w.top[id].raw = b[colon+1 : end]
		}
		w.member(b[i:end], colon+1-i, personal)
		w.members = append(w.members, member{key: key, start: start, end: len(w.out)})
		w.out = append(w.out, b[end])
		switch i = end; b[end] {
		case ',':
		case '}':
			if !sorted && !w.sort(w.members, 1) {
				return -1
			}
			return end + 1
		default:
			return -1
		}
	}
}

// member writes "key":value, the value beginning at split, as a token when it
// is personal.
func (w *walker) member(text []byte, split int, personal bool) {
	value := text[split:]
	switch c := value[0]; {
	case personal && c == '"':
		w.out = append(w.out, text[:split]...)
		w.token(value[1 : len(value)-1])
	case personal && (c == '-' || c-'0' <= 9):
		w.out = append(w.out, text[:split]...)
		w.token(value)
	default:
		w.out = append(w.out, text...)
	}
}

// simple returns the position behind the string, whole number or word that
// begins at b[i], or -1.
func simple(b []byte, i int) int {
	c := b[i]
	if c == '"' {
		n := bytes.IndexByte(b[i+1:], '"')
		if n < 0 {
			return -1
		}
		return i + n + 2
	}
	if c == '-' || c-'0' <= 9 {
		first := i
		if c == '-' {
			first++
		}
		end := first
		for end < len(b) && b[end]-'0' <= 9 {
			end++
		}
		if end == first || b[first] == '0' && end > first+1 {
			return -1
		}
		return end
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if len(b)-i >= len(word) && string(b[i:i+len(word)]) == word {
			return i + len(word)
		}
	}
	return -1
}
