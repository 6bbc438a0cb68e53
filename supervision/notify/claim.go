package notify

import (
	"context"
	"slices"
	"time"
)

// verdict is what a process may do with a notice.
type verdict uint8

const (
	// leave: it is done, or another process is at it.
	leave verdict = iota
	// take: nobody is at it.
	take
	// takeOver: somebody was at it and has not been heard of since; whether
	// the message left nobody knows.
	takeOver
)

// sighting is a claim of another process and since when we have seen it
// unchanged, by our own clock: clocks of two machines are never compared.
type sighting struct {
	claim
	since time.Time
}

// judge decides before a claim is entered.
func judge(owner string, claims []claim, seen map[string]sighting, now time.Time, grace time.Duration) verdict {
	v := take
	for _, c := range claims {
		switch {
		case c.state == Sent:
			return leave
		case c.state != Sending:
		case c.owner == owner:
			// Ours, and not in flight: the round ended before it was sent.
		case now.Sub(seen[c.owner].since) >= grace:
			v = takeOver
		default:
			return leave
		}
	}
	return v
}

// confirmed decides after a claim was entered: it holds unless somebody else
// has one, or has sent it, that we did not know of before. Of two processes at
// least one sees the other, as each writes before it reads.
func confirmed(owner string, claims, before []claim) bool {
	for _, c := range claims {
		if c.owner == owner {
			continue
		}
		if c.state == Sent {
			return false
		}
		if c.state == Sending && !slices.Contains(before, c) {
			return false
		}
	}
	return true
}

// backOff is how long to wait after a number of attempts that failed: 30 s,
// doubling up to 30 min, plus up to a quarter, so that what failed together
// does not come back together. It depends on its arguments alone.
func backOff(attempt uint16, id string) time.Duration {
	wait := 30 * time.Second
	for i := uint16(1); i < attempt && wait < 30*time.Minute; i++ {
		wait *= 2
	}
	wait = min(wait, 30*time.Minute)
	var spread uint32
	for i := range len(id) {
		spread = spread*31 + uint32(id[i])
	}
	return wait + wait/4*time.Duration(spread%1000)/1000
}

// claim enters that we send the notices of groups, and keeps those that nobody
// else is at.
func (n *Notifier) claim(ctx context.Context, groups []*group, now time.Time, version uint64) ([]*group, error) {
	ids := idsOf(groups)
	before, err := n.ledger.claims(ctx, ids)
	if err != nil {
		return nil, err
	}
	n.sight(before, now)
	groups = n.keep(groups, func(e *entry) bool {
		v := judge(n.ledger.owner, before[e.ID], n.sightings[e.ID], now, n.cfg.grace())
		e.PossibleRepeat = e.PossibleRepeat || v == takeOver || slices.ContainsFunc(before[e.ID], func(c claim) bool { return c.repeat })
		return v != leave
	})
	if len(groups) == 0 {
		return nil, nil
	}
	items, err := n.items(ctx, entriesOf(groups))
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		for i := range g.entries {
			e := &g.entries[i]
			e.State, e.Reason, e.Attempt, e.MessageID = Sending, "", e.Attempt+1, g.messageID()
		}
	}
	if err := n.ledger.save(ctx, version, changeSending, now, entriesOf(groups)); err != nil {
		return nil, err
	}
	after, err := n.ledger.claims(ctx, idsOf(groups))
	if err != nil {
		return nil, err // what stands as sending is taken over later, marked
	}
	var yielded []entry
	groups = n.keep(groups, func(e *entry) bool {
		if confirmed(n.ledger.owner, after[e.ID], before[e.ID]) {
			return true
		}
		yielded = append(yielded, n.yield(*e, after[e.ID], now, version))
		return false
	})
	if err := n.ledger.save(ctx, version, changeDone, now, yielded); err != nil {
		return nil, err
	}
	for _, g := range groups {
		if g.message, err = n.digest(g, items, now); err != nil {
			return nil, err
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range entriesOf(groups) {
		n.inFlight[e.ID] = true
	}
	n.messages += len(groups)
	return groups, nil
}

// yield takes our claim back. The process with the lower fold version waits
// longer, so that the two do not meet again.
func (n *Notifier) yield(e entry, claims []claim, now time.Time, version uint64) entry {
	e.State, e.Attempt, e.MessageID = Queued, e.Attempt-1, ""
	if slices.ContainsFunc(claims, func(c claim) bool { return c.owner != n.ledger.owner && c.version > version }) {
		n.notBefore[e.ID] = now.Add(n.cfg.grace())
	}
	return e
}

// sight remembers since when claims of others stand as they do.
func (n *Notifier) sight(claims map[string][]claim, now time.Time) {
	fresh := make(map[string]map[string]sighting, len(claims))
	for id, list := range claims {
		for _, c := range list {
			if c.state != Sending || c.owner == n.ledger.owner {
				continue
			}
			s, known := n.sightings[id][c.owner]
			if !known || s.claim != c {
				s = sighting{c, now}
			}
			if fresh[id] == nil {
				fresh[id] = map[string]sighting{}
			}
			fresh[id][c.owner] = s
		}
	}
	n.sightings = fresh
}

// keep drops the entries that f refuses, and groups that are empty then.
func (n *Notifier) keep(groups []*group, f func(*entry) bool) []*group {
	var out []*group
	for _, g := range groups {
		var kept []entry
		for i := range g.entries {
			if f(&g.entries[i]) {
				kept = append(kept, g.entries[i])
			}
		}
		if g.entries = kept; len(kept) > 0 {
			out = append(out, g)
		}
	}
	return out
}
