package risk

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"duban/queries"
)

// Landmarks are the ages, in hours since the start of the clock, at which
// predictions are judged unless others are asked for: a quarter of a day to
// sixty days.
func Landmarks() []float64 { return []float64{6, 24, 72, 168, 336, 720, 1440} }

// strengths are the prior strengths that the training past chooses from.
func strengths() []float64 { return []float64{1, 3, 10, 30, 100} }

// Request says what is to be judged.
type Request struct {
	Source string
	// Kind is case or ticket.
	Kind string
	// AsOf is the end of the test: outcomes as known then.
	AsOf time.Time
	// TrainFrom and TrainUntil bound the dues that are learned from. Zero
	// TrainUntil: three in five of the source's dues lie before it.
	TrainFrom, TrainUntil time.Time
	// Landmarks are ages in hours; empty = Landmarks().
	Landmarks []float64
	// WithOrg compares organisations too. Nil = where dues follow from rules;
	// a source that gives its own dues comes as a file of last states, whose
	// organisation is the last one, which nobody knew at the landmark.
	WithOrg *bool
	// Strength is the prior strength; 0 = the best of a few on the training past.
	Strength float64
}

// Report is the verdict on one source and kind with its figures.
type Report struct {
	Source     string    `json:"source"`
	Kind       string    `json:"kind"`
	AsOf       time.Time `json:"as_of"`
	TrainFrom  time.Time `json:"train_from"`
	TrainUntil time.Time `json:"train_until"`
	Strength   float64   `json:"strength"`
	WithOrg    bool      `json:"with_org"`
	Calendar   string    `json:"calendar_version"`
	Verdict    Verdict   `json:"verdict"`
	// All is every age together, Ages one score per age.
	All  Score   `json:"all"`
	Ages []Score `json:"ages"`
}

// ErrNoDues says that a source has no subject whose due has passed.
var ErrNoDues = errors.New("no subject of this source has a due that has passed: there is nothing to learn from")

// Backtester judges early warning on the database.
type Backtester struct {
	reg  *queries.Registry
	conn queries.Conn
	now  func() time.Time
}

// New makes a Backtester; now dates the verdicts that are kept.
func New(reg *queries.Registry, conn queries.Conn, now func() time.Time) *Backtester {
	return &Backtester{reg: reg, conn: conn, now: now}
}

var (
	selectSources = queries.Select[struct {
		Source       string    `ch:"source_sys"`
		Kind         string    `ch:"kind"`
		Dues         uint64    `ch:"dues"`
		OwnDues      uint64    `ch:"own_dues"`
		SplitAt      time.Time `ch:"split_at"`
		InnerSplitAt time.Time `ch:"inner_split_at"`
		Calendar     string    `ch:"calendar_version"`
	}]("risk/sources")
	selectBacktest = queries.Select[struct {
		Strength       float64  `ch:"strength"`
		Landmark       *float64 `ch:"landmark"`
		Predictions    uint64   `ch:"n"`
		Subjects       uint64   `ch:"subjects"`
		Late           uint64   `ch:"late"`
		AUCModel       *float64 `ch:"auc_model"`
		AUCBaseline    *float64 `ch:"auc_baseline"`
		BrierModel     *float64 `ch:"brier_model"`
		BrierBaseline  *float64 `ch:"brier_baseline"`
		BrierConstant  *float64 `ch:"brier_constant"`
		BrierGain      *float64 `ch:"brier_gain"`
		BrierGainError *float64 `ch:"brier_gain_error"`
	}]("risk/backtest")
)

// source is what queries/risk/sources.sql says about one source and kind.
type source struct {
	name, kind, calendar string
	own                  bool
	split, inner         time.Time
}

func (b *Backtester) sources(ctx context.Context, name string, asOf time.Time) ([]source, error) {
	rows, err := selectSources.All(ctx, b.reg, b.conn, queries.Args{"as_of": asOf, "source": name})
	if err != nil {
		return nil, err
	}
	var out []source
	for _, r := range rows {
		out = append(out, source{name: r.Source, kind: r.Kind, calendar: r.Calendar, own: 2*r.OwnDues > r.Dues, split: r.SplitAt,
			inner: r.InnerSplitAt})
	}
	return out, nil
}

// Subject names what a verdict is about.
type Subject struct{ Source, Kind string }

