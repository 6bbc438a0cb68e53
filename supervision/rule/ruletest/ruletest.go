// Package ruletest checks rules against files of facts and expected alerts: the
// facts go through the product's own decoder, tables and fold, and the alerts are
// what the rule's SQL says. `duban rule test` and the tests of the catalogue use
// it.
package ruletest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/sink"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/lawzone"
	"duban/supervision/rule"
)

// File is a test of one rule.
type File struct {
	Rule string `yaml:"rule"`
	// Facts are messages of topics with the key topic beside their fields;
	// source_sys (test), event_id and received_at (a minute after the event) may
	// be left out. The field topic of a ticket is written ticket_topic.
	Facts  []map[string]any `yaml:"facts"`
	Expect []Expectation    `yaml:"expect"`
}

// Expectation is what holds at an instant: exactly these alerts of the rule.
type Expectation struct {
	At     string  `yaml:"at"`
	Alerts []Alert `yaml:"alerts"`
}

// Alert is an expected alert; what is left out is not compared. Ended alerts are
// those whose last step reached is over; they are expected with severity "".
type Alert struct {
	Subject  string            `yaml:"subject"`
	Clock    *string           `yaml:"clock"`
	Severity string            `yaml:"severity"`
	Since    string            `yaml:"since"`
	Due      string            `yaml:"due"`
	Org      *string           `yaml:"org"`
	Evidence map[string]string `yaml:"evidence"`
}

// Store is what a test needs of ClickHouse: an empty, migrated database.
type Store interface {
	engine.Store
	sink.Dialer
}

// Read reads a test file.
func Read(path string) (*File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read rule test: %w", err)
	}
	var f File
	if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", path, yaml.FormatError(err, false, true))
	}
	if f.Rule == "" || len(f.Expect) == 0 {
		return nil, fmt.Errorf("%s: needs rule and at least one entry of expect", path)
	}
	return &f, nil
}

