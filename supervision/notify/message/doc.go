// Package message writes what a person reads: one digest as e-mail (HTML and
// plain text), as Markdown for robots, and as JSON for programs. Chinese comes
// first, English below. It is pure.
package message
