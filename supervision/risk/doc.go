// Package risk judges early warning: whether the probability of missing a due,
// as queries/risk computes it, told late subjects from others in a source's
// own past, and did so better than the share of time used. A source's risks
// are shown only where it did; see docs/early-warning.md.
package risk
