package queries

import "reflect"

// Suppressed stands where a figure was taken out because it is about too few people. It is
// written as null, or as an empty cell.
type Suppressed struct{}

// Number reads a value of a column as a number; ok is false for null and what is none.
func Number(v any) (n float64, ok bool) {
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() {
		rv = rv.Elem()
	}
	switch {
	case rv.CanInt():
		return float64(rv.Int()), true
	case rv.CanUint():
		return float64(rv.Uint()), true
	case rv.CanFloat():
		return rv.Float(), true
	}
	return 0, false
}

// Text writes a value of a column as CSV files do.
func Text(v any) string { return cell(v, "", "") }
