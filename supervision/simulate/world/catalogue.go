package world

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"
)

// The titles are those of real services; limits, depths and weights are made up.
//
//go:embed catalogue.csv
var catalogueFile embed.FS

// Unlimited stands for a limit that the catalogue does not give.
const Unlimited = -1

// Title is one entry of the catalogue: a service as every organisation of a
// line offers it.
type Title struct {
	Name, line, Catalog, ItemType string
	Legal, Promise, Baseline      int32 // unlimited when not given
	LegalUnit, PromiseUnit        string
	Depth, Visits                 int32
	RollForward                   bool
	levels                        string // the levels of government that offer it
	weight                        int
	Pause                         string // suspend_type of its special procedure, or ""
	Fee                           bool
}

// Immediate reports whether the service is done on the spot (即办件).
func (t *Title) Immediate() bool { return t.Promise == 0 }

// Pausable reports whether special procedures and extensions may occur: limits
// in calendar days have no rule for them.
func (t *Title) Pausable() bool {
	return !t.Immediate() && t.LegalUnit != "C" && t.PromiseUnit != "C"
}

// ProjectType is 即办件 or 承诺件.
func (t *Title) ProjectType() string {
	if t.Immediate() {
		return "immediate"
	}
	return "promised"
}

// loadCatalogue reads the embedded catalogue.
func loadCatalogue() ([]Title, error) {
	f, err := catalogueFile.Open("catalogue.csv")
	if err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	defer func() { _ = f.Close() }()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	var out []Title
	for _, r := range records[1:] {
		var bad error
		number := func(text string) int32 {
			if text == "" {
				return Unlimited
			}
			n, err := strconv.ParseInt(text, 10, 32)
			if err != nil {
				bad = err
			}
			return int32(n)
		}
		t := Title{
			Name: r[1], line: r[2], Catalog: r[3], ItemType: r[4],
			Legal: number(r[5]), LegalUnit: r[6], Promise: number(r[7]), PromiseUnit: r[8],
			Baseline: number(r[9]), Depth: number(r[10]), Visits: number(r[11]),
			RollForward: r[12] == "true", levels: r[13], weight: int(number(r[14])),
			Pause: r[15], Fee: r[16] == "true",
		}
		if bad != nil {
			return nil, fmt.Errorf("read entry %s of the catalogue: %w", r[0], bad)
		}
		out = append(out, t)
	}
	return out, nil
}
