package kit

import (
	"fmt"
	"time"

	"duban/queries"
)

// Row reads the values of one result row by column name. A column that the
// query does not have reads as null, which the tests of each query rule out.
type Row map[string]any

// RowsOf gives the rows of an answer.
func RowsOf(res *queries.Result) []Row {
	maps := res.Maps()
	out := make([]Row, len(maps))
	for i, m := range maps {
		out[i] = m
	}
	return out
}

// Text reads a value as text; null reads as empty.
func (r Row) Text(key string) string {
	switch v := r[key].(type) {
	case nil, queries.Suppressed:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// Texts reads a list of texts.
func (r Row) Texts(key string) []string {
	v, _ := r[key].([]string)
	return v
}

// Flag reads a truth value; null reads as false.
func (r Row) Flag(key string) bool {
	switch v := r[key].(type) {
	case bool:
		return v
	case uint8:
		return v != 0
	}
	return false
}

// Num reads any number; ok is false for null.
func (r Row) Num(key string) (v float64, ok bool) { return Number(r[key]) }

// Number reads any number; ok is false for null.
func Number(x any) (float64, bool) {
	switch v := x.(type) {
	case int:
		return float64(v), true
	case int8:
		return float64(v), true
	case int16:
		return float64(v), true
	case int32:
		return float64(v), true
	case int64:
		return float64(v), true
	case uint8:
		return float64(v), true
	case uint16:
		return float64(v), true
	case uint32:
		return float64(v), true
	case uint64:
		return float64(v), true
	case float32:
		return float64(v), true
	case float64:
		return v, true
	case *float64:
		if v != nil {
			return *v, true
		}
	}
	return 0, false
}

// Whole reads a number without its decimals; null reads as 0.
func (r Row) Whole(key string) int64 {
	v, _ := r.Num(key)
	return int64(v)
}

// Instant reads a time; the zero time stands for null.
func (r Row) Instant(key string) time.Time {
	t, _ := r[key].(time.Time)
	return t
}

// Number reads any number; null reads as 0.
func (r Row) Number(key string) float64 {
	v, _ := r.Num(key)
	return v
}
