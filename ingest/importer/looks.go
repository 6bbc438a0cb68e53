package importer

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// looks is what an identifier looks like: two that look alike have the same,
// whatever blanks, widths, letter case, dashes, alphabets or characters without
// a width they are written with. What is made of it is only ever compared.
func looks(out []byte, b []byte) []byte {
	if !ascii(b) {
		b = norm.NFKC.Bytes(b) // full width, ligatures, mathematical and circled letters
	}
	blank := false
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		b = b[n:]
		switch {
		case unicode.IsSpace(r):
			blank = true
			continue
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) && r >= 0xfe00 && r <= 0xfe0f:
			continue // zero-width characters, soft hyphens, variation selectors
		case unicode.Is(unicode.Pd, r) || r == 0x2212:
			r = '-'
		case r >= utf8.RuneSelf:
			r = latin(r)
		}
		if blank && len(out) > 0 {
			out = append(out, ' ')
		}
		blank = false
		out = utf8.AppendRune(out, unicode.ToLower(r))
	}
	return out
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// latin is the Latin letter or the digit that a Cyrillic or Greek letter looks like; a
// small one without a likeness of its own looks like its capital, as case tells no two
// identifiers apart here. Any other character is itself.
func latin(r rune) rune {
	if l := likeness(r); l != 0 {
		return l
	}
	if l := likeness(unicode.ToUpper(r)); l != 0 {
		return l
	}
	return r
}

// likeness follows the table of Unicode Technical Standard 39, "Unicode Security
// Mechanisms" (confusables.txt), for the letters of the two alphabets that people have on
// their keyboards and that hold whole words of Latin look.
func likeness(r rune) rune {
	const (
		cyrillic = "АВСЕЅІЈКМНОРТУҮХԚԜѴӀЗԌҺ" + "асԁеһіјорѕуүхѵԛԝӏб"
		alike    = "ABCESIJKMHOPTYYXQWVI3Gh" + "acdehijopsyyxvqwl6"
		greek    = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿϜ" + "αγινορσυϲϳ"
		likewise = "ABEZHIKMNOPTYXCJF" + "ayivopoucj"
	)
	if r < 0x370 || r > 0x52f {
		return 0
	}
	for _, t := range [...]struct{ of, like string }{{cyrillic, alike}, {greek, likewise}} {
		i := 0
		for _, c := range t.of {
			if c == r {
				return rune(t.like[i])
			}
			i++
		}
	}
	return 0
}
