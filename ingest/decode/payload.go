package decode

import (
	"bytes"
	"slices"
	"unicode"

	"github.com/go-faster/jx"

	"duban/ingest/deadletter"
	"duban/ingest/decode/scalar"
	"duban/ingest/event"
	"duban/ingest/personal"
	"duban/internal/blank"
)

// payloadKey is a payload key with a meaning of its own.
type payloadKey uint8

const (
	keyOther payloadKey = iota
	keyIsTest
	keySecret
	keyUrgent
	keySourceDue
	keyRegime
	keyAttributes
	keyLegalDays
	keyLegalUnit
	keyPromiseDays
	keyPromiseUnit
	keySuspendType
	keyApprovedDays
	keyDays
	keyResultType
	keyActor
	keyToOrg
	keyTarget
	keySet
	keyAccepted
	keyApprover
	keyRevisionApprover
	payloadKeys
)

// classify is classify for the topic at hand, which may leave a key plain.
func (w *walker) classify(key []byte) (payloadKey, bool) {
	id, own := classify(key)
	if id == keyOther && !own {
		own = w.named(key)
	}
	return id, own && string(key) != w.plain
}

// namesRemember bounds how many names of fields a walker remembers.
const namesRemember = 4096

// named reports whether sources call something personal by this name. The names of a source
// are few, so each is looked at once.
func (w *walker) named(key []byte) bool {
	known, ok := w.names[string(key)]
	if !ok {
		if len(w.names) >= namesRemember || w.names == nil {
			w.names = map[string]bool{}
		}
		known = personal.Key(string(key))
		w.names[string(key)] = known
	}
	return known
}

// classify names a payload key, and says whether it holds personal data.
func classify(key []byte) (id payloadKey, personal bool) {
	switch string(key) {
	case "applicant_name", "applicant_id", "applicant_phone", "contact_name", "contact_phone", "caller_name",
		"caller_number", "address", "email", "content", "comment", "opinion", "bank_account":
		return keyOther, true
	case "is_test":
		return keyIsTest, false
	case "secret":
		return keySecret, false
	case "urgent":
		return keyUrgent, false
	case "source_due_at":
		return keySourceDue, false
	case "limit_regime":
		return keyRegime, false
	case "attributes":
		return keyAttributes, false
	case "legal_days":
		return keyLegalDays, false
	case "legal_unit":
		return keyLegalUnit, false
	case "promise_days":
		return keyPromiseDays, false
	case "promise_unit":
		return keyPromiseUnit, false
	case "suspend_type":
		return keySuspendType, false
	case "approved_days":
		return keyApprovedDays, false
	case "days":
		return keyDays, false
	case "result_type":
		return keyResultType, false
	case "actor":
		return keyActor, false
	case "to_org":
		return keyToOrg, false
	case "target_event_id":
		return keyTarget, false
	case "set":
		return keySet, false
	case "accepted":
		return keyAccepted, false
	case "approver":
		return keyApprover, false
	case "revision_approver":
		return keyRevisionApprover, false
	}
	return keyOther, false
}

// PersonalKeys are the payload keys of our schemas whose values are replaced by tokens, at
// any depth (domain guide 8.3), beside those that sources call by a name of their own, see
// package personal. In topic actions comment is not: it is by the member of staff who acted.
func PersonalKeys() []string { return personal.Keys() }

// suspendTypes and resultTypes are enumerations of domain guide 1.3.
func suspendTypes() []string {
	return []string{"hearing", "bidding", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review",
		"publicity", "site_survey", "ask_superior", "force_majeure"}
}

func resultTypes() []string {
	return []string{"approved", "denied", "partial", "forwarded", "archived", "deemed"}
}

// check is what one payload key must look like.
type check struct {
	key      payloadKey
	name     string
	required bool
	ok       func(raw []byte) bool
	want     string
}

// payloadRules are the checks of one topic: those for every event, those for one event
// type, and those for what replaces an earlier fact.
type payloadRules struct {
	every   []check
	byType  map[string][]check
	revised []check
}

