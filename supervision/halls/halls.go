package halls

import (
	"fmt"
	"maps"
	"slices"

	"duban/internal/config"
	"duban/supervision/calendar"
	"duban/supervision/divisions"
)

// ByDivision gives every division its opening hours: those of the nearest division
// above it, itself included, that the configuration names.
func ByDivision(given []config.Hall) (map[string][]calendar.Hall, error) {
	if len(given) == 0 {
		return nil, nil
	}
	table, err := divisions.Load()
	if err != nil {
		return nil, fmt.Errorf("load divisions: %w", err)
	}
	named := map[string][]calendar.Hall{}
	for i, g := range given {
		h, err := hallOf(table, g)
		if err != nil {
			return nil, fmt.Errorf("supervise.halls, entry %d (%s): %w", i+1, g.Region, err)
		}
		named[g.Region] = append(named[g.Region], h)
	}
	for region, halls := range named {
		slices.SortFunc(halls, func(a, b calendar.Hall) int { return int(a.From - b.From) })
		if err := (calendar.DueRule{Halls: halls}).Validate(); err != nil {
			return nil, fmt.Errorf("supervise.halls of %s: %w", region, err)
		}
	}
	out := map[string][]calendar.Hall{}
	for d := range table.All() {
		path := append([]string{nation}, table.Path(d.Code)...)
		for _, code := range slices.Backward(path) {
			if halls, ok := named[code]; ok {
				out[d.Code] = halls
				break
			}
		}
	}
	// Townships and villages are not in the table.
	maps.Copy(out, named)
	return out, nil
}

// nation is the code of the whole country.
const nation = "000000"

func hallOf(table *divisions.Table, g config.Hall) (h calendar.Hall, err error) {
	if _, known := table.Lookup(g.Region); !known && g.Region != nation && !deepCode(table, g.Region) {
		return h, fmt.Errorf("region %q is no division", g.Region)
	}
	if h.From, err = calendar.ParseDay(g.From); err != nil {
		return h, fmt.Errorf("from: %w", err)
	}
	if h.Hours, err = calendar.ParseOpenings(g.Open); err != nil {
		return h, fmt.Errorf("open: %w", err)
	}
	if h.Saturday, err = calendar.ParseOpenings(g.Saturday); err != nil {
		return h, fmt.Errorf("saturday: %w", err)
	}
	return h, nil
}

// deepCode reports whether a code is that of a township or a village in a known
// county: their codes begin with that of the county.
func deepCode(table *divisions.Table, code string) bool {
	if len(code) != 9 && len(code) != 12 {
		return false
	}
	_, known := table.Lookup(code[:6])
	return known
}
