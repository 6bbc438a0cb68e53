package importer

import (
	"sort"
	"time"

	"duban/ingest/importer/rows"
)

// Summary tells what became of every record.
// Records = refused + skipped + records that became events.
type Summary struct {
	Files   []FileSummary `json:"files"`
	Records int64         `json:"records"`
	// Events is the number of messages published (or that would be, in a check).
	Events int64 `json:"events"`
	// ByType counts events by event type; by topic where a topic has no types.
	ByType  map[string]int64 `json:"by_type"`
	Refused int64            `json:"refused"`
	// RefusedBy counts refused records by reason and column, most first.
	RefusedBy []Count `json:"refused_by,omitempty"`
	// Skipped counts records left out by skip rules, SkippedBy by their reason.
	Skipped   int64            `json:"skipped"`
	SkippedBy map[string]int64 `json:"skipped_by,omitempty"`
	// Again counts events that are equal to an earlier one of their case in all
	// that they claim and are facts of their own: the n-th of them is known by
	// its number. Merged counts those that are the same fact once more.
	Again  int64 `json:"again,omitempty"`
	Merged int64 `json:"merged,omitempty"`
	// LimitsRefused counts events that ask for limits of their own (limit_regime source) of
	// sources that may not have any: the law's limits govern their subjects.
	LimitsRefused int64 `json:"limits_refused,omitempty"`
	// Notices counts remarks about records that were published all the same.
	Notices   int64   `json:"notices"`
	NoticesBy []Count `json:"notices_by,omitempty"`
	// Problems lists the first refused records and notices in file order.
	Problems []rows.Problem `json:"problems,omitempty"`
	// Elapsed is the time the load took.
	Elapsed time.Duration `json:"elapsed_ns"`
}

// FileSummary tells what was found in one file.
type FileSummary struct {
	Path string `json:"path"`
	// Format is empty for a file that could not be opened.
	Format  string `json:"format"`
	Source  string `json:"source"`
	Records int64  `json:"records"`
	Events  int64  `json:"events"`
	Refused int64  `json:"refused"`
	Skipped int64  `json:"skipped"`
	Again   int64  `json:"again,omitempty"`
	Merged  int64  `json:"merged,omitempty"`
	// UnusedColumns are in the file, but the mapping neither uses them nor
	// leaves them out by name.
	UnusedColumns []string `json:"unused_columns,omitempty"`
	// UnseenColumns are in the mapping, but no record of the file had them.
	UnseenColumns []string `json:"unseen_columns,omitempty"`
}

// Count is a number of records by reason and column.
type Count struct {
	Reason rows.Reason `json:"reason"`
	Column string      `json:"column,omitempty"`
	Count  int64       `json:"count"`
}

type countKey struct {
	reason rows.Reason
	column string
}

func counts(m map[countKey]int64) []Count {
	var out []Count
	for k, n := range m {
		out = append(out, Count{k.reason, k.column, n})
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Count != b.Count {
			return a.Count > b.Count
		}
		if a.Reason != b.Reason {
			return a.Reason < b.Reason
		}
		return a.Column < b.Column
	})
	return out
}
