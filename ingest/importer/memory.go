package importer

import (
	"unicode/utf8"

	"github.com/zeebo/xxh3"
)

// caseMemoryEntries bounds one of the two generations of caseMemory.
const caseMemoryEntries = 1 << 17

// caseMemory remembers what was last said about a case as a whole, for the
// most recent cases: so a fact that stands on every row of its case is
// published once, and rows that disagree are noticed. What it has forgotten is
// published again, which changes nothing, because its identity is the same.
type caseMemory struct{ young, old map[xxh3.Uint128]uint64 }

func newCaseMemory() *caseMemory { return &caseMemory{young: map[xxh3.Uint128]uint64{}} }

func (m *caseMemory) get(k xxh3.Uint128) (uint64, bool) {
	if v, ok := m.young[k]; ok {
		return v, true
	}
	v, ok := m.old[k]
	return v, ok
}

func (m *caseMemory) put(k xxh3.Uint128, v uint64) {
	if len(m.young) >= caseMemoryEntries {
		m.old, m.young = m.young, make(map[xxh3.Uint128]uint64, caseMemoryEntries)
	}
	m.young[k] = v
}

// equalMemory counts how often a claim has been made in one file, for the most
// recent ones: equal facts stand near each other by whichever column a file is
// sorted.
type equalMemory struct {
	young, old map[xxh3.Uint128]uint32
	// pend holds the counts of the record at hand, until it is published.
	pend []equalCount
}

type equalCount struct {
	key xxh3.Uint128
	n   uint32
}

func newEqualMemory() *equalMemory { return &equalMemory{young: map[xxh3.Uint128]uint32{}} }

// next tells the how-manieth of its kind the claim is, counted from 1.
func (m *equalMemory) next(claim []byte) uint32 {
	k := xxh3.Hash128(claim)
	for i := range m.pend {
		if m.pend[i].key == k {
			m.pend[i].n++
			return m.pend[i].n
		}
	}
	n, ok := m.young[k]
	if !ok {
		n = m.old[k]
	}
	m.pend = append(m.pend, equalCount{k, n + 1})
	return n + 1
}

func (m *equalMemory) rollback() { m.pend = m.pend[:0] }

func (m *equalMemory) commit() {
	for _, c := range m.pend {
		if len(m.young) >= caseMemoryEntries {
			m.old, m.young = m.young, make(map[xxh3.Uint128]uint32, caseMemoryEntries)
		}
		m.young[c.key] = c.n
	}
	m.pend = m.pend[:0]
}

func validUTF8(b []byte) bool { return utf8.Valid(b) }
