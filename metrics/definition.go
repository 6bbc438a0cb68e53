package metrics

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"

	"duban/queries"
)

//go:embed catalogue/*.yaml
var files embed.FS

// Kind says what the value of an indicator is.
type Kind string

// The kinds. The value of a count is its numerator and it has no denominator;
// that of a ratio is a share; that of a mean has the indicator's own unit.
const (
	Count Kind = "count"
	Ratio Kind = "ratio"
	Mean  Kind = "mean"
)

// Better says which direction of the value is the good one.
type Better string

// The directions.
const (
	Higher  Better = "higher"
	Lower   Better = "lower"
	Neither Better = "none"
)

// Subject is a kind of thing that figures count.
type Subject string

// The subjects.
const (
	Case   Subject = "case"
	Ticket Subject = "ticket"
	Rating Subject = "rating"
	// Item is a service item in force, Org an organisation or a place, Alert an alert, Work an
	// order, bad-rating order, exposure or referral.
	Item  Subject = "item"
	Org   Subject = "org"
	Alert Subject = "alert"
	Work  Subject = "work"
	// Measurement is what another system counted, Fact a fact of a case or ticket, Message
	// what came over a topic, whatever became of it.
	Measurement Subject = "measurement"
	Fact        Subject = "fact"
	Message     Subject = "message"
	// Mixed figures put one kind of thing over another, such as cards over cases.
	Mixed Subject = "mixed"
)

// Subjects lists the kinds of things that figures count.
func Subjects() []Subject {
	return []Subject{Case, Ticket, Rating, Item, Org, Alert, Work, Measurement, Fact, Message, Mixed}
}

// Text is a text in both languages.
type Text struct {
	Zh string `yaml:"zh" json:"zh"`
	En string `yaml:"en" json:"en"`
}

// Definition describes one indicator.
type Definition struct {
	// ID is the number in the catalogue, such as D01; Identifier the name.
	ID         string `yaml:"id"`
	Identifier string `yaml:"identifier"`
	Zh         string `yaml:"zh"`
	En         string `yaml:"en"`
	Formula    string `yaml:"formula"`
	// About says in plain words what the figure is good for; Numerator and Denominator what is
	// counted (a count has no denominator); Edge what counts how at the edges, empty where the
	// counting rules say all.
	About       Text `yaml:"about"`
	Numerator   Text `yaml:"numerator"`
	Denominator Text `yaml:"denominator"`
	Edge        Text `yaml:"edge"`
	// Inputs are what the figure is made of, as query quality/inputs calls it: topics,
	// measurements by name, kinds of work, keys of the catalogue. Without them there is no figure.
	Inputs []string `yaml:"inputs"`
	// Internal figures are not for the public.
	Internal bool `yaml:"internal"`
	// Unit is 1 for a ratio, which is stored in 0..1.
	Unit string `yaml:"unit"`
	Kind Kind   `yaml:"kind"`
	// Subject is what the figure counts and its evidence lists.
	Subject Subject `yaml:"subject" json:"-"`
	// Split is the dimension that its rows have in any case, empty for most: the evidence
	// is that of one of its values.
	Split string `yaml:"split" json:"-"`
	// Scored figures weigh the levels of satisfaction by their scores.
	Scored bool   `yaml:"scored" json:"-"`
	Better Better `yaml:"better"`
	Source string `yaml:"source"`
	// Query is the name of the query that computes it.
	Query string `yaml:"query"`
}

// CasesQuery is the name of the query that lists what is behind the figure.
func (d Definition) CasesQuery() string { return d.Query + "_cases" }

// Catalogue returns all definitions, sorted by ID. The error names every
// problem in the definition files.
func Catalogue() ([]Definition, error) {
	entries, err := files.ReadDir("catalogue")
	if err != nil {
		return nil, fmt.Errorf("read the indicator catalogue: %w", err)
	}
	var all []Definition
	var problems []error
	for _, e := range entries {
		text, err := files.ReadFile(path.Join("catalogue", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("read the indicator catalogue: %w", err)
		}
		var defs []Definition
		if err := yaml.UnmarshalWithOptions(text, &defs, yaml.Strict()); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", e.Name(), err))
			continue
		}
		for _, d := range defs {
			problems = append(problems, d.check(e.Name())...)
		}
		all = append(all, defs...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ID < all[j].ID })
	for i := 1; i < len(all); i++ {
		if all[i].ID == all[i-1].ID {
			problems = append(problems, fmt.Errorf("indicator %s is defined twice", all[i].ID))
		}
	}
	return all, errors.Join(problems...)
}

func (d Definition) check(file string) []error {
	var problems []error
	for _, f := range [][2]string{
		{"id", d.ID}, {"identifier", d.Identifier}, {"zh", d.Zh}, {"en", d.En},
		{"formula", d.Formula}, {"unit", d.Unit}, {"source", d.Source}, {"query", d.Query},
	} {
		if f[1] == "" {
			problems = append(problems, fmt.Errorf("%s: indicator %s has no %s", file, d.ID, f[0]))
		}
	}
	switch d.Kind {
	case Count, Ratio, Mean:
	default:
		problems = append(problems, fmt.Errorf("%s: indicator %s has the unknown kind %q", file, d.ID, d.Kind))
	}
	for name, t := range map[string]Text{"about": d.About, "numerator": d.Numerator, "denominator": d.Denominator} {
		if (t.Zh == "" || t.En == "") && (name != "denominator" || d.Kind != Count) {
			problems = append(problems, fmt.Errorf("%s: indicator %s has no %s in both languages", file, d.ID, name))
		}
	}
	if (d.Edge.Zh == "") != (d.Edge.En == "") {
		problems = append(problems, fmt.Errorf("%s: indicator %s has an edge rule in one language alone", file, d.ID))
	}
	if len(d.Inputs) == 0 {
		problems = append(problems, fmt.Errorf("%s: indicator %s does not say what it is made of", file, d.ID))
	}
	if !slices.Contains(Subjects(), d.Subject) {
		problems = append(problems, fmt.Errorf("%s: indicator %s has the unknown subject %q", file, d.ID, d.Subject))
	}
	switch d.Better {
	case Higher, Lower, Neither:
	default:
		problems = append(problems, fmt.Errorf("%s: indicator %s has the unknown direction %q", file, d.ID, d.Better))
	}
	return problems
}

// Find returns the definition with an ID or identifier, in any letter case.
func Find(id string) (Definition, error) {
	all, err := Catalogue()
	if err != nil {
		return Definition{}, err
	}
	known := make([]string, len(all))
	for i, d := range all {
		if strings.EqualFold(d.ID, id) || strings.EqualFold(d.Identifier, id) {
			return d, nil
		}
		known[i] = d.ID
	}
	return Definition{}, fmt.Errorf("there is no indicator %q; there are: %s", id, strings.Join(known, ", "))
}

// Grains lists the names by which an indicator can be grouped.
func (d Definition) Grains(reg *queries.Registry) ([]queries.Dimension, error) {
	q, err := reg.Get(d.Query)
	if err != nil {
		return nil, err
	}
	return reg.Dimensions(q), nil
}
