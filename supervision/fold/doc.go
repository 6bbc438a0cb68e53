// Package fold makes the states of cases, tickets and rated subjects from their
// facts: it takes the deliveries of the ledger above its cursors, reads all facts
// of the subjects that they name, folds each subject anew and inserts the states
// in columns.
//
// It is the only writer of cases, tickets, rating_states and fold_cursors, and
// knows nothing of rules. Nothing is incremented: what is folded again after a
// crash gives the same rows under a higher version.
package fold
