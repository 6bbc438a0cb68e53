package queries

import (
	"slices"
	"strings"
)

// NowSuffix ends the name of the query that tells of now what another one tells as known at
// an instant.
const NowSuffix = "_now"

const thenFragment, nowFragment = "movements_then", "movements_now"

// addNow gives each query of the ledger of movements a second one, NAME_now, that adds what was
// folded since the last pass over the ledger: the same text over other movements, some of which come along.
func (r *Registry) addNow() {
	for _, name := range r.Names() {
		q := r.queries[name]
		if !slices.Contains(q.includes, thenFragment) {
			continue
		}
		now := *q
		now.Name += NowSuffix
		now.includes = slices.Clone(q.includes)
		now.includes[slices.Index(now.includes, thenFragment)] = nowFragment
		now.body = strings.ReplaceAll(q.body, "{{"+thenFragment+"}}", "{{"+nowFragment+"}}")
		now.Params, now.Columns = slices.Clone(q.Params), slices.Clone(q.Columns)
		r.queries[now.Name] = &now
	}
}
