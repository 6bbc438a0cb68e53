// Package personal finds what surely is personal in a text that people wrote: identity
// numbers, telephone numbers and mail addresses (domain guide 8.3).
package personal

import (
	"regexp"
	"strings"
)

// The forms, on a text whose characters are one byte each; see flatten. The group is
// what is masked.
var forms = []*regexp.Regexp{
	// GB 11643: eighteen places, of old fifteen with a date of birth of six.
	regexp.MustCompile(`^([1-9]\d{5} ?\d{8} ?\d{3}[\dXx])`),
	regexp.MustCompile(`^([1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})`),
	regexp.MustCompile(`^(?:\+?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})`), // mobile
	regexp.MustCompile(`^(?:\+?86[ -]?)?(0\d{2,3}[ -]?\d{7,8})`),         // landline
}

var (
	mail = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
	// announced are words that announce a number; after any other letter it belongs to
	// a longer name, such as that of a case.
	announced = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:tel|phone|mobile|mob|id|sj|sjh|dh|lxdh|sfz|sfzh)$`)
)

// span is a part of a text, in characters.
type span struct{ from, to int }

// Found reports whether a text holds something personal.
func Found(text string) bool { return len(numbers([]rune(text))) > 0 || mail.MatchString(text) }

// Mask hides what is personal in a text: the first three and the last four digits of a
// number stay, and the first character of a mail address.
func Mask(text string) string {
	if all := []rune(text); strings.ContainsFunc(text, digit) {
		for _, s := range numbers(all) {
			hide(all[s.from:s.to])
		}
		text = string(all)
	}
	return mail.ReplaceAllStringFunc(text, func(m string) string { return m[:1] + "***@" })
}

// hide replaces everything between the third and the fourth digit from the end.
func hide(part []rune) {
	n := 0
	for _, r := range part {
		if digit(r) || r == 'X' || r == 'x' {
			n++
		}
	}
	seen := 0
	for i, r := range part {
		if digit(r) || r == 'X' || r == 'x' {
			seen++
		}
		if seen > 3 && seen <= n-4 || seen == 3 && !digit(r) {
			part[i] = '*'
		}
	}
}

func digit(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }

// numbers finds the numbers, from left to right.
func numbers(text []rune) (out []span) {
	flat := flatten(text)
	for at := 0; at < len(flat); at++ {
		c := flat[at]
		if c != '+' && (c < '0' || c > '9') || !begins(flat, at) {
			continue
		}
		for _, form := range forms {
			m := form.FindSubmatchIndex(flat[at:])
			if m == nil || !ends(flat, at+m[1]) {
				continue
			}
			out = append(out, span{at + m[2], at + m[3]})
			at += m[1] - 1
			break
		}
	}
	return out
}

// begins reports whether a number may begin at a place.
func begins(flat []byte, at int) bool {
	if at == 0 {
		return true
	}
	switch before := flat[at-1]; {
	case before >= '0' && before <= '9':
		return false
	case letter(before):
		return announced.Match(flat[max(0, at-8):at])
	}
	return true
}

// ends reports whether a number may end before a place.
func ends(flat []byte, at int) bool {
	return at == len(flat) || !letter(flat[at]) && (flat[at] < '0' || flat[at] > '9')
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

// flatten gives each character one byte: full-width forms their narrow one, what is not
// ASCII a byte that is in no number.
func flatten(text []rune) []byte {
	out := make([]byte, len(text))
	for i, r := range text {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			r -= 0xFEE0
		case r == 0x3000 || r == 0xA0:
			r = ' '
		case r >= 0x2010 && r <= 0x2015:
			r = '-'
		}
		if out[i] = 1; r < 0x80 {
			out[i] = byte(r)
		}
	}
	return out
}
