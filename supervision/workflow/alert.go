package workflow

import "slices"

// States of an alert (domain guide 1.3 alert_state); review is where late
// evidence waits for a supervisor (2.6).
const (
	AlertPending   State = "pending"
	AlertIssued    State = "issued"
	AlertAcked     State = "acked"
	AlertFedBack   State = "fed_back"
	AlertAppealed  State = "appealed"
	AlertUpheld    State = "upheld"
	AlertEscalated State = "escalated"
	AlertReview    State = "review"
	AlertRevoked   State = "revoked"
	AlertCancelled State = "cancelled"
	AlertClosed    State = "closed"
)

// Limits of alerts in working days (domain guide 6.1).
const (
	feedbackWD = 5 // department: cause and fix
	appealWD   = 3 // department: appeal with evidence
	decideWD   = 5 // supervisor: decision on an appeal
)

// DecideWD is how many working days the supervisor has to decide on an appeal.
const DecideWD = decideWD

// Grounds of an appeal (domain guide 6.1, clear C).
func Grounds() []string {
	return []string{"wrong_data", "holiday_error", "system_error", "applicant_fault", "force_majeure", "superior_order"}
}

// CancelReasons are the reasons of the system to take an alert back.
func CancelReasons() []string {
	return []string{"late_data", "rule_changed", "outage", "holiday_error", "calendar_changed", "catalogue_changed"}
}

func live(without ...State) []State {
	all := []State{AlertPending, AlertIssued, AlertAcked, AlertFedBack, AlertAppealed, AlertUpheld, AlertEscalated, AlertReview}
	return slices.DeleteFunc(all, func(s State) bool { return slices.Contains(without, s) })
}

// alertTable is domain guide 1.3 and 6.1. Roles are those of 8.1; the hotline
// office acts on alerts of the hotline, the system administrator on those of
// data.
func alertTable() []transition {
	dept := []Role{Handler, WindowManager, DeptManager, HotlineAdmin, Sysadmin}
	manager := []Role{DeptManager, HotlineAdmin}
	supervisor, system := []Role{Supervisor}, []Role{System}
	severity := need{key: "severity", kind: needChoice, values: []string{Notice, Warning, Yellow, Red}}
	ground := need{key: "ground", kind: needChoice, values: Grounds()}
	evidence := need{key: "evidence", kind: needList}
	demand := append(texts("demand"), need{key: "level", kind: needChoice, values: []string{"normal", "key"}, optional: true})
	return []transition{
		{action: "raised", from: []State{Absent}, who: system, next: issueMode, effect: raise, needs: []need{severity,
			{key: "mode", kind: needChoice, values: []string{"auto", "manual_confirm"}, optional: true}}},
		{action: "upgraded", from: live(), who: system, needs: []need{severity}, guard: higher, next: upgradedTo, effect: upgrade},
		{action: "cleared", from: live(), who: system, to: AlertClosed},
		{action: "cancelled", from: live(), who: system, to: AlertCancelled, guard: knownReason},
		{action: "review", from: live(AlertReview), who: system, to: AlertReview, guard: knownReason},
		// A rule that speaks again after the end: more severely than before, or
		// once more after it was cancelled.
		{action: "reopen", from: []State{AlertClosed, AlertCancelled}, who: []Role{System, Supervisor}, to: AlertIssued,
			guard: reopenAlert, effect: reissue},
		{action: "reopen", from: []State{AlertRevoked}, who: supervisor, to: AlertIssued, needs: texts("comment"), effect: reissue},

		{action: "confirm", from: []State{AlertPending}, who: supervisor, to: AlertIssued, effect: announce},
		{action: "ack", from: []State{AlertIssued}, who: dept, to: AlertAcked},
		{action: "assign", from: []State{AlertIssued, AlertAcked, AlertFedBack, AlertUpheld, AlertEscalated}, who: manager,
			needs:  texts("assignee"),
			effect: func(c *call) { c.it.Assignee = c.p.text("assignee") }},
		{action: "feedback", from: []State{AlertIssued, AlertAcked, AlertUpheld, AlertEscalated}, who: dept, to: AlertFedBack,
			needs:  texts("cause", "fix"),
			effect: func(c *call) { c.it.DueAt, c.it.StoppedAt = 0, c.e.At }},
		{action: "accept_feedback", from: []State{AlertFedBack}, who: supervisor, to: AlertClosed},
		{action: "reject_feedback", from: []State{AlertFedBack}, who: supervisor, to: AlertAcked, needs: texts("comment"),
			effect: func(c *call) { c.it.Round++; c.it.StoppedAt = 0; askFeedback(c, c.e.At) }},
		// What was upheld or escalated can be appealed when a graver card followed, not again.
		{action: "appeal", from: []State{AlertIssued, AlertAcked, AlertFedBack, AlertUpheld, AlertEscalated}, who: manager, to: AlertAppealed,
			needs: []need{ground, evidence},
			offer: mayBeAppealed, guard: appealable, effect: func(c *call) { c.it.DueAt = c.env.DueIn(c.e.At, decideWD) }},
		{action: "uphold", from: []State{AlertAppealed, AlertReview}, who: supervisor, to: AlertUpheld, needs: texts("comment"),
			effect: func(c *call) { askFeedback(c, c.e.At); decided(c) }},
		{action: "revoke", from: live(), who: supervisor, to: AlertRevoked, needs: append(texts("comment"), ground)},
		{action: "escalate", from: live(AlertPending, AlertReview, AlertEscalated, AlertAppealed), who: []Role{Supervisor, HotlineAdmin},
			to: AlertEscalated, needs: demand, effect: decided},
		{action: "escalate", from: []State{AlertAppealed}, who: supervisor, to: AlertEscalated, needs: demand, effect: decided},
		{action: "accept_late_evidence", from: []State{AlertReview}, who: supervisor, to: AlertCancelled, needs: texts("comment")},
		{action: "close", from: []State{AlertIssued, AlertAcked, AlertFedBack, AlertUpheld, AlertEscalated}, who: supervisor, to: AlertClosed,
			needs: texts("comment"), guard: closable},
		{action: "note", from: live(), who: []Role{Leader, Supervisor, DeptManager, HotlineAdmin}, needs: texts("comment")},
	}
}

