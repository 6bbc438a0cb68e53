package movement

import (
	"context"
	"time"

	"duban/queries"
)

// Difference is a movement that only the states or only the ledger have.
type Difference struct {
	Source  string    `ch:"source_sys"`
	Subject string    `ch:"subject"`
	Measure string    `ch:"measure"`
	At      time.Time `ch:"at"`
	Org     string    `ch:"org_code"`
	// Lacks is what the ledger lacks; negative: what it has too much.
	Lacks int64 `ch:"lacks"`
}

// differences tell of each kind what the ledger and the states do not both have.
var differences = map[string]queries.Typed[Difference]{
	"case":   queries.Select[Difference]("figures/differ_cases", "late_ms", "behind_ms", "facets"),
	"ticket": queries.Select[Difference]("figures/differ_tickets", "late_ms", "behind_ms", "facets"),
}

// Differences hold the ledger against the states, of one subject of so many, and name at most
// limit rows of each kind. It asks for nobody's lease: what is being written shows.
func Differences(ctx context.Context, reg *queries.Registry, conn queries.Conn, every, limit uint64) (map[string][]Difference, error) {
	out := map[string][]Difference{}
	for _, k := range kinds {
		found, err := differences[k.name].All(ctx, reg, conn, queries.Args{"every": every, "limit": limit})
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			out[k.name] = found
		}
	}
	return out, nil
}
