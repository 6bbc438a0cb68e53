package checkpoint

import (
	"context"
	"maps"
	"time"

	"duban/queries"
)

// Keeper reads and writes checkpoints for the holder of a lease, and remembers what it
// wrote, so that not every turn reads them.
type Keeper struct {
	reg  *queries.Registry
	conn func() queries.Conn
	now  func() time.Time
	// kept is nil when they have to be read.
	kept Set
}

// NewKeeper makes a keeper; it does no I/O.
func NewKeeper(reg *queries.Registry, conn func() queries.Conn, now func() time.Time) *Keeper {
	return &Keeper{reg: reg, conn: conn, now: now}
}

// Forget has the checkpoints read again: another engine may have written some.
func (k *Keeper) Forget() { k.kept = nil }

// Stored are all checkpoints as they are stored.
func (k *Keeper) Stored(ctx context.Context) (Set, error) {
	return Load(ctx, k.reg, k.conn())
}

// Kept are the checkpoints as they are remembered: those that the holder of the lease writes
// through Save are as they are stored, others may have moved since they were read. They are
// read once under each lease, and again after a write whose end is not known.
func (k *Keeper) Kept(ctx context.Context) (Set, error) {
	if k.kept == nil {
		set, err := k.Stored(ctx)
		if err != nil {
			return nil, err
		}
		k.kept = set
	}
	return maps.Clone(k.kept), nil
}

// Save writes a checkpoint under a version.
func (k *Keeper) Save(ctx context.Context, v Value, version uint64) error {
	text, err := encode(v)
	if err != nil {
		return err
	}
	if err := saveText(ctx, k.reg, k.conn(), v.Name(), text, version, k.now()); err != nil {
		k.kept = nil
		return err
	}
	if k.kept != nil {
		k.kept[v.Name()] = text
	}
	return nil
}
