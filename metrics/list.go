package metrics

import (
	"context"
	"strings"

	"duban/queries"
)

// List is the catalogue as a table: what each indicator is, in what it is measured, by what it
// can be grouped, and whether there is data for it.
func List(ctx context.Context, reg *queries.Registry, conn queries.Conn) (*queries.Result, error) {
	all, err := Catalogue()
	if err != nil {
		return nil, err
	}
	in, err := LoadInputs(ctx, reg, conn)
	if err != nil {
		return nil, err
	}
	res := &queries.Result{Columns: []queries.Column{
		{Name: "id", Type: "String", Help: "number in the catalogue"},
		{Name: "identifier", Type: "String", Help: "name for programs"},
		{Name: "zh", Type: "String", Help: "name in Chinese"},
		{Name: "en", Type: "String", Help: "name in English"},
		{Name: "unit", Type: "String", Help: "unit of the value; 1 = a share in 0..1"},
		{Name: "better", Type: "String", Help: "higher, lower or none"},
		{Name: "data", Type: "String", Help: "yes, or the inputs that are missing"},
		{Name: "formula", Type: "String", Help: "how it is counted"},
		{Name: "grains", Type: "String", Help: "by what it can be grouped"},
	}}
	for _, d := range all {
		grains, err := d.Grains(reg)
		if err != nil {
			return nil, err
		}
		names := make([]string, len(grains))
		for i, g := range grains {
			names[i] = g.Name
		}
		data := "yes"
		if missing := in.Missing(d); len(missing) > 0 {
			data = "missing " + strings.Join(missing, ", ")
		}
		res.Rows = append(res.Rows, []any{d.ID, d.Identifier, d.Zh, d.En, d.Unit, string(d.Better), data, d.Formula, strings.Join(names, " ")})
	}
	return res, nil
}
