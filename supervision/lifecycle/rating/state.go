package rating

// Status says whether a rating counts in satisfaction figures (domain
// guide 4); only Valid does.
type Status string

// The statuses, in order of precedence but for Valid, which is what is left.
const (
	Excluded Status = "excluded"
	Default  Status = "default"
	FollowUp Status = "follow_up"
	Early    Status = "early"
	Late     Status = "late"
	Valid    Status = "valid"
)

// State is what the ratings of one subject say: one row of table
// rating_states.
type State struct {
	// SubjectKind is case, ticket or none; for none SubjectNo is the rating's
	// own number.
	SubjectKind string
	SubjectSys  string
	SubjectNo   string
	// Ratings are sorted by (RatedAt, RatingID, revision, From).
	Ratings         []Entry
	Conflict        bool
	CalendarVersion string
}

// Entry is one rating; it counts as of an instant T when
// From <= T < Until. A rating has several entries when it counts again after a
// later one was taken back, or when a later revision changed it. The r_ columns
// of table rating_states.
type Entry struct {
	SourceSys string
	RatingID  string
	Level     uint8
	RatedAt   int64
	// ServedAt is when the service was: what the source says, else the end of the
	// served case or ticket; zero when neither is known.
	ServedAt int64
	Status   Status
	From     int64
	// Until is Still unless a later rating of the same rater and service, or
	// a later revision, took its place.
	Until      int64
	OrgCode    string
	RegionCode string
	TaskCode   string
	WindowID   string
	Channel    string
	RealName   bool
}
