package metrics

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"duban/queries"
)

// Place is what the key figures are asked for: a scope, a period and an instant, and the
// divisions below it.
type Place struct {
	// Request has no indicator and no grain.
	Request
	// Level names the level of the divisions below, when it is asked for; an empty one is none.
	Level func(context.Context) (string, error)
	// Below: only the figures by the divisions below are wanted.
	Below bool
}

// placeFigures are the figures that one look at the ledger of movements tells of a place, by
// what they are grouped by; level stands for that of the divisions below.
var placeFigures = map[string][]string{
	"":        {"C01", "C02", "C03", "C04", "C05", "C07", "D01", "D05", "F01", "F06"},
	"month":   {"C01", "C03", "D01"},
	"level":   {"C01", "C03", "C05", "D01"},
	"org":     {"D01"},
	"channel": {"C01"},
}

type lookKey struct{}

// look is one look at the ledger for many figures of a place, taken when the first of them
// is asked for, and one at the ratings.
type look struct {
	place   Place
	movable func() (map[string]*queries.Result, error)
	rated   func() (map[string]*queries.Result, error)
}

// InOneLook has the key figures of a place told by two statements, one of the ledger of movements
// and one of the ratings, when they are evaluated under the context; others are as ever. A figure told
// so has no columns but its grain, numerator, denominator and value.
func InOneLook(ctx context.Context, reg *queries.Registry, conn queries.Conn, p Place) context.Context {
	ctx = context.WithValue(ctx, lookKey{}, nil)
	l := &look{place: p}
	l.movable = sync.OnceValues(func() (map[string]*queries.Result, error) { return lookAtLedger(ctx, reg, conn, p) })
	l.rated = sync.OnceValues(func() (map[string]*queries.Result, error) { return lookAtRatings(ctx, reg, conn, p) })
	return context.WithValue(ctx, lookKey{}, l)
}

// seen gives what a look tells; nil: the figure is to be evaluated by itself.
func seen(ctx context.Context, req Request) (*queries.Result, error) {
	l, _ := ctx.Value(lookKey{}).(*look)
	// A period that begins after the instant has nothing in it, and no month either.
	if l == nil || len(req.By) > 1 || !req.KnownAt.IsZero() || !l.place.same(req) || !req.From.IsZero() && !req.From.Before(req.AsOf) {
		return nil, nil
	}
	from := l.movable
	if !l.place.Below && slices.Contains(placeRatings, req.ID) {
		from = l.rated
	}
	all, err := from()
	if err != nil {
		return nil, err
	}
	res, ok := all[req.ID+"/"+strings.Join(req.By, "")]
	if !ok {
		return nil, nil
	}
	own := *res // callers change the rows
	own.Rows = make([][]any, len(res.Rows))
	for i, row := range res.Rows {
		own.Rows[i] = slices.Clone(row)
	}
	return &own, nil
}

func (p Place) same(r Request) bool {
	return r.From.Equal(p.From) && r.To.Equal(p.To) && r.AsOf.Equal(p.AsOf) && r.Region == p.Region && r.Org == p.Org &&
		r.Source == p.Source && r.Scores == nil
}

// placeRow is what one group of a figure counts.
type placeRow struct {
	Figure      string `ch:"figure"`
	Grouping    string `ch:"grouping"`
	Name        string `ch:"name"`
	Numerator   int64  `ch:"numerator"`
	Denominator int64  `ch:"denominator"`
}

var selectPlace = map[string]queries.Typed[placeRow]{
	"figures/overview":                     queries.Select[placeRow]("figures/overview"),
	"figures/overview" + queries.NowSuffix: queries.Select[placeRow]("figures/overview" + queries.NowSuffix),
}

