package workflow

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
)

// without returns everything but some keys.
func without(t *testing.T, keys ...string) string {
	t.Helper()
	var all map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(everything), &all))
	for _, k := range keys {
		delete(all, k)
	}
	text, err := json.Marshal(all)
	require.NoError(t, err)
	return string(text)
}

// unseen is everything, with texts and lists of a key that say nothing to the eye.
func unseen(t *testing.T, key string) string {
	t.Helper()
	all := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(everything), &all))
	switch all[key].(type) {
	case string:
		all[key] = "\u200b\u3000\ufeff\u2060"
	case []any:
		all[key] = []string{"\u200b", "\u3000"}
	default:
		delete(all, key)
	}
	text, err := json.Marshal(all)
	require.NoError(t, err)
	return string(text)
}

func TestWhatAnActionMustBring(t *testing.T) {
	for _, c := range []struct {
		kind   Kind
		state  State
		role   Role
		action string
		fields []string
	}{
		{Alert, AlertIssued, DeptManager, "feedback", []string{"cause", "fix"}},
		{Alert, AlertIssued, DeptManager, "appeal", []string{"ground", "evidence"}},
		{Alert, AlertFedBack, Supervisor, "reject_feedback", []string{"comment"}},
		{Alert, AlertAppealed, Supervisor, "uphold", []string{"comment"}},
		{Alert, AlertAppealed, Supervisor, "revoke", []string{"comment", "ground"}},
		{Alert, AlertIssued, Supervisor, "escalate", []string{"demand"}},
		{Alert, AlertReview, Supervisor, "accept_late_evidence", []string{"comment"}},
		{Alert, AlertFedBack, Supervisor, "close", []string{"comment"}},
		{Alert, AlertClosed, Supervisor, "reopen", []string{"comment"}},
		{Alert, AlertRevoked, Supervisor, "reopen", []string{"comment"}},
		{Alert, AlertIssued, DeptManager, "assign", []string{"assignee"}},
		{Order, Absent, Supervisor, "create", []string{"org_code", "title", "demand"}},
		{Order, OrderDraft, Supervisor, "edit", []string{"org_code", "title", "demand"}},
		{Order, OrderSigned, DeptManager, "reply", []string{"answer"}},
		{Order, OrderSigned, DeptManager, "request_extension", []string{"reason", "days"}},
		{Order, OrderSigned, Supervisor, "extend", []string{"reason", "days"}},
		{Order, OrderReplied, Supervisor, "return", []string{"comment"}},
		{Order, OrderSigned, Supervisor, "revoke", []string{"comment"}},
		{Order, OrderClosed, Supervisor, "reopen", []string{"comment"}},
		{Rating, RatingVerifying, DeptManager, "claim_invalid", []string{"grounds", "evidence"}},
		{Rating, RatingInvalidClaimed, Supervisor, "exclude", []string{"comment"}},
		{Rating, RatingRectifying, Handler, "rectify", []string{"fix"}},
		{Rating, RatingRectifying, DeptManager, "explain", []string{"legal_basis"}},
		{Rating, RatingRectified, Supervisor, "reject", []string{"comment"}},
		{Rating, RatingConfirmed, Supervisor, "close", []string{"summary"}},
		{Rating, RatingValid, Supervisor, "extend", []string{"reason"}},
		{Exposure, ExposureCandidate, Supervisor, "approve", []string{"masked_text"}},
		{Exposure, ExposurePublished, DeptManager, "reply", []string{"answer"}},
		{Exposure, ExposurePublished, Supervisor, "takedown", []string{"reason"}},
		{Exposure, ExposureReplied, Supervisor, "publish_result", []string{"result"}},
		{Referral, Absent, Supervisor, "create", []string{"org_code", "grounds"}},
		{Referral, ReferralDraft, Supervisor, "refer", []string{"body"}},
		{Referral, ReferralReferred, Supervisor, "record_result", []string{"result", "decided_on"}},
	} {
		m := New(c.kind, env(t))
		it := in(c.kind, c.state)
		accept(t, m, it, act(c.role, c.action, it.Seq, everything))
		for _, f := range c.fields {
			r := refused(t, m, it, act(c.role, c.action, it.Seq, without(t, f)))
			require.Equal(t, &Refusal{Invalid, "refusal.missing", map[string]string{"field": f}}, r, "%s %s", c.kind, c.action)
			r = refused(t, m, it, act(c.role, c.action, it.Seq, unseen(t, f)))
			require.Equal(t, &Refusal{Invalid, "refusal.missing", map[string]string{"field": f}}, r, "%s %s without %s to see", c.kind, c.action, f)
		}
	}
}

