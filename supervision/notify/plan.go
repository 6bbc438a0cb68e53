package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// State is what became of a notice.
type State string

// The states of notices. Queued ones wait for their turn or another attempt,
// held ones for the end of the quiet hours.
const (
	Queued      State = "queued"
	Held        State = "held"
	Sending     State = "sending"
	Sent        State = "sent"
	Failed      State = "failed"
	NoRecipient State = "no_recipient"
)

// Reasons of notices that were not sent at once, beside those of channels.
const (
	ReasonQuiet        = "quiet_hours"
	ReasonNoChannel    = "no_channel"
	ReasonUnknownRung  = "unknown_rung"
	ReasonUnknownUser  = "unknown_user"
	ReasonNobodyPrefix = "nobody_is_"
	ReasonChannelGone  = "channel_gone"
	ReasonGaveUp       = "too_old"
)

// Notice is one thing to tell one person by one channel.
type Notice struct {
	ID       string
	WindowAt time.Time
	// Events are event ids, ascending.
	Events  []string
	OrgCode string
	// Person is a user id; empty when nobody was found.
	Person   string
	Rung     string
	Channel  string
	Severity string
	State    State
	Reason   string
	NextAt   time.Time
}

// Policy is how notices are put together.
type Policy struct {
	// Window is the time for which events are gathered into one notice; red
	// cards do not wait.
	Window time.Duration
	// Quiet are the quiet hours of people who give none of their own.
	Quiet Quiet
}

// quietOf are the quiet hours of a person.
func (p Policy) quietOf(person Person) Quiet {
	if person.Quiet == (Quiet{}) {
		return p.Quiet
	}
	return person.Quiet
}

// Pair is an event for a person and channel; for one without recipient the
// person is empty and the channel is ORG/RUNG/REASON.
type Pair struct{ Event, Person, Channel string }

// Planned is what a plan came to.
type Planned struct {
	// Notices in the order of their ids.
	Notices []Notice
	// Waiting counts events whose window is still open.
	Waiting int
	// Upto is the fold version up to which every event is planned, given that
	// the events were all those up to the version asked for.
	Upto uint64
}

// Plan makes notices of the events up to a fold version. It is a pure
// function; covered pairs are planned already and left out.
func Plan(events []Event, dir Directory, covered map[Pair]bool, now time.Time, upto uint64, policy Policy) Planned {
	p := planner{dir: dir, covered: covered, policy: policy, open: map[groupKey]*Notice{}}
	out := Planned{Upto: upto}
	for i := range events {
		e := &events[i]
		targets := Audience(e)
		if len(targets) == 0 {
			continue
		}
		if !e.Urgent() && now.Before(windowStart(e.RecordedAt, policy.Window).Add(policy.Window)) {
			out.Waiting++
			out.Upto = min(out.Upto, e.Version-1)
			continue
		}
		for _, t := range targets {
			p.add(e, t)
		}
	}
	for key, n := range p.open {
		slices.Sort(n.Events)
		n.ID = noticeID(n.Events, key)
		out.Notices = append(out.Notices, *n)
	}
	slices.SortFunc(out.Notices, func(a, b Notice) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// groupKey says which events share a notice.
type groupKey struct {
	person, channel, window string
	// org and rung tell those without recipient apart.
	org, rung string
}

type planner struct {
	dir     Directory
	covered map[Pair]bool
	policy  Policy
	open    map[groupKey]*Notice
}

// windowStart cuts time into windows that are the same on every machine.
func windowStart(at time.Time, window time.Duration) time.Time { return at.UTC().Truncate(window) }

func (p *planner) add(e *Event, t Target) {
	if !strings.HasPrefix(t.Notify, userPrefix) && !Known(t.Notify) {
		p.nobody(e, t, t.Notify, ReasonUnknownRung)
		return
	}
	res := p.dir.Resolve(t)
	for _, m := range res.Missing {
		reason := ReasonUnknownUser
		if len(m.Roles) > 0 {
			reason = ReasonNobodyPrefix + joinRoles(m.Roles)
		}
		p.nobody(e, t, m.Rung, reason)
	}
	for _, a := range res.People {
		if a.User == e.Actor && e.Actor != "" {
			continue
		}
		if len(a.Channels) == 0 {
			p.put(e, groupKey{person: a.User, window: p.windowOf(e)}, a.Rung, NoRecipient, ReasonNoChannel, e.RecordedAt)
			continue
		}
		for i := range a.Channels {
			p.reach(e, a, a.ChannelKey(i))
		}
	}
}

func joinRoles(roles []Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, "_or_")
}

// reach plans one event for one person and channel.
func (p *planner) reach(e *Event, a Assigned, channel string) {
	state, reason, next := Queued, "", e.RecordedAt
	if !e.Urgent() {
		quiet := p.policy.quietOf(a.Person)
		end := windowStart(e.RecordedAt, p.policy.Window).Add(p.policy.Window)
		if next = quiet.Until(end); next.After(end) {
			state, reason = Held, ReasonQuiet
		}
	}
	p.put(e, groupKey{person: a.User, channel: channel, window: p.windowOf(e)}, a.Rung, state, reason, next)
}

// nobody plans the visible outcome that there is nobody to tell.
func (p *planner) nobody(e *Event, t Target, rung, reason string) {
	key := groupKey{channel: t.OrgCode + "/" + rung + "/" + reason, window: p.windowOf(e), org: t.OrgCode, rung: rung}
	p.put(e, key, rung, NoRecipient, reason, e.RecordedAt)
}

// windowOf is the event itself for red cards, else the window it was recorded
// in.
func (p *planner) windowOf(e *Event) string {
	if e.Urgent() {
		return "red:" + e.ID
	}
	return windowStart(e.RecordedAt, p.policy.Window).Format(time.RFC3339)
}

func (p *planner) put(e *Event, key groupKey, rung string, state State, reason string, next time.Time) {
	if p.covered[Pair{e.ID, key.person, key.channel}] {
		return
	}
	n := p.open[key]
	if n == nil {
		n = &Notice{
			WindowAt: windowStart(e.RecordedAt, p.policy.Window), OrgCode: e.OrgCode, Person: key.person, Channel: key.channel,
			State: state, Reason: reason, NextAt: next,
		}
		if key.org != "" {
			n.OrgCode = key.org
		}
		if key.person == "" {
			n.Channel = ""
		}
		p.open[key] = n
	}
	// The targets of an event come one after the other.
	if len(n.Events) == 0 || n.Events[len(n.Events)-1] != e.ID {
		n.Events = append(n.Events, e.ID)
	}
	if n.OrgCode != e.OrgCode && key.org == "" {
		n.OrgCode = ""
	}
	n.Rung = higherRung(n.Rung, rung)
	if severityRank(e.Severity) > severityRank(n.Severity) {
		n.Severity = e.Severity
	}
}

// noticeID is the same wherever and whenever the notice is planned.
func noticeID(events []string, key groupKey) string {
	h := sha256.New()
	for _, s := range append(slices.Clone(events), key.person, key.channel, key.window) {
		h.Write([]byte(s))
		h.Write([]byte{0x1f})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
