package metrics

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duban/queries"
)

// Inputs is what there is to make figures of.
type Inputs struct {
	present map[string]bool
}

// LoadInputs looks up which inputs there are.
func LoadInputs(ctx context.Context, reg *queries.Registry, conn queries.Conn) (Inputs, error) {
	res, err := reg.Run(ctx, conn, "quality/inputs", nil)
	if err != nil {
		return Inputs{}, err
	}
	in := Inputs{present: make(map[string]bool, len(res.Rows))}
	for _, row := range res.Rows {
		in.present[fmt.Sprint(row[0])] = true
	}
	return in, nil
}

// Missing lists the inputs of an indicator that do not exist. A kind of event of a topic
// (case-events:material) is not looked for: whether it is there shows in the figure.
func (in Inputs) Missing(d Definition) []string {
	var missing []string
	for _, name := range d.Inputs {
		topic, _, part := strings.Cut(name, ":")
		if part && (topic == "case-events" || topic == "hotline-tickets") {
			continue
		}
		if !in.present[name] {
			missing = append(missing, name)
		}
	}
	return missing
}

// NameMissing says in a result that holds no figure which input is missing: what nobody
// sent is not nought, so a count of nothing loses its value. It asks for the inputs only
// when there is nothing to show.
func NameMissing(ctx context.Context, reg *queries.Registry, conn queries.Conn, d Definition, res *queries.Result) error {
	if !empty(res) {
		return nil
	}
	in, err := LoadInputs(ctx, reg, conn)
	if err == nil {
		in.Name(d, res)
	}
	return err
}

// Name is NameMissing by inputs that were looked up before, for many figures at once.
func (in Inputs) Name(d Definition, res *queries.Result) {
	if !empty(res) {
		return
	}
	if res.MissingInput = in.Missing(d); len(res.MissingInput) == 0 {
		// Everything is there, and says nothing of what this figure needs.
		if d.Kind != Count {
			res.MissingInput = slices.DeleteFunc(slices.Clone(d.Inputs), func(name string) bool { return !strings.Contains(name, ":") })
		}
		return
	}
	for i, c := range res.Columns {
		if c.Name == "numerator" || c.Name == "value" {
			for _, row := range res.Rows {
				row[i] = nil
			}
		}
	}
}

// empty reports whether a result has no value that says something.
func empty(res *queries.Result) bool {
	at := slices.IndexFunc(res.Columns, func(c queries.Column) bool { return c.Name == "value" })
	for _, row := range res.Rows {
		if at < 0 || row[at] == nil {
			continue
		}
		if v, ok := queries.Number(row[at]); !ok || v != 0 || denominated(res, row) {
			return false
		}
	}
	return true
}

// denominated reports whether a row stands on a denominator: a rate that is nought is a figure.
func denominated(res *queries.Result, row []any) bool {
	at := slices.IndexFunc(res.Columns, func(c queries.Column) bool { return c.Name == "denominator" })
	return at >= 0 && row[at] != nil
}
