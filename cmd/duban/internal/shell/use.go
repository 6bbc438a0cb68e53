package shell

import "errors"

// ErrProblems ends a command that did its work and found problems, which it
// has already printed.
var ErrProblems = errors.New("problems found")

// UsageError is an error in how a command was called.
type UsageError struct{ error }

// Usage says that err lies in how the command was called.
func Usage(err error) error { return UsageError{err} }
