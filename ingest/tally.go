package ingest

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"duban/ingest/event"
	"duban/ingest/source"
)

// Problem is one thing that is wrong with a topic.
type Problem struct {
	// Kind is topic_gone, topic_other, topic_rewound, missing, unstored, loss or identity.
	Kind string `json:"kind"`
	// Count is how many messages it is about, 0 when that is not known.
	Count int64 `json:"count"`
	// Text says what is wrong and what to do.
	Text string `json:"text"`
}

// topicView is what broker, ledger and tables say of one topic.
type topicView struct {
	topic   event.Topic
	exists  bool
	info    source.TopicInfo
	offsets []source.Offsets
	rows    []ledgerRow
	all     incarnations
	losses  []Loss
	counted counted
}

// tally joins what the broker, the ledger and the tables say.
func tally(v topicView) TopicStatus {
	c := v.counted
	s := TopicStatus{Topic: v.topic, Conflicts: c.facts - c.identities}
	latest, known := v.all.of(v.topic)
	s.Incarnation = latest.number
	other := known && v.all.stranger(v.topic, v.info)
	var facts, rejected, lostStored int64
	for _, r := range v.rows {
		s.read = append(s.read, stretch{partition: int(r.Partition), first: int64(r.FirstOffset), next: int64(r.NextOffset)})
		facts, rejected = facts+int64(r.Facts), rejected+int64(r.Rejected)
		s.LastReceivedAt, s.LastStoredAt = later(s.LastReceivedAt, r.ReceivedAt), later(s.LastStoredAt, r.StoredAt)
	}
	for _, l := range v.losses {
		if l.Topic == v.topic && l.Kind == lossStored {
			lostStored += l.Messages
		}
	}
	live := map[int]bool{} // index of rows
	for _, o := range v.offsets {
		base := v.all[partitionKey{v.topic, o.Partition}].base
		i := slices.IndexFunc(v.rows, func(r ledgerRow) bool { return int(r.Partition) == o.Partition && int64(r.Base) == base })
		if other || i >= 0 && base+o.End < int64(v.rows[i].NextOffset) {
			// Not the topic that was read: all of it waits to be read.
			if !other {
				next := int64(v.rows[i].NextOffset) - base
				s.problem("topic_rewound", next-o.End,
					(&RewoundError{Topic: string(v.topic), Partition: o.Partition, End: o.End, Ledger: next}).Error())
			}
			s.Received += o.End - o.Begin
			s.Pending += o.End - o.Begin
			s.held = append(s.held, held{partition: o.Partition, begin: math.MaxInt64 - (o.End - o.Begin), end: math.MaxInt64})
			continue
		}
		s.held = append(s.held, held{partition: o.Partition, begin: base + o.Begin, end: base + o.End})
		p := span{origin: base + o.Begin, next: base + o.Begin, losses: v.unread(o.Partition, base, true)}
		if i >= 0 {
			live[i] = true
			p.row(v.rows[i])
			if p.next < base+o.Begin { // dropped and not noticed by ingest yet
				p.losses = append(p.losses, [2]int64{p.next, base + o.Begin})
				p.next = base + o.Begin
			}
		}
		s.add(p)
		s.Received += base + o.End - p.end()
		s.Pending += base + o.End - p.end()
	}
	for i, r := range v.rows {
		if !live[i] {
			p := span{origin: int64(r.FirstOffset), losses: v.unread(int(r.Partition), int64(r.Base), false)}
			p.row(r)
			s.add(p)
		}
	}
	s.Lost += lostStored
	s.Stored = c.stored - s.Conflicts
	s.Duplicate = facts - c.facts
	s.Rejected = rejected + s.Conflicts
	s.Unstored = max(0, c.facts-c.stored-lostStored) + max(0, rejected-c.kept)
	s.judge(v, other)
	return s
}

// span is what is known of one partition of one incarnation, in places.
type span struct {
	origin, next     int64
	entered, skipped int64
	losses           [][2]int64
}

