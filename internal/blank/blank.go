// Package blank says whether a text that somebody had to give says anything: what holds
// nothing but white space, control characters and characters that cannot be seen names
// nobody and gives no reason, so it counts as missing.
package blank

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Is reports whether nothing of a text can be seen. A text of no characters is blank too.
func Is(s string) bool {
	for _, r := range s {
		if !unseen(r) {
			return false
		}
	}
	return true
}

// Bytes is Is for bytes. It allocates nothing, and the first letter of a text settles it.
func Bytes(b []byte) bool {
	for len(b) > 0 {
		if b[0] > ' ' && b[0] < 0x7f {
			return false
		}
		r, n := utf8.DecodeRune(b)
		if !unseen(r) {
			return false
		}
		b = b[n:]
	}
	return true
}

// Trim returns a text without the white space around it, empty when it is blank. What can be
// seen keeps its characters without a width: they join letters of other scripts and emoji.
func Trim(s string) string {
	if Is(s) {
		return ""
	}
	return strings.TrimSpace(s)
}

// Count is how many characters of a text can be seen.
func Count(s string) int {
	n := 0
	for _, r := range s {
		if !unseen(r) {
			n++
		}
	}
	return n
}

// brailleBlank is the pattern of Braille without a dot: a symbol to Unicode, nothing to a reader.
const brailleBlank = 0x2800

// unseen reports whether a character leaves no mark: white space (the ideographic space
// among it), control and format characters (Cc, Cf), and what Unicode calls ignorable by
// default besides (Hangul fillers, variation selectors; DerivedCoreProperties.txt).
func unseen(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7f
	}
	return r == brailleBlank || unicode.IsSpace(r) || unicode.IsControl(r) ||
		unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
