package engine

import (
	"context"
	"maps"

	"duban/supervision/checkpoint"
)

// marks are all checkpoints as they are stored.
func (e *Engine) marks(ctx context.Context) (checkpoint.Set, error) {
	return checkpoint.Load(ctx, e.reg, e.db.Conn())
}

// keptMarks are the checkpoints as the holder of the lease remembers them: those of rules
// over periods and of the daily work, which it alone writes, through checkpoint and saveMark,
// are as they are stored; others may have moved since they were read. They are read once
// under each lease, and again after a write whose end is not known.
func (e *Engine) keptMarks(ctx context.Context) (checkpoint.Set, error) {
	if e.kept == nil {
		marks, err := e.marks(ctx)
		if err != nil {
			return nil, err
		}
		e.kept = marks
	}
	return maps.Clone(e.kept), nil
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
	if err := checkpoint.SaveText(ctx, e.reg, e.db.Conn(), name, value, l.version(), e.now()); err != nil {
		e.kept = nil
		return err
	}
	if e.kept != nil {
		e.kept[name] = value
	}
	return nil
}

// bases are what the states were folded with and what they are to be folded with, beside the
// checkpoints that the first was read from.
func (e *Engine) bases(ctx context.Context) (marks checkpoint.Set, was, want checkpoint.Basis, err error) {
	if want, err = e.basis(); err != nil {
		return nil, was, want, err
	}
	if marks, err = e.marks(ctx); err != nil {
		return nil, was, want, err
	}
	was, err = marks.Basis()
	return marks, was, want, err
}
