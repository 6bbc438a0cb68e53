package simulate

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

// unlimited stands for a limit that the catalogue does not give.
const unlimited = -1

// title is one entry of the catalogue: a service as every organisation of a
// line offers it.
type title struct {
	name, line, catalog, itemType string
	legal, promise, baseline      int32 // unlimited when not given
	legalUnit, promiseUnit        string
	depth, visits                 int32
	rollForward                   bool
	levels                        string // the levels of government that offer it
	weight                        int
	pause                         string // suspend_type of its special procedure, or ""
	fee                           bool
}

// immediate reports whether the service is done on the spot (即办件).
func (t *title) immediate() bool { return t.promise == 0 }

// pausable reports whether special procedures and extensions may occur: limits
// in calendar days have no rule for them.
func (t *title) pausable() bool {
	return !t.immediate() && t.legalUnit != "C" && t.promiseUnit != "C"
}

// projectType is 即办件 or 承诺件.
func (t *title) projectType() string {
	if t.immediate() {
		return "immediate"
	}
	return "promised"
}

// loadCatalogue reads the embedded catalogue.
func loadCatalogue() ([]title, error) {
	f, err := catalogueFile.Open("catalogue.csv")
	if err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	defer func() { _ = f.Close() }()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	var out []title
	for _, r := range records[1:] {
		var bad error
		number := func(text string) int32 {
			if text == "" {
				return unlimited
			}
			n, err := strconv.ParseInt(text, 10, 32)
			if err != nil {
				bad = err
			}
			return int32(n)
		}
		t := title{
			name: r[1], line: r[2], catalog: r[3], itemType: r[4],
			legal: number(r[5]), legalUnit: r[6], promise: number(r[7]), promiseUnit: r[8],
			baseline: number(r[9]), depth: number(r[10]), visits: number(r[11]),
			rollForward: r[12] == "true", levels: r[13], weight: int(number(r[14])),
			pause: r[15], fee: r[16] == "true",
		}
		if bad != nil {
			return nil, fmt.Errorf("read entry %s of the catalogue: %w", r[0], bad)
		}
		out = append(out, t)
	}
	return out, nil
}
