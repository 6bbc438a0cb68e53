package process

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"duban/queries"
)

// Kind is one of the measures.
type Kind string

// The measures; the columns of each are in the query process/<kind>.
const (
	DFG        Kind = "dfg"
	Variants   Kind = "variants"
	Durations  Kind = "durations"
	Activities Kind = "activities"
)

// Kinds lists the measures.
func Kinds() []Kind { return []Kind{DFG, Variants, Durations, Activities} }

// The ways to name the work of a fact.
const (
	ByActivity           = "activity"
	ByActivityTransition = "activity+lifecycle"
)

// Request asks for one measure of one source.
type Request struct {
	Kind Kind
	// Source is the source system; required.
	Source string
	// AsOf is the instant the measure is asked for; required.
	AsOf time.Time
	// From and To bound the first activity of a case, To not included; zero
	// means without bound.
	From, To time.Time
	// Subject is case, ticket or empty for both.
	Subject string
	// Lifecycle keeps only facts with this transition of the work item, such
	// as complete; empty keeps all.
	Lifecycle string
	// Classifier is ByActivity (also when empty) or ByActivityTransition.
	Classifier string
}

// Run computes a measure.
func Run(ctx context.Context, reg *queries.Registry, conn queries.Conn, req Request) (*queries.Result, error) {
	if err := req.check(); err != nil {
		return nil, err
	}
	args := queries.Args{"source": req.Source, "as_of": req.AsOf}
	if !req.From.IsZero() {
		args["from"] = req.From
	}
	if !req.To.IsZero() {
		args["to"] = req.To
	}
	for name, value := range map[string]string{"kind": req.Subject, "lifecycle": req.Lifecycle, "classifier": req.Classifier} {
		if value != "" {
			args[name] = value
		}
	}
	return reg.Run(ctx, conn, "process/"+string(req.Kind), args)
}

func (r Request) check() error {
	var names []string
	known := false
	for _, k := range Kinds() {
		names = append(names, string(k))
		known = known || k == r.Kind
	}
	switch {
	case !known:
		return fmt.Errorf("there is no process measure %q; there are: %s", r.Kind, strings.Join(names, ", "))
	case r.Source == "":
		return errors.New("a process measure needs a source system")
	case r.AsOf.IsZero():
		return errors.New("a process measure needs the instant it is asked for")
	case r.Subject != "" && r.Subject != "case" && r.Subject != "ticket":
		return fmt.Errorf("unknown kind of subject %q: want case or ticket", r.Subject)
	case r.Classifier != "" && r.Classifier != ByActivity && r.Classifier != ByActivityTransition:
		return fmt.Errorf("unknown classifier %q: want %s or %s", r.Classifier, ByActivity, ByActivityTransition)
	}
	return nil
}
