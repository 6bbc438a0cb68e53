package workflow

import (
	"encoding/json"
	"fmt"
	"maps"
)

// Outcome is what became of an action.
type Outcome string

// The outcomes; all but Accepted are refusals.
const (
	Accepted Outcome = "accepted"
	// Conflict: somebody was faster, the item is not what the person saw.
	Conflict Outcome = "conflict"
	// Illegal: the state does not know the action.
	Illegal Outcome = "illegal"
	// Forbidden: the role or the organisation may not.
	Forbidden Outcome = "forbidden"
	// Invalid: the action lacks what it needs, or comes too late.
	Invalid Outcome = "invalid"
	// Unknown: there is no such subject.
	Unknown Outcome = "unknown"
)

// Refusal says why an action was not accepted. Key names the text for people,
// with the details put into it; no detail repeats what was written.
type Refusal struct {
	Outcome Outcome
	Key     string
	Details map[string]string
}

// Error makes a Refusal usable as an error.
func (r *Refusal) Error() string { return fmt.Sprintf("%s: %s %v", r.Outcome, r.Key, r.Details) }

// Detail returns key and details as one JSON object, the form in which
// refusals are kept.
func (r *Refusal) Detail() string {
	all := maps.Clone(r.Details)
	if all == nil {
		all = map[string]string{}
	}
	all["key"] = r.Key
	text, _ := json.Marshal(all) // strings alone
	return string(text)
}

// Keys lists the text keys of all refusals.
func Keys() []string {
	return []string{
		keySeq, keyNone, keyExists, keyState, keyAction, keyRole, keyOrg, keyHotline, keyPayload, keyMissing, keyChoice, keyRange,
		keyNoAppeal, keyAppealLate, keySeverity, keyLate, keyExtended, keyPast, keyLeader, keyMask, keyCard, keyReason,
		keyOutageBack, keyOutageSpan, keyOutageOver,
	}
}

const (
	keySeq        = "refusal.changed_meanwhile"
	keyNone       = "refusal.no_such_subject"
	keyExists     = "refusal.exists_already"
	keyState      = "refusal.not_in_this_state"
	keyAction     = "refusal.unknown_action"
	keyRole       = "refusal.not_your_role"
	keyOrg        = "refusal.not_your_organisation"
	keyHotline    = "refusal.not_your_field"
	keyPayload    = "refusal.not_an_object"
	keyMissing    = "refusal.missing"
	keyChoice     = "refusal.not_one_of"
	keyRange      = "refusal.out_of_range"
	keyNoAppeal   = "refusal.no_appeal"
	keyAppealLate = "refusal.appeal_too_late"
	keySeverity   = "refusal.severity_not_higher"
	keyLate       = "refusal.after_due"
	keyExtended   = "refusal.extended_already"
	keyPast       = "refusal.due_not_ahead"
	keyLeader     = "refusal.due_by_leader"
	keyMask       = "refusal.personal_data"
	keyCard       = "refusal.feedback_first"
	keyReason     = "refusal.reason_unknown"
	keyOutageBack = "refusal.outage_too_far_back"
	keyOutageSpan = "refusal.outage_span"
	keyOutageOver = "refusal.outage_over"
)

func refuse(o Outcome, key string, details ...string) *Refusal {
	r := &Refusal{Outcome: o, Key: key, Details: map[string]string{}}
	for i := 0; i+1 < len(details); i += 2 {
		r.Details[details[i]] = details[i+1]
	}
	return r
}