// Run feeds the facts of a file into an empty database, folds them and compares
// the alerts of its rule. It returns the differences, none when the test passes.
func Run(ctx context.Context, db Store, reg *queries.Registry, cat *rule.Catalogue, f *File) ([]string, error) {
	r, ok := cat.Get(f.Rule)
	if !ok {
		return nil, fmt.Errorf("there is no rule %s", f.Rule)
	}
	last := time.Time{}
	for _, x := range f.Expect {
		at, err := time.Parse(time.RFC3339Nano, x.At)
		if err != nil {
			return nil, fmt.Errorf("expect: at %q is not an RFC 3339 instant", x.At)
		}
		last = maxTime(last, at)
	}
	if err := feed(ctx, db, reg, f.Facts); err != nil {
		return nil, err
	}
	if err := evaluate(ctx, db, reg, cat, r, last); err != nil {
		return nil, err
	}
	var problems []string
	for _, x := range f.Expect {
		diff, err := compare(ctx, db, reg, r, x)
		if err != nil {
			return nil, err
		}
		problems = append(problems, diff...)
	}
	return problems, nil
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// feed decodes and stores the facts, a batch per topic.
func feed(ctx context.Context, db Store, reg *queries.Registry, facts []map[string]any) error {
	dec, err := decode.New(decode.Config{TokenKey: []byte("a key for the tests of rules")})
	if err != nil {
		return err
	}
	batches := map[event.Topic]*sink.Batch{}
	offsets := map[event.Topic]int64{}
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, fact := range facts {
		m, err := message(fact, i)
		if err != nil {
			return fmt.Errorf("facts[%d]: %w", i, err)
		}
		b := batches[m.Topic]
		if b == nil {
			b = sink.NewBatch(m.Topic)
			b.Begin(now)
			batches[m.Topic] = b
		}
		m.Offset = offsets[m.Topic]
		offsets[m.Topic]++
		if rej := put(dec, b, m); rej != nil {
			return fmt.Errorf("facts[%d]: %w", i, rej)
		}
	}
	for _, topic := range event.Topics() { // the catalogue before its cases
		b := batches[topic]
		if b == nil {
			continue
		}
		w, err := sink.NewWriter(topic, sink.Config{Dialer: db, Statements: reg, Log: slog.New(slog.DiscardHandler),
			Now: func() time.Time { return now }})
		if err != nil {
			return err
		}
		err = w.Write(ctx, b)
		w.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// message makes the message that a source would have sent.
func message(fact map[string]any, i int) (*decode.Message, error) {
	body := map[string]any{}
	maps.Copy(body, fact)
	topic := event.Topic(fmt.Sprint(body["topic"]))
	delete(body, "topic")
	if !topic.Known() {
		return nil, fmt.Errorf("topic %q is none of %v", topic, event.Topics())
	}
	if subject, ok := body["ticket_topic"]; ok { // the field topic of a ticket
		body["topic"] = subject
		delete(body, "ticket_topic")
	}
	id := "event_id"
	at, _ := body["event_time"].(string)
	if topic == event.TopicRatings {
		id = "rating_id"
		at, _ = body["rated_at"].(string)
	}
	if _, ok := body[id]; !ok {
		body[id] = fmt.Sprintf("%06d", i+1)
	}
	if _, ok := body["source_sys"]; !ok {
		body["source_sys"] = "test"
	}
	received := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	if t, err := time.Parse(time.RFC3339Nano, at); err == nil {
		received = t.Add(time.Minute)
	}
	if text, ok := body["received_at"].(string); ok {
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return nil, fmt.Errorf("received_at %q is not an RFC 3339 instant", text)
		}
		received = t
		delete(body, "received_at")
	}
	value, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write as JSON: %w", err)
	}
	return &decode.Message{Topic: topic, ReceivedAt: received.UnixMilli(), Value: value}, nil
}

func put(dec *decode.Decoder, b *sink.Batch, m *decode.Message) error {
	f, rej := dec.Fact(m)
	if rej != nil {
		return rej
	}
	b.Add(f)
	return nil
}

// evaluate folds and asks the rule, with the watermark at an instant.
func evaluate(ctx context.Context, db Store, reg *queries.Registry, cat *rule.Catalogue, r *rule.Rule, at time.Time) error {
	cfg, err := engine.DefaultConfig()
	if err != nil {
		return err
	}
	cfg.Rules = cat.Only(r.ID)
	cfg.Policy.OwnLimits = []string{"*"} // the sources of a rule test are registered
	cfg.LeaseTTL = time.Second
	cfg.Movements = false // alerts do not come of the ledger of figures, and rule tests run side by side on one server
	// The lease beats by a clock that moves, from the instant asked for on.
	began := time.Now()
	now := func() time.Time { return at.Add(time.Since(began)) }
	e, err := engine.New(cfg, engine.Deps{Store: db, Queries: reg, Log: slog.New(slog.DiscardHandler),
		Metrics: prometheus.NewRegistry(), Now: now})
	if err != nil {
		return err
	}
	if err := e.CatchUp(ctx); err != nil {
		return err
	}
	res, err := reg.Run(ctx, db.Conn(), "engine/rule_error", queries.Args{"rule_id": r.ID})
	if err != nil {
		return err
	}
	if len(res.Rows) > 0 {
		return fmt.Errorf("the SQL of rule %s failed: %s", r.ID, res.Rows[0][0])
	}
	return nil
}

// compare asks what the chains say at an instant.
func compare(ctx context.Context, db Store, reg *queries.Registry, r *rule.Rule, x Expectation) ([]string, error) {
	at, err := time.Parse(time.RFC3339Nano, x.At)
	if err != nil {
		return nil, err
	}
	chains, err := selectChains.All(ctx, reg, db.Conn(), queries.Args{"rule_id": r.ID, "at": at.UTC()})
	if err != nil {
		return nil, err
	}
	var problems []string
	found := make([]bool, len(x.Alerts))
	for i := range chains {
		m := &chains[i]
		ok := false
		for i, want := range x.Alerts {
			if !found[i] && matches(m, want) {
				found[i], ok = true, true
				break
			}
		}
		if !ok {
			problems = append(problems, fmt.Sprintf("at %s: unexpected %s", x.At, describe(m)))
		}
	}
	for i, want := range x.Alerts {
		if !found[i] {
			text, _ := json.Marshal(want)
			problems = append(problems, fmt.Sprintf("at %s: missing %s", x.At, text))
		}
	}
	return problems, nil
}

// chain is what the steps of a rule say about a subject at an instant.
type chain struct {
	Subject  string            `ch:"subject_no"`
	Clock    string            `ch:"clock_no"`
	Severity string            `ch:"severity"`
	Since    time.Time         `ch:"since"`
	Due      *time.Time        `ch:"due_at"`
	Org      string            `ch:"org_code"`
	Evidence map[string]string `ch:"evidence"`
}

var selectChains = queries.Select[chain]("engine/chains_at", "source_sys", "i")

func matches(c *chain, want Alert) bool {
	same := c.Subject == want.Subject && c.Severity == want.Severity
	same = same && (want.Clock == nil || c.Clock == *want.Clock)
	same = same && (want.Org == nil || c.Org == *want.Org)
	same = same && instant(want.Since, &c.Since) && instant(want.Due, c.Due)
	for k, v := range want.Evidence {
		same = same && c.Evidence[k] == v
	}
	return same
}

func instant(want string, got *time.Time) bool {
	if want == "" {
		return true
	}
	w, err := time.Parse(time.RFC3339Nano, want)
	return err == nil && got != nil && w.Equal(*got)
}

func describe(c *chain) string {
	local := func(t *time.Time) string {
		if t == nil {
			return "none"
		}
		return t.In(lawzone.Zone).Format("2006-01-02T15:04:05.000Z07:00")
	}
	return fmt.Sprintf("subject_no=%s clock_no=%s severity=%s since=%s due_at=%s org_code=%s evidence=%v", c.Subject, c.Clock, c.Severity,
		local(&c.Since), local(c.Due), c.Org, c.Evidence)
}
