package workflow

import (
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tables say for every state what may happen in it and what comes of it
// (domain guide 1.3, 4, 6.1, 6.3, 7.3); "." is the same state. What is not in
// the line of a state is illegal there.
var tables = map[Kind]map[State]string{
	Alert: {
		Absent:       "raised:issued",
		AlertPending: "confirm:issued upgraded:. cleared:closed cancelled:cancelled review:review revoke:revoked note:.",
		AlertIssued: "ack:acked feedback:fed_back appeal:appealed escalate:escalated assign:. upgraded:. cleared:closed " +
			"cancelled:cancelled review:review revoke:revoked close:closed note:.",
		AlertAcked: "feedback:fed_back appeal:appealed escalate:escalated assign:. upgraded:issued cleared:closed cancelled:cancelled " +
			"review:review revoke:revoked close:closed note:.",
		AlertFedBack: "accept_feedback:closed reject_feedback:acked appeal:appealed escalate:escalated assign:. upgraded:issued " +
			"cleared:closed cancelled:cancelled review:review revoke:revoked close:closed note:.",
		AlertAppealed: "uphold:upheld revoke:revoked escalate:escalated upgraded:. cleared:closed cancelled:cancelled review:review note:.",
		AlertUpheld: "feedback:fed_back appeal:appealed escalate:escalated assign:. upgraded:. cleared:closed cancelled:cancelled " +
			"review:review revoke:revoked close:closed note:.",
		AlertEscalated: "feedback:fed_back appeal:appealed assign:. upgraded:. cleared:closed cancelled:cancelled review:review " +
			"revoke:revoked close:closed note:.",
		AlertReview:    "accept_late_evidence:cancelled uphold:upheld upgraded:. cleared:closed cancelled:cancelled revoke:revoked note:.",
		AlertRevoked:   "reopen:issued",
		AlertCancelled: "reopen:issued",
		AlertClosed:    "reopen:issued",
	},
	Order: {
		Absent:      "create:draft",
		OrderDraft:  "edit:. issue:issued revoke:revoked join:. leave:revoked note:.",
		OrderIssued: "sign:signed assign:. co_reply:. extend:. revoke:revoked join:. leave:revoked note:.",
		OrderSigned: "start:in_progress reply:replied assign:. co_reply:. request_extension:. extend:. revoke:revoked join:. " +
			"leave:revoked note:.",
		OrderInProgress: "reply:replied assign:. co_reply:. request_extension:. extend:. revoke:revoked join:. leave:revoked note:.",
		OrderReplied:    "accept:accepted return:returned assign:. co_reply:. revoke:revoked leave:revoked note:.",
		OrderReturned:   "start:in_progress reply:replied assign:. co_reply:. revoke:revoked join:. leave:revoked note:.",
		OrderAccepted:   "close:closed note:.",
		OrderClosed:     "reopen:in_progress",
		OrderRevoked:    "",
	},
	Rating: {
		Absent:               "create:verifying",
		RatingVerifying:      "verify:valid claim_invalid:invalid_claimed assign:. note:.",
		RatingInvalidClaimed: "exclude:excluded uphold:valid assign:. note:.",
		RatingValid:          "start:rectifying rectify:rectified explain:explained extend:. assign:. note:.",
		RatingRectifying:     "rectify:rectified explain:explained extend:. assign:. note:.",
		RatingRectified:      "confirm:confirmed reject:rejected assign:. note:.",
		RatingRejected:       "start:rectifying rectify:rectified explain:explained assign:. note:.",
		RatingConfirmed:      "close:closed assign:. note:.",
		RatingExplained:      "close:closed reject:rejected assign:. note:.",
		RatingClosed:         "reopen:rejected",
		RatingExcluded:       "reopen:valid",
	},
	Exposure: {
		Absent:            "create:candidate",
		ExposureCandidate: "approve:reviewed drop:dropped note:.",
		ExposureReviewed:  "publish:published drop:dropped note:.",
		ExposurePublished: "reply:replied takedown:taken_down note:.",
		ExposureReplied:   "publish_result:result_published takedown:taken_down note:.",
		ExposureResult:    "archive:archived takedown:taken_down note:.",
		ExposureArchived:  "", ExposureTakenDown: "", ExposureDropped: "",
	},
	Referral: {
		Absent:           "create:draft propose:proposed",
		ReferralProposed: "adopt:draft withdraw:withdrawn note:.",
		ReferralDraft:    "refer:referred withdraw:withdrawn note:.",
		ReferralReferred: "record_result:resulted withdraw:withdrawn note:.",
		ReferralResulted: "close:closed note:.",
		ReferralClosed:   "", ReferralWithdrawn: "",
	},
	Outage: {
		Absent:         "declare:declared",
		OutageDeclared: "amend:. end:ended revoke:revoked note:.",
		OutageEnded:    "revoke:revoked note:.",
		OutageRevoked:  "",
	},
}

// who says which roles may do what (domain guide 8.1).
var who = map[Kind]map[string]string{
	Alert: {
		"raised": "system", "upgraded": "system", "cleared": "system", "cancelled": "system", "review": "system", "reopen": "system supervisor",
		"confirm": "supervisor", "ack": "handler window_manager dept_manager hotline_admin", "assign": "dept_manager hotline_admin",
		"feedback": "handler window_manager dept_manager hotline_admin", "accept_feedback": "supervisor", "reject_feedback": "supervisor",
		"appeal": "dept_manager hotline_admin", "uphold": "supervisor", "revoke": "supervisor", "escalate": "supervisor hotline_admin",
		"accept_late_evidence": "supervisor", "close": "supervisor", "note": "leader supervisor dept_manager hotline_admin",
	},
	Order: {
		"create": "system supervisor leader hotline_admin", "edit": "supervisor leader hotline_admin", "issue": "supervisor leader hotline_admin",
		"sign": "dept_manager window_manager handler", "assign": "dept_manager window_manager", "start": "dept_manager window_manager handler",
		"co_reply": "dept_manager window_manager handler", "request_extension": "dept_manager", "extend": "supervisor leader hotline_admin",
		"reply": "dept_manager window_manager handler", "accept": "supervisor leader hotline_admin", "return": "supervisor leader hotline_admin",
		"close": "supervisor leader hotline_admin", "revoke": "supervisor leader hotline_admin", "reopen": "supervisor leader",
		"join": "system", "leave": "system",
		"note": "leader supervisor hotline_admin dept_manager",
	},
	Rating: {
		"create": "system", "assign": "dept_manager window_manager", "verify": "supervisor hotline_admin dept_manager",
		"claim_invalid": "dept_manager",
		"exclude":       "supervisor", "uphold": "supervisor", "start": "dept_manager window_manager handler", "extend": "supervisor",
		"rectify": "dept_manager window_manager handler", "explain": "dept_manager", "confirm": "supervisor hotline_admin",
		"reject": "supervisor hotline_admin", "close": "supervisor hotline_admin", "reopen": "supervisor",
		"note": "leader supervisor hotline_admin dept_manager",
	},
	Exposure: {
		"create": "system supervisor", "approve": "supervisor", "drop": "supervisor", "publish": "supervisor", "reply": "dept_manager",
		"publish_result": "supervisor", "archive": "supervisor", "takedown": "supervisor", "note": "leader supervisor dept_manager",
	},
	Referral: {
		"create": "supervisor", "propose": "system", "adopt": "supervisor", "refer": "supervisor", "record_result": "supervisor",
		"close": "supervisor", "withdraw": "supervisor", "note": "leader supervisor",
	},
	Outage: {
		"declare": "supervisor sysadmin", "amend": "supervisor sysadmin", "end": "supervisor sysadmin", "revoke": "supervisor",
		"note": "supervisor sysadmin",
	},
}

func named(r Role) string {
	if r == System {
		return "system"
	}
	return string(r)
}

func everyRole() []Role {
	return []Role{System, Leader, Supervisor, DeptManager, WindowManager, Handler, HotlineAdmin, Sysadmin, "analyst", "auditor", "public"}
}

// barred: a revoked alert is the decision of a person, the system does not reopen it; and
// appeals are decided by the supervision office (domain guide 6.1, clear C).
func barred(kind Kind, s State, action string, r Role) bool {
	return kind == Alert && (s == AlertRevoked && action == "reopen" && r == System || s == AlertAppealed &&
		action == "escalate" && r == HotlineAdmin)
}

func TestEveryStateKnowsItsActionsAndNoOther(t *testing.T) {
	for _, kind := range Kinds() {
		m := New(kind, env(t))
		require.Equal(t, kind, m.Kind())
		for state, line := range tables[kind] {
			next := map[string]State{}
			for entry := range strings.FieldsSeq(line) {
				action, to, _ := strings.Cut(entry, ":")
				if next[action] = State(to); to == "." {
					next[action] = state
				}
			}
			for action, allowed := range who[kind] {
				for _, role := range everyRole() {
					it := in(kind, state)
					if action == "close" || action == "appeal" {
						it.Severity = Warning // cards are not closed before they are answered
					}
					out, e, r := m.Apply(it, act(role, action, it.Seq, everything))
					may := slices.Contains(strings.Fields(allowed), named(role)) && !barred(kind, state, action, role)
					what := []any{"%v %v %v %v %v", kind, state, action, named(role), r}
					switch to, legal := next[action]; {
					case !legal && state == Absent:
						require.Equal(t, Unknown, r.Outcome, what...)
					case !legal:
						require.Equal(t, Illegal, r.Outcome, what...)
						require.Equal(t, keyState, r.Key, what...)
					case !may:
						require.NotNil(t, r, what...)
						require.Equal(t, Forbidden, r.Outcome, what...)
					default:
						require.Nil(t, r, what...)
						require.Equal(t, to, e.State, what...)
						require.Equal(t, to, out.State, what...)
						require.Equal(t, it.Seq+1, out.Seq)
						require.Equal(t, m.Closed(to), out.ClosedAt != 0, what...)
						require.Equal(t, Event{Seq: out.Seq, Event: action, State: to, Severity: out.Severity, At: monday, RecordedAt: monday, Actor: "u-1",
							Role: role, OrgCode: "a", Reason: "late_data", ActionID: "e-" + action, Payload: everything}, e)
					}
				}
			}
		}
	}
	require.Nil(t, New("notice", env(t)))
}

// The table of the program has no line that this test does not know.
func TestTheTablesOfTheTestAreComplete(t *testing.T) {
	for _, kind := range Kinds() {
		for _, tr := range New(kind, env(t)).table {
			require.Contains(t, who[kind], tr.action, kind)
			for _, from := range tr.from {
				require.Contains(t, " "+tables[kind][from], " "+tr.action+":", "%s %s", kind, from)
			}
		}
	}
}

func TestAPageOffersWhatSomebodyMayDo(t *testing.T) {
	for _, kind := range Kinds() {
		m := New(kind, env(t))
		for state, line := range tables[kind] {
			for _, role := range everyRole() {
				var want []string
				for entry := range strings.FieldsSeq(line) {
					action, _, _ := strings.Cut(entry, ":")
					if slices.Contains(strings.Fields(who[kind][action]), named(role)) && !barred(kind, state, action, role) {
						want = append(want, action)
					}
				}
				sort.Strings(want)
				require.Equal(t, want, m.Allowed(in(kind, state), role, "a"), "%s %s %s", kind, state, named(role))
			}
		}
	}
}
