package event

// SubjectKinds are the kinds of thing that people act on (docs/supervision.md
// section 5).
func SubjectKinds() []string {
	return []string{"alert", "order", "rating", "exposure", "referral", "outage", "notice"}
}

// Roles are the values of role (domain guide 1.3).
func Roles() []string {
	return []string{"leader", "supervisor", "analyst", "dept_manager", "window_manager", "handler", "hotline_admin",
		"auditor", "sysadmin", "public"}
}

// TopicActions carries what people do in the product itself.
const TopicActions Topic = "actions"

var _ = register(TopicActions, about{table: "actions", place: 6, folded: 90, states: true})

// Action is what one person did to one subject of supervision; identity
// (SourceSys, EventID, 0): an action is never revised, the next one follows.
type Action struct {
	SourceSys string
	EventID   string
	// Revision is always 0.
	Revision uint32
	// SubjectKind is one of SubjectKinds, SubjectID its id.
	SubjectKind string
	SubjectID   string
	Action      string
	// ExpectedSeq is the number of the subject's last event that the person
	// saw; 0 for a subject that does not exist yet.
	ExpectedSeq uint32
	Actor       string
	// Role is one of Roles: the one in which the person acted.
	Role       string
	OrgCode    string
	OccurredAt int64
	EmittedAt  int64
	Payload    string

	Identity [2]uint64
	Content  uint64
	Origin   Origin
}

// Key is the Kafka message key: the actions on one subject keep their order,
// whichever system they come from.
func (a *Action) Key() string {
	f := a.Filing()
	return f.Key()
}

// Filing files an action under the subject acted on.
func (a *Action) Filing() Filing {
	f := filing(&a.Origin, a.SourceSys, a.SubjectKind, a.SubjectID, a.Identity, a.Content)
	f.Owner = a.SubjectKind
	return f
}
