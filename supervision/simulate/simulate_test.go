package simulate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/supervision/simulate"
)

func TestTheSameConfigurationGivesTheSameBytes(t *testing.T) {
	run := func(seed uint64) (uint64, []byte) {
		var cases, found bytes.Buffer
		c, ledger := simulated(t, func(c *simulate.Config) {
			c.Seed, c.Events, c.Conflicts, c.Malformed, c.Cases = seed, 20_000, 0.001, 50, &cases
			c.Violations, c.Alerts = 0.05, &found
		})
		var text bytes.Buffer
		require.NoError(t, ledger.WriteJSON(&text))
		return c.hash.Sum64(), append(append(text.Bytes(), cases.Bytes()...), found.Bytes()...)
	}
	hash, ledger := run(3)
	again, ledgerAgain := run(3)
	require.Equal(t, hash, again)
	require.Equal(t, ledger, ledgerAgain)
	other, _ := run(4)
	require.NotEqual(t, hash, other)
}

func TestEventsIsAboutTheNumberOfFacts(t *testing.T) {
	for _, events := range []int64{5_000, 100_000} {
		_, ledger := simulated(t, func(c *simulate.Config) { c.Events = events })
		facts := ledger.Topics["case-events"].Facts + ledger.Topics["hotline-tickets"].Facts + ledger.Topics["satisfaction-ratings"].Facts
		require.InEpsilon(t, events, facts, 0.05)
	}
}

// The domain guide names these events (2.2 and 3); a province of some size has
// met them all, in states of all kinds.
func TestEveryEventTypeAndStateOccurs(t *testing.T) {
	_, ledger := simulated(t, func(c *simulate.Config) { c.Events = 400_000 })
	for _, typ := range event.CaseTypes() {
		require.Positive(t, ledger.EventTypes["case-events"][string(typ)], typ)
	}
	for _, typ := range event.TicketTypes() {
		require.Positive(t, ledger.EventTypes["hotline-tickets"][string(typ)], typ)
	}
	for _, state := range []string{"submitted", "correcting", "accepted", "processing", "suspended", "finished",
		"delivered", "not_accepted", "withdrawn", "terminated"} {
		require.Positive(t, ledger.States["case"][state], state)
	}
	require.Positive(t, ledger.Figures.Total.C05)
	levels := map[int]bool{}
	for code := range ledger.Figures.ByRegion {
		levels[len(code)] = true
	}
	require.Equal(t, map[int]bool{6: true, 9: true, 12: true}, levels)
}

func TestFaultsAreCountedAsTheyAreSent(t *testing.T) {
	c, ledger := simulated(t, func(c *simulate.Config) {
		c.Events, c.Faults, c.Conflicts, c.Malformed = 30_000, 0.02, 0.005, 300
	})
	type identity struct{ topic, id, revision string }
	first, sent, again, rewritten, broken := map[identity]string{}, map[event.Topic]int64{}, int64(0), int64(0), int64(0)
	for _, m := range c.messages {
		sent[m.topic]++
		if bytes.Contains(m.value, []byte("BAD")) || !json.Valid(m.value) || m.value[0] == '[' || bytes.Contains(m.value, []byte(`"bad-`)) {
			broken++
			continue
		}
		f := fields(t, m.value)
		id, _ := f["event_id"].(string)
		if id == "" {
			id = f["rating_id"].(string)
		}
		revision, _ := json.Marshal(f["revision"])
		delete(f, "emit_time")
		delete(f, "seq")
		content, _ := json.Marshal(f)
		k := identity{string(m.topic), id, string(revision)}
		switch was, seen := first[k]; {
		case !seen:
			first[k] = string(content)
		case was == string(content):
			again++
		default:
			rewritten++
		}
	}
	var facts, duplicates, conflicts, malformed int64
	for topic, l := range ledger.Topics {
		bad := int64(0)
		for _, n := range l.Malformed {
			bad += n
		}
		require.Equal(t, l.Sent, l.Facts+l.Duplicates+l.Conflicts+bad, topic)
		require.Equal(t, l.Sent, sent[event.Topic(topic)], topic)
		facts, duplicates, conflicts, malformed = facts+l.Facts, duplicates+l.Duplicates, conflicts+l.Conflicts, malformed+bad
	}
	require.Equal(t, int64(len(first)), facts)
	require.Equal(t, again, duplicates)
	require.Equal(t, rewritten, conflicts)
	require.Equal(t, int64(300), malformed)
	require.Equal(t, broken, malformed)
	require.Positive(t, duplicates)
	require.Positive(t, conflicts)
	require.Positive(t, ledger.Topics["case-events"].Delayed)
}

