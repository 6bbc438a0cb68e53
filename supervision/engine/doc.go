// Package engine keeps the states of all cases, tickets and rated subjects
// equal to the fold of their facts, and the alerts equal to what the rules say
// of them.
//
// It conducts: under the lease it turns through a list of stages, each a package that
// is the only writer of its tables. Package fold makes the states, evaluate has the
// rules judge them, announce makes alerts of what they find, casework answers people,
// and notices are sent. How far each has come stands in package checkpoint.
//
// The ledger of deliveries is its clock: of every partition of every topic it
// remembers the next offset to fold. A round takes the deliveries above that,
// reads all facts of the subjects they name, folds each subject anew and
// inserts the new states in columns; then it moves the offsets. Nothing is
// incremented, so a round that is repeated after a crash gives the same rows,
// and Recompute, which folds every subject, gives them too.
//
// What is at-least-once here is exact in every answer: the fold is a pure
// function, states replace each other by a rising fold version, and a lease
// sees to it that versions of two engines never interleave.
package engine
