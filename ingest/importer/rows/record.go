package rows

import (
	"fmt"
	"sort"

	"duban/ingest/importer/mapping"
)

// MaxExtraColumns bounds how many columns that the mapping does not name are
// remembered (and kept, with rest: keep).
const MaxExtraColumns = 1000

// Record is one row of a file, or one event of a log with the attributes of
// its trace. It is valid until the next one is read.
type Record struct {
	// Line is where the row starts in the uncompressed file, from 1.
	Line int64
	// No is the row's number in the file, or the event's position in its trace.
	No int64
	// CaseStart marks the first record of a case in a format that keeps the
	// events of a case together; CaseOnly a case without any event.
	CaseStart, CaseOnly bool

	cols *Columns
	vals [][]byte
}

// Value returns the cell of a column, and whether the row has one.
func (r *Record) Value(column string) (string, bool) {
	i, ok := r.cols.slot[column]
	if !ok || r.vals[i] == nil {
		return "", false
	}
	return string(r.vals[i]), true
}

// Cell returns the cell of a slot as it stands in the file, nil when the row has none.
func (r *Record) Cell(slot int) []byte {
	if slot >= len(r.vals) {
		return nil
	}
	return r.vals[slot]
}

func (r *Record) reset() {
	if len(r.vals) != len(r.cols.names) {
		r.vals = make([][]byte, len(r.cols.names))
	}
	clear(r.vals)
	r.CaseStart, r.CaseOnly = false, false
}

// set stores a cell; it reports false when the column already has one.
func (r *Record) set(slot int, v []byte) bool {
	if slot >= len(r.vals) {
		r.vals = append(r.vals, make([][]byte, len(r.cols.names)-len(r.vals))...)
	}
	if r.vals[slot] != nil {
		return false
	}
	if v == nil {
		v = []byte{}
	}
	r.vals[slot] = v
	return true
}

// Columns gives every column that a mapping names a slot in a record.
type Columns struct {
	names []string
	slot  map[string]int // names and aliases
	seen  []bool
	// named is the number of slots that the mapping itself uses; the others
	// were found in a file and are kept under payload.rest, sorted by name in
	// restOrder.
	named     int
	restOrder []int
	keepRest  bool
	leaveOut  map[string]bool
	optional  map[string]bool
	unused    map[string]bool
	overflow  bool
}

// Slot is where records have the cells of a column of the mapping.
func (c *Columns) Slot(name string) int { return c.slot[name] }

// Name is the column of a slot.
func (c *Columns) Name(slot int) string { return c.names[slot] }

// Rest lists the slots of the columns that the mapping does not name and keeps,
// sorted by name; complete is false when there are more than can be kept.
func (c *Columns) Rest() (slots []int, complete bool) { return c.restOrder, !c.overflow }

func newColumns(m *mapping.Mapping) *Columns {
	c := &Columns{slot: map[string]int{}, unused: map[string]bool{}, keepRest: m.KeepRest, leaveOut: m.LeaveOut, optional: m.Optional}
	for _, n := range m.ColumnNames() {
		c.slot[n] = len(c.names)
		c.names = append(c.names, n)
	}
	for n, others := range m.Aliases {
		if i, ok := c.slot[n]; ok {
			for _, o := range others {
				c.slot[o] = i
			}
		}
	}
	c.named = len(c.names)
	c.seen = make([]bool, len(c.names))
	return c
}

// find returns the slot of a column of the file, -1 when it is not read. The
// name may be bytes that are reused.
func (c *Columns) find(name []byte) int {
	if i, ok := c.slot[string(name)]; ok {
		c.seen[i] = true
		return i
	}
	return c.findNew(string(name))
}

func (c *Columns) findNew(name string) int {
	if c.leaveOut[name] || c.unused[name] {
		return -1
	}
	if !c.keepRest {
		if len(c.unused) < MaxExtraColumns {
			c.unused[name] = true
		}
		return -1
	}
	if len(c.restOrder) >= MaxExtraColumns {
		c.overflow = true
		return -1
	}
	i := len(c.names)
	c.slot[name] = i
	c.names = append(c.names, name)
	c.seen = append(c.seen, true)
	c.restOrder = append(c.restOrder, i)
	sort.Slice(c.restOrder, func(a, b int) bool { return c.names[c.restOrder[a]] < c.names[c.restOrder[b]] })
	return i
}

// header matches the header of a table with the columns of the mapping and
// returns the slot of every position, -1 for columns that are not read.
// A column without a name is called #N after its position, counted from 1;
// where a name occurs more than once, its columns are called NAME#1, NAME#2 …
func (c *Columns) header(names []string) ([]int, error) {
	times := map[string]int{}
	for _, n := range names {
		times[n]++
	}
	nth := map[string]int{}
	slots := make([]int, len(names))
	var all []string
	for i, n := range names {
		switch {
		case n == "":
			n = fmt.Sprintf("#%d", i+1)
		case times[n] > 1:
			if s, ok := c.slot[n]; ok {
				return nil, fmt.Errorf("the column %q of the mapping occurs %d times in the header; write %q, %q …", c.names[s],
					times[n], n+"#1", n+"#2")
			}
			nth[n]++
			n = fmt.Sprintf("%s#%d", n, nth[n])
		}
		all = append(all, n)
		slots[i] = c.find([]byte(n))
		for j := range i {
			if slots[i] >= 0 && slots[j] == slots[i] {
				return nil, fmt.Errorf("the columns %q and %q of the header both stand for %q", all[j], n, c.names[slots[i]])
			}
		}
	}
	for i, n := range c.names[:c.named] {
		if !c.seen[i] && !c.optional[n] {
			return nil, fmt.Errorf("the file has no column %q%s; its columns are: %s. If the column may be absent, list it under optional",
				n, mapping.Nearest(n, all), columnNames(all))
		}
	}
	return slots, nil
}
