package ruletest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/engine/enginetest"
	"duban/supervision/rule"
	"duban/supervision/simulate"
)

// Two implementations that share nothing, the oracle of the simulated province
// and the SQL of the rules, raise the same alerts about the same subjects with
// the same severity since the same instant.
func TestTheRulesSayWhatTheLedgerOfTheProvinceExpects(t *testing.T) {
	p := newProvince(t, func(c *simulate.Config) { c.Seed, c.Events, c.Violations, c.Faults = 5, 30_000, 0.15, 0.01 })
	asked := map[string]bool{}
	for _, kind := range []string{rule.SubjectCase, rule.SubjectTicket} {
		for _, r := range p.cat.Of(rule.EachFold, kind) {
			asked[r.ID] = true
			p.ask(r, 1, queries.Args{"states": kind + "s_now", "version": uint64(0)})
		}
	}
	want, got := p.expected(asked), p.raised()
	require.Empty(t, differences(want, got))
	require.NotEmpty(t, want)
}

// The same of rules that look at closed days, by what they say on the last day of
// a month.
func TestTheRulesOfDaysSayWhatTheLedgerOfTheProvinceExpects(t *testing.T) {
	first, next := time.Date(2026, 2, 28, 16, 0, 0, 0, time.UTC), time.Date(2026, 3, 31, 16, 0, 0, 0, time.UTC)
	p := newProvince(t, func(c *simulate.Config) {
		c.Seed, c.Events, c.Violations, c.From, c.To = 6, 20_000, 0.2, first, next.AddDate(0, 0, -1)
	})
	asked := map[string]bool{}
	for _, id := range []string{"R-DAT-06", "R-HOT-03-R", "R-HOT-06", "R-NRM-01", "R-SAT-05"} {
		if r, ok := p.cat.Get(id); ok { // what is not in the catalogue is not compared
			asked[id] = true
			p.ask(r, 1, queries.Args{"from": next.AddDate(0, 0, -1), "until": next})
		}
	}
	require.Empty(t, differences(p.expected(asked), p.raised()))
}

// province is a simulated province in a database, folded.
type province struct {
	t      *testing.T
	db     *store.DB
	reg    *queries.Registry
	cat    *rule.Catalogue
	cal    *calendar.Calendar
	ledger simulate.Ledger
	alerts bytes.Buffer
}

func newProvince(t *testing.T, change func(*simulate.Config)) *province {
	t.Helper()
	p := &province{t: t, db: storetest.New(t)}
	var err error
	p.reg, err = queries.Load()
	require.NoError(t, err)
	p.cat, err = rule.Load(p.reg, "")
	require.NoError(t, err)
	p.cal, err = calendar.Default()
	require.NoError(t, err)
	cfg := simulate.DefaultConfig()
	cfg.Alerts = &p.alerts
	change(&cfg)
	var facts collected
	p.ledger = facts.simulate(t, cfg)
	enginetest.Insert(t, p.db, facts.facts...)
	enginetest.Fold(t, p.db)
	return p
}

// expected reads the alerts of some rules from the ledger.
func (p *province) expected(asked map[string]bool) map[string]string {
	want := map[string]string{}
	for line := range bytes.Lines(p.alerts.Bytes()) {
		var a struct {
			Rule, Severity string
			Subject        string     `json:"subject_no"`
			Clock          string     `json:"clock_no"`
			Since          *time.Time `json:"since"`
			Active         bool
			Cleared        *time.Time `json:"cleared_at"`
		}
		require.NoError(p.t, json.Unmarshal(line, &a))
		if asked[a.Rule] {
			want[a.Rule+" "+a.Subject+" "+a.Clock] = says(a.Severity, a.Since, a.Active, a.Cleared)
		}
	}
	return want
}

// raised reads the chains that the rules wrote, as of the ledger's instant.
func (p *province) raised() map[string]string {
	rows, err := p.db.Conn().Query(p.t.Context(),
		"SELECT rule_id, subject_no, clock_no, step_at, step_severity FROM alert_chains FINAL WHERE NOT gone")
	require.NoError(p.t, err)
	defer rows.Close()
	got := map[string]string{}
	for rows.Next() {
		var id, subject, clock string
		var at []time.Time
		var severity []string
		require.NoError(p.t, rows.Scan(&id, &subject, &clock, &at, &severity))
		if id == "R-DAT-02" { // counts from the arrival, which the province does not know
			got[id+" "+subject+" "+clock] = says("yellow", nil, true, nil)
		} else if text := reached(at, severity, p.ledger.AsOf); text != "" {
			got[id+" "+subject+" "+clock] = text
		}
	}
	require.NoError(p.t, rows.Err())
	return got
}

