package decode

import "math/big"

// numberState says what parseInteger made of a number.
type numberState uint8

const (
	isInteger numberState = iota
	notIntegral
	tooLarge // integral, but wider than 64 bits
)

// parseInteger reads a JSON number as an integer: as JSON Schema has it, 1.0
// and 1e2 are integers too. raw must be a valid JSON number.
func parseInteger(raw []byte) (int64, numberState) {
	digits := raw
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return parseAnyInteger(raw)
	}
	var n int64
	for _, c := range digits {
		if c -= '0'; c > 9 {
			return parseAnyInteger(raw)
		}
		n = n*10 + int64(c)
	}
	if raw[0] == '-' {
		n = -n
	}
	return n, isInteger
}

// parseAnyInteger is parseInteger for fractions, exponents and long numbers.
func parseAnyInteger(raw []byte) (int64, numberState) {
	if len(raw) > 400 || hugeExponent(raw) {
		return 0, tooLarge
	}
	r, ok := new(big.Rat).SetString(string(raw))
	if !ok || !r.IsInt() {
		return 0, notIntegral
	}
	if !r.Num().IsInt64() {
		return 0, tooLarge
	}
	return r.Num().Int64(), isInteger
}

// hugeExponent reports whether text holds a number with an exponent of more
// than three digits; working such a number out exactly could take all memory.
func hugeExponent(text []byte) bool {
	inString := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case !inString && (c == 'e' || c == 'E'):
			n := 0
			for j := i + 1; j < len(text) && (text[j] == '+' || text[j] == '-' || text[j]-'0' <= 9); j++ {
				if text[j]-'0' <= 9 {
					n++
				}
			}
			if n > 3 {
				return true
			}
		}
	}
	return false
}
