package engine

import (
	"context"
	"maps"
	"time"

	"duban/queries"
	"duban/supervision/checkpoint"
)

// kept is what the holder of the lease remembers of the checkpoints of rules over periods
// and of the daily work, which it alone writes, through checkpoint and saveMark. They are
// read once under each lease, and again after a write whose end is not known.
type kept struct {
	marks checkpoint.Set
}

// marks are all checkpoints as they are stored.
func (e *Engine) marks(ctx context.Context) (checkpoint.Set, error) {
	return checkpoint.Load(ctx, e.reg, e.db.Conn())
}

// keptMarks are checkpoints of which those named at kept are as they are stored.
func (e *Engine) keptMarks(ctx context.Context) (checkpoint.Set, error) {
	if e.kept.marks == nil {
		marks, err := checkpoint.Load(ctx, e.reg, e.db.Conn())
		if err != nil {
			return nil, err
		}
		e.kept.marks = marks
	}
	return maps.Clone(e.kept.marks), nil
}

// checkpoint writes how far a stage has come.
func (e *Engine) checkpoint(ctx context.Context, l *lease, v checkpoint.Value) error {
	text, err := checkpoint.Encode(v)
	if err != nil {
		return err
	}
	return e.saveMark(ctx, l, v.Name(), text)
}

// saveMark writes a checkpoint that is plain text yet.
func (e *Engine) saveMark(ctx context.Context, l *lease, name, value string) error {
	if err := e.reg.Exec(ctx, e.db.Conn(), "engine/save_mark", queries.Args{
		"name": name, "value": value, "fold_version": l.version(), "at": e.now().Truncate(time.Millisecond),
	}); err != nil {
		e.kept.marks = nil
		return err
	}
	if e.kept.marks != nil {
		e.kept.marks[name] = value
	}
	return nil
}