// ask runs the SQL of a rule, as the engine does.
func (p *province) ask(r *rule.Rule, version uint64, given queries.Args) {
	p.t.Helper()
	q, err := p.reg.Get(r.Query())
	require.NoError(p.t, err)
	given["calendar"] = p.cal.Version()
	for k, v := range r.Params {
		given[k] = v
	}
	args := queries.Args{"rule_id": r.ID, "rule_version": r.Version, "subject_kind": r.Subject, "chain": r.Chain,
		"fold_version": version, "at": time.Date(2030, 6, 1, 0, 0, 0, 0, time.UTC)}
	for _, x := range q.Params {
		if v, ok := given[x.Name]; ok {
			args[x.Name] = v
		}
	}
	require.NoError(p.t, p.reg.ExecOver(p.t.Context(), p.db.Conn(), "engine/write_chains", r.Query(), args), r.ID)
}

// says writes an alert as one text.
func says(severity string, since *time.Time, active bool, cleared *time.Time) string {
	at := func(t *time.Time) string {
		if t == nil {
			return "-"
		}
		return t.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return fmt.Sprintf("%s since %s active %t until %s", severity, at(since), active, at(cleared))
}

// reached sums up the steps of a chain up to an instant; "" when there are none.
func reached(at []time.Time, severity []string, asOf time.Time) string {
	worst, since, last := "", time.Time{}, -1
	for i := range at {
		if at[i].After(asOf) {
			break
		}
		if rule.Severity(severity[i]).Rank() > rule.Severity(worst).Rank() {
			worst, since = severity[i], at[i]
		}
		last = i
	}
	switch {
	case worst == "":
		return ""
	case severity[last] != "":
		return says(worst, &since, true, nil)
	}
	return says(worst, &since, false, &at[last])
}

// differences lists, by rule, how many alerts differ and the first few.
func differences(want, got map[string]string) []string {
	byRule := map[string][]string{}
	note := func(key, text string) {
		id, _, _ := strings.Cut(key, " ")
		byRule[id] = append(byRule[id], key+": "+text)
	}
	for key, w := range want {
		if g, ok := got[key]; !ok {
			note(key, "missing, expected "+w)
		} else if g != w {
			note(key, g+", expected "+w)
		}
	}
	for key, g := range got {
		if _, ok := want[key]; !ok {
			note(key, "unexpected "+g)
		}
	}
	var out []string
	for id, list := range byRule {
		sort.Strings(list)
		out = append(out, fmt.Sprintf("%s: %d differ\n  %s", id, len(list), strings.Join(list[:min(len(list), 4)], "\n  ")))
	}
	sort.Strings(out)
	return out
}

// collected is a publisher that decodes what it gets.
type collected struct {
	decoder *decode.Decoder
	facts   []any
}

func (c *collected) simulate(t *testing.T, cfg simulate.Config) simulate.Ledger {
	t.Helper()
	var err error
	c.decoder, err = decode.New(decode.Config{TokenKey: []byte("a key only for this test")})
	require.NoError(t, err)
	s, err := simulate.New(cfg)
	require.NoError(t, err)
	ledger, err := s.Run(t.Context(), c, nil)
	require.NoError(t, err)
	return ledger
}

// Publish implements simulate.Publisher.
func (c *collected) Publish(_ context.Context, topic event.Topic, key, value []byte) error {
	m := &decode.Message{Topic: topic, ReceivedAt: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), Key: key, Value: value}
	var fact any
	var refusal *decode.Reject
	switch topic {
	case event.TopicCases:
		f := &event.Case{}
		fact, refusal = f, c.decoder.Case(m, f)
	case event.TopicTickets:
		f := &event.Ticket{}
		fact, refusal = f, c.decoder.Ticket(m, f)
	case event.TopicRatings:
		f := &event.Rating{}
		fact, refusal = f, c.decoder.Rating(m, f)
	case event.TopicItems:
		f := &event.Item{}
		fact, refusal = f, c.decoder.Item(m, f)
	case event.TopicOrganisations:
		f := &event.Organisation{}
		fact, refusal = f, c.decoder.Organisation(m, f)
	}
	if refusal != nil {
		return refusal
	}
	v := reflect.ValueOf(fact).Elem()
	for i := range v.NumField() { // strings are good until the next message only
		if field := v.Field(i); field.Kind() == reflect.String {
			field.SetString(strings.Clone(field.String()))
		}
	}
	v.FieldByName("Origin").SetZero()
	c.facts = append(c.facts, fact)
	return nil
}

// Flush implements simulate.Publisher.
func (c *collected) Flush(context.Context) error { return nil }