func TestWithoutFaultsMessagesLeaveInTheOrderOfTheirSending(t *testing.T) {
	c, _ := simulated(t, func(c *simulate.Config) { c.Events, c.Faults = 20_000, 0 })
	last := time.Time{}
	for _, m := range c.messages {
		if m.topic == event.TopicItems || m.topic == event.TopicOrganisations || m.topic == event.TopicActions {
			continue // the work on orders that the product opens comes at the end
		}
		at, err := time.Parse(time.RFC3339Nano, fields(t, m.value)["emit_time"].(string))
		require.NoError(t, err)
		require.False(t, at.Before(last))
		last = at
	}
}

func TestNothingHappensAfterTheEnd(t *testing.T) {
	c, ledger := simulated(t, func(c *simulate.Config) {
		c.Events = 20_000
		c.From, c.To = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC)
	})
	require.Equal(t, "2026-03-12T16:00:00Z", ledger.To.Format(time.RFC3339))
	for _, m := range c.messages {
		f := fields(t, m.value)
		text, ok := f["event_time"].(string)
		if !ok {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err)
		require.True(t, at.Before(ledger.To) && !at.Before(ledger.From), text)
	}
}

func TestDirWriterWritesOneLinePerMessage(t *testing.T) {
	for _, compress := range []bool{false, true} {
		dir := t.TempDir()
		config := simulate.DefaultConfig()
		config.Events = 2_000
		s, err := simulate.New(config)
		require.NoError(t, err)
		w, err := simulate.NewDirWriter(dir, compress)
		require.NoError(t, err)
		var last simulate.Progress
		ledger, err := s.Run(context.Background(), w, func(p simulate.Progress) { last = p })
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.NoError(t, w.Close())
		require.Equal(t, "2026-06-30", last.Day)
		var total int64
		for topic, l := range ledger.Topics {
			total += l.Sent
			require.Equal(t, l.Sent, int64(len(lines(t, filepath.Join(dir, topic+".ndjson"), compress))), topic)
		}
		require.Equal(t, total, last.Sent)
	}
}

func lines(t *testing.T, name string, compressed bool) [][]byte {
	t.Helper()
	if !compressed {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		return split(text)
	}
	f, err := os.Open(name + ".gz")
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	var text bytes.Buffer
	_, err = text.ReadFrom(z)
	require.NoError(t, err)
	return split(text.Bytes())
}

func split(text []byte) [][]byte {
	if len(text) == 0 {
		return nil // a topic without messages
	}
	return bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
}

func TestConfigurationsThatMakeNoSenseAreRefused(t *testing.T) {
	for want, change := range map[string]func(*simulate.Config){
		"events":        func(c *simulate.Config) { c.Events = 0 },
		"from":          func(c *simulate.Config) { c.From = c.To.AddDate(0, 0, 1) },
		"calendar":      func(c *simulate.Config) { c.To = time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC) },
		"as-of":         func(c *simulate.Config) { c.AsOf = c.To.AddDate(1, 0, 0) },
		"source":        func(c *simulate.Config) { c.Source = `a"b` },
		"faults":        func(c *simulate.Config) { c.Faults = 2 },
		"conflicts":     func(c *simulate.Config) { c.Conflicts = -1 },
		"violations":    func(c *simulate.Config) { c.Violations = 1.5 },
		"malformed":     func(c *simulate.Config) { c.Malformed = -1 },
		"open-subjects": func(c *simulate.Config) { c.OpenSubjects = 0 },
		"not a city":    func(c *simulate.Config) { c.City = "210100" },
		"no division":   func(c *simulate.Config) { c.Province = "990000" },
	} {
		config := simulate.DefaultConfig()
		change(&config)
		_, err := simulate.New(config)
		require.ErrorContains(t, err, want)
	}
}
