package lifecycle

import (
	"time"

	"github.com/go-faster/jx"
)

// payload holds the payload keys that have a meaning for the fold, of cases
// and tickets alike. A key that is absent, null or of the wrong kind leaves its
// field at "not given": ingest has refused what must not be wrong.
type payload struct {
	test, secret, urgent        flag
	accepted, approved          flag // of a dispatch after a return; of an answer to a request
	sourceDueAt, queuedAt       int64
	sourceOnTime, regime        string
	projectCode, parentCase     string
	itemType, projectType       string
	legalDays, promiseDays      NullInt32
	legalUnit, promiseUnit      string
	stepCode                    string
	limitDays                   NullInt32
	suspendType                 string
	approvedDays, days          NullInt32
	resultType, actor, toOrg    string
	repeatOf, level             string
	hearingRequest, hearingHeld flag
	eCert                       flag
	method, certToken           string
	approverLevel               string
	rule                        string // what makes silence a consent
	attributes                  []Attribute
	// Of void and amend.
	target  string
	setAt   int64
	setBody string
}

// flag is a boolean that may be absent.
type flag uint8

const (
	absent flag = iota
	no
	yes
)

// internLimit bounds the table of strings kept by a reader.
const internLimit = 8192

// payloadReader reads payloads; it is reused, and keeps the short strings that
// come again and again (units, step codes, result types).
type payloadReader struct {
	dec    jx.Decoder
	buf    []byte
	intern map[string]string
}

func newPayloadReader() *payloadReader {
	return &payloadReader{intern: make(map[string]string, 64)}
}

// read sets the fields of p that the JSON object raw gives. Keys read before
// keep their value unless raw replaces them; null clears. A text that is not a
// JSON object changes nothing.
func (r *payloadReader) read(raw string, p *payload) {
	if len(raw) <= 2 {
		return
	}
	r.buf = append(r.buf[:0], raw...)
	r.dec.ResetBytes(r.buf)
	if r.dec.Next() != jx.Object || r.dec.Validate() != nil {
		return
	}
	r.dec.ResetBytes(r.buf)
	if r.object(p) != nil {
		// Validate has passed, so only nesting beyond the decoder's depth
		// comes here; what was read stands.
		return
	}
}

// object reads the keys of a payload.
func (r *payloadReader) object(p *payload) error {
	it, err := r.dec.ObjIter()
	if err != nil {
		return err
	}
	for it.Next() {
		if err := r.field(it.Key(), p); err != nil {
			return err
		}
	}
	return it.Err()
}

// field reads the value of one key.
func (r *payloadReader) field(key []byte, p *payload) error {
	switch string(key) {
	case "is_test":
		return r.flag(&p.test)
	case "secret":
		return r.flag(&p.secret)
	case "urgent":
		return r.flag(&p.urgent)
	case "accepted":
		return r.flag(&p.accepted)
	case "approved":
		return r.flag(&p.approved)
	case "source_due_at":
		return r.instant(&p.sourceDueAt)
	case "queued_at":
		return r.instant(&p.queuedAt)
	case "source_on_time":
		return r.text(&p.sourceOnTime)
	case "limit_regime":
		return r.text(&p.regime)
	case "project_code":
		return r.longText(&p.projectCode)
	case "parent_case_no":
		return r.longText(&p.parentCase)
	case "item_type":
		return r.text(&p.itemType)
	case "project_type":
		return r.text(&p.projectType)
	case "legal_days":
		return r.number(&p.legalDays)
	case "promise_days":
		return r.number(&p.promiseDays)
	case "legal_unit":
		return r.text(&p.legalUnit)
	case "promise_unit":
		return r.text(&p.promiseUnit)
	case "step_code":
		return r.text(&p.stepCode)
	case "limit_days":
		return r.number(&p.limitDays)
	case "suspend_type":
		return r.text(&p.suspendType)
	case "approved_days":
		return r.number(&p.approvedDays)
	case "days":
		return r.number(&p.days)
	case "result_type":
		return r.text(&p.resultType)
	case "actor":
		return r.text(&p.actor)
	case "to_org":
		return r.text(&p.toOrg)
	case "level":
		return r.text(&p.level)
	case "hearing_request":
		return r.flag(&p.hearingRequest)
	case "hearing_held":
		return r.flag(&p.hearingHeld)
	case "e_cert":
		return r.flag(&p.eCert)
	case "approver_level":
		return r.text(&p.approverLevel)
	case "rule":
		return r.text(&p.rule)
	case "method":
		return r.text(&p.method)
	case "cert_token":
		return r.longText(&p.certToken)
	case "repeat_of":
		return r.longText(&p.repeatOf)
	case "attributes":
		return r.attributes(p)
	case "target_event_id":
		return r.longText(&p.target)
	case "set":
		return r.set(p)
	}
	return r.dec.Skip()
}

