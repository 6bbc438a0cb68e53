package access

import (
	"slices"
	"strings"
)

// Permission is one thing that a role may do.
type Permission string

// What may be seen.
const (
	FigureView   Permission = "figure.view"  // figures, regions, organisations, process
	CaseView     Permission = "case.view"    // single cases, tickets, ratings, masked
	QualityView  Permission = "quality.view" // data quality and rejects
	AlertView    Permission = "alert.view"
	OrderView    Permission = "order.view"
	RatingView   Permission = "rating.view"
	ExposureView Permission = "exposure.view"
	ReferralView Permission = "referral.view"
	RuleView     Permission = "rule.view"
	AuditView    Permission = "audit.view"
	MetricsView  Permission = "metrics.view" // the instruments of the server
)

// What may be done with an alert (domain guide 6.1).
const (
	AlertAck      Permission = "alert.ack"
	AlertFeedback Permission = "alert.feedback"
	AlertAppeal   Permission = "alert.appeal"
	AlertAssign   Permission = "alert.assign"
	AlertConfirm  Permission = "alert.confirm" // issue a pending card
	AlertDecide   Permission = "alert.decide"  // an appeal or a review: revoke, uphold, escalate
	AlertClose    Permission = "alert.close"   // accept a feedback
	AlertNote     Permission = "alert.note"
)

// What may be done with a supervision order (domain guide 6.3).
const (
	OrderCreate           Permission = "order.create"
	OrderIssue            Permission = "order.issue"
	OrderSign             Permission = "order.sign"
	OrderProgress         Permission = "order.progress"
	OrderReply            Permission = "order.reply"
	OrderAccept           Permission = "order.accept"
	OrderReturn           Permission = "order.return"
	OrderClose            Permission = "order.close"
	OrderRequestExtension Permission = "order.request_extension"
	OrderExtend           Permission = "order.extend" // grant an extension
)

// What may be done with a bad rating (domain guide 4).
const (
	RatingVerify  Permission = "rating.verify"  // ring back and find it valid
	RatingClaim   Permission = "rating.claim"   // call it mistaken or malicious
	RatingDecide  Permission = "rating.decide"  // decide on such a claim
	RatingRectify Permission = "rating.rectify" // start and report the remedy
	RatingExplain Permission = "rating.explain" // there is no legal basis for the demand
	RatingExtend  Permission = "rating.extend"
	RatingConfirm Permission = "rating.confirm" // the rater is content, or not
)

// What may be done with the exposure column (7.3), a referral for
// accountability (6.3) and a hotline ticket (8.1).
const (
	ExposurePropose  Permission = "exposure.propose"
	ExposureReview   Permission = "exposure.review"
	ExposurePublish  Permission = "exposure.publish"
	ExposureReply    Permission = "exposure.reply"
	ExposureTakedown Permission = "exposure.takedown"
	ReferralCreate   Permission = "referral.create"
	ReferralRecord   Permission = "referral.record"
	TicketArbitrate  Permission = "ticket.arbitrate"
	TicketUrge       Permission = "ticket.urge"
	TicketEscalate   Permission = "ticket.escalate"
)

// What may be done with a declared outage (domain guide 6.1, Suppression). What
// somebody may declare is up to the state machine: a sysadmin that a source is
// down, no more.
const (
	OutageDeclare Permission = "outage.declare"
	OutageAmend   Permission = "outage.amend"
	OutageEnd     Permission = "outage.end"
	OutageRevoke  Permission = "outage.revoke"
	OutageNote    Permission = "outage.note"
)

// How the product is run.
const (
	UserManage Permission = "user.manage"
	NotifyTest Permission = "notify.test"
)

// views are what every role that works on supervision may see.
var views = []Permission{FigureView, CaseView, AlertView, OrderView, RatingView, ExposureView, RuleView}

// table says what each role may do; what is not in it, it may not (domain
// guide 8.1). The sysadmin sees what the others see, masked, so that faults can
// be found, says which sources are down, and does nothing on anyone's behalf.
var table = map[Role][]Permission{
	Leader: join(views, ReferralView, QualityView, AlertNote, OrderCreate, OrderIssue, OrderExtend),
	Supervisor: join(views, ReferralView, QualityView, AlertNote, AlertConfirm, AlertDecide, AlertClose,
		OrderCreate, OrderIssue, OrderAccept, OrderReturn, OrderClose, OrderExtend,
		RatingVerify, RatingDecide, RatingExtend, RatingConfirm,
		ExposurePropose, ExposureReview, ExposurePublish, ExposureTakedown, ReferralCreate, ReferralRecord, NotifyTest,
		OutageDeclare, OutageAmend, OutageEnd, OutageRevoke, OutageNote),
	Analyst: join(views, QualityView),
	DeptManager: join(views, QualityView, AlertAck, AlertFeedback, AlertAppeal, AlertAssign,
		OrderSign, OrderProgress, OrderReply, OrderRequestExtension,
		RatingClaim, RatingRectify, RatingExplain, ExposureReply),
	WindowManager: join(views, AlertAck, AlertFeedback, RatingRectify),
	Handler:       join(views, AlertAck, AlertFeedback, RatingRectify),
	HotlineAdmin: join(views, QualityView, AlertAck, AlertFeedback, RatingVerify, RatingConfirm,
		TicketArbitrate, TicketUrge, TicketEscalate),
	Auditor:  {FigureView, RuleView, AuditView},
	Sysadmin: join(views, ReferralView, QualityView, AuditView, MetricsView, UserManage, NotifyTest, OutageDeclare, OutageAmend, OutageEnd, OutageNote),
	Public:   {FigureView},
}

func join(a []Permission, more ...Permission) []Permission { return append(slices.Clone(a), more...) }

// unscoped permissions concern the product and not a subject: they need no
// target.
var unscoped = []Permission{FigureView, CaseView, QualityView, RuleView, AuditView, MetricsView, UserManage, NotifyTest}

// Permissions lists every permission that some role has, sorted.
func Permissions() []Permission {
	var all []Permission
	for _, ps := range table {
		all = append(all, ps...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Changes reports whether using the permission changes something.
func (p Permission) Changes() bool {
	return !strings.HasSuffix(string(p), ".view") && p != UserManage
}

// Has reports whether the role has the permission, on whichever target.
func (r Role) Has(p Permission) bool { return slices.Contains(table[r], p) }
