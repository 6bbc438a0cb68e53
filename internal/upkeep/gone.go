package upkeep

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// fewTables is of how many tables parts are told one by one.
const fewTables = 3

// manyGone makes one finding of parts of many tables that are gone at once: then it is not a
// part that was lost but the folder that is another one, as when an older copy was put back.
func manyGone(gone, active []part, at time.Time) (Finding, bool) {
	rows := map[string]uint64{}
	for _, b := range gone {
		rows[b.Table] += b.Rows - min(b.Rows, rowsIn(active, b))
	}
	if len(rows) <= fewTables {
		return Finding{}, false
	}
	tables := slices.Sorted(maps.Keys(rows))
	each := make([]string, len(tables))
	for i, t := range tables {
		each[i] = fmt.Sprintf("%s %d", t, rows[t])
	}
	return Finding{ID: fmt.Sprintf("older %s/%s and %d more", gone[0].Table, gone[0].Name, len(gone)-1), At: at,
		Text: fmt.Sprintf("%d parts of %d tables were there and are gone at once, as when an older copy of the folder is put back; rows that "+
			"are not there: %s. Facts are read again from the broker as far as it has them, and what is made of them is made again (see duban "+
			"status); what people did and what was announced since the copy has to come from a newer backup", len(gone), len(tables),
			strings.Join(each, ", "))}, true
}
