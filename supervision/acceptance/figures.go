package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"duban/queries"
	"duban/supervision/lawzone"
)

// Figures are those that a ledger expects, by the name of the indicator: a count, or
// numerator and denominator.
type Figures map[string]Parts

// Parts are numerator and denominator; a count has no denominator.
type Parts struct {
	Numerator   float64
	Denominator float64
}

// UnmarshalJSON reads a count, or a ratio as duban simulate writes it.
func (p *Parts) UnmarshalJSON(text []byte) error {
	*p = Parts{}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		var ratio struct{ Numerator, Denominator float64 }
		if err := json.Unmarshal(text, &ratio); err != nil {
			return err
		}
		p.Numerator, p.Denominator = ratio.Numerator, ratio.Denominator
		return nil
	}
	return json.Unmarshal(text, &p.Numerator)
}

// FigureLedger holds the figures of a ledger and their breakdowns.
type FigureLedger struct {
	Total           Figures            `json:"total"`
	ByOrg           map[string]Figures `json:"by_org"`
	ByRegion        map[string]Figures `json:"by_region"`
	ByItem          map[string]Figures `json:"by_item"`
	ByChannel       map[string]Figures `json:"by_channel"`
	ByTicketChannel map[string]Figures `json:"by_ticket_channel"`
	ByMonth         map[string]Figures `json:"by_month"`
	ByMonthAsOf     map[string]Figures `json:"by_month_as_of"`
}

// FigureLine is one indicator: how many of its cells, total and breakdowns, were
// compared and how many differ.
type FigureLine struct {
	Figure  string `json:"figure"`
	Cells   int    `json:"cells"`
	Differ  int    `json:"differ"`
	Verdict string `json:"verdict"`
}

// FigureDifference is one cell that is not as the ledger says.
type FigureDifference struct {
	Figure    string `json:"figure"`
	Breakdown string `json:"breakdown"`
	Key       string `json:"key"`
	Expected  Parts  `json:"expected"`
	Found     Parts  `json:"found"`
}

// figure is an indicator that the ledger knows, and by what it is broken down there.
type figure struct {
	id         string
	breakdowns []breakdown
}

// breakdown is a part of the ledger, and the dimensions that give it.
type breakdown struct {
	name string
	by   []string
	of   func(*FigureLedger) map[string]Figures
}

func figuresOfLedger() []figure {
	regions := []string{"province", "city", "county", "township", "village"}
	base := []breakdown{
		{"by_org", []string{"org"}, func(l *FigureLedger) map[string]Figures { return l.ByOrg }},
		{"by_region", regions, func(l *FigureLedger) map[string]Figures { return l.ByRegion }},
		{"by_month_as_of", []string{"month"}, func(l *FigureLedger) map[string]Figures { return l.ByMonthAsOf }},
	}
	ofCases := append(slices.Clone(base),
		breakdown{"by_item", []string{"item"}, func(l *FigureLedger) map[string]Figures { return l.ByItem }},
		breakdown{"by_channel", []string{"channel"}, func(l *FigureLedger) map[string]Figures { return l.ByChannel }})
	ofTickets := append(slices.Clone(base),
		breakdown{"by_ticket_channel", []string{"channel"}, func(l *FigureLedger) map[string]Figures { return l.ByTicketChannel }})
	var out []figure
	for _, id := range []string{"C01", "C02", "C03", "C04", "C05", "C07", "D01", "D03", "D04", "D08"} {
		out = append(out, figure{id, ofCases})
	}
	for _, id := range []string{"E01", "E02", "E03", "E04", "E05"} {
		out = append(out, figure{id, base})
	}
	for _, id := range []string{"F01", "F06", "F07"} {
		out = append(out, figure{id, ofTickets})
	}
	return out
}

