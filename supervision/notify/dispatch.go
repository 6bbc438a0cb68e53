package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"duban/supervision/notify/channel"
	"duban/supervision/notify/message"
)

// group is what leaves as one message: everything due for one person and
// channel.
type group struct {
	person, channel string
	entries         []entry
	to              Channel
	message         message.Message
}

// messageID is the same when the same notices are sent again.
func (g *group) messageID() string {
	ids := make([]string, len(g.entries))
	for i := range g.entries {
		ids[i] = g.entries[i].ID
	}
	slices.Sort(ids)
	sum := sha256.Sum256([]byte(strings.Join(ids, "\x1f")))
	return hex.EncodeToString(sum[:16])
}

// The bounds of a step.
const (
	maxDue = 20000
	// look is how far back notices are looked for that are not sent.
	look = 45 * 24 * time.Hour
)

// dispatch sends what is due. Nothing is sent that is not claimed first.
func (n *Notifier) dispatch(ctx context.Context, now time.Time, version uint64, rep *Report) error {
	n.more = false
	due, err := n.ledger.due(ctx, now.Add(-look), now, maxDue)
	if err != nil {
		return err
	}
	due = n.free(due, now)
	if len(due) == 0 {
		return nil
	}
	groups, lost, quiet := n.gather(due, now)
	if err := n.giveUp(ctx, lost, now, version); err != nil {
		return err
	}
	if err := n.ledger.save(ctx, version, changeDone, now, quiet); err != nil {
		return err
	}
	n.mu.Lock()
	room := 8*n.cfg.Parallel - n.messages
	n.mu.Unlock()
	if len(groups) > max(0, room) {
		groups, n.more = groups[:max(0, room)], room > 0
	}
	groups, err = n.claim(ctx, groups, now, version)
	if err != nil || len(groups) == 0 {
		return err
	}
	rep.Messages = len(groups)
	claimed := n.now()
	for _, g := range groups {
		n.wg.Go(func() { n.deliver(g, claimed, version) })
	}
	return nil
}

// free leaves out what we are sending and what we gave way with a while ago.
func (n *Notifier) free(due []entry, now time.Time) []entry {
	n.mu.Lock()
	defer n.mu.Unlock()
	due = slices.DeleteFunc(due, func(e entry) bool { return n.inFlight[e.ID] || now.Before(n.notBefore[e.ID]) })
	for id, at := range n.notBefore {
		if !now.Before(at) {
			delete(n.notBefore, id)
		}
	}
	return due
}

// gather makes groups of what is due, in its order, and sorts out what can no
// longer be sent, and what has become due in quiet hours: a second attempt, or
// what nobody sent while the process was down.
func (n *Notifier) gather(due []entry, now time.Time) (groups []*group, lost, quiet []entry) {
	byKey := map[[2]string]*group{}
	for _, e := range due {
		if now.Sub(e.NextAt) > n.cfg.MaxAge {
			e.Reason = ReasonGaveUp
			lost = append(lost, e)
			continue
		}
		key := [2]string{e.Person, e.Channel}
		g := byKey[key]
		person, _ := n.dir.Person(e.Person)
		if until := n.cfg.Policy.quietOf(person).Until(now); until.After(now) && e.Severity != "red" && e.State != Sending {
			e.State, e.Reason, e.NextAt = Held, ReasonQuiet, until
			quiet = append(quiet, e)
			continue
		}
		if g == nil {
			to, ok := person.Channel(e.Channel)
			if !ok {
				e.Reason = ReasonChannelGone
				lost = append(lost, e)
				continue
			}
			g = &group{person: e.Person, channel: e.Channel, to: to}
			byKey[key] = g
			groups = append(groups, g)
		}
		g.entries = append(g.entries, e)
	}
	return groups, lost, quiet
}

func (n *Notifier) giveUp(ctx context.Context, lost []entry, now time.Time, version uint64) error {
	for i := range lost {
		lost[i].State = Failed
	}
	n.in.notices.WithLabelValues(string(Failed)).Add(float64(len(lost)))
	return n.ledger.save(ctx, version, changeDone, now, lost)
}