// set reads the replacement that an amend carries.
func (r *payloadReader) set(p *payload) error {
	if r.dec.Next() != jx.Object {
		return r.dec.Skip()
	}
	it, err := r.dec.ObjIter()
	if err != nil {
		return err
	}
	for it.Next() {
		switch string(it.Key()) {
		case "event_time":
			err = r.instant(&p.setAt)
		case "payload":
			var raw jx.Raw
			raw, err = r.dec.Raw()
			p.setBody = string(raw)
		default:
			err = r.dec.Skip()
		}
		if err != nil {
			return err
		}
	}
	return it.Err()
}

// attributes reads {string: string}; other values are left out.
func (r *payloadReader) attributes(p *payload) error {
	p.attributes = p.attributes[:0]
	if r.dec.Next() != jx.Object {
		return r.dec.Skip()
	}
	it, err := r.dec.ObjIter()
	if err != nil {
		return err
	}
	for it.Next() {
		key := r.keep(it.Key())
		if r.dec.Next() != jx.String {
			if err := r.dec.Skip(); err != nil {
				return err
			}
			continue
		}
		b, err := r.dec.StrBytes()
		if err != nil {
			return err
		}
		p.attributes = append(p.attributes, Attribute{key, r.keep(b)})
	}
	return it.Err()
}

func (r *payloadReader) flag(to *flag) error {
	*to = absent
	if r.dec.Next() != jx.Bool {
		return r.dec.Skip()
	}
	v, err := r.dec.Bool()
	*to = no
	if v {
		*to = yes
	}
	return err
}

// number reads a whole number >= 0 that fits.
func (r *payloadReader) number(to *NullInt32) error {
	*to = NullInt32{}
	if r.dec.Next() != jx.Number {
		return r.dec.Skip()
	}
	n, err := r.dec.Num()
	if err != nil {
		return err
	}
	if v, err := n.Int64(); err == nil && v >= 0 && v <= 1<<31-1 {
		*to = NullInt32{V: int32(v), OK: true}
	}
	return nil
}

// instant reads an RFC 3339 time.
func (r *payloadReader) instant(to *int64) error {
	*to = 0
	if r.dec.Next() != jx.String {
		return r.dec.Skip()
	}
	b, err := r.dec.StrBytes()
	if err != nil {
		return err
	}
	if t, err := time.Parse(time.RFC3339Nano, string(b)); err == nil {
		if ms := t.UnixMilli(); ms > 0 && ms <= Still {
			*to = ms
		}
	}
	return nil
}

// text reads a string that is likely to come again.
func (r *payloadReader) text(to *string) error {
	*to = ""
	if r.dec.Next() != jx.String {
		return r.dec.Skip()
	}
	b, err := r.dec.StrBytes()
	*to = r.keep(b)
	return err
}

// longText reads a string that names one thing.
func (r *payloadReader) longText(to *string) error {
	*to = ""
	if r.dec.Next() != jx.String {
		return r.dec.Skip()
	}
	s, err := r.dec.Str()
	*to = s
	return err
}

// keep returns b as a string, the one of before where there is one.
func (r *payloadReader) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := r.intern[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(r.intern) < internLimit && len(b) <= 64 {
		r.intern[s] = s
	}
	return s
}
