package movement

import (
	"context"
	"time"

	"duban/queries"
	"duban/supervision/checkpoint"
)

// tellEvery is how often the progress of a long pass is told.
const tellEvery = 10 * time.Second

// Progress says how far the ledger has come.
type Progress struct {
	// KnownAt is when the last pass was through, zero: none was.
	KnownAt time.Time `json:"known_at"`
	// Cases and Tickets are those that it has not looked at since they were folded.
	Cases   uint64 `json:"cases_left"`
	Tickets uint64 `json:"tickets_left"`
}

var selectRemaining = queries.Select[struct {
	Cases   uint64 `ch:"cases"`
	Tickets uint64 `ch:"tickets"`
}]("figures/remaining")

// LoadProgress asks how far the ledger has come; it needs nobody's lease.
func LoadProgress(ctx context.Context, reg *queries.Registry, conn queries.Conn) (Progress, error) {
	marks, err := checkpoint.Load(ctx, reg, conn)
	if err != nil {
		return Progress{}, err
	}
	mark, err := marks.Movements()
	if err != nil {
		return Progress{}, err
	}
	return progress(ctx, reg, conn, mark)
}

func progress(ctx context.Context, reg *queries.Registry, conn queries.Conn, mark checkpoint.Movements) (Progress, error) {
	left, err := selectRemaining.One(ctx, reg, conn, queries.Args{
		"since": mark.Through, "kind": mark.Kind, "after_source": mark.Source, "after_subject": mark.Subject,
	})
	return Progress{KnownAt: mark.KnownAt, Cases: left.Cases, Tickets: left.Tickets}, err
}

// tell says how far a long pass has come.
func (w *Writer) tell(ctx context.Context, mark checkpoint.Movements) error {
	if mark.Through != 0 && mark.Source == "" || w.Now().Sub(w.told) < tellEvery {
		return nil // a short pass is nothing to talk about
	}
	w.told = w.Now()
	p, err := progress(ctx, w.Queries, w.Conn(), mark)
	if err == nil {
		w.Log.Info("filling the ledger of movements", "cases_left", p.Cases, "tickets_left", p.Tickets)
	}
	return err
}