func casePayloadRules() payloadRules {
	limits := []check{
		{keyLegalDays, "legal_days", false, intIn(0, maxDays), "want an integer from 0 to 36525"},
		{keyLegalUnit, "legal_unit", false, oneOf(units()), "want W, C, H or M"},
		{keyPromiseDays, "promise_days", false, intIn(0, maxDays), "want an integer from 0 to 36525"},
		{keyPromiseUnit, "promise_unit", false, oneOf(units()), "want W, C, H or M"},
	}
	result := []check{{keyResultType, "result_type", false, oneOf(resultTypes()), "want one of the result types of the schema"}}
	target, approver, set := correctionChecks()
	return payloadRules{every: commonRules(), revised: revisionRules(), byType: map[string][]check{
		string(event.Accept): limits,
		string(event.SuspendStart): {
			{keySuspendType, "suspend_type", true, oneOf(suspendTypes()), "want one of the suspension types of the schema"},
			{keyApprovedDays, "approved_days", false, intIn(0, maxDays), "want an integer from 0 to 36525; leave it out when no cap is known"},
		},
		string(event.Extend):    {{keyDays, "days", true, intIn(1, maxDays), "want an integer from 1 to 36525"}},
		string(event.Decide):    result,
		string(event.Finish):    result,
		string(event.Terminate): {{keyActor, "actor", false, oneOf([]string{"applicant", "dept"}), "want applicant or dept"}},
		string(event.Transfer): {{keyToOrg, "to_org", true, named,
			"want the organisation that has the case now, 1 to 200 bytes that are not blank"}},
		string(event.Void):  {target, approver},
		string(event.Amend): {target, approver, set},
	}}
}

func ticketPayloadRules() payloadRules {
	accepted := []check{{keyAccepted, "accepted", false, boolean, "want true or false"}}
	target, approver, set := correctionChecks()
	return payloadRules{every: append(commonRules(), check{keyUrgent, "urgent", false, boolean, "want true or false"}),
		revised: revisionRules(), byType: map[string][]check{
			string(event.TExtendApprove): {{keyDays, "days", true, intIn(1, maxDays), "want an integer from 1 to 36525"}},
			string(event.TReturn):        accepted,
			string(event.TRedispatch):    accepted,
			string(event.TVoid):          {target, approver},
			string(event.TAmend):         {target, approver, set},
		}}
}

// correctionChecks are those of voids and amends (domain guide 2.2 and 2.6: they need an
// approver). Who approved is a person of the office: nothing is taken back in nobody's name.
func correctionChecks() (target, approver, set check) {
	return check{keyTarget, "target_event_id", true, named, "want the event_id that is taken back, 1 to 200 bytes that are not blank"},
		check{keyApprover, "approver", true, person, "want who approved the correction, 1 to 200 bytes that are not blank; a void or an amend " +
			"needs an approver"},
		check{keySet, "set", false, amendment, "want an object with event_time and payload at most"}
}

func ratingPayloadRules() payloadRules { return payloadRules{revised: revisionRules()} }

// revisionRules are those of a fact under a higher revision: it replaces what was told, as
// an amend does, and so needs an approver as well. A void or an amend names its own.
func revisionRules() []check {
	return []check{{keyRevisionApprover, "revision_approver", true, person, "want who approved that it replaces what was told, 1 to 200 " +
		"bytes that are not blank; a higher revision needs an approver"}}
}

func commonRules() []check {
	return []check{
		{keyIsTest, "is_test", false, boolean, "want true or false"},
		{keySecret, "secret", false, boolean, "want true or false"},
		{keySourceDue, "source_due_at", false, instantText, "want an RFC 3339 time with zone between 2000 and 2299"},
		{keyRegime, "limit_regime", false, oneOf([]string{"law", "source"}), "want law or source"},
		{keyAttributes, "attributes", false, stringMap, "want an object whose values are strings"},
	}
}

// payload canonicalises the payload and checks the keys with a meaning.
func (d *Decoder) payload(rules payloadRules, eventType string) *Reject {
	at := d.sh.payloadAt
	switch {
	case d.walked:
		d.slots[at].s = d.walk.out
	case d.has(at):
		out, ok := d.walk.run(d.slots[at].s)
		if !ok {
			if d.walk.reason == deadletter.DuplicateKey {
				return d.reject(deadletter.DuplicateKey, "payload", "an object in the payload gives a key twice: "+pointer(d.walk.where))
			}
			return d.reject(d.walk.reason, "payload", nestingDetail)
		}
		d.slots[at].s = out
	default:
		clear(d.walk.top[:])
	}
	if rej := d.apply(rules.every); rej != nil {
		return rej
	}
	own := rules.byType[eventType]
	if rej := d.apply(own); rej != nil {
		return rej
	}
	if at := d.sh.revisionAt; at < 0 || d.slots[at].n == 0 || slices.ContainsFunc(own, func(c check) bool { return c.key == keyApprover }) {
		return nil
	}
	return d.apply(rules.revised)
}

