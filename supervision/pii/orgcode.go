package pii

import "strings"

// codeAlphabet are the 31 characters of the unified social credit code, in the
// order of their values (GB 32100-2015).
const codeAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// OrgCode reports whether a text is a unified social credit code whose check
// character fits (GB 32100-2015: weights 3^i mod 31). Such a code may be all digits
// and look like an identity number; it names an organisation and no person.
func OrgCode(text string) bool {
	if len(text) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(codeAlphabet, text[i])
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return codeAlphabet[(31-sum%31)%31] == text[17]
}
