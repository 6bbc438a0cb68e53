package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"duban/ingest/importer/rows"
)

// claimOf writes the members of the message that are the source's claim.
func (a *applier) claimOf(rec *rows.Record, r *rulePlan, subject []byte) ([]byte, *rows.Problem) {
	c := append(a.claim[:0], `"source_sys":`...)
	c = append(c, a.source...)
	if a.target.Subject != "" {
		c = append(append(append(c, `,"`...), a.target.Subject...), `":`...)
		c = appendString(c, subject)
	}
	var p *rows.Problem
	var ok bool
	for _, v := range []*valuePlan{&r.typ, &r.at} {
		if v.field == "" {
			continue
		}
		c = append(append(append(c, `,"`...), v.field...), `":`...)
		if c, _, p = v.appendJSON(c, rec, &a.s); p != nil {
			return c, p
		}
	}
	for i := range r.fields {
		v := &r.fields[i]
		mark := len(c)
		c = append(append(append(c, `,"`...), v.field...), `":`...)
		if c, ok, p = v.appendJSON(c, rec, &a.s); p != nil {
			return c, p
		} else if !ok {
			c = c[:mark]
			if v.field == "activity" && v.codes == nil {
				a.s.notes = append(a.s.notes, noActivity(v.label))
			}
		}
	}
	a.claimed = 0
	if a.target.Values {
		a.claimed = len(c) // what is measured, without how much
		c = append(c, `,"values":{`...)
		if c, p = a.members(c, rec, r.values, len(c)); p != nil {
			return c, p
		}
		c = append(c, '}')
	}
	mark := len(c)
	c = append(c, `,"payload":{`...)
	empty := len(c)
	if c, p = a.members(c, rec, r.payload, len(c)); p != nil {
		return c, p
	}
	if c, p = a.object(c, "attributes", rec, r.attributes, empty); p != nil {
		return c, p
	}
	if !r.PerCase && a.m.KeepRest {
		if c, p = a.rest(c, rec, empty); p != nil {
			return c, p
		}
	}
	if len(c) == empty {
		return c[:mark], nil
	}
	return append(c, '}'), nil
}

// noActivity is the notice about a step whose name is not given.
func noActivity(label string) *rows.Problem {
	p := rows.NewProblem(rows.ReasonNoActivity, label, nil, "the step has no name, so it takes no part in figures of the process")
	p.Notice = true
	return p
}

// members writes "name":value pairs, with a comma before all but the one at first.
func (a *applier) members(c []byte, rec *rows.Record, vs []valuePlan, first int) ([]byte, *rows.Problem) {
	for i := range vs {
		mark := len(c)
		if len(c) > first {
			c = append(c, ',')
		}
		c = appendString(c, []byte(vs[i].field))
		c = append(c, ':')
		var ok bool
		var p *rows.Problem
		if c, ok, p = vs[i].appendJSON(c, rec, &a.s); p != nil {
			return c, p
		} else if !ok {
			c = c[:mark]
		}
	}
	return c, nil
}

func (a *applier) object(c []byte, name string, rec *rows.Record, vs []valuePlan, first int) ([]byte, *rows.Problem) {
	mark := len(c)
	if len(c) > first {
		c = append(c, ',')
	}
	c = appendString(c, []byte(name))
	c = append(c, ":{"...)
	begin := len(c)
	c, p := a.members(c, rec, vs, begin)
	if p != nil {
		return c, p
	}
	if len(c) == begin {
		return c[:mark], nil
	}
	return append(c, '}'), nil
}

// rest writes the columns that the mapping does not name.
func (a *applier) rest(c []byte, rec *rows.Record, first int) ([]byte, *rows.Problem) {
	rest, complete := a.cols.Rest()
	if !complete {
		return c, rows.NewProblem(rows.ReasonTooManyColumns,
			"", nil, "the file has more than %d columns that the mapping does not name; leave rest: keep out",
			rows.MaxExtraColumns)
	}
	var vs []valuePlan
	for _, i := range rest {
		if !a.s.isMissing(rec.Cell(i)) {
			vs = append(vs, valuePlan{field: a.cols.Name(i), label: a.cols.Name(i), slots: []int{i}})
		}
	}
	return a.object(c, "rest", rec, vs, first)
}

// identityText is what identifies a fact: its claim, or the columns that the
// mapping says identify a fact of a row. A measurement is known by what it
// measures, not by how much.
func (a *applier) identityText(rec *rows.Record, r *rulePlan, subject []byte) []byte {
	switch {
	case (len(a.idSlots) == 0 || r.PerCase) && a.claimed > 0:
		return a.claim[:a.claimed]
	case len(a.idSlots) == 0 || r.PerCase:
		return a.claim
	}
	b := append(append(append([]byte(nil), a.source...), subject...), 0)
	b = append(append(b, r.Name...), 0)
	for _, i := range a.idSlots {
		b = strconv.AppendInt(b, int64(len(rec.Cell(i))), 10)
		b = append(append(b, ':'), rec.Cell(i)...)
	}
	return b
}

// identity is the first half of a SHA-256 in hexadecimal. The n-th of equal
// facts of a case has its number in it: which of them is which does not matter,
// so that the same facts come out in any order of the rows.
func (a *applier) identity(rec *rows.Record, r *rulePlan, subject []byte, nth uint32) string {
	text := a.identityText(rec, r, subject)
	if nth > 1 {
		text = strconv.AppendUint(append(append([]byte(nil), text...), "\x00nth "...), uint64(nth), 10)
	}
	h := sha256.Sum256(text)
	return hex.EncodeToString(h[:16])
}

func (a *applier) kindOf(rec *rows.Record, r *rulePlan) string {
	if r.typ.constant != nil {
		return r.typ.text
	}
	b, _, _ := r.typ.raw(rec, &a.s)
	return string(b)
}

// keySubject is the subject by which a message is partitioned.
func (a *applier) keySubject(rec *rows.Record, r *rulePlan, subject []byte, id string) string {
	if a.target.Subject != "" {
		return string(subject)
	}
	wanted := []string{"case_no", "ticket_no"}
	if a.target.Values {
		wanted = []string{"name"} // as event.Measurement.Key
	}
	for _, want := range wanted {
		for i := range r.fields {
			if r.fields[i].field != want {
				continue
			}
			if r.fields[i].constant != nil {
				return r.fields[i].text
			}
			if b, missing, _ := r.fields[i].raw(rec, &a.s); !missing {
				return strings.Clone(string(b))
			}
		}
	}
	return id
}