func TestRefusalsSayWhatWasWrong(t *testing.T) {
	alert, order, rating, exposure, referral := New(Alert, env(t)), New(Order, env(t)), New(Rating, env(t)),
		New(Exposure, env(t)), New(Referral, env(t))
	change := func(it Item, f func(*Item)) Item { f(&it); return it }
	late := act(DeptManager, "appeal", 7, everything)
	late.At = endOf("2026-03-05") + 1
	lastMoment := late
	lastMoment.At--
	accept(t, alert, in(Alert, AlertIssued), lastMoment)
	foreign := act(DeptManager, "ack", 7, "")
	foreign.OrgCode = "b"
	nobody := foreign
	nobody.OrgCode = ""
	overdue := act(Supervisor, "extend", 7, everything)
	overdue.At = endOf("2026-03-09") + 1
	noReason := act(System, "cancelled", 7, "")
	noReason.Reason = "because"
	for name, c := range map[string]struct {
		m       *Machine
		it      Item
		a       Action
		outcome Outcome
		key     string
		details map[string]string
	}{
		"somebody was faster": {alert, in(Alert, AlertAcked), act(Handler, "ack", 6, ""), Conflict, keySeq,
			map[string]string{"seq": "7", "expected": "6", "state": "acked"}},
		"a stale page, and illegal too": {alert, in(Alert, AlertClosed), act(Handler, "ack", 6, ""), Conflict, keySeq,
			map[string]string{"seq": "7", "expected": "6", "state": "closed"}},
		"an alert that does not exist": {alert, in(Alert, Absent), act(Handler, "ack", 3, ""), Unknown, keyNone, nil},
		"an order made twice": {order, in(Order, OrderDraft), act(Supervisor, "create", 0, everything), Conflict, keyExists,
			map[string]string{"seq": "7"}},
		"an action nobody knows":       {alert, in(Alert, AlertIssued), act(Handler, "dance", 7, ""), Illegal, keyAction, nil},
		"a department that is another": {alert, in(Alert, AlertIssued), foreign, Forbidden, keyOrg, nil},
		"a department that is none":    {alert, in(Alert, AlertIssued), nobody, Forbidden, keyOrg, nil},
		"an alert of nobody": {alert, change(in(Alert, AlertIssued), func(it *Item) { it.OrgCode = "" }),
			act(DeptManager, "ack", 7, ""), Forbidden, keyOrg, nil},
		"the hotline on a licence": {alert, change(in(Alert, AlertIssued), func(it *Item) { it.Category = "timeliness" }),
			act(HotlineAdmin, "ack", 7, ""), Forbidden, keyHotline, map[string]string{"role": "hotline_admin"}},
		"the administrator on a licence": {alert, change(in(Alert, AlertIssued), func(it *Item) { it.Category = "timeliness" }),
			act(Sysadmin, "ack", 7, ""), Forbidden, keyHotline, map[string]string{"role": "sysadmin"}},
		"the hotline on a leader's order": {order, change(in(Order, OrderReplied), func(it *Item) { it.Origin = "leader" }),
			act(HotlineAdmin, "accept", 7, ""), Forbidden, keyHotline, map[string]string{"role": "hotline_admin"}},
		"a co-organisation that replies": {order, change(in(Order, OrderSigned), func(it *Item) { it.OrgCode, it.CoOrgs = "b", []string{"a"} }),
			act(DeptManager, "reply", 7, everything), Forbidden, keyOrg, nil},
		"a payload that is a list": {alert, in(Alert, AlertIssued), act(Handler, "ack", 7, "[]"), Invalid, keyPayload, nil},
		"a payload that is null":   {alert, in(Alert, AlertIssued), act(Handler, "ack", 7, "null"), Invalid, keyPayload, nil},
		"blanks for a cause": {alert, in(Alert, AlertIssued), act(Handler, "feedback", 7, `{"cause":"  ","fix":"y"}`), Invalid,
			keyMissing, map[string]string{"field": "cause"}},
		"evidence of nothing": {alert, in(Alert, AlertIssued),
			act(DeptManager, "appeal", 7, `{"ground":"wrong_data","evidence":[""]}`), Invalid, keyMissing, map[string]string{"field": "evidence"}},
		"a ground that is none": {alert, in(Alert, AlertIssued), act(DeptManager, "appeal", 7, `{"ground":"mood","evidence":["e"]}`),
			Invalid, keyChoice, map[string]string{"field": "ground", "values": "wrong_data, holiday_error, system_error, applicant_fault, " +
				"force_majeure, superior_order"}},
		"an appeal on the fourth day": {alert, in(Alert, AlertIssued), late, Invalid, keyAppealLate,
			map[string]string{"until": "2026-03-05T23:59:59+08:00"}},
		"an appeal against a warning": {alert, change(in(Alert, AlertIssued), func(it *Item) { it.AppealUntil = 0 }),
			act(DeptManager, "appeal", 7, everything), Invalid, keyNoAppeal, nil},
		"an appeal where there is none": {alert, change(in(Alert, AlertIssued), func(it *Item) { it.Appealable = false }),
			act(DeptManager, "appeal", 7, everything), Invalid, keyNoAppeal, nil},
		"the hotline for a department": {alert, change(in(Alert, AlertIssued), func(it *Item) { it.OrgCode = "z" }),
			act(HotlineAdmin, "feedback", 7, everything), Forbidden, keyOrg, nil},
		"the hotline on its own appeal": {alert, in(Alert, AlertAppealed), act(HotlineAdmin, "escalate", 7, everything), Forbidden, keyRole,
			map[string]string{"role": "hotline_admin", "roles": "supervisor"}},
		"an upgrade to the same": {alert, change(in(Alert, AlertIssued), func(it *Item) { it.Severity = Red }),
			act(System, "upgraded", 7, everything), Invalid, keySeverity, map[string]string{"severity": "red"}},
		"a card that comes back as it was": {alert, change(in(Alert, AlertClosed), func(it *Item) { it.Severity = Red }),
			act(System, "reopen", 7, everything), Invalid, keySeverity, map[string]string{"severity": "red"}},
		"a cancellation for no reason":   {alert, in(Alert, AlertIssued), noReason, Invalid, keyReason, nil},
		"a card closed without feedback": {alert, in(Alert, AlertAcked), act(Supervisor, "close", 7, everything), Invalid, keyCard, nil},
		"a supervisor who sets the date": {order, in(Order, Absent),
			act(Supervisor, "create", 0, `{"org_code":"a","title":"t","demand":"d","due":"2026-03-30"}`), Invalid, keyLeader, nil},
		"a supervisor as a leader": {order, in(Order, Absent),
			act(Supervisor, "create", 0, `{"org_code":"a","title":"t","demand":"d","level":"leader"}`), Invalid, keyLeader, nil},
		"a date that has passed": {order, in(Order, Absent),
			act(Leader, "create", 0, `{"org_code":"a","title":"t","demand":"d","due":"2026-03-01"}`), Invalid, keyPast, nil},
		"a date that is none": {order, in(Order, Absent),
			act(Leader, "create", 0, `{"org_code":"a","title":"t","demand":"d","due":"soon"}`), Invalid, keyMissing,
			map[string]string{"field": "due"}},
		"a second extension": {order, change(in(Order, OrderSigned), func(it *Item) { it.Extended = true }),
			act(Supervisor, "extend", 7, everything), Invalid, keyExtended, nil},
		"an extension after the due": {order, in(Order, OrderSigned), overdue, Invalid, keyLate,
			map[string]string{"due": "2026-03-09T23:59:59+08:00"}},
		"an extension by a month": {order, in(Order, OrderSigned), act(Supervisor, "extend", 7, `{"reason":"r","days":22}`), Invalid,
			keyRange, map[string]string{"field": "days", "min": "1", "max": "10"}},
		"an extension by a text": {order, in(Order, OrderSigned), act(Supervisor, "extend", 7, `{"reason":"r","days":"3"}`), Invalid,
			keyRange, map[string]string{"field": "days", "min": "1", "max": "10"}},
		"six stars for a fix": {rating, in(Rating, RatingRectified), act(Supervisor, "confirm", 7, `{"score":6}`), Invalid, keyRange,
			map[string]string{"field": "score", "min": "1", "max": "5"}},
		"a telephone number in public": {exposure, in(Exposure, ExposureCandidate),
			act(Supervisor, "approve", 7, `{"masked_text":"申请人电话13812345678"}`), Invalid, keyMask, map[string]string{"field": "masked_text"}},
		"an identity number in public": {exposure, in(Exposure, ExposureReplied),
			act(Supervisor, "publish_result", 7, `{"result":"612701199001011234已办"}`), Invalid, keyMask, map[string]string{"field": "result"}},
		"a result nobody can decide": {referral, in(Referral, ReferralReferred),
			act(Supervisor, "record_result", 7, `{"result":"exile","decided_on":"2026-03-01"}`), Invalid, keyChoice,
			map[string]string{"field": "result", "values": "none, talk, notice, warning, demerit, major_demerit, demotion, removal, dismissal"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := refused(t, c.m, c.it, c.a)
			if c.details == nil {
				c.details = map[string]string{}
			}
			if c.key == keyAction || c.key == keyRole {
				r.Details = c.details
			}
			require.Equal(t, &Refusal{c.outcome, c.key, c.details}, r)
			require.Contains(t, Keys(), r.Key)
			var kept map[string]string
			require.NoError(t, json.Unmarshal([]byte(r.Detail()), &kept))
			want := maps.Clone(c.details)
			want["key"] = c.key
			require.Equal(t, want, kept)
		})
	}
}

func TestAnOrganisationActsForThoseBelowIt(t *testing.T) {
	it := in(Alert, AlertIssued)
	it.OrgCode = "a-1"
	accept(t, New(Alert, env(t)), it, act(DeptManager, "ack", 7, ""))
}
