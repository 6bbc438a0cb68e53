package pii

import (
	"strings"
	"time"
	"unicode"
)

// flatten gives each character one byte: full-width forms their narrow one, digits of any
// script those of ASCII, signs that stand between digits one of those that the forms know,
// what is not ASCII a byte that is in no number. What is not seen is left out; place says
// where each byte was.
func flatten(text []rune) (flat []byte, place []int) {
	flat, place = make([]byte, 0, len(text)), make([]int, 0, len(text))
	for i, r := range text {
		r = Digit(r)
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			r -= 0xFEE0
		case r == 0x3000 || r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x202F:
			r = ' '
		case r >= 0x2010 && r <= 0x2015 || r == 0x2212 || r == '~' || r == '～':
			r = '-'
		case r == '、':
			r = ','
		case strings.ContainsRune("·•‧∙・｡。", r):
			r = '.'
		case unicode.Is(unicode.Cf, r):
			continue // zero width, soft hyphens, marks of direction
		}
		b := byte(1)
		if r < 0x80 {
			b = byte(r)
		}
		flat, place = append(flat, b), append(place, i)
	}
	return flat, place
}

func onlyDigits(flat []byte) string {
	var b strings.Builder
	for _, c := range flat {
		if c >= '0' && c <= '9' || c == 'X' || c == 'x' {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// identity reports whether eighteen digits in groups are a person's: numbers of cases are
// written like that too, with the day of application. A day of birth lies before this
// decade, or the check digit of GB 11643 is right.
func identity(digits string) bool {
	born, err := time.Parse("20060102", digits[6:14])
	if err != nil {
		return false
	}
	return born.Year() < 2015 || checkDigit(digits)
}

func checkDigit(digits string) bool {
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * weight
	}
	return "10X98765432"[sum%11] == strings.ToUpper(digits)[17]
}

// luhn reports whether the check digit of a card is right (ISO/IEC 7812).
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