func lookAtLedger(ctx context.Context, reg *queries.Registry, conn queries.Conn, p Place) (map[string]*queries.Result, error) {
	if ctx.Value(statesKey{}) != nil {
		return nil, nil
	}
	s, err := standingNow(ctx, reg, conn)
	from := s.now("figures/overview")
	if err != nil || from.name == "" {
		return nil, err
	}
	level, err := p.Level(ctx)
	if err != nil {
		return nil, err
	}
	_, args, err := p.of("C01").prepare()
	if err != nil {
		return nil, err
	}
	args["level"], args["below"] = level, p.Below
	maps.Copy(args, from.args)
	began := time.Now()
	if ctx, err = from.question(ctx, reg, conn, Case, Ticket); err != nil {
		return nil, err
	}
	rows, err := selectPlace[from.name].All(ctx, reg, conn, args)
	if err != nil {
		return nil, err
	}
	took := time.Since(began)
	out := map[string]*queries.Result{}
	for grouping, ids := range placeFigures {
		by := grouping
		if grouping == "level" {
			by = level
		}
		if by == "" && grouping != "" || p.Below && grouping != "level" {
			continue
		}
		for _, id := range ids {
			def, err := Find(id)
			if err != nil {
				return nil, err
			}
			of := slices.DeleteFunc(slices.Clone(rows), func(r placeRow) bool { return r.Figure != id || r.Grouping != by })
			if out[id+"/"+by], err = def.told(reg, p, by, of); err != nil {
				return nil, err
			}
			out[id+"/"+by].Took, out[id+"/"+by].KnownAt = took, from.known
		}
	}
	return out, nil
}

// of is the request of one figure of the place.
func (p Place) of(id string) Request {
	r := p.Request
	r.ID = id
	return r
}

// told writes the rows of one figure as its own query would.
func (d Definition) told(reg *queries.Registry, p Place, by string, rows []placeRow) (*queries.Result, error) {
	q, err := reg.Get(d.Query)
	if err != nil {
		return nil, err
	}
	_, args, err := p.of(d.ID).prepare()
	if err != nil {
		return nil, err
	}
	res := &queries.Result{Query: q, Args: args}
	if by != "" {
		res.By, res.Columns = []string{by}, []queries.Column{{Name: by, Type: "String"}}
	} else if len(rows) == 0 {
		rows = []placeRow{{}}
	}
	for _, name := range []string{"numerator", "denominator", "value"} {
		for _, c := range q.Columns {
			if c.Name == name {
				res.Columns = append(res.Columns, c)
			}
		}
	}
	for _, r := range rows {
		var row []any
		if by != "" {
			row = append(row, r.Name)
		}
		switch {
		case d.Kind == Count:
			row = append(row, uint64(r.Numerator), nil, uint64(r.Numerator))
		case r.Denominator == 0:
			row = append(row, d.whole(r.Numerator), uint64(0), nil)
		default:
			row = append(row, d.whole(r.Numerator), uint64(r.Denominator), float64(r.Numerator)/float64(r.Denominator))
		}
		res.Rows = append(res.Rows, row)
	}
	return res, nil
}

// whole is a numerator as the query of the figure gives it: a sum of days may be negative.
func (d Definition) whole(n int64) any {
	if d.Kind == Mean {
		return n
	}
	return uint64(n)
}

// placeRatings are the figures that one look at the ratings tells of a place.
var placeRatings = []string{"E02", "E05"}

var selectPlaceRatings = queries.Select[struct {
	Good  uint64  `ch:"good"`
	Score float64 `ch:"score"`
	Valid uint64  `ch:"valid"`
}]("figures/overview_ratings")

func lookAtRatings(ctx context.Context, reg *queries.Registry, conn queries.Conn, p Place) (map[string]*queries.Result, error) {
	_, args, err := p.of("E05").prepare()
	if err != nil {
		return nil, err
	}
	scores := DefaultScores()
	scored(args, scores)
	began := time.Now()
	r, err := selectPlaceRatings.One(ctx, reg, conn, args)
	if err != nil {
		return nil, err
	}
	took := time.Since(began)
	out := map[string]*queries.Result{}
	for id, numerator := range map[string]any{"E02": r.Good, "E05": r.Score} {
		def, err := Find(id)
		if err != nil {
			return nil, err
		}
		res, err := def.told(reg, p, "", nil)
		if err != nil {
			return nil, err
		}
		row := []any{numerator, r.Valid, nil}
		if r.Valid > 0 {
			row[2] = r.Score / float64(r.Valid)
			if id == "E02" {
				row[2] = float64(r.Good) / float64(r.Valid)
			}
		}
		res.Rows, res.Took = [][]any{row}, took
		out[id+"/"] = res
	}
	return out, nil
}

// scored gives the score of each level to a query.
func scored(args queries.Args, scores [5]float64) {
	for i, s := range scores {
		args[fmt.Sprintf("score_%d", i+1)] = s
	}
}
