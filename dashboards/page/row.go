package page

import (
	"fmt"
	"time"

	"duban/queries"
)

// row reads the values of one result row by column name. A column that the
// query does not have reads as null, which the tests of each query rule out.
type row map[string]any

func rowsOf(res *queries.Result) []row {
	maps := res.Maps()
	out := make([]row, len(maps))
	for i, m := range maps {
		out[i] = m
	}
	return out
}

func (r row) text(key string) string {
	switch v := r[key].(type) {
	case nil, queries.Suppressed:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func (r row) texts(key string) []string {
	v, _ := r[key].([]string)
	return v
}

func (r row) flag(key string) bool {
	switch v := r[key].(type) {
	case bool:
		return v
	case uint8:
		return v != 0
	}
	return false
}

// num reads any number; ok is false for null.
func (r row) num(key string) (v float64, ok bool) { return number(r[key]) }

func number(x any) (float64, bool) {
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

func (r row) whole(key string) int64 {
	v, _ := r.num(key)
	return int64(v)
}

// instant reads a time; the zero time stands for null.
func (r row) instant(key string) time.Time {
	t, _ := r[key].(time.Time)
	return t
}

// number reads any number; null reads as 0.
func (r row) number(key string) float64 {
	v, _ := r.num(key)
	return v
}
