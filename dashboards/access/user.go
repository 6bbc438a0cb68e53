package access

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"duban/internal/blank"
)

// User is a person who may sign in.
type User struct {
	// ID never changes and is never given twice: "u-17".
	ID string `json:"id"`
	// Name is what the person signs in with, in small letters.
	Name string `json:"name"`
	// Display is how the pages call the person.
	Display string `json:"display_name"`
	Role    Role   `json:"role"`
	// ScopeRegion is the division below which the user sees and acts; "" sets no
	// limit. OrgCode and Line limit likewise; all limits hold together.
	ScopeRegion string `json:"scope_region,omitempty"`
	OrgCode     string `json:"org_code,omitempty"`
	Line        string `json:"line,omitempty"`
	Disabled    bool   `json:"disabled,omitempty"`
	// MustChange says that the password was set by somebody else: until it is
	// changed nothing else can be done.
	MustChange bool      `json:"must_change,omitempty"`
	CreatedAt  time.Time `json:"created_at"`
	// Epoch counts the events that end the sessions of the user: a new password,
	// a new role or scope, being disabled.
	Epoch int `json:"epoch"`
	// Tries are wrong passwords by the place that they came from, and Known the networks
	// from which the user has signed in.
	Tries map[string]Tries `json:"tries,omitempty"`
	Known []string         `json:"known_networks,omitempty"`
	// Failures counts wrong passwords of strangers from all places together, LockedUntil
	// says until when strangers are locked out.
	Failures    int       `json:"failures,omitempty"`
	LockedUntil time.Time `json:"locked_until,omitzero"`
}

// The states of a user.
const (
	StateActive     = "active"
	StateDisabled   = "disabled"
	StateLocked     = "locked"
	StateMustChange = "must_change"
)

// State says in one word whether the user can sign in at now.
func (u User) State(now time.Time) string {
	switch {
	case u.Disabled:
		return StateDisabled
	case now.Before(u.LockedUntil):
		return StateLocked
	case u.MustChange:
		return StateMustChange
	}
	return StateActive
}

// Limited reports whether the user sees less than everything.
func (u User) Limited() bool {
	return u.ScopeRegion != "" && u.ScopeRegion != "000000" || u.OrgCode != "" || u.Line != ""
}

// InvalidError says which field is wrong and why, in words and as a code that
// pages translate.
type InvalidError struct {
	Field  string
	Code   string
	Reason string
}

// Error names field and reason.
func (e *InvalidError) Error() string { return e.Field + ": " + e.Reason }

var (
	regionCode = regexp.MustCompile(`^[0-9]{6}([0-9]{3}){0,2}$`)
	signInName = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{1,63}$`)
	orgCode    = regexp.MustCompile(`^[0-9A-Za-z_.-]{1,64}$`)
	lineCode   = regexp.MustCompile(`^[0-9a-z_]{1,64}$`)
)

// NormalName is a sign-in name as it is stored and compared.
func NormalName(s string) string { return strings.ToLower(blank.Trim(s)) }

// Validate checks what a person may have typed.
func (u User) Validate() error {
	if !signInName.MatchString(u.Name) {
		return &InvalidError{"name", "name_form", "want 2 to 64 of a–z, 0–9, dot, dash, underscore and @, beginning with a letter or digit"}
	}
	if err := checkDisplay(u.Display); err != nil {
		return err
	}
	if _, err := ParseRole(string(u.Role)); err != nil {
		return err
	}
	if u.ScopeRegion != "" && !regionCode.MatchString(u.ScopeRegion) {
		return &InvalidError{"region", "region_form", "want a division code of 6, 9 or 12 digits"}
	}
	if u.OrgCode != "" && !orgCode.MatchString(u.OrgCode) {
		return &InvalidError{"org", "org_form", "want the code of an organisation"}
	}
	if u.Line != "" && !lineCode.MatchString(u.Line) {
		return &InvalidError{"line", "line_form", "want a line such as housing: a–z, 0–9 and underscore"}
	}
	if u.Role == Sysadmin && u.Limited() {
		return &InvalidError{"region", "sysadmin_limited", "a sysadmin manages the users, and so has no limits: leave out region, " +
			"organisation and line"}
	}
	if u.Role.OfOrganisation() && u.OrgCode == "" {
		return &InvalidError{"org", "org_missing", fmt.Sprintf("the role %s acts for one organisation: name it", u.Role)}
	}
	return nil
}

func checkDisplay(s string) error {
	if blank.Is(s) || utf8.RuneCountInString(s) > 60 || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return &InvalidError{"display", "display_form", "want a name of 1 to 60 characters"}
	}
	return nil
}
