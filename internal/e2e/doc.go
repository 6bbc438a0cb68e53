// Package e2e runs the built program as its users do, with real processes,
// and holds the tests of the whole: figures of the real logs against
// independent results, kills at random moments, malformed input.
package e2e
