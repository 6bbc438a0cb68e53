package event

// RatingChannels are the values of rating_channel (domain guide 1.3).
func RatingChannels() []string {
	return []string{"hall_device", "qr", "web", "app", "mini_program", "kiosk", "sms", "hotline", "paper"}
}

// TopicRatings carries ratings of services.
const TopicRatings Topic = "satisfaction-ratings"

var _ = register(TopicRatings, about{table: "ratings", place: 3, folded: 5, states: true})

// Rating is one satisfaction rating (好差评); identity (SourceSys, RatingID,
// Revision). It rates one service of a case or of a ticket.
type Rating struct {
	SourceSys string
	RatingID  string
	Revision  uint32
	Seq       int64
	// RatedAt is the moment of the rating, ServedAt that of the service rated
	// (0 when the source does not give it; the fold is then told what is known
	// of the subject).
	RatedAt   int64
	ServedAt  int64
	EmittedAt int64
	// Level runs from 1 (very dissatisfied) to 5 (very satisfied).
	Level uint8
	// IsDefault marks a rating filled in by the system (默认好评).
	IsDefault bool
	// FollowUp marks 追评 after rectification: kept, never replaces the first.
	FollowUp bool
	// Excluded marks a rating taken out by an approved decision.
	Excluded bool
	RealName bool
	// CaseNo or TicketNo names the subject, in system SubjectSys (SourceSys
	// when empty); both empty means an unlinked rating.
	SubjectSys string
	CaseNo     string
	TicketNo   string
	// ServiceNo tells apart several services of one subject.
	ServiceNo  string
	RaterToken string
	RegionCode string
	OrgCode    string
	TaskCode   string
	WindowID   string
	StaffID    string
	Channel    string
	Payload    string

	Identity [2]uint64
	Content  uint64
	Origin   Origin
}

// Subject returns what the rating is about: kind case, ticket or none, the
// system that knows the subject and its number there. A rating of nothing
// stands for itself under its own id; one that names both a case and a ticket
// rates the case.
func (r *Rating) Subject() (kind, sys, no string) {
	sys = r.SubjectSys
	if sys == "" {
		sys = r.SourceSys
	}
	switch {
	case r.CaseNo != "":
		return "case", sys, r.CaseNo
	case r.TicketNo != "":
		return "ticket", sys, r.TicketNo
	}
	return "none", r.SourceSys, r.RatingID
}

// Filing files a rating under the subject that is rated.
func (r *Rating) Filing() Filing {
	kind, sys, no := r.Subject()
	return filing(&r.Origin, sys, kind, no, r.Identity, r.Content)
}
