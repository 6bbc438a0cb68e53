package importer

import (
	"bytes"

	"github.com/zeebo/xxh3"

	"duban/ingest/importer/rows"
)

// maxSimilar bounds how many look-alikes of one column are told.
const maxSimilar = 1000

// similarMemory finds numbers and codes that look alike and are different
// texts: P-1, "P-1 ", Ｐ-1 and Р-1 (Cyrillic) are four cases, which is rarely meant. It
// remembers the most recent ones.
type similarMemory struct {
	young, old map[uint64]uint64 // what it looks like → the text that came first
	told       map[uint64]bool
	last, look []byte
}

func newSimilarMemory() *similarMemory {
	return &similarMemory{young: map[uint64]uint64{}, told: map[uint64]bool{}}
}

// see reports whether b looks like another text, once for each.
func (m *similarMemory) see(b []byte) bool {
	if bytes.Equal(m.last, b) {
		return false
	}
	m.last = append(m.last[:0], b...)
	m.look = looks(m.look[:0], b)
	like, text := xxh3.Hash(m.look), xxh3.Hash(b)
	first, ok := m.young[like]
	if !ok {
		if first, ok = m.old[like]; !ok {
			first = text
		}
		if len(m.young) >= caseMemoryEntries {
			m.old, m.young = m.young, make(map[uint64]uint64, caseMemoryEntries)
		}
		m.young[like] = first
	}
	if first == text || m.told[text] || len(m.told) >= maxSimilar {
		return false
	}
	m.told[text] = true
	return true
}

// similar notes that a value looks like another one of its column.
func (v *valuePlan) similarTo(b []byte, s *scratch) {
	if v.similar == nil || !v.similar.see(b) {
		return
	}
	p := rows.NewProblem(rows.ReasonSimilarID, v.label, b,
		"%s looks like another one of this file and differs in blanks, letter case, width, dashes, "+
			"letters of another alphabet or characters that cannot be seen; the two are kept apart", v.field)
	p.Notice = true
	s.notes = append(s.notes, p)
}
