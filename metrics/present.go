package metrics

import (
	"math/big"
	"strconv"
)

// DefaultMinSample is the least denominator with which a unit takes part in a
// ranking (domain guide 5.1, C7).
const DefaultMinSample = 30

// Rankable reports whether a sample is large enough for a ranking.
func Rankable(denominator uint64, minSample uint64) bool { return denominator >= minSample }

// Percent writes a share of exact counts as per cent with one decimal, half up
// (domain guide 5.1, C11): 296 of 330 is "89.7". It is "—" when the denominator
// is 0 (C6).
func Percent(numerator, denominator uint64) string {
	if denominator == 0 {
		return "—"
	}
	// tenths of a per cent = floor(numerator * 1000 / denominator + 1/2)
	n := new(big.Int).Mul(big.NewInt(2000), new(big.Int).SetUint64(numerator))
	d := new(big.Int).SetUint64(denominator)
	n.Add(n, d)
	n.Div(n, d.Mul(d, big.NewInt(2)))
	tenths := n.Uint64()
	return strconv.FormatUint(tenths/10, 10) + "." + strconv.FormatUint(tenths%10, 10)
}
