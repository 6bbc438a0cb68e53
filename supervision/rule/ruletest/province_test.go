package ruletest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/acceptance"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/rule"
	"duban/supervision/simulate"
)

// The province of this test lives through March 2026.
// What it sends arrives on 7 April, the directory and the catalogue before the
// beginning; people act on what the engine has opened two hours later, and the
// engine looks again another two hours later.
var (
	firstDay = time.Date(2026, 2, 28, 16, 0, 0, 0, time.UTC)
	lastDay  = time.Date(2026, 3, 30, 16, 0, 0, 0, time.UTC)
	arrival  = time.Date(2026, 4, 7, 1, 0, 0, 0, time.UTC)
	later    = time.Date(2026, 4, 7, 6, 0, 0, 0, time.UTC)
)

// Two implementations that share nothing, the oracle of the simulated province and
// the engine with its rules, raise the same alerts about the same subjects with the
// same severity since the same instant.
func TestTheEngineRaisesWhatTheLedgerOfTheProvinceExpects(t *testing.T) {
	p := &province{t: t, db: storetest.New(t), now: arrival.Add(time.Hour)}
	var err error
	p.reg, err = queries.Load()
	require.NoError(t, err)
	p.cat, err = rule.Load(p.reg, "")
	require.NoError(t, err)
	ledger := p.live(func(c *simulate.Config) { c.Seed, c.Events, c.Violations, c.Faults = 5, 36_000, 0.15, 0.01 })
	report, err := acceptance.Compare(t.Context(), p.reg, p.db.Conn(), p.cat, ledger, 3)
	require.NoError(t, err)
	for _, b := range report.Behind { // its day is over when the directory came, not when all else did
		require.True(t, strings.HasPrefix(b.Rule, "R-NRM-06-L@"), b.String())
	}
	planted := 0
	for _, l := range report.Rules {
		if l.Expected > 0 {
			planted++
		}
		var examples []string
		for _, d := range report.Differences {
			if d.Rule == l.Rule {
				examples = append(examples, fmt.Sprintf("%s %s %s: expected %q, raised %q", d.Difference, d.SubjectNo, d.ClockNo, d.Expected, d.Raised))
			}
		}
		if l.Verdict == acceptance.Differs || l.Verdict == acceptance.Waiting {
			t.Errorf("%s: %d expected, %d missing, %d extra, %d different\n  %s", l.Rule, l.Expected, l.Missing, l.Extra, l.Different,
				strings.Join(examples, "\n  "))
		}
	}
	require.Greater(t, planted, 50)

	figures, differences, err := acceptance.CompareFigures(t.Context(), p.reg, p.db.Conn(), ledger, 3)
	require.NoError(t, err)
	for _, f := range figures {
		if f.Verdict != acceptance.Equal {
			t.Errorf("%s: %d of %d cells differ", f.Figure, f.Differ, f.Cells)
		}
	}
	for _, d := range differences {
		t.Errorf("%s %s %s: expected %v, found %v", d.Figure, d.Breakdown, d.Key, d.Expected, d.Found)
	}
}

// province is a simulated province in a database, with an engine whose clock the
// test moves.
type province struct {
	t   *testing.T
	db  *store.DB
	reg *queries.Registry
	cat *rule.Catalogue
	now time.Time
}

// live lets the province live and the engine look at it, and returns its ledger.
func (p *province) live(change func(*simulate.Config)) *acceptance.Ledger {
	p.t.Helper()
	cfg := simulate.DefaultConfig()
	cfg.From, cfg.To = firstDay, lastDay
	var alerts bytes.Buffer
	var facts collected
	cfg.Alerts = &alerts
	change(&cfg)
	cfg.Settle = func(context.Context) error {
		p.look(&facts)
		facts.at = arrival.Add(3 * time.Hour)
		return nil
	}
	facts.at = arrival
	l := facts.simulate(p.t, cfg)
	p.now = later
	p.look(&facts)
	p.now = later.Add(2 * time.Hour) // what came late was gathered
	p.look(&facts)
	text, err := json.Marshal(l)
	require.NoError(p.t, err)
	out := &acceptance.Ledger{}
	require.NoError(p.t, json.Unmarshal(text, out))
	out.Alerts, err = acceptance.ReadAlerts(&alerts)
	require.NoError(p.t, err)
	return out
}

// look stores what has arrived and lets the engine come to its instant.
func (p *province) look(facts *collected) {
	p.t.Helper()
	enginetest.Insert(p.t, p.db, facts.facts...)
	facts.facts = nil
	began := time.Now()
	e := enginetest.New(p.t, p.db, func(c *engine.Config, d *engine.Deps) {
		c.Rules, c.FollowStep = p.cat, 48*time.Hour // one that looks every day and a half, and was not down
		d.Now = func() time.Time { return p.now.Add(time.Since(began)) }
	})
	require.NoError(p.t, e.CatchUp(p.t.Context()))
}

// collected is a publisher that decodes what it gets.
type collected struct {
	decoder *decode.Decoder
	facts   []any
	at      time.Time // arrival; reference data is there before the beginning
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
	c.at = c.at.Add(time.Millisecond / 10)
	m := &decode.Message{Topic: topic, ReceivedAt: c.at.UnixMilli(), Key: key, Value: value}
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
	case event.TopicActions:
		f := &event.Action{}
		fact, refusal = f, c.decoder.Action(m, f)
	case event.TopicMeasurements:
		f := &event.Measurement{}
		fact, refusal = f, c.decoder.Measurement(m, f)
		f.Values = slices.Clone(f.Values)
	case event.TopicOrganisations:
		m.ReceivedAt = firstDay.UnixMilli()
		f := &event.Organisation{}
		fact, refusal = f, c.decoder.Organisation(m, f)
	}
	if refusal != nil {
		return refusal
	}
	v := reflect.ValueOf(fact).Elem()
	for _, field := range v.Fields() { // strings are good until the next message only
		if field.Kind() == reflect.String {
			field.SetString(strings.Clone(field.String()))
		}
	}
	v.FieldByName("Origin").Set(reflect.ValueOf(event.Origin{ReceivedAt: m.ReceivedAt}))
	c.facts = append(c.facts, fact)
	return nil
}

// Flush implements simulate.Publisher.
func (c *collected) Flush(context.Context) error { return nil }
