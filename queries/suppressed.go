package queries

import (
	"fmt"
	"reflect"
	"slices"
)

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

// Numbers reads a column as numbers, null as 0. It is an error when the answer has no such
// column, or one that holds something else.
func (r *Result) Numbers(column string) ([]float64, error) {
	i := slices.IndexFunc(r.Columns, func(c Column) bool { return c.Name == column })
	if i < 0 {
		return nil, fmt.Errorf("the answer has no column %s", column)
	}
	out := make([]float64, len(r.Rows))
	for k, row := range r.Rows {
		n, ok := Number(row[i])
		if null := reflect.ValueOf(row[i]); !ok && null.IsValid() && (null.Kind() != reflect.Pointer || !null.IsNil()) {
			return nil, fmt.Errorf("column %s holds %T, which is no number", column, row[i])
		}
		out[k] = n
	}
	return out, nil
}

// Text writes a value of a column as CSV files do.
func Text(v any) string { return cell(v, "", "") }
