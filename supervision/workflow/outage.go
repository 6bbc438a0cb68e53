package workflow

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// States of a declared outage (domain guide 6.1, Suppression). Whether it
// lasts at an instant is a matter of its period, not of its state: one whose
// period is over without a word stays declared.
const (
	OutageDeclared State = "declared"
	OutageEnded    State = "ended"   // before the end that was declared
	OutageRevoked  State = "revoked" // declared in error: it counts for nothing
)

// Bounds of a declaration. They keep an outage from hiding late cases: what
// reaches far back needs a document, nothing reaches further than a month, and
// nothing lasts longer than a month in one piece.
const (
	outageBackFree = 3 * 24 * time.Hour
	outageBackMost = 31 * 24 * time.Hour
	outageLongest  = 31 * 24 * time.Hour
)

// What an outage does to the steps reached within it.
const (
	// OutageHold keeps them back until its end.
	OutageHold = "hold"
	// OutageExcuse takes them off for good: the outage is their cause.
	OutageExcuse = "excuse"
)

// OutageScopes are what an outage may concern.
func OutageScopes() []string { return []string{"source", "org", "region", "all"} }

// outageGrounds are the grounds of domain guide 6.1 (clear C) that an outage
// can be.
func outageGrounds() []string {
	return []string{"system_error", "holiday_error", "force_majeure", "superior_order"}
}

// RuleCategories are the categories that an outage may be limited to.
func RuleCategories() []string {
	return []string{"disclosure", "timeliness", "legality", "norm", "hotline", "satisfaction", "data", "order"}
}

func outageTable() []transition {
	both, supervisor := []Role{Supervisor, Sysadmin}, []Role{Supervisor}
	return []transition{
		{action: "declare", from: []State{Absent}, who: both, to: OutageDeclared,
			needs: append(texts("reason", "from", "until"),
				need{key: "scope", kind: needChoice, values: OutageScopes()},
				need{key: "effect", kind: needChoice, values: []string{OutageHold, OutageExcuse}, optional: true}),
			keep: []string{"reason", "code", "ground", "evidence", "categories", "rules"}, guard: declarable, effect: declareOutage},
		{action: "amend", from: []State{OutageDeclared}, who: both, needs: texts("until", "comment"), keep: []string{"comment"},
			guard: amendable, effect: untilSaid},
		{action: "end", from: []State{OutageDeclared}, who: both, to: OutageEnded, guard: running, effect: func(c *call) { setUntil(c, c.e.At) }},
		{action: "revoke", from: []State{OutageDeclared, OutageEnded}, who: supervisor, to: OutageRevoked, needs: texts("comment"),
			keep: []string{"comment"}},
		{action: "note", from: []State{OutageDeclared, OutageEnded}, who: both, needs: texts("comment")},
	}
}

// declarable checks what a declaration says. The system administrator declares
// that a source is down, which delays what would be said of it; what excuses a
// department, or concerns more, is for the supervision office.
func declarable(c *call) *Refusal {
	scope, code := c.p.text("scope"), c.p.text("code")
	excuse := c.p.text("effect") == OutageExcuse
	for _, x := range c.p.list("categories") {
		if !slices.Contains(RuleCategories(), x) {
			return refuse(Invalid, keyChoice, "field", "categories")
		}
	}
	from, okFrom := c.p.due("from")
	until, okUntil := c.p.due("until")
	now := time.UnixMilli(max(c.e.At, c.e.RecordedAt))
	back := now.Sub(time.UnixMilli(from))
	switch {
	case !okFrom:
		return refuse(Invalid, keyMissing, "field", "from")
	case !okUntil:
		return refuse(Invalid, keyMissing, "field", "until")
	case (scope == "all") != (code == ""):
		return refuse(Invalid, keyMissing, "field", "code")
	case c.e.Role == Sysadmin && (scope != "source" || excuse):
		return refuse(Forbidden, keyRole, "role", string(c.e.Role), "roles", string(Supervisor))
	case excuse && !slices.Contains(outageGrounds(), c.p.text("ground")):
		return refuse(Invalid, keyChoice, "field", "ground", "values", strings.Join(outageGrounds(), ", "))
	case excuse && len(c.p.list("evidence")) == 0, back > outageBackFree && len(c.p.list("evidence")) == 0:
		return refuse(Invalid, keyMissing, "field", "evidence")
	case back > outageBackMost:
		return refuse(Invalid, keyOutageBack, "days", "31")
	}
	return spanOf(from, until)
}

func spanOf(from, until int64) *Refusal {
	switch {
	case until <= from:
		return refuse(Invalid, keyOutageSpan, "days", "31")
	case time.Duration(until-from)*time.Millisecond > outageLongest:
		return refuse(Invalid, keyOutageSpan, "days", "31")
	}
	return nil
}

// amendable: the end moves, to an instant ahead; the beginning stands. What
// was over already is another outage.
func amendable(c *call) *Refusal {
	until, ok := c.p.due("until")
	now := max(c.e.At, c.e.RecordedAt)
	switch {
	case !ok:
		return refuse(Invalid, keyMissing, "field", "until")
	case c.it.FinalDueAt <= now:
		return refuse(Invalid, keyOutageOver)
	case until <= now:
		return refuse(Invalid, keyPast)
	}
	return spanOf(c.it.number("from_ms"), until)
}

// running: only what lasts is ended; what has not begun is revoked.
func running(c *call) *Refusal {
	if c.e.At <= c.it.number("from_ms") || c.e.At >= c.it.FinalDueAt {
		return refuse(Invalid, keyOutageOver)
	}
	return nil
}

func declareOutage(c *call) {
	it, p := c.it, c.p
	it.Origin, it.Level = p.text("scope"), p.text("effect")
	if it.Level == "" {
		it.Level = OutageHold
	}
	switch it.Origin {
	case "org":
		it.OrgCode = p.text("code")
	case "region":
		it.RegionCode = p.text("code")
	}
	from, _ := p.due("from")
	text, _ := json.Marshal(from) // a number
	it.put("from_ms", text)
	untilSaid(c)
}

func untilSaid(c *call) {
	until, _ := c.p.due("until")
	setUntil(c, until)
}

func setUntil(c *call, until int64) {
	c.it.FinalDueAt = until
	c.it.DueAt = until
}

// number reads a whole number among the texts of an item; 0 when there is none.
func (it *Item) number(key string) int64 {
	var n int64
	_ = json.Unmarshal(it.Data[key], &n)
	return n
}
