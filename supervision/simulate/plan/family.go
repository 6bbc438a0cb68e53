package plan

// RepetitionSize is how often some callers come back with one matter: so many tickets in a row are then
// about the same, by the same caller. The third is one too many (R-HOT-06), the
// fourth makes it grave.
const RepetitionSize = 4

// Family is what the members of a first life have to know of it.
type Family struct {
	Kind     FamilyKind
	Members  int
	No       string
	Index    int64
	Accepted int64 // acceptance of the parent
	Org      int32
	Item     int32
	Day      int32
	Way      int // which of several ways
}

// FamilyKind says what holds lives together.
type FamilyKind uint8

// The kinds of families.
const (
	alone FamilyKind = iota
	JointCase
	BulkUpload
)

// Limits of joint approval in working days (domain guide 2.3, K9; 6.2).
const (
	JointDays    = 45
	DispatchDays = 1
)
