package queries

import (
	"fmt"
	"slices"
	"strings"
)

// evidenceSuffix ends the name of the query that lists what is behind a figure.
const evidenceSuffix = "_cases"

// listing makes the query that lists the rows behind a figure of the figure itself: its last
// line, the reader of figure_rows, gives way to the reader that lists them. So both read the
// same rows by construction.
func (q *Query) listing() (*Query, error) {
	rows, reader, ok := cutLastLine(q.body)
	m := macroUse.FindStringSubmatch(reader)
	if !ok || m == nil || m[0] != reader {
		return nil, fmt.Errorf("%s: a query with an evidence line ends with the reader of its rows, alone on the last line", q.Name)
	}
	includes := slices.DeleteFunc(slices.Clone(q.includes), func(name string) bool { return name == m[1] })
	return &Query{
		Name: q.Name + evidenceSuffix, Purpose: "The rows behind " + strings.TrimPrefix(q.Name, "indicator/") + ".",
		Grain: "one row per subject and period", Source: q.Source, Params: slices.Clone(q.Params), Dims: q.Dims,
		includes: append(includes, q.Evidence), body: rows + "\n{{" + q.Evidence + "}}",
	}, nil
}

func cutLastLine(text string) (before, last string, ok bool) {
	i := strings.LastIndexByte(text, '\n')
	if i < 0 {
		return "", text, false
	}
	return text[:i], text[i+1:], true
}