// apply runs checks against the payload that was walked last.
func (d *Decoder) apply(checks []check) *Reject {
	for i := range checks {
		c := &checks[i]
		raw := d.walk.top[c.key].raw
		if len(raw) == 0 || raw[0] == 'n' {
			if c.required {
				return d.reject(deadletter.PayloadFieldMissing, "payload/"+c.name, "it is needed here: "+c.want)
			}
			continue
		}
		if !c.ok(raw) {
			return d.reject(deadletter.PayloadFieldInvalid, "payload/"+c.name, c.want)
		}
	}
	return nil
}

const nestingDetail = "objects and arrays nest deeper than 32 levels"

func (d *Decoder) reject(reason deadletter.Reason, field, detail string) *Reject {
	return &Reject{Reason: reason, Field: d.prefix + "/" + field, Detail: detail}
}

func boolean(raw []byte) bool { return raw[0] == 't' || raw[0] == 'f' }

func intIn(lo, hi int64) func([]byte) bool {
	return func(raw []byte) bool {
		if raw[0] != '-' && raw[0]-'0' > 9 {
			return false
		}
		n, st := scalar.Integer(raw)
		return st == scalar.IsInteger && n >= lo && n <= hi
	}
}

func text(raw []byte) ([]byte, bool) {
	if raw[0] != '"' {
		return nil, false
	}
	if body := raw[1 : len(raw)-1]; bytes.IndexByte(body, '\\') < 0 {
		return body, true
	}
	s, err := jx.DecodeBytes(raw).StrBytes()
	return s, err == nil
}

func oneOf(values []string) func([]byte) bool {
	set := enumOf(values)
	return func(raw []byte) bool {
		s, ok := text(raw)
		if !ok {
			return false
		}
		_, ok = set[string(s)]
		return ok
	}
}

func identifier(raw []byte) bool {
	s, ok := text(raw)
	return ok && len(s) > 0 && len(s) <= MaxIdentifierBytes && !hasControl(s)
}

// named is an identifier of which something can be seen.
func named(raw []byte) bool {
	s, ok := text(raw)
	return ok && identifier(raw) && !blank.Bytes(s)
}

// person is what can be somebody's name or number: it has a letter or a digit.
func person(raw []byte) bool {
	s, ok := text(raw)
	return ok && named(raw) && bytes.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

func instantText(raw []byte) bool {
	s, ok := text(raw)
	if !ok {
		return false
	}
	ms, bad := scalar.Instant(s)
	return bad == "" && ms >= minInstant && ms <= maxInstant
}

func stringMap(raw []byte) bool {
	if raw[0] != '{' {
		return false
	}
	return jx.DecodeBytes(raw).ObjBytes(func(d *jx.Decoder, _ []byte) error {
		_, err := d.StrBytes()
		return err
	}) == nil
}

// anInstant is an instant at any time; amendedTime says which of them an amend may give.
func anInstant(raw []byte) bool {
	s, ok := text(raw)
	if !ok {
		return false
	}
	_, bad := scalar.Instant(s)
	return bad == ""
}

// amendedTime checks the event_time that an amend gives as that of a fact is checked
// (domain guide 2.6, bad clock): an amend is no way to tell of what has not happened yet.
func (d *Decoder) amendedTime(m *Message) *Reject {
	raw := d.walk.top[keySet].raw
	if len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	var rej *Reject
	_ = jx.DecodeBytes(raw).ObjBytes(func(x *jx.Decoder, key []byte) error {
		v, err := x.Raw()
		if err != nil || string(key) != "event_time" {
			return err
		}
		s, _ := text(v)
		if ms, bad := scalar.Instant(s); bad == "" {
			rej = d.inRange("payload/set/event_time", ms, m)
		}
		return nil
	})
	return rej
}

// amendment checks the value of set: {"event_time": instant, "payload": {…}}.
func amendment(raw []byte) bool {
	if raw[0] != '{' {
		return false
	}
	return jx.DecodeBytes(raw).ObjBytes(func(d *jx.Decoder, key []byte) error {
		v, err := d.Raw()
		switch {
		case err != nil:
			return err
		case string(key) == "event_time" && anInstant(v), string(key) == "payload" && v[0] == '{':
			return nil
		}
		return errRefused
	}) == nil
}
