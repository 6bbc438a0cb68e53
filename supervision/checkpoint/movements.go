package checkpoint

import "time"

// Movements is how far the ledger of movements has come. It is not stored before the first
// pass began.
type Movements struct {
	// Through is the fold version up to which the ledger holds what the states say; 0: the
	// first pass is not through.
	Through uint64 `json:"through"`
	// Round is the last version under which rows were written as a whole.
	Round uint64 `json:"round"`
	// KnownAt is when the last pass that is through began: figures are known up to then.
	KnownAt time.Time `json:"known_at"`
	// Target is what Through becomes by the pass under way, 0: there is none. It has come to
	// the subject (Source, Subject) of Kind.
	Target  uint64 `json:"target,omitempty"`
	Kind    string `json:"kind,omitempty"`
	Source  string `json:"source,omitempty"`
	Subject string `json:"subject,omitempty"`
}

// Name implements Value.
func (Movements) Name() string { return "movements" }

// Movements is how far the ledger of movements has come.
func (s Set) Movements() (Movements, error) {
	var m Movements
	err := read(s, &m, func(string) error { return nil })
	return m, err
}
