package engine

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"duban/queries"
)

// epochShift puts the epoch of the lease into the upper part of a fold
// version: whatever a holder writes replaces what all holders before it wrote,
// also when one of these wakes up and writes late. No clock is compared.
const epochShift = 32

// lease is the right to write states. A holder shows that it lives by a beat
// that rises; others take over when they have not seen it rise for the TTL by
// their own clock.
type lease struct {
	of    leases
	owner string
	epoch uint64
	beat  uint64
	// rounds is touched by the work, all else by the beat.
	rounds uint64
	// ledger counts what is written into the ledger of movements; whoever writes it touches it.
	ledger uint64
}

// errLost says that another engine holds the lease now.
var errLost = errors.New("the lease went to another engine")

// claim is one row of table leases.
type claim struct {
	Epoch    uint64 `ch:"epoch"`
	Owner    string `ch:"owner"`
	Instance string `ch:"instance"`
	Beat     uint64 `ch:"beat"`
	Released bool   `ch:"released"`
}

var selectClaims = queries.Select[claim]("engine/lease_claims", "version_limit")

func newOwner() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails on supported systems
	return hex.EncodeToString(b[:])
}

// leases is the table of leases.
type leases struct{ *parts }

// acquire waits until the lease is ours.
func (t leases) acquire(ctx context.Context) (*lease, error) {
	l := &lease{of: t, owner: newOwner()}
	var seen claim
	var since time.Time
	for {
		top, err := t.topClaim(ctx)
		if err != nil {
			return nil, err
		}
		now := t.now()
		if top != seen {
			seen, since = top, now
		}
		free := top.Epoch == 0 || top.Released || (top.Instance != "" && top.Instance == t.cfg.Instance) || now.Sub(since) > t.cfg.LeaseTTL
		if free {
			won, err := l.claim(ctx, top.Epoch+1)
			if err != nil {
				return nil, err
			}
			if won {
				return l, nil
			}
		}
		if err := sleep(ctx, min(t.cfg.LeaseTTL/4, time.Second)); err != nil {
			return nil, err
		}
	}
}

// claim enters a claim for an epoch and reports whether it won: of several the
// one that is held already, else the least owner.
func (l *lease) claim(ctx context.Context, epoch uint64) (bool, error) {
	l.epoch, l.beat, l.rounds, l.ledger = epoch, 0, 0, 0
	if err := l.write(ctx, false); err != nil {
		return false, err
	}
	// Others that saw the lease free at the same time have entered theirs by
	// the end of this wait.
	if err := sleep(ctx, min(l.of.cfg.LeaseTTL/20, 500*time.Millisecond)); err != nil {
		return false, err
	}
	top, err := l.of.topClaim(ctx)
	if err != nil {
		return false, err
	}
	if top.Epoch != epoch || top.Owner != l.owner {
		return false, nil
	}
	return true, l.keep(ctx)
}

// renew keeps the lease alive until ctx ends or another engine has it. A holder that was
// replaced without noticing does no harm: its versions are lower than those of the next
// one.
func (l *lease) renew(ctx context.Context, lose context.CancelCauseFunc) {
	for sleep(ctx, l.of.cfg.LeaseTTL/3) == nil {
		err := l.keep(ctx)
		switch {
		case errors.Is(err, errLost):
			lose(errLost)
			return
		case err != nil && ctx.Err() == nil:
			l.of.log.Warn("keep lease", "lease", l.of.cfg.Lease, "error", err)
		}
	}
}

// keep shows that we live, and fails with errLost when the lease was taken over.
func (l *lease) keep(ctx context.Context) error {
	top, err := l.of.topClaim(ctx)
	if err != nil {
		return err
	}
	if top.Epoch != l.epoch || top.Owner != l.owner {
		return errLost
	}
	l.beat++
	return l.write(ctx, false)
}

// release lets the next engine take over at once.
func (l *lease) release(ctx context.Context) error {
	l.beat++
	return l.write(ctx, true)
}

// version returns the next fold version.
func (l *lease) version() uint64 {
	l.rounds++
	return l.epoch<<epochShift | l.rounds
}

// current is the last fold version that was given out.
func (l *lease) current() uint64 { return l.epoch<<epochShift | l.rounds }

// ledgerVersion returns the next version of the ledger of movements, which is written beside
// the fold: fold versions say that something was written for the stages after it.
func (l *lease) ledgerVersion() uint64 {
	l.ledger++
	return l.epoch<<epochShift | l.ledger
}

func (l *lease) write(ctx context.Context, released bool) error {
	err := l.of.reg.Exec(ctx, l.of.db.Conn(), "engine/lease_beat", queries.Args{
		"name": l.of.cfg.Lease, "epoch": l.epoch, "owner": l.owner, "instance": l.of.cfg.Instance, "beat": l.beat,
		"released": released, "version_limit": (l.epoch + 1) << epochShift, "at": l.of.now(),
	})
	if err != nil {
		return fmt.Errorf("write lease %s: %w", l.of.cfg.Lease, err)
	}
	return nil
}

// topClaim reads the claim that counts; the zero claim when there is none.
func (t leases) topClaim(ctx context.Context) (claim, error) {
	top, _, err := selectClaims.First(ctx, t.reg, t.db.Conn(), queries.Args{"name": t.cfg.Lease})
	return top, err
}
