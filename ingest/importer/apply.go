package importer

import (
	"bytes"
	"strconv"
	"time"

	"duban/ingest/event"
	"duban/ingest/importer/mapping"
	"duban/ingest/importer/rows"

	"github.com/zeebo/xxh3"
)

// maxCount is the greatest count that one row may give.
const maxCount = 100_000

// maxSeq bounds the numbers of a sequence column, so that places within a row
// can be told apart beside them.
const maxSeq = 1 << 60

// message is one event ready to be published; its bytes lie in the applier.
type message struct {
	from, to int
	key      string
	at       time.Time
	kind     string // event type, or topic where there are no types
}

// applier turns the records of one file into messages.
type applier struct {
	*plan
	s      scratch
	source []byte // JSON string
	name   string
	out    []byte
	msgs   []message
	claim  []byte
	// claimed is how much of the claim identifies a measurement, 0 elsewhere.
	claimed int
	seen    *caseMemory
	prev    []byte // subject and case columns of the record before
	this    []byte
	fired   []bool
	firing  []int
	pend    []caseFact
	equal   *equalMemory
	// again and merged count the facts of the record that are equal to an
	// earlier one of their case: facts of their own, or the same fact.
	again, merged int64
}

// caseFact is remembered once its record is published.
type caseFact struct {
	key     xxh3.Uint128
	content uint64
}

func newApplier(p *plan, source string, opt *Options, seen *caseMemory) *applier {
	a := &applier{plan: p, name: source, seen: seen, fired: make([]bool, p.rules), equal: newEqualMemory()}
	a.source = appendString(nil, []byte(source))
	a.s = scratch{missing: p.m.Missing, tokenKey: opt.TokenKey, latest: opt.Now().Add(futureTolerance)}
	return a
}

// skipped returns the reason when a skip rule leaves the record out.
func (a *applier) skipped(rec *rows.Record) (string, bool) {
	for i := range a.skip {
		if a.skip[i].when.holds(rec, &a.s) {
			return a.skip[i].reason, true
		}
	}
	return "", false
}

// apply makes the messages of a record. When it returns a problem, none of
// them may be published; otherwise commit must follow.
func (a *applier) apply(rec *rows.Record) *rows.Problem {
	a.out, a.msgs, a.pend, a.firing, a.s.notes = a.out[:0], a.msgs[:0], a.pend[:0], a.firing[:0], a.s.notes[:0]
	a.again, a.merged = 0, 0
	a.equal.rollback()
	if rec.CaseStart {
		clear(a.fired)
	}
	var subject []byte
	if a.target.Subject != "" {
		var p *rows.Problem
		if subject, p = a.subjectOf(rec); p != nil {
			return p
		}
	}
	sameCase := a.sameCase(rec, subject)
	matched := false
	for place, group := range a.groups {
		for _, r := range group {
			if rec.CaseOnly && !r.PerCase || !r.when.holds(rec, &a.s) || !a.follows(r.Rule) {
				continue
			}
			matched = true
			a.firing = append(a.firing, r.Index)
			if r.PerCase && sameCase {
				break
			}
			if p := a.events(rec, r, place, subject); p != nil {
				return p
			}
			break
		}
	}
	if p := reversed(a.msgs); p != nil {
		a.s.notes = append(a.s.notes, p)
	}
	if !matched {
		return rows.NewProblem(rows.ReasonNoEvent, "", nil, "no event of the mapping applies; add one, or leave such rows out with skip")
	}
	return nil
}

// commit remembers what the record's messages said about their case.
func (a *applier) commit() {
	for _, c := range a.pend {
		a.seen.put(c.key, c.content)
	}
	a.equal.commit()
	for _, i := range a.firing {
		a.fired[i] = true
	}
	a.prev = append(a.prev[:0], a.this...)
}

func (a *applier) subjectOf(rec *rows.Record) ([]byte, *rows.Problem) {
	if a.subject.constant != nil {
		return []byte(a.subject.text), nil
	}
	b, _, p := a.subject.raw(rec, &a.s)
	if p != nil {
		return nil, p
	}
	b = bytes.Clone(b)
	if validUTF8(b) {
		a.subject.similarTo(b, &a.s)
	}
	if a.subject.token {
		b = token(a.s.tokenKey, b)
	}
	if !validUTF8(b) {
		return nil, a.s.undecodable(a.subject.label, b)
	}
	if fault := identifierFault(b); fault != "" {
		return nil, rows.NewProblem(rows.ReasonInvalidID, a.subject.label, b, "%s %s", a.target.Subject, fault)
	}
	return b, nil
}

// sameCase reports whether the record before was of the same case and said the
// same about it, so that nothing about the case is new.
func (a *applier) sameCase(rec *rows.Record, subject []byte) bool {
	if len(a.caseSlots) == 0 {
		return false
	}
	a.this = append(append(a.this[:0], subject...), 0)
	for _, i := range a.caseSlots {
		a.this = strconv.AppendInt(a.this, int64(len(rec.Cell(i))), 10)
		a.this = append(append(a.this, ':'), rec.Cell(i)...)
	}
	return len(a.prev) > 0 && bytes.Equal(a.this, a.prev)
}