func issueMode(_ *Item, p payload) State {
	if p.text("mode") == "manual_confirm" {
		return AlertPending
	}
	return AlertIssued
}

func raise(c *call) {
	c.it.Severity = c.p.text("severity")
	if c.e.State == AlertIssued {
		askFeedback(c, c.e.RecordedAt)
	}
}

// announce is the moment a card becomes known: its limits run from here.
func announce(c *call) { askFeedback(c, c.e.At) }

// askFeedback sets the limits of a card from the day of an instant on.
func askFeedback(c *call, from int64) {
	c.it.FeedbackDue, c.it.DueAt = 0, 0
	if !IsCard(c.it.Severity) {
		return
	}
	c.it.FeedbackDue = c.env.DueIn(from, feedbackWD)
	c.it.DueAt = c.it.FeedbackDue
	if c.e.Event != "reject_feedback" && c.e.Event != "uphold" && c.it.Appealable {
		c.it.AppealUntil = c.env.DueIn(from, appealWD)
	}
}

// decided ends the time for an appeal: it was decided, or went to those above. What stands
// after late evidence was looked at can still be appealed.
func decided(c *call) {
	if c.it.State != AlertReview {
		c.it.AppealUntil = 0
	}
}

// upgrade raises the severity: a new card, with limits of its own, unless the
// alert was not announced yet. While an appeal is decided, its limit stays.
func upgrade(c *call) {
	c.it.Severity = c.p.text("severity")
	if c.e.State == AlertPending {
		return
	}
	due := c.it.DueAt
	askFeedback(c, c.e.RecordedAt)
	if c.e.State == AlertAppealed {
		c.it.DueAt = due
	}
	if c.e.State == AlertIssued {
		c.it.StoppedAt = 0
	}
}

// upgradedTo: a higher severity asks again for what was acknowledged or
// answered.
func upgradedTo(it *Item, _ payload) State {
	if it.State == AlertAcked || it.State == AlertFedBack {
		return AlertIssued
	}
	return it.State
}

func higher(c *call) *Refusal {
	if rank(c.p.text("severity")) <= rank(c.it.Severity) {
		return refuse(Invalid, keySeverity, "severity", c.it.Severity)
	}
	return nil
}

func knownReason(c *call) *Refusal {
	if !slices.Contains(CancelReasons(), c.e.Reason) {
		return refuse(Invalid, keyReason)
	}
	return nil
}

// reopenAlert: a supervisor says why; the system has a higher severity, or an
// alert that it had cancelled.
func reopenAlert(c *call) *Refusal {
	switch {
	case c.e.Role == Supervisor:
		return need{key: "comment"}.check(c.p)
	case c.it.State == AlertCancelled && rank(c.p.text("severity")) > 0:
		return nil
	}
	return higher(c)
}

func reissue(c *call) {
	from := c.e.At
	if c.e.Role == System {
		c.it.Severity, from = c.p.text("severity"), c.e.RecordedAt
	}
	c.it.StoppedAt = 0
	askFeedback(c, from)
}

// mayBeAppealed: the rule knows appeals (clear mode C), and no decision was made yet.
func mayBeAppealed(it *Item) bool { return it.Appealable && it.AppealUntil != 0 }

func appealable(c *call) *Refusal {
	switch {
	case !mayBeAppealed(c.it):
		return refuse(Invalid, keyNoAppeal)
	case c.e.At > c.it.AppealUntil:
		return refuse(Invalid, keyAppealLate, "until", instant(c.it.AppealUntil))
	}
	return nil
}

// closable: a card that nobody answered is not closed but revoked, if it was
// wrong; an escalated one ends with its order.
func closable(c *call) *Refusal {
	if IsCard(c.it.Severity) && (c.it.State == AlertIssued || c.it.State == AlertAcked || c.it.State == AlertUpheld) {
		return refuse(Invalid, keyCard)
	}
	return nil
}
