package access

import (
	"slices"
	"time"
)

// Entry is one line of the trail: who did what to which thing, with what
// result. It holds identifiers only, no names and no words that people wrote.
type Entry struct {
	At time.Time `json:"at"`
	// ID makes a line that is written twice count once.
	ID string `json:"id"`
	// UserID and Role are of the person who acted; UserID is "" when nobody was
	// signed in and "cli" for the command line.
	UserID string `json:"user_id"`
	Role   Role   `json:"role"`
	// What is one of Whats, or the action of a machine such as alert.ack.
	What       string `json:"what"`
	TargetKind string `json:"target_kind"`
	TargetID   string `json:"target_id"`
	// Outcome is one of Outcomes.
	Outcome   string `json:"outcome"`
	RequestID string `json:"request_id"`
	// Remote is the network that the request came from, see Network.
	Remote string `json:"remote"`
}

// What the trail holds of this package; actions on subjects are named by their
// permission.
const (
	SignedIn        = "sign_in"
	SignInFailed    = "sign_in_failed"
	SignedOut       = "sign_out"
	UserAdded       = "user_added"
	UserDisabled    = "user_disabled"
	UserEnabled     = "user_enabled"
	RoleChanged     = "role_changed"
	PasswordReset   = "password_reset"
	PasswordChanged = "password_changed"
	AuditRead       = "audit_read"
	Refused         = "access_refused"
	SubjectRead     = "subject_read"
	Exported        = "exported"
)

// Whats lists what this package itself puts into the trail.
func Whats() []string {
	return []string{SignedIn, SignInFailed, SignedOut, UserAdded, UserDisabled, UserEnabled, RoleChanged, PasswordReset, PasswordChanged,
		AuditRead, Refused, SubjectRead, Exported}
}

// The outcomes.
const (
	Done      = "done"
	Denied    = "denied"    // may not, or could not prove who they are
	Invalid   = "invalid"   // asked for something that cannot be
	Attempted = "attempted" // handed on; what became of it is with its subject
)

// Outcomes lists the outcomes.
func Outcomes() []string { return []string{Done, Denied, Invalid, Attempted} }

// CLI is the UserID of changes made on the command line.
const CLI = "cli"

// knownWhat reports whether the trail's filter knows w.
func knownWhat(w string) bool {
	return slices.Contains(Whats(), w) || slices.Contains(Permissions(), Permission(w))
}

// ValidFilter reports whether w can be in the trail.
func ValidFilter(w string) bool { return w == "" || knownWhat(w) }
