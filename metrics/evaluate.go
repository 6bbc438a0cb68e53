package metrics

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"duban/queries"
)

// Request asks for one indicator.
type Request struct {
	// ID is the number or identifier of the indicator.
	ID string
	// By names the dimensions to group by; none gives one row.
	By []string
	// From and To bound the period, To not included; zero From means from the
	// beginning, zero To up to and including AsOf.
	From, To time.Time
	// AsOf is the instant the figure is asked for: facts that occurred later do
	// not exist. It is required.
	AsOf time.Time
	// KnownAt asks for the figure as it was known at an instant; zero means as it is known
	// now. Not every figure can be told, see NotKnownError.
	KnownAt time.Time
	// Region is a division whose subtree is meant, Org an organisation, Source
	// a source system; empty means all.
	Region, Org, Source string
	// Scores is the score of the levels 1 to 5 in scored figures; nil means DefaultScores.
	Scores *[5]float64
}

// DefaultScores returns the score of levels 1 to 5 (domain guide 4).
func DefaultScores() [5]float64 { return [5]float64{0, 30, 60, 80, 100} }

// CasesRequest asks for what is behind a figure.
type CasesRequest struct {
	Request
	// Role is numerator, denominator, rest (in the denominator only), or empty
	// for all. A figure that is split names one of the parts instead.
	Role string
	// Search is a text that the numbers of the subjects must contain; empty for
	// all. Sort is decided (the deciding instant), due, stop, net_days or number;
	// empty means decided; ratings and split figures know decided and number alone.
	Search, Sort string
	// Descending turns the order round.
	Descending bool
	// Limit is the greatest number of rows, 1000 when zero; Offset rows are
	// left out before them.
	Limit, Offset uint64
}

const defaultLimit = 1000

// Evaluate computes an indicator. Rows have one column per dimension, then
// numerator, denominator and value (null when the denominator is 0; a count has
// no denominator), then what the indicator has besides, as its query documents.
//
// It is read from the ledger of movements where that holds it, with what was folded since its last
// pass, and computed from the states elsewhere: the rows are the same.
func Evaluate(ctx context.Context, reg *queries.Registry, conn queries.Conn, req Request) (*queries.Result, error) {
	if res, err := seen(ctx, req); res != nil || err != nil {
		return res, err
	}
	def, args, err := req.prepare()
	if err == nil {
		err = checkAttributes(ctx, reg, conn, def, req)
	}
	if err != nil {
		return nil, err
	}
	by := req.By
	if def.Split != "" {
		by = slices.DeleteFunc(slices.Clone(by), func(name string) bool { return name == def.Split })
	}
	if def.Scored {
		scores := DefaultScores()
		if req.Scores != nil {
			scores = *req.Scores
		}
		scored(args, scores)
	}
	if err := reg.CheckGrouping(def.Query, by...); err != nil {
		return nil, err // what cannot be grouped by is said before anything is asked
	}
	from, err := ledgerFor(ctx, reg, conn, def, req)
	if err != nil {
		return nil, err
	}
	if from.name == "" {
		return reg.Run(ctx, conn, def.Query, args, by...)
	}
	maps.Copy(args, from.args)
	if ctx, err = from.question(ctx, reg, conn, def.Subject); err != nil {
		return nil, err
	}
	res, err := reg.Run(ctx, conn, from.name, args, by...)
	if err != nil {
		return nil, err
	}
	for name := range from.args {
		delete(res.Args, name)
	}
	if askable(by) {
		res.KnownAt = from.known
	}
	return res, reg.AnswerOf(res, def.Query)
}

// Cases lists what is behind an indicator, in the order of the deciding
// instants unless another is asked for: the same rows that Evaluate counts.
func Cases(ctx context.Context, reg *queries.Registry, conn queries.Conn, req CasesRequest) (*queries.Result, error) {
	name, args, err := req.query()
	if err != nil {
		return nil, err
	}
	return reg.Run(ctx, conn, name, args, req.By...)
}

// StreamCases is Cases in batches, for a list that need not fit into memory.
func StreamCases(ctx context.Context, reg *queries.Registry, conn queries.Conn, req CasesRequest, batch int,
	each func(*queries.Result) error) error {
	name, args, err := req.query()
	if err != nil {
		return err
	}
	return reg.Stream(ctx, conn, name, args, batch, each, req.By...)
}

// query names the query behind a list, with its arguments.
func (req CasesRequest) query() (string, queries.Args, error) {
	def, args, err := req.prepare()
	if err != nil {
		return "", nil, err
	}
	if req.Limit == 0 {
		req.Limit = defaultLimit
	}
	if !req.KnownAt.IsZero() {
		return "", nil, &NotKnownError{ID: def.ID, KnownAt: req.KnownAt, Reason: ListOfNow}
	}
	args["limit"], args["offset"] = req.Limit, req.Offset
	args["search"], args["sort"], args["direction"] = req.Search, req.Sort, direction(req.Descending)
	if def.Split != "" {
		args[def.Split] = req.Role
	} else {
		switch req.Role {
		case "", "numerator", "denominator", "rest":
			args["role"] = req.Role
		default:
			return "", nil, fmt.Errorf("unknown role %q: want numerator, denominator or rest", req.Role)
		}
	}
	return def.CasesQuery(), args, nil
}

func direction(descending bool) int8 {
	if descending {
		return -1
	}
	return 1
}

// prepare finds the definition and names the arguments.
func (r Request) prepare() (Definition, queries.Args, error) {
	def, err := Find(r.ID)
	if err != nil {
		return def, nil, err
	}
	if r.AsOf.IsZero() {
		return def, nil, errors.New("an indicator needs the instant it is asked for")
	}
	if !r.To.IsZero() && !r.From.Before(r.To) {
		return def, nil, fmt.Errorf("the period is empty: it ends at %s and begins at %s", r.To.Format(time.RFC3339),
			r.From.Format(time.RFC3339))
	}
	args := queries.Args{"as_of": r.AsOf}
	if !r.From.IsZero() {
		args["from"] = r.From
	}
	if !r.To.IsZero() {
		args["to"] = r.To
	}
	for name, value := range map[string]string{"region": r.Region, "org": r.Org, "source": r.Source} {
		if value != "" {
			args[name] = value
		}
	}
	return def, args, nil
}
