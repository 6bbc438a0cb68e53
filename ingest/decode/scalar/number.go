package scalar

import "math/big"

// State says what Integer made of a number.
type State uint8

// What a JSON number may be.
const (
	IsInteger State = iota
	NotIntegral
	TooLarge // integral, but wider than 64 bits
)

// Integer reads a JSON number as an integer: as JSON Schema has it, 1.0
// and 1e2 are integers too. raw must be a valid JSON number.
func Integer(raw []byte) (int64, State) {
	digits := raw
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return anyInteger(raw)
	}
	var n int64
	for _, c := range digits {
		if c -= '0'; c > 9 {
			return anyInteger(raw)
		}
		n = n*10 + int64(c)
	}
	if raw[0] == '-' {
		n = -n
	}
	return n, IsInteger
}

// anyInteger is Integer for fractions, exponents and long numbers.
func anyInteger(raw []byte) (int64, State) {
	if len(raw) > 400 || HugeExponent(raw) {
		return 0, TooLarge
	}
	r, ok := new(big.Rat).SetString(string(raw))
	if !ok || !r.IsInt() {
		return 0, NotIntegral
	}
	if !r.Num().IsInt64() {
		return 0, TooLarge
	}
	return r.Num().Int64(), IsInteger
}

// HugeExponent reports whether text holds a number with an exponent of more
// than three digits; working such a number out exactly could take all memory.
func HugeExponent(text []byte) bool {
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
