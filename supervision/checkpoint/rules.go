package checkpoint

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rules is what the alerts depend on besides facts and catalogue.
type Rules struct {
	// Hash is that of the rules in force and their SQL.
	Hash string `json:"hash"`
	// Basis is what the states stand on.
	Basis Basis `json:"basis"`
}

// Name implements Value.
func (Rules) Name() string { return "rules" }

// String is how logs name it.
func (r Rules) String() string {
	if r == (Rules{}) {
		return ""
	}
	return r.Hash + " on " + r.Basis.String()
}

// Rules is what the alerts were evaluated with; the zero value: nothing, or
// everything is to be evaluated again.
func (s Set) Rules() (Rules, error) {
	var r Rules
	err := read(s, &r, func(text string) error {
		hash, basis, _ := strings.Cut(text, " on ")
		r = Rules{Hash: hash, Basis: parseBasis(basis)}
		return nil
	})
	return r, err
}

// FailedRules are the rules about folded subjects whose last evaluation failed:
// they have to be evaluated about everything.
type FailedRules struct {
	IDs []string `json:"ids"`
}

// Name implements Value.
func (FailedRules) Name() string { return "rules behind" }

// FailedRules are those that an engine before left to be evaluated.
func (s Set) FailedRules() (FailedRules, error) {
	var f FailedRules
	err := read(s, &f, func(text string) error { f.IDs = strings.Fields(text); return nil })
	return f, err
}

// Announced is how far alerts were announced.
type Announced struct {
	// Version is the fold version up to which chains were scanned.
	Version uint64 `json:"version"`
	// UntilMS is the watermark up to which their steps were, in Unix milliseconds.
	UntilMS int64 `json:"until_ms"`
}

// Name implements Value.
func (Announced) Name() string { return "alerts_looked" }

// Until is the watermark; 1970 before anything was announced.
func (a Announced) Until() time.Time { return time.UnixMilli(a.UntilMS).UTC() }

// Announced is how far alerts were announced.
func (s Set) Announced() (Announced, error) {
	var a Announced
	err := read(s, &a, func(text string) error {
		version, until, _ := strings.Cut(text, " ")
		var err error
		if a.Version, err = strconv.ParseUint(version, 10, 64); err != nil {
			return err
		}
		a.UntilMS, err = strconv.ParseInt(until, 10, 64)
		return err
	})
	return a, err
}

// Reasons are the fold versions under which something other than facts moved the
// chains, until their alerts are announced.
type Reasons struct {
	Of map[uint64]string `json:"of"`
}

// Name implements Value.
func (Reasons) Name() string { return "alerts_why" }

// Reasons are those that were noted last.
func (s Set) Reasons() (Reasons, error) {
	r := Reasons{Of: map[uint64]string{}}
	err := read(s, &r, func(text string) error {
		for part := range strings.SplitSeq(text, ";") {
			v, why, ok := strings.Cut(part, " ")
			version, err := strconv.ParseUint(v, 10, 64)
			if err != nil || !ok {
				return fmt.Errorf("%q is no version with a reason", part)
			}
			r.Of[version] = why
		}
		return nil
	})
	if r.Of == nil {
		r.Of = map[uint64]string{}
	}
	return r, err
}

// Followed is the fold version up to which orders and referrals were opened for
// alerts.
type Followed struct {
	Version uint64 `json:"version"`
}

// Name implements Value.
func (Followed) Name() string { return "alerts_followed" }

// Followed is how far alerts were followed.
func (s Set) Followed() (Followed, error) {
	var f Followed
	err := read(s, &f, func(text string) (err error) {
		f.Version, err = strconv.ParseUint(text, 10, 64)
		return err
	})
	return f, err
}
