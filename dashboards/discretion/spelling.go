package discretion

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"duban/supervision/pii"
)

// A number is told in whatever way it is written: in other case or width, with digits of
// another script, in groups. So numbers and texts are compared by their signs alone.

// sign is a letter or digit of a text as numbers are compared.
type sign struct {
	from, to int  // where it stands in the text
	at       int  // where it stands in the spelling
	gap      int  // how many signs that only separate stand before it
	alike    bool // a Latin letter or a digit: next to another one it goes on with its number
}

// spelling is what is compared of a text.
type spelling struct {
	signs []sign
	text  []byte
}

// mostBetween is how many separating signs may stand between the digits of one number.
const mostBetween = 3

// shortNumber is the length below which a number without its separating signs is like too
// much else: A-17 is no A17.
const shortNumber = 6

// chineseDigits are those of numbers that are read out.
var chineseDigits = map[rune]rune{
	'〇': '0', '零': '0', '一': '1', '二': '2', '三': '3', '四': '4',
	'五': '5', '六': '6', '七': '7', '八': '8', '九': '9',
}

// spell takes a text apart. What stands in no sign keeps a place of its own, so that
// nothing is read across it.
func spell(text string) spelling {
	s := spelling{signs: make([]sign, 0, len(text)), text: make([]byte, 0, len(text))}
	gap := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		from, to := i, i+size
		i = to
		switch {
		case invisible(r):
			continue
		case separates(r):
			gap++
			continue
		}
		put := func(x rune) {
			s.signs = append(s.signs, sign{from: from, to: to, at: len(s.text), gap: gap, alike: alike(r)})
			s.text, gap = utf8.AppendRune(s.text, x), 0
		}
		if r < utf8.RuneSelf {
			put(unicode.ToLower(r))
			continue
		}
		for _, x := range norm.NFKC.String(text[from:to]) {
			if separates(x) {
				gap++
			} else if !invisible(x) {
				put(plainSign(x))
			}
		}
	}
	return s
}

// plainSign is a letter in lower case, a digit of any script as that of ASCII.
func plainSign(r rune) rune {
	if d, ok := chineseDigits[r]; ok {
		return d
	}
	return unicode.ToLower(pii.Digit(r))
}

// invisible signs stand in a text without being seen.
func invisible(r rune) bool {
	return r >= utf8.RuneSelf && unicode.In(r, unicode.Cf, unicode.Mn, unicode.Variation_Selector)
}

// separates reports whether people write a sign between the digits of one number. A colon is
// none: it stands in times, and the number of many a ticket begins with its day.
func separates(r rune) bool {
	switch r {
	case '.', ',', '/', '\\', '|', '·', '•', '・', '‧', '∙', '⋅', '\'', '’', '、', '，', '．', '／', '。':
		return true
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Pc)
}

// spelt is a number as it is looked for within texts.
type spelt struct {
	key   string // its signs
	plain string // as it stands, in lower case
	n     int    // of signs
}

func spellingOf(number string) spelt {
	s := spell(number)
	if len(s.signs) == 0 {
		return spelt{}
	}
	return spelt{string(s.text), lower(number[s.signs[0].from:s.signs[len(s.signs)-1].to]), len(s.signs)}
}

func lower(text string) string { return strings.ToLower(norm.NFKC.String(text)) }

// telling reports whether a number within a text can be nothing but a number of a subject: a
// count or a year is none.
func telling(number string) bool {
	digits := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' }) < 0
	return len(number) >= 6 || len(number) >= 3 && !digits
}

// hide takes the numbers of secret subjects, but for own, out of a text.
func (s *secrets) hide(text, own string) string {
	if len(s.lengths) == 0 || text == "" {
		return text
	}
	in := spell(text)
	ownKey := spellingOf(own).key
	var b strings.Builder
	from := 0
	for i := 0; i < len(in.signs); {
		n := s.at(text, in, i, ownKey)
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[from:in.signs[i].from])
		b.WriteString(Masked)
		from, i = in.signs[i+n-1].to, i+n
	}
	if from == 0 {
		return text
	}
	b.WriteString(text[from:])
	return b.String()
}

// at is how many signs from the i-th on are a secret number, 0 for none.
func (s *secrets) at(text string, in spelling, i int, own string) int {
	first := in.signs[i]
	if i > 0 && first.gap == 0 && first.alike && in.signs[i-1].alike {
		return 0 // within a longer number
	}
	for _, n := range s.lengths {
		end := i + n
		if end > len(in.signs) {
			continue
		}
		last, rest := in.signs[end-1], len(in.text)
		if end < len(in.signs) {
			if next := in.signs[end]; next.gap == 0 && next.alike && last.alike {
				continue // a longer number
			}
			rest = in.signs[end].at
		}
		key := in.text[first.at:rest]
		plain, ok := s.spelt[string(key)]
		if !ok || string(key) == own {
			continue
		}
		if slices.Contains(plain, lower(text[first.from:last.to])) || n >= shortNumber && together(in.signs[i+1:end]) {
			return n
		}
	}
	return 0
}

// together reports whether few enough signs stand between those of one number.
func together(signs []sign) bool {
	return !slices.ContainsFunc(signs, func(x sign) bool { return x.gap > mostBetween })
}

// alike reports whether a rune goes on with a number: Latin letters and digits. A Chinese
// word beside a number is none.
func alike(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.Is(unicode.Han, r)
}
