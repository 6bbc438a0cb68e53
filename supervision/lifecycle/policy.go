package lifecycle

import "duban/supervision/calendar"

// Policy holds what a jurisdiction may decide about clocks. DefaultPolicy
// gives the values of the domain guide.
type Policy struct {
	// Due says how a due day becomes a due moment and when the hall is open.
	Due calendar.DueRule
	// Halls are the opening hours of jurisdictions by division code, of every
	// division whose hours are not those of Due.
	Halls map[string][]calendar.Hall `json:",omitempty"`
	// PrereviewDays is K1, AcceptDays K2, LegalDays K4 where neither the case
	// nor the catalogue gives one, DeliverDays K5; all in working days.
	PrereviewDays int32
	AcceptDays    int32
	LegalDays     int32
	// ExtendDays is by how many working days K4 may be extended, once (Licensing Law
	// art. 42), and TicketExtendDays the same for T6; what goes beyond is a fact without
	// effect on the due.
	ExtendDays int32
	// JointExtendDays is the same in joint processing, by the head of the government.
	JointExtendDays  int32
	TicketExtendDays int32
	DeliverDays      int32
	// SuspendDays is how many working days one special procedure takes out of the clocks
	// at most, however many were approved: a year of them. The law knows no bound, but an
	// approval of decades is no procedure.
	SuspendDays int32
	// CorrectDays is K8 in calendar days; LowerReviewDays K10, HearingDays K11
	// and CertificateDays K12 in working days.
	CorrectDays     int32
	LowerReviewDays int32
	HearingDays     int32
	CertificateDays int32
	// ExtendMovesPromise lets an approved extension move K3 too.
	ExtendMovesPromise bool
	// RollForward moves a calendar-day limit that ends on a day off to the
	// next working day where no catalogue item says so.
	RollForward bool

	// TicketDays is T5 by kind in working days, TicketDefaultDays that of
	// every other kind; urgent tickets are due on the day of dispatch.
	TicketDays        map[string]int32
	TicketDefaultDays int32
	// SignDays is T3 in working days, UrgentSignMinutes T3 of urgent tickets.
	SignDays          int32
	UrgentSignMinutes int32
	// AnswerSeconds is T1, QuickMinutes T2 of the QuickChannels and MailHours T2
	// of the MailChannels; all of them by the clock, at any hour.
	AnswerSeconds int32
	QuickMinutes  int32
	MailHours     int32
	QuickChannels []string
	MailChannels  []string
	// ReturnDays is T4, VisitDays T7 and UrgeDays T9, all in working days.
	ReturnDays int32
	VisitDays  int32
	UrgeDays   int32
	// ProblemRedos and ProblemRefusals make a ticket a problem ticket (T10): that
	// many redo orders, or that many organisations that gave it back.
	ProblemRedos    int32
	ProblemRefusals int32
	// ReopenDays is how many calendar days after its close a ticket may be
	// reopened.
	ReopenDays int32
	// HangPauses stops T5 while a ticket is hung.
	HangPauses bool

	// OwnLimits are the source systems that may give their subjects limits of their own
	// (limit_regime source), by name, or by its beginning and a *; of all others the law's
	// limits govern, whatever they say.
	OwnLimits []string

	// RatingDays is how many working days after the service a rating counts.
	RatingDays int32
}

// DefaultPolicy returns the policy of the domain guide (sections 2.3, 3, 4).
func DefaultPolicy() Policy {
	return Policy{
		Due:               calendar.DefaultDueRule(),
		PrereviewDays:     2,
		AcceptDays:        5,
		LegalDays:         20,
		ExtendDays:        10,
		JointExtendDays:   15,
		TicketExtendDays:  10,
		DeliverDays:       10,
		SuspendDays:       250,
		CorrectDays:       30,
		LowerReviewDays:   20,
		HearingDays:       20,
		CertificateDays:   3,
		RollForward:       true,
		TicketDays:        map[string]int32{"consult": 3},
		TicketDefaultDays: 5,
		SignDays:          1,
		UrgentSignMinutes: 60,
		AnswerSeconds:     15,
		QuickMinutes:      3,
		MailHours:         24,
		QuickChannels:     []string{"sms", "weibo", "wechat", "qq"},
		MailChannels:      []string{"web_mailbox", "web_message", "app"},
		ReturnDays:        2,
		VisitDays:         1,
		UrgeDays:          5,
		ProblemRedos:      3,
		ProblemRefusals:   3,
		ReopenDays:        30,
		HangPauses:        true,
		RatingDays:        5,
	}
}

// DueIn is the due rule of a division: with the hours of its halls, else those of
// the county or the township that its code begins with.
func (p *Policy) DueIn(region string) calendar.DueRule {
	rule := p.Due
	if len(p.Halls) == 0 {
		return rule
	}
	for _, n := range []int{len(region), 9, 6} {
		if len(region) < n {
			continue
		}
		if halls, ok := p.Halls[region[:n]]; ok {
			rule.Halls = halls
			break
		}
	}
	return rule
}
