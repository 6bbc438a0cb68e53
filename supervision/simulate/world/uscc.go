package world

import (
	"fmt"
	"strings"
)

// The alphabets and weights of the organisation code (GB 11714-1997) and of the
// unified social credit code (GB 32100-2015).
const (
	usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
)

// organisationCode returns the nine characters of GB 11714 for a number below
// 10^8: eight digits and a check character.
func organisationCode(n int) string {
	digits := fmt.Sprintf("%08d", n)
	weights := [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	switch c := 11 - sum%11; c {
	case 10:
		return digits + "X"
	case 11:
		return digits + "0"
	default:
		return digits + string(rune('0'+c))
	}
}

// creditCode returns the 18 characters of GB 32100 for the n-th government body
// registered in a county, city or province (six digits).
func creditCode(region6 string, n int) string {
	body := "11" + region6 + organisationCode(n)
	return body + string(usccAlphabet[(31-usccSum(body)%31)%31])
}

// creditCodeValid reports whether the two check characters of a code fit.
func creditCodeValid(code string) bool {
	if len(code) != 18 || strings.Trim(code, usccAlphabet) != "" {
		return false
	}
	if usccAlphabet[(31-usccSum(code[:17])%31)%31] != code[17] {
		return false
	}
	n := 0
	if _, err := fmt.Sscanf(code[8:16], "%08d", &n); err != nil {
		return false
	}
	return organisationCode(n) == code[8:17]
}

// usccSum weighs the first 17 characters with the powers of 3 modulo 31.
func usccSum(body string) int {
	sum, weight := 0, 1
	for i := range len(body) {
		sum += strings.IndexByte(usccAlphabet, body[i]) * weight
		weight = weight * 3 % 31
	}
	return sum
}
