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

func validUTF8(b []byte) bool { return utf8.Valid(b) }
