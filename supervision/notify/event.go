package notify

import (
	"slices"
	"strings"
	"time"

	"duban/supervision/workflow"
)

// Kinds of subject that are told of differently from the others.
const (
	kindAlert = string(workflow.Alert)
	kindOrder = string(workflow.Order)
)

// Event is one entry in the history of an alert or a work item, with what is
// needed to tell whom it concerns.
type Event struct {
	// ID is alert:ALERT_ID:SEQ or work:KIND:ID:SEQ.
	ID string
	// Version is the fold version that it was written with.
	Version uint64
	// Kind is alert, order, rating, exposure or referral.
	Kind string
	// Name is the event: raised, upgraded, …, or the action of a person.
	Name                   string
	State, PrevState       string
	Severity, PrevSeverity string
	// Notify is the rung or role of the rule for the severity of the alert.
	Notify     string
	OrgCode    string
	CoOrgs     []string
	RegionCode string
	WindowID   string
	StaffID    string
	Assignee   string
	// Kept says that the alert is about a secret subject, and nothing that the
	// organisation has to act on: those alone are told who watch over organisations.
	Kept bool
	// Actor is the user who acted; they are not told of it.
	Actor       string
	EffectiveAt time.Time
	RecordedAt  time.Time
}

// Urgent events do not wait for their window and pass quiet hours: red cards.
func (e *Event) Urgent() bool {
	return e.Kind == kindAlert && e.Severity == "red" && e.State != "cancelled"
}

// subjectOf takes the subject out of an event id: the kind (alert, order, …)
// and its id.
func subjectOf(eventID string) (kind, id string) {
	kind, rest, _ := strings.Cut(eventID, ":")
	if kind == "work" {
		kind, rest, _ = strings.Cut(rest, ":")
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 {
		rest = rest[:i]
	}
	return kind, rest
}

// Audience says whom an event concerns; empty when nobody has to do or to know
// anything because of it, such as when somebody has signed for their own
// alert.
func Audience(e *Event) []Target {
	var notify []string
	if e.Kind == kindAlert {
		notify = alertAudience(e)
	} else {
		notify = workAudience(e)
	}
	if e.Kept {
		notify = watchers(notify)
	}
	var out []Target
	for _, n := range notify {
		orgs := []string{e.OrgCode}
		if e.Kind == kindOrder && n == "N4" {
			orgs = append(orgs, e.CoOrgs...)
		}
		for _, org := range orgs {
			out = append(out, Target{Notify: n, OrgCode: org, RegionCode: e.RegionCode, WindowID: e.WindowID, StaffID: e.StaffID})
		}
	}
	return out
}

// watchers puts those who watch over organisations in the place of everybody else: who
// complains in confidence is kept from the organisation complained about (domain guide 8.3).
func watchers(notify []string) []string {
	for i, n := range notify {
		if !slices.Contains([]Role{"supervisor", HotlineAdmin, Leader}, Role(n)) {
			notify[i] = "supervisor"
		}
	}
	return notify
}

// alertAudience follows domain guide 6.1: the ladder hears what is announced,
// withdrawn or decided, the supervision office what waits for its decision.
func alertAudience(e *Event) []string {
	if e.Name == "assign" && e.Assignee != "" {
		return []string{userPrefix + e.Assignee}
	}
	if e.Name == "reject_feedback" {
		return []string{department} // who has five more days to answer
	}
	if e.State == e.PrevState && e.Severity == e.PrevSeverity {
		return nil // a note, not news
	}
	ladder := e.Notify
	if ladder == "" {
		ladder = "N1"
	}
	switch e.State {
	case "issued", "upheld", "revoked":
		return []string{ladder}
	case "escalated":
		return []string{"N4"}
	case "cancelled":
		if severityRank(e.Severity) >= severityRank("yellow") {
			return []string{ladder} // a card is taken back
		}
	case "pending", "fed_back", "appealed", "review":
		return []string{"supervisor"}
	}
	// A card that is upgraded while it is in the hands of people stays in
	// their state and is news all the same.
	if e.Severity != e.PrevSeverity && severityRank(e.Severity) > severityRank(e.PrevSeverity) && e.State != "closed" {
		return []string{ladder}
	}
	return nil
}

// workAudience follows domain guide 4, 6.3 and 7.3: the organisation hears what
// it has to do and how it was judged, the supervision office what it has to
// judge. States that are not listed ask nobody for anything.
func workAudience(e *Event) []string {
	switch e.Name {
	case "assign":
		if e.Assignee != "" {
			return []string{userPrefix + e.Assignee}
		}
	case "request_extension":
		return []string{"supervisor"}
	case "extend":
		return []string{department}
	case "reopen":
		if e.Kind == kindOrder {
			return []string{department}
		}
	}
	if e.State == e.PrevState {
		return nil
	}
	switch e.Kind + "/" + e.State {
	case "order/issued":
		return []string{"N4"}
	case "order/returned", "order/accepted", "rating/verifying", "rating/valid", "rating/rejected", "rating/excluded":
		return []string{department}
	case "order/replied", "rating/invalid_claimed", "rating/rectified", "exposure/candidate", "exposure/reviewed", "exposure/replied":
		return []string{"supervisor"}
	case "order/revoked":
		if e.PrevState != "draft" {
			return []string{department}
		}
	case "exposure/published":
		return []string{department + "+supervisor"}
	}
	if e.Kind == "referral" && e.PrevState == "" {
		return []string{"supervisor+" + string(Leader)}
	}
	return nil
}

// userPrefix marks a target that is one person.
const userPrefix = "user:"
