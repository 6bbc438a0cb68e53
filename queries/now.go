package queries

import (
	"slices"
	"strings"
)

// NowSuffix ends the name of the query that tells of now what another one tells as known at
// an instant.
const NowSuffix = "_now"

const thenFragment = "movements_then"

// addNow gives each query of the ledger of movements a second one, NAME_now, that adds what was
// folded since the last pass over the ledger: the same text over other movements.
func (r *Registry) addNow() {
	for _, name := range r.Names() {
		q := r.queries[name]
		if !slices.Contains(q.includes, thenFragment) {
			continue
		}
		of := "movements_now"
		if q.Dims != "" {
			of += "_" + q.Dims
		}
		now := *q
		now.Name += NowSuffix
		now.includes = slices.Clone(q.includes)
		now.includes[slices.Index(now.includes, thenFragment)] = of
		now.body = strings.ReplaceAll(q.body, "{{"+thenFragment+"}}", "{{"+of+"}}")
		now.Params, now.Columns = slices.Clone(q.Params), slices.Clone(q.Columns)
		r.queries[now.Name] = &now
	}
}
