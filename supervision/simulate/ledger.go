package simulate

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"duban/supervision/simulate/truth"
)

// Ledger is what was sent and what the right figures are.
type Ledger struct {
	Seed   uint64 `json:"seed"`
	Events int64  `json:"events"`
	Source string `json:"source"`
	// From and To bound the period: from inclusive, to exclusive.
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// AsOf is the instant that States and Figures describe.
	AsOf time.Time `json:"as_of"`
	// Topics counts messages by topic.
	Topics map[string]*TopicLedger `json:"topics"`
	// Subjects counts cases and tickets that began, test and secret ones included.
	Subjects SubjectLedger `json:"subjects"`
	// EventTypes counts facts in all revisions by topic and event type.
	EventTypes map[string]map[string]int64 `json:"event_types"`
	// States counts cases and tickets by their state as of AsOf.
	States  map[string]map[string]int64 `json:"states"`
	Figures truth.FigureLedger          `json:"figures"`
	// Alerts are those that supervision has to have raised by AsOf.
	Alerts AlertLedger `json:"alerts"`
}

// TopicLedger counts the messages of one topic:
// Sent = Facts + Duplicates + Conflicts + the sum of Malformed.
type TopicLedger struct {
	Sent       int64            `json:"sent"`
	Facts      int64            `json:"facts"` // distinct identities
	Duplicates int64            `json:"duplicates"`
	Conflicts  int64            `json:"conflicts"`
	Delayed    int64            `json:"delayed"`   // facts sent hours or days late
	Malformed  map[string]int64 `json:"malformed"` // by the reason a reader should give
}

// SubjectLedger counts the subjects.
type SubjectLedger struct {
	Cases         int64 `json:"cases"`
	Tickets       int64 `json:"tickets"`
	Ratings       int64 `json:"ratings"` // distinct ratings, not revisions
	TestCases     int64 `json:"test_cases"`
	SecretCases   int64 `json:"secret_cases"`
	TestTickets   int64 `json:"test_tickets"`
	Organisations int64 `json:"organisations"`
	Items         int64 `json:"items"`
	ItemVersions  int64 `json:"item_versions"`
}

// WriteJSON writes the ledger, indented, keys sorted.
func (l Ledger) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(l); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	return nil
}
