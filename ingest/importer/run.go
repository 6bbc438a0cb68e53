package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"duban/ingest/importer/mapping"
	"duban/ingest/importer/rows"
)

// futureTolerance is how far a fact may lie ahead of the clock.
const futureTolerance = 5 * time.Minute

// progressEvery is the least time between two calls of Options.Progress.
const progressEvery = 100 * time.Millisecond

// Run reads files with m and publishes what they say. Rows that cannot be
// understood are refused and counted; they do not end the load. The error says
// why the load ended early; the summary then tells how far it came.
func Run(ctx context.Context, files []string, m *mapping.Mapping, pub Publisher, opt Options) (Summary, error) {
	l := newLoad(m, pub, opt)
	err := l.files(ctx, files)
	if ferr := pub.Flush(ctx); ferr != nil {
		err = errors.Join(err, fmt.Errorf("flush: %w", ferr))
	}
	return l.finish(), err
}

// Check reads files as Run does, to their end, and publishes nothing. It lists
// the first limit problems (0 means 20) and counts all.
func Check(ctx context.Context, files []string, m *mapping.Mapping, limit int, opt Options) (Summary, error) {
	if limit <= 0 {
		limit = 20
	}
	opt.MaxProblems = limit
	if len(opt.TokenKey) == 0 {
		opt.TokenKey = []byte("check") // nothing leaves, so any key will do
	}
	l := newLoad(m, nil, opt)
	err := l.files(ctx, files)
	return l.finish(), err
}

// load is the state of one Run or Check.
type load struct {
	m              *mapping.Mapping
	pub            Publisher
	opt            Options
	sum            Summary
	refused, noted map[countKey]int64
	begin, shown   time.Time
	progress       Progress
	done           int64 // bytes of the files before this one
}

func newLoad(m *mapping.Mapping, pub Publisher, opt Options) *load {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.MaxProblems == 0 {
		opt.MaxProblems = 100
	}
	l := &load{m: m, pub: pub, opt: opt, refused: map[countKey]int64{}, noted: map[countKey]int64{}}
	l.sum.ByType, l.sum.SkippedBy = map[string]int64{}, map[string]int64{}
	l.begin = opt.Now()
	return l
}

func (l *load) finish() Summary {
	l.sum.RefusedBy, l.sum.NoticesBy = counts(l.refused), counts(l.noted)
	l.sum.Elapsed = l.opt.Now().Sub(l.begin)
	return l.sum
}

func (l *load) files(ctx context.Context, files []string) error {
	l.progress.Files = len(files)
	for _, f := range files {
		if st, err := os.Stat(f); err == nil {
			l.progress.BytesTotal += st.Size()
		}
	}
	seen := map[string]*caseMemory{}
	for i, f := range files {
		source := l.source(f)
		if seen[source] == nil {
			seen[source] = newCaseMemory()
		}
		l.progress.File, l.progress.Index = f, i
		if err := l.file(ctx, f, source, seen[source]); err != nil {
			return err
		}
	}
	return nil
}

func (l *load) source(file string) string {
	switch {
	case l.opt.Source != "":
		return l.opt.Source
	case l.m.Source != "":
		return l.m.Source
	}
	return mapping.Stem(file)
}

func (l *load) file(ctx context.Context, path, source string, seen *caseMemory) (err error) {
	r, err := rows.Open(ctx, path, l.m)
	if err != nil {
		l.sum.Files = append(l.sum.Files, FileSummary{Path: path, Source: source})
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	plan, err := newPlan(l.m, r.Columns(), &l.opt)
	if err != nil {
		return err
	}
	a := newApplier(plan, source, &l.opt, seen)
	a.s.encoding = r.Encoding
	before := l.sum
	l.sum.Files = append(l.sum.Files, FileSummary{Path: path, Format: r.Format, Source: source})
	err = l.records(ctx, r, a)
	fs := &l.sum.Files[len(l.sum.Files)-1]
	fs.Records, fs.Events = l.sum.Records-before.Records, l.sum.Events-before.Events
	fs.Refused, fs.Skipped = l.sum.Refused-before.Refused, l.sum.Skipped-before.Skipped
	fs.Again, fs.Merged = l.sum.Again-before.Again, l.sum.Merged-before.Merged
	fs.UnusedColumns, fs.UnseenColumns = r.UnusedColumns(), r.UnseenColumns()
	if err == nil && fs.Records == 0 {
		err = fmt.Errorf("read %s: %w: the %s file holds %s", path, rows.ErrNothingRead, r.Format, r.Emptiness())
	}
	l.show(r, true)
	l.done += r.Size
	return err
}

func (l *load) records(ctx context.Context, r *rows.Reader, a *applier) error {
	for n := 0; ; n++ {
		if n&255 == 0 {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("load %s: %w", r.Path, err)
			}
			l.show(r, false)
		}
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var p *rows.Problem
		if err != nil && !errors.As(err, &p) {
			return err
		}
		l.sum.Records++
		if p == nil {
			if reason, ok := a.skipped(rec); ok {
				l.sum.Skipped++
				l.sum.SkippedBy[reason]++
				continue
			}
			p = a.apply(rec)
		}
		if p != nil {
			l.note(p, r, rec)
			continue
		}
		if err := l.publish(ctx, a); err != nil {
			return fmt.Errorf("publish record at %s:%d: %w", r.Path, rec.Line, err)
		}
		for _, p := range a.s.notes {
			l.note(p, r, rec)
		}
		l.sum.Again += a.again
		l.sum.Merged += a.merged
		a.commit()
	}
}

func (l *load) publish(ctx context.Context, a *applier) error {
	for i := range a.msgs {
		m := &a.msgs[i]
		if l.opt.OwnLimits != nil && bytes.Contains(a.out[m.from:m.to],
			[]byte(`"limit_regime":"source"`)) && !l.opt.OwnLimits(l.source(l.progress.File)) {
			l.sum.LimitsRefused++
		}
		if l.opt.OnMessage != nil {
			l.opt.OnMessage(a.out[m.from:m.to])
		}
		if l.pub != nil {
			if err := l.pub.Publish(ctx, a.target.Topic, []byte(m.key), a.out[m.from:m.to]); err != nil {
				return err
			}
		}
		l.sum.Events++
		l.sum.ByType[m.kind]++
	}
	return nil
}

// note counts and lists a problem.
func (l *load) note(p *rows.Problem, r *rows.Reader, rec *rows.Record) {
	p.File = r.Path
	if p.Line == 0 {
		p.Line = rec.Line
	}
	k := countKey{p.Reason, p.Column}
	if p.Notice {
		l.sum.Notices++
		l.noted[k]++
	} else {
		l.sum.Refused++
		l.refused[k]++
	}
	if len(l.sum.Problems) < l.opt.MaxProblems {
		l.sum.Problems = append(l.sum.Problems, *p)
	}
	if l.opt.OnProblem != nil {
		l.opt.OnProblem(*p)
	}
}

func (l *load) show(r *rows.Reader, always bool) {
	if l.opt.Progress == nil {
		return
	}
	now := l.opt.Now()
	if !always && now.Sub(l.shown) < progressEvery {
		return
	}
	l.shown = now
	p := l.progress
	p.BytesRead = l.done + r.BytesRead()
	p.Records, p.Events, p.Refused = l.sum.Records, l.sum.Events, l.sum.Refused
	p.Elapsed = now.Sub(l.begin)
	if s := p.Elapsed.Seconds(); s > 0 {
		p.Rate = float64(p.Events) / s
	}
	l.opt.Progress(p)
}
