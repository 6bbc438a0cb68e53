package queries

import (
	"reflect"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// kinds are the Go kinds of plain ClickHouse types.
var kinds = map[string]reflect.Kind{
	"String": reflect.String, "FixedString": reflect.String, "Enum8": reflect.String, "Enum16": reflect.String, "Bool": reflect.Bool,
	"UInt8": reflect.Uint8, "UInt16": reflect.Uint16, "UInt32": reflect.Uint32, "UInt64": reflect.Uint64,
	"Int8": reflect.Int8, "Int16": reflect.Int16, "Int32": reflect.Int32, "Int64": reflect.Int64,
	"Float32": reflect.Float32, "Float64": reflect.Float64,
}

// fits reports whether values of a ClickHouse type can be read as a Go type.
func fits(t reflect.Type, chType string) bool {
	name, inner := cutType(chType)
	switch name {
	case "LowCardinality", "SimpleAggregateFunction":
		parts := splitTypes(inner)
		return fits(t, parts[len(parts)-1])
	case "Nullable":
		return t.Kind() == reflect.Pointer && fits(t.Elem(), inner)
	case "Array":
		return t.Kind() == reflect.Slice && fits(t.Elem(), inner)
	case "Map":
		parts := splitTypes(inner)
		return t.Kind() == reflect.Map && len(parts) == 2 && fits(t.Key(), parts[0]) && fits(t.Elem(), parts[1])
	case "Date", "Date32", "DateTime", "DateTime64":
		return t == reflect.TypeFor[time.Time]()
	}
	k, known := kinds[name]
	return known && t.Kind() == k
}

// cutType cuts Name(inner).
func cutType(chType string) (name, inner string) {
	name, inner, ok := strings.Cut(strings.TrimSpace(chType), "(")
	if ok {
		inner = strings.TrimSuffix(inner, ")")
	}
	return name, inner
}

// splitTypes splits a list of types at the commas outside of parentheses.
func splitTypes(list string) []string {
	var out []string
	depth, from := 0, 0
	for i, r := range list {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				out, from = append(out, list[from:i]), i+1
			}
		}
	}
	return append(out, list[from:])
}

// scanner reads rows into structs.
type scanner struct {
	targets []any
	columns []scannedColumn
}

type scannedColumn struct {
	field []int
	value reflect.Value // what was scanned
	plain bool          // the field has the type of the value
}

// newScanner binds the columns of an answer to the fields of a struct.
func newScanner(row reflect.Type, types []driver.ColumnType, unread []string) (*scanner, error) {
	columns := make([]Column, len(types))
	for i, t := range types {
		columns[i] = Column{Name: t.Name(), Type: t.DatabaseTypeName()}
	}
	fields, err := bindFields(row, columns, unread)
	if err != nil {
		return nil, err
	}
	s := &scanner{}
	for i, t := range types {
		target := reflect.New(t.ScanType())
		s.targets = append(s.targets, target.Interface())
		c := scannedColumn{field: fields[i], value: target.Elem()}
		if c.field != nil {
			c.plain = row.FieldByIndex(c.field).Type == t.ScanType()
		}
		s.columns = append(s.columns, c)
	}
	return s, nil
}

func (s *scanner) into(rows driver.Rows, row reflect.Value) error {
	for _, c := range s.columns {
		c.value.SetZero() // what was read before keeps its own memory
	}
	if err := rows.Scan(s.targets...); err != nil {
		return err
	}
	for _, c := range s.columns {
		switch {
		case c.field == nil:
		case c.plain:
			row.FieldByIndex(c.field).Set(c.value)
		default:
			f := row.FieldByIndex(c.field)
			f.Set(converted(c.value, f.Type()))
		}
	}
	return nil
}

// converted gives a value another type of the same shape, such as a string type
// of the domain.
func converted(v reflect.Value, to reflect.Type) reflect.Value {
	switch {
	case v.Type() == to:
		return v
	case to.Kind() == reflect.Pointer:
		if v.IsNil() {
			return reflect.Zero(to)
		}
		p := reflect.New(to.Elem())
		p.Elem().Set(converted(v.Elem(), to.Elem()))
		return p
	case to.Kind() == reflect.Slice:
		if v.IsNil() {
			return reflect.Zero(to)
		}
		list := reflect.MakeSlice(to, v.Len(), v.Len())
		for i := range v.Len() {
			list.Index(i).Set(converted(v.Index(i), to.Elem()))
		}
		return list
	case to.Kind() == reflect.Map:
		m := reflect.MakeMapWithSize(to, v.Len())
		for _, k := range v.MapKeys() {
			m.SetMapIndex(converted(k, to.Key()), converted(v.MapIndex(k), to.Elem()))
		}
		return m
	}
	return v.Convert(to)
}