// Subjects lists the sources and kinds with dues that had passed at an
// instant; an empty name or kind means all. None is ErrNoDues.
func (b *Backtester) Subjects(ctx context.Context, name, kind string, asOf time.Time) ([]Subject, error) {
	found, err := b.sources(ctx, name, asOf)
	if err != nil {
		return nil, err
	}
	var out []Subject
	for _, s := range found {
		if kind == "" || kind == s.kind {
			out = append(out, Subject{s.name, s.kind})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("back-test: %w", ErrNoDues)
	}
	return out, nil
}

// Judge runs the back-test of one source and kind. The prior strength is
// chosen before TrainUntil, so that what it is judged on has no part in it.
func (b *Backtester) Judge(ctx context.Context, req Request) (*Report, error) {
	found, err := b.sources(ctx, req.Source, req.AsOf)
	if err != nil {
		return nil, err
	}
	for _, s := range found {
		if s.name == req.Source && s.kind == req.Kind {
			return b.judge(ctx, req, s)
		}
	}
	return nil, fmt.Errorf("back-test %ss of %s: %w", req.Kind, req.Source, ErrNoDues)
}

// All judges every source and kind that has dues and keeps the verdicts; the
// engine runs it once a day.
func (b *Backtester) All(ctx context.Context, asOf time.Time) ([]*Report, error) {
	found, err := b.sources(ctx, "", asOf)
	if err != nil {
		return nil, err
	}
	var out []*Report
	for _, s := range found {
		r, err := b.judge(ctx, Request{Source: s.name, Kind: s.kind, AsOf: asOf}, s)
		if err != nil {
			return out, err
		}
		if err := b.Keep(ctx, r); err != nil {
			return out, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (b *Backtester) judge(ctx context.Context, req Request, s source) (*Report, error) {
	r := &Report{
		Source: s.name, Kind: s.kind, AsOf: req.AsOf, TrainFrom: req.TrainFrom, TrainUntil: req.TrainUntil,
		Strength: req.Strength, WithOrg: !s.own, Calendar: s.calendar,
	}
	if req.WithOrg != nil {
		r.WithOrg = *req.WithOrg
	}
	if len(req.Landmarks) == 0 {
		req.Landmarks = Landmarks()
	}
	inner := s.inner
	if r.TrainUntil.IsZero() {
		r.TrainUntil = s.split
	} else {
		early, err := b.sources(ctx, s.name, r.TrainUntil)
		if err != nil {
			return nil, err
		}
		for _, e := range early {
			if e.kind == s.kind {
				inner = e.split
			}
		}
	}
	if r.TrainFrom.IsZero() {
		r.TrainFrom = time.Unix(0, 0).UTC()
	}
	if r.Strength == 0 {
		best, err := b.choose(ctx, *r, inner, req.Landmarks)
		if err != nil {
			return nil, err
		}
		r.Strength = best
	}
	scores, err := b.scores(ctx, *r, r.TrainUntil, r.AsOf, req.Landmarks, []float64{r.Strength})
	if err != nil {
		return nil, err
	}
	for _, sc := range scores {
		if sc.AgeHours == nil {
			r.All = sc
		} else {
			r.Ages = append(r.Ages, sc)
		}
	}
	r.Verdict = Judge(r.All)
	return r, nil
}

// choose gives the strength with the least Brier score when the training past
// is itself split at inner; 10 when it is too short to tell.
func (b *Backtester) choose(ctx context.Context, r Report, inner time.Time, landmarks []float64) (float64, error) {
	scores, err := b.scores(ctx, r, inner, r.TrainUntil, landmarks, strengths())
	if err != nil {
		return 0, err
	}
	best, least := 10.0, math.Inf(1)
	for _, s := range scores {
		if s.AgeHours == nil && s.BrierModel != nil && *s.BrierModel < least {
			best, least = s.strength, *s.BrierModel
		}
	}
	return best, nil
}

func (b *Backtester) scores(ctx context.Context, r Report, until, asOf time.Time, landmarks, strengths []float64) ([]Score, error) {
	rows, err := selectBacktest.All(ctx, b.reg, b.conn, queries.Args{
		"source": r.Source, "kind": r.Kind, "as_of": asOf, "train_from": r.TrainFrom, "train_until": until,
		"landmarks": landmarks, "strengths": strengths, "with_org": r.WithOrg, "calendar": r.Calendar,
	})
	if err != nil {
		return nil, fmt.Errorf("back-test %ss of %s: %w", r.Kind, r.Source, err)
	}
	var out []Score
	for i := range rows {
		x := &rows[i]
		out = append(out, Score{
			AgeHours: real(x.Landmark), Predictions: x.Predictions, Subjects: x.Subjects, Late: x.Late,
			AUCModel: real(x.AUCModel), AUCBaseline: real(x.AUCBaseline),
			BrierModel: real(x.BrierModel), BrierBaseline: real(x.BrierBaseline), BrierConstant: real(x.BrierConstant),
			BrierGain: real(x.BrierGain), BrierGainError: real(x.BrierGainError), strength: x.Strength,
		})
	}
	return out, nil
}

// Keep stores a verdict, which decides from then on whether the source's risks
// are shown.
func (b *Backtester) Keep(ctx context.Context, r *Report) error {
	at := b.now()
	for _, s := range append([]Score{r.All}, r.Ages...) {
		age := -1.0
		if s.AgeHours != nil {
			age = *s.AgeHours
		}
		err := b.reg.Exec(ctx, b.conn, "risk/save_backtest", queries.Args{
			"source": r.Source, "kind": r.Kind, "as_of": r.AsOf, "age_hours": age, "train_from": r.TrainFrom, "train_until": r.TrainUntil,
			"strength": r.Strength, "with_org": r.WithOrg, "calendar": r.Calendar,
			"predictions": s.Predictions, "subjects": s.Subjects, "late": s.Late,
			"auc_model": value(s.AUCModel), "auc_baseline": value(s.AUCBaseline),
			"brier_model": value(s.BrierModel), "brier_baseline": value(s.BrierBaseline), "brier_constant": value(s.BrierConstant),
			"brier_gain": value(s.BrierGain), "brier_gain_error": value(s.BrierGainError),
			"verdict": string(r.Verdict), "evaluated_at": at,
		})
		if err != nil {
			return fmt.Errorf("keep the verdict on %ss of %s: %w", r.Kind, r.Source, err)
		}
	}
	return nil
}

// value is what a parameter that may be null is given.
func value(p *float64) any {
	if p == nil {
		return nil
	}
	return *p
}

// real reads a number that may be null or not a number.
func real(f *float64) *float64 {
	if f == nil || math.IsNaN(*f) || math.IsInf(*f, 0) {
		return nil
	}
	return f
}