func entriesOf(groups []*group) []entry {
	var out []entry
	for _, g := range groups {
		out = append(out, g.entries...)
	}
	return out
}

func idsOf(groups []*group) []string {
	var ids []string
	for _, e := range entriesOf(groups) {
		ids = append(ids, e.ID)
	}
	return ids
}

// deliver sends one message and records what became of it.
func (n *Notifier) deliver(g *group, claimed time.Time, version uint64) {
	n.slots <- struct{}{}
	defer func() {
		<-n.slots
		n.mu.Lock()
		n.messages--
		n.mu.Unlock()
	}()
	res := channel.Result{Outcome: channel.Retryable, Reason: channel.Timeout}
	// A process that slept for long may have been taken for dead: what it
	// claimed then is no longer its own.
	stale := n.now().Sub(claimed) > n.cfg.grace()/2
	if !stale {
		res = n.attempt(g)
	}
	at := n.now()
	for i := range g.entries {
		e := &g.entries[i]
		e.MessageID = g.message.ID
		if stale {
			e.State, e.Attempt, e.MessageID, e.NextAt = Queued, e.Attempt-1, "", at
			continue
		}
		n.settle(e, res, at)
	}
	r := result{version, at, g.entries}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(n.ctx), 10*time.Second)
	defer cancel()
	if err := n.ledger.save(ctx, r.version, changeDone, r.at, r.entries); err != nil {
		n.mu.Lock()
		n.unrecorded = append(n.unrecorded, r)
		n.mu.Unlock()
		n.log.Warn("result of a message is recorded later", "channel", g.to.Kind, "notices", len(g.entries), "error", err)
		return
	}
	n.landed(r.entries)
}

func (n *Notifier) attempt(g *group) channel.Result {
	ctx, cancel := context.WithTimeout(n.ctx, n.cfg.Timeout)
	defer cancel()
	started := n.now()
	to := channel.Address{User: g.person, To: g.to.To, Robot: g.to.Robot, Secret: g.to.Secret}
	res := n.senders.Send(ctx, g.to.Kind, to, g.message)
	kind, outcome := g.to.Kind, "delivered"
	switch res.Outcome {
	case channel.Retryable:
		outcome = "retryable"
	case channel.Permanent:
		outcome = "permanent"
	}
	n.in.seconds.WithLabelValues(kind).Observe(n.now().Sub(started).Seconds())
	n.in.messages.WithLabelValues(kind, outcome, string(res.Reason)).Inc()
	if g.message.PossibleRepeat {
		n.in.repeats.Inc()
	}
	if res.Outcome != channel.Delivered && n.worthSaying(kind, res.Reason) {
		n.log.Warn("message not delivered", "channel", kind, "outcome", outcome, "reason", string(res.Reason),
			"detail", res.Detail, "notices", len(g.entries), "attempt", g.entries[0].Attempt)
	}
	return res
}

// worthSaying reports whether a failure is to be logged: that a channel is not
// configured is said once, not with every message; the ledger has each.
func (n *Notifier) worthSaying(kind string, reason channel.Reason) bool {
	if reason != channel.NotConfigured {
		return true
	}
	_, said := n.unconfigured.LoadOrStore(kind, true)
	return !said
}

// settle writes the outcome of an attempt into an entry.
func (n *Notifier) settle(e *entry, res channel.Result, at time.Time) {
	// When it broke off in the middle, the other side may have it: it is sent once more
	// and not again.
	doubt := res.Reason == channel.Timeout || res.Reason == channel.Interrupted
	switch {
	case res.Outcome == channel.Delivered:
		e.State, e.Reason, e.SentAt = Sent, "", at
	case res.Outcome == channel.Permanent || int(e.Attempt) >= n.cfg.Attempts || doubt && e.PossibleRepeat:
		e.State, e.Reason = Failed, string(res.Reason)
	default:
		e.PossibleRepeat = e.PossibleRepeat || doubt
		e.State, e.Reason, e.NextAt = Queued, string(res.Reason), at.Add(backOff(e.Attempt, e.ID))
		return
	}
	n.in.notices.WithLabelValues(string(e.State)).Inc()
}