func (p *span) row(r ledgerRow) {
	p.origin, p.next = min(p.origin, int64(r.FirstOffset)), int64(r.NextOffset)
	p.entered, p.skipped = int64(r.Entered), int64(r.Skipped)
}

// lost is how many places are known to be lost, each counted once.
func (p *span) lost() (n int64) {
	slices.SortFunc(p.losses, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	at := int64(-1)
	for _, l := range p.losses {
		if from := max(at, l[0]); from < l[1] {
			n, at = n+l[1]-from, l[1]
		}
	}
	return n
}

// begin and end are the first place and the one behind the last that is read or lost.
func (p *span) begin() int64 {
	at := p.origin
	for _, l := range p.losses {
		at = min(at, l[0])
	}
	return at
}

func (p *span) end() int64 {
	at := p.next
	for _, l := range p.losses {
		at = max(at, l[1])
	}
	return at
}

func (s *TopicStatus) add(p span) {
	places, lost := p.end()-p.begin(), p.lost()
	s.Received += places - p.skipped
	s.Lost += lost
	s.Missing += places - p.entered - lost
}

// unread are the places that were lost before they were read: in the incarnation
// of a base.
func (v topicView) unread(partition int, base int64, latest bool) [][2]int64 {
	end := int64(1)<<62 - 1
	if !latest {
		end = nextBase(base) // at least; no loss of another lies below it
		for _, r := range v.rows {
			if int(r.Partition) == partition && int64(r.Base) == base {
				end = nextBase(int64(r.NextOffset))
			}
		}
	}
	var out [][2]int64
	for _, l := range v.losses {
		if l.Topic == v.topic && l.Partition == partition && l.Kind == lossUnread && l.place >= base && l.place < end {
			out = append(out, [2]int64{l.place, l.placeEnd})
		}
	}
	return out
}

func (s *TopicStatus) problem(kind string, count int64, text string) {
	s.Problems = append(s.Problems, Problem{Kind: kind, Count: count, Text: text})
}

// judge decides whether the identity holds, and says in words why not.
func (s *TopicStatus) judge(v topicView, other bool) {
	var read int64
	for _, r := range v.rows {
		read += int64(r.Entered - r.Skipped)
	}
	sum := s.Stored + s.Duplicate + s.Rejected + s.Pending + s.Lost
	s.IdentityHolds = s.Received == sum && s.Missing == 0 && s.Unstored == 0
	switch {
	case !v.exists && read > 0:
		s.IdentityHolds = false
		s.problem("topic_gone", read, fmt.Sprintf("the broker has no topic %s, of which %d messages were read: it was deleted, or this is "+
			"another broker; ingest creates it anew when it starts", s.Topic, read))
	case other:
		s.IdentityHolds = false
		s.problem("topic_other", read, fmt.Sprintf("topic %s was deleted and made anew (it has another identifier): %d messages of the one "+
			"before were read; a running ingest goes on with the new one", s.Topic, read))
	case len(s.Problems) > 0:
		s.IdentityHolds = false
	}
	if s.Missing != 0 {
		s.problem("missing", s.Missing, fmt.Sprintf("%d messages of %s are not in the ledger although later ones are: `duban replay "+
			"--from-broker` reads again what the broker still has", s.Missing, s.Topic))
	}
	if s.Unstored != 0 {
		s.problem("unstored", s.Unstored, fmt.Sprintf("%d facts or rejects of %s were stored and are not in the database any more: `duban "+
			"replay --from-broker` reads again what the broker still has", s.Unstored, s.Topic))
	}
	for _, l := range v.losses {
		if l.Topic == v.topic && !l.Acknowledged {
			s.problem("loss", l.Messages, l.String()+"; `duban status acknowledge --reason …` takes note of it")
		}
	}
	if !s.IdentityHolds && len(s.Problems) == 0 {
		s.problem("identity", s.Received-sum, fmt.Sprintf("%s: %d messages were received, %d are accounted for", s.Topic, s.Received, sum))
	}
}