func (a *applier) follows(r *mapping.Rule) bool {
	for _, i := range r.After {
		if !a.fired[i] {
			return false
		}
	}
	for _, i := range r.NotAfter {
		if a.fired[i] {
			return false
		}
	}
	return true
}

// events writes the messages of one entry of the mapping: one, or as many
// equal ones as its count says.
func (a *applier) events(rec *rows.Record, r *rulePlan, place int, subject []byte) *rows.Problem {
	n := int64(1)
	if r.countSlot >= 0 {
		b := rec.Cell(r.countSlot)
		if a.s.isMissing(b) {
			return nil
		}
		var err error
		if n, err = strconv.ParseInt(string(b), 10, 64); err != nil || n < 0 || n > maxCount {
			return rows.NewProblem(rows.ReasonInvalidValue, r.Count, b,
				"a count must be a whole number from 0 to %d (the cell looks like %q)", maxCount,
				rows.Shape(b))
		}
	}
	for range n {
		if p := a.event(rec, r, place, subject); p != nil {
			return p
		}
	}
	return nil
}

// event writes one message: the identity and what describes the sending, then
// the claim, from which the identity is made.
func (a *applier) event(rec *rows.Record, r *rulePlan, place int, subject []byte) *rows.Problem {
	c, p := a.claimOf(rec, r, subject)
	a.claim = c
	if p != nil {
		return p
	}
	nth := uint32(1)
	if r.PerCase {
		key := xxh3.Hash128(append(strconv.AppendInt(append([]byte(nil), subject...), int64(r.Index), 10), 0))
		content := xxh3.Hash(a.claim)
		if old, ok := a.seen.get(key); ok {
			if old == content {
				return nil
			}
			n := rows.NewProblem(rows.ReasonCaseDiffers,
				"", nil, "event %q: rows of one case disagree about a value of the case; both facts are published",
				r.Name)
			n.Notice = true
			a.s.notes = append(a.s.notes, n)
		}
		a.pend = append(a.pend, caseFact{key, content})
	} else if nth = a.equal.next(a.identityText(rec, r, subject)); nth > 1 {
		if r.Each {
			a.again++
		} else {
			a.merged++
			nth = 1
		}
	}
	id := a.identity(rec, r, subject, nth)
	m := message{from: len(a.out), at: a.s.at, kind: string(a.target.Topic)}
	a.out = append(append(append(a.out, `{"`...), a.target.ID...), `":"`...)
	a.out = append(append(a.out, id...), '"')
	if p := a.head(rec, r, place); p != nil {
		return p
	}
	a.out = append(a.out, ',')
	a.out = append(a.out, a.claim...)
	a.out = append(a.out, '}')
	m.to = len(a.out)
	if a.target.Type != "" {
		m.kind = a.kindOf(rec, r)
	}
	m.key = event.PartitionKey(a.name, a.keySubject(rec, r, subject, id))
	a.msgs = append(a.msgs, m)
	return nil
}

// head writes seq, revision and emit_time, which are no part of the claim.
func (a *applier) head(rec *rows.Record, r *rulePlan, place int) *rows.Problem {
	var p *rows.Problem
	var ok bool
	for i := range r.head {
		v := &r.head[i]
		mark := len(a.out)
		a.out = append(append(append(a.out, `,"`...), v.field...), `":`...)
		if a.out, ok, p = v.appendJSON(a.out, rec, &a.s); p != nil {
			return p
		} else if !ok {
			a.out = a.out[:mark]
		}
	}
	if !a.target.Seq {
		return nil
	}
	seq, p := a.seq(rec, r, place)
	if p != nil {
		return p
	}
	if seq != 0 {
		a.out = append(a.out, `,"seq":`...)
		a.out = strconv.AppendInt(a.out, seq, 10)
	}
	return nil
}

// seq is the place of a fact among those of its case with the same instant: of
// rows in the order that the mapping asks for, within a row, and among the
// facts of a case as a whole, in the order of the mapping.
func (a *applier) seq(rec *rows.Record, r *rulePlan, place int) (int64, *rows.Problem) {
	at, each := int64(a.places[place]), int64(a.rowEntries)
	switch {
	case r.PerCase:
		return at, nil
	case a.m.Seq.Record:
		return (rec.No-1)*each + at + 1, nil
	case a.seqSlot >= 0:
		b := rec.Cell(a.seqSlot)
		n, err := strconv.ParseInt(string(b), 10, 64)
		if err != nil || n > maxSeq/each || n < -maxSeq/each {
			return 0, rows.NewProblem(rows.ReasonInvalidValue, a.m.Seq.Column, b,
				"seq must be a whole number (the cell looks like %q)", rows.Shape(b))
		}
		return n*each + at, nil
	case each > 1:
		return at + 1, nil
	}
	return 0, nil
}
