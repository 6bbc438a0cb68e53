package lifecycle

import (
	"encoding/json"
	"strings"
	"time"
)

// Flags that take a subject out of supervision (is_test, secret) count from its first
// fact on, or by an amend, which has an approver: a fact that comes later takes nobody out
// of a due that may be over by then, nor a result that was told. The first fact must have told
// it by beginningWithin after the first arrival of the subject, which is enough for what is sent
// in the wrong order, so that no fact can be put before the others in hindsight.
const beginningWithin = int64(time.Hour / time.Millisecond)

// delivery is what the flags need of a fact.
type delivery struct {
	id, body string
	arrived  int64
}

// firstFlags is what the first fact says of the flags, and since when that is known.
type firstFlags struct {
	test, secret bool
	// arrived is when anything of the subject arrived first, toldTest and toldSecret when
	// the first fact said so; zero where it does not.
	arrived, toldTest, toldSecret int64
}

// firstFlags returns the flags of the first fact x with payload p; amended flags are given
// by amendedFlags. at returns the i-th of n deliveries of the subject.
func (f *Folder) firstFlags(x *ref, p *payload, n int, at func(int) delivery) firstFlags {
	if p.test != yes && p.secret != yes {
		return firstFlags{}
	}
	const never = int64(1<<63 - 1)
	first, toldTest, toldSecret := never, never, never
	var own payload
	for i := range n {
		d := at(i)
		first = min(first, d.arrived)
		if d.id != x.id || !strings.Contains(d.body, "is_test") && !strings.Contains(d.body, "secret") {
			continue
		}
		own = payload{}
		f.reader.read(d.body, &own)
		if own.test == yes {
			toldTest = min(toldTest, d.arrived)
		}
		if own.secret == yes {
			toldSecret = min(toldSecret, d.arrived)
		}
	}
	soon := func(told int64) bool { return told != never && told-first <= beginningWithin }
	out := firstFlags{test: p.test == yes && soon(toldTest), secret: p.secret == yes && soon(toldSecret), arrived: first}
	if out.test {
		out.toldTest = toldTest
	}
	if out.secret {
		out.toldSecret = toldSecret
	}
	// What was due meanwhile was folded without them; the fold is done again.
	out.test, out.secret = out.test && !f.refused.test, out.secret && !f.refused.secret
	return out
}

// late reports which of the flags were told after something was due that had not been over
// when the subject arrived first: who is late does not begin with a test. due calls its
// argument with each due of the subject, zero for none.
func (l *firstFlags) late(due func(func(int64))) (refused flags) {
	if told := max(l.toldTest, l.toldSecret); told <= l.arrived {
		return flags{}
	}
	due(func(at int64) {
		if at == 0 || at < l.arrived {
			return
		}
		refused.test = refused.test || l.test && at < l.toldTest
		refused.secret = refused.secret || l.secret && at < l.toldSecret
	})
	return refused
}

// flags are those that take a subject out of supervision.
type flags struct{ test, secret bool }

// amendedFlags returns what the amends of a fact say of the flags.
func (f *Folder) amendedFlags(amends []int32) (test, secret flag) {
	var p payload
	for _, i := range amends {
		f.reader.read(f.resolver.mods[i].setBody, &p)
	}
	return p.test, p.secret
}

// OwnLimitsOf reports whether a source may give its subjects limits of their own, by what is
// registered.
func OwnLimitsOf(registered []string, source string) bool {
	p := Policy{OwnLimits: registered}
	return p.ownLimits(source)
}

// ownLimits reports whether a source may say that its subjects have limits of their own
// (limit_regime source): whether it is registered for it.
func (p *Policy) ownLimits(source string) bool {
	for _, s := range p.OwnLimits {
		if s == source {
			return true
		}
		if head, any := strings.CutSuffix(s, "*"); any && strings.HasPrefix(source, head) {
			return true
		}
	}
	return false
}

// refusedRegime is what a rule reads where a fact asked for limits of its own that do not
// count (limit_regime): everybody sees that it was asked for, and that it was refused.
const refusedRegime = "refused"

// refuseRegime marks the request in the payload of the fact.
func refuseRegime(body string) string {
	m := map[string]json.RawMessage{}
	if json.Unmarshal([]byte(body), &m) != nil {
		return body
	}
	m["limit_regime"] = json.RawMessage(`"` + refusedRegime + `"`)
	out, err := json.Marshal(m)
	if err != nil {
		return body // cannot happen: every value came out of JSON
	}
	return string(out)
}
