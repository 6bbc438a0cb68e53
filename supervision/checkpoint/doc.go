// Package checkpoint keeps how far each stage of supervision has come, so that
// an engine that starts goes on from there.
//
// A checkpoint is a named row of table fold_marks with a value of JSON; each
// has a type here, and only these types write it. Rows that an earlier program
// wrote as plain text are read as well and become JSON when they are written
// again, so that an update folds nothing anew.
package checkpoint