// CompareFigures asks every indicator that the ledger knows, in total and in its
// breakdowns, and holds each cell against the ledger; with up to examples differences
// of each indicator.
func CompareFigures(ctx context.Context, reg *queries.Registry, conn queries.Conn, l *Ledger,
	examples int) ([]FigureLine, []FigureDifference, error) {
	lines, differences := []FigureLine{}, []FigureDifference{}
	if l.Figures == nil {
		return lines, differences, nil
	}
	for _, f := range figuresOfLedger() {
		line, shown := FigureLine{Figure: f.id, Verdict: Equal}, 0
		hold := func(name, key string, want, got Parts) {
			line.Cells++
			if want == got {
				return
			}
			line.Differ++
			line.Verdict = Differs
			if shown < examples {
				shown++
				differences = append(differences, FigureDifference{f.id, name, key, want, got})
			}
		}
		whole := question{f.id, l.Source, l.From, l.To, l.AsOf}
		got, err := whole.ask(ctx, reg, conn, "")
		if err != nil {
			return nil, nil, err
		}
		hold("total", "", l.Figures.Total[f.id], got[""])
		for _, b := range f.breakdowns {
			found := map[string]Parts{}
			for _, by := range b.by {
				part, err := whole.ask(ctx, reg, conn, by)
				if err != nil {
					return nil, nil, err
				}
				maps.Copy(found, part)
			}
			holdAll(b.of(l.Figures), found, f.id, func(key string, want, got Parts) { hold(b.name, key, want, got) })
		}
		for name, want := range l.Figures.ByMonth {
			from, to, err := l.month(name)
			if err != nil {
				return nil, nil, err
			}
			asOf := to
			if l.AsOf.Before(to) {
				asOf = l.AsOf
			}
			if !from.Before(asOf) {
				continue // it has not begun: nobody asked
			}
			got, err := question{f.id, l.Source, from, to, asOf}.ask(ctx, reg, conn, "")
			if err != nil {
				return nil, nil, err
			}
			hold("by_month", name, want[f.id], got[""])
		}
		lines = append(lines, line)
	}
	return lines, differences, nil
}

// holdAll goes through the keys of both sides in order; what a side does not name is 0.
func holdAll(want map[string]Figures, got map[string]Parts, id string, hold func(key string, want, got Parts)) {
	keys := map[string]bool{}
	for k := range want {
		keys[k] = true
	}
	for k := range got {
		keys[k] = keys[k] || k != ""
	}
	delete(keys, "")
	ordered := make([]string, 0, len(keys))
	for k := range keys {
		ordered = append(ordered, k)
	}
	slices.Sort(ordered)
	for _, k := range ordered {
		hold(k, want[k][id], got[k])
	}
}

// month bounds one month of the ledger, as far as it lies in the period.
func (l *Ledger) month(name string) (from, to time.Time, err error) {
	first, err := time.ParseInLocation("2006-01", name, lawzone.Zone)
	if err != nil {
		return from, to, fmt.Errorf("the ledger has figures of month %q: want 2006-01", name)
	}
	from, to = first, first.AddDate(0, 1, 0)
	if from.Before(l.From) {
		from = l.From
	}
	if l.To.Before(to) {
		to = l.To
	}
	return from, to, nil
}

// question is one indicator for one source and period.
type question struct {
	id, source     string
	from, to, asOf time.Time
}

// ask returns the parts by the key of a dimension, or of "" for the total.
func (q question) ask(ctx context.Context, reg *queries.Registry, conn queries.Conn, by string) (map[string]Parts, error) {
	args := queries.Args{"as_of": q.asOf, "from": q.from, "to": q.to, "source": q.source}
	if q.id == "E05" {
		for i, score := range []float64{0, 30, 60, 80, 100} { // domain guide 4
			args[fmt.Sprintf("score_%d", i+1)] = score
		}
	}
	var dimensions []string
	if by != "" {
		dimensions = []string{by}
	}
	res, err := reg.Run(ctx, conn, "indicator/"+q.id, args, dimensions...)
	if err != nil {
		return nil, fmt.Errorf("ask for %s: %w", strings.TrimSpace(q.id+" "+by), err)
	}
	numerators, err := res.Numbers("numerator")
	if err != nil {
		return nil, err
	}
	denominators, err := res.Numbers("denominator")
	if err != nil {
		return nil, err
	}
	out := map[string]Parts{}
	for i, row := range res.Rows {
		key := ""
		if by != "" {
			key = keyOf(row[0]) // the dimension comes first
		}
		out[key] = Parts{numerators[i], denominators[i]}
	}
	return out, nil
}

func keyOf(v any) string {
	if at, ok := v.(time.Time); ok {
		return at.Format("2006-01")
	}
	if s, ok := v.(*string); ok {
		if s == nil {
			return ""
		}
		return *s
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
