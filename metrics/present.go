package metrics

// DefaultMinSample is the least denominator with which a unit takes part in a
// ranking (domain guide 5.1, C7).
const DefaultMinSample = 30

// Rankable reports whether a sample is large enough for a ranking.
func Rankable(denominator uint64, minSample uint64) bool { return denominator >= minSample }
