// Package movement keeps the ledger under the figures: for each subject the few instants
// at which it begins or ceases to count in something. What a subject should count in
// is computed from its state by ClickHouse (queries/figures), compared with what is
// stored of it, and the difference is written; so a pass that is repeated, or made of
// other pieces, ends with the same ledger.
//
// It is the only writer of movements and movement_sets, and goes by the fold versions of
// the states alone. A part of a pass is written under a version of its own, and the
// checkpoint says which was the last that was written as a whole: whoever takes over
// undoes all rows of the subjects of later ones and writes these subjects anew.
package movement
