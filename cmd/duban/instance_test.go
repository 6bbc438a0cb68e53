package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"duban/ingest/event"
	"duban/internal/broker/brokertest"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

// engines are a database and a broker of which commands are told by their addresses; nothing
// reads the topics or folds.
type engines struct {
	t          *testing.T
	dir, kafka string
	db         *store.DB
}

func newEngines(t *testing.T) *engines {
	t.Helper()
	e := &engines{t: t, dir: t.TempDir(), kafka: brokertest.New(t), db: storetest.New(t)}
	// A database that holds facts needs the key that their personal data was tokenised with.
	require.NoError(t, os.MkdirAll(filepath.Join(e.dir, "secrets"), 0o700))
	e.file("secrets/token-key", strings.Repeat("k", 64))
	return e
}

func (e *engines) file(name, text string) string {
	e.t.Helper()
	p := filepath.Join(e.dir, name)
	require.NoError(e.t, os.WriteFile(p, []byte(text), 0o600))
	return p
}

func (e *engines) run(words ...string) (code int, out, text string) {
	e.t.Helper()
	return told(e.t, append(words, "--data", e.dir, "--clickhouse", e.db.DSN(), "--kafka", e.kafka)...)
}

// says runs a command line that has to end with a code and to say something, and returns what it
// wrote to standard output.
func (e *engines) says(code int, want, words string) string {
	e.t.Helper()
	got, out, text := e.run(strings.Fields(words)...)
	require.Equal(e.t, code, got, "%s\n%s%s", words, out, text)
	require.Contains(e.t, out+text, want, words)
	return out
}

func (e *engines) exec(statement string) {
	e.t.Helper()
	require.NoError(e.t, e.db.Conn().Exec(e.t.Context(), statement))
}

// sent are the messages of a topic.
func (e *engines) sent(topic event.Topic) []string {
	e.t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(e.kafka), kgo.ConsumeTopics(string(topic)), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	require.NoError(e.t, err)
	defer client.Close()
	ctx, cancel := context.WithTimeout(e.t.Context(), 2*time.Second)
	defer cancel()
	var out []string
	for ctx.Err() == nil {
		client.PollFetches(ctx).EachRecord(func(r *kgo.Record) { out = append(out, string(r.Value)) })
		if len(out) > 0 {
			break
		}
	}
	return out
}

// Rejects are chosen, repaired and sent once: one that would be refused again is not sent, and
// what was sent is not sent twice unless it is asked for.
func TestRejectsAreRepairedOnTheCommandLine(t *testing.T) {
	e := newEngines(t)
	e.exec(`INSERT INTO ingest_rejects (topic, partition, offset, reason, field, detail, source_sys, key, raw, received_at, stored_at) VALUES
		('case-events', 0, 41, 'invalid_enum', 'apply_channel', '', 'hall', 'k',
		 '{"source_sys":"hall","case_no":"C-1","event_id":"e1","event_type":"apply","event_time":"2026-03-02T09:00:00+08:00",
		 "apply_channel":"wbe"}',
		 '2026-03-02 01:00:00', '2026-03-02 01:00:00'),
		('case-events', 0, 42, 'invalid_enum', 'apply_channel', '', 'hall', 'k', '{"case_no":"C-2","apply_channel":"wbe"}',
		 '2026-03-02 01:00:00', '2026-03-02 01:00:00'),
		('hotline-tickets', 0, 7, 'malformed_json', '', '', '12345', 'k', '{', '2026-03-02 01:00:00', '2026-03-02 01:00:00')`)
	e.says(exitUsage, "say which rejects: --topic, --reason, --source, --at or --all", "replay --as-is")
	e.says(exitUsage, "--at: ", "replay --as-is --at case-events/0")
	e.says(0, "1 rejects chosen, 0 would be sent, 0 without a repair, 1 would be refused again",
		"replay --dry-run --as-is --topic hotline-tickets")
	e.says(0, "2 rejects chosen, 1 would be sent, 0 without a repair, 1 would be refused again",
		"replay --dry-run --reason invalid_enum --set apply_channel=web")
	require.Empty(t, e.sent(event.TopicCases), "a dry run sends nothing")

	e.says(0, "2 rejects chosen, 1 sent, 0 without a repair, 1 would be refused again", "replay --reason invalid_enum --set apply_channel=web")
	got := e.sent(event.TopicCases)
	require.Len(t, got, 1)
	require.Contains(t, got[0], `"apply_channel":"web"`)
	require.Contains(t, got[0], `"case_no":"C-1"`)
	e.says(0, "1 rejects chosen, 0 sent", "replay --reason invalid_enum --set apply_channel=web")
	out := e.says(0, `"found": 2`, "replay --reason invalid_enum --set apply_channel=web --again --dry-run --format json")
	require.True(t, json.Valid([]byte(out)), out)

	repaired := e.file("repaired.ndjson",
		`{"topic":"case-events","partition":0,"offset":42,"value":{"source_sys":"hall","case_no":"C-2","event_id":"e2",`+
			`"event_type":"apply","event_time":"2026-03-02T09:00:00+08:00"}}`+"\n")
	e.says(0, "1 rejects chosen, 1 sent", "replay --file "+repaired)
}

// Status counts each message once and says what is wrong; a loss is named until somebody takes
// note of it, and stays on record then.
func TestLossesAreToldUntilSomebodyTakesNote(t *testing.T) {
	e := newEngines(t)
	e.says(0, "RECEIVED = REST", "status")
	e.exec(`INSERT INTO ingest_losses (topic, partition, from_offset, until_offset, kind, messages, before_at, noticed_at)
		VALUES ('case-events', 0, 10, 10, 'made_anew', 0, '2026-06-10 00:00:00', '2026-06-11 00:00:00')`)
	e.says(exitProblems, "case-events/0 was deleted and made anew after offset 10 was read", "status")
	out := e.says(exitProblems, "", "status --format json")
	var rep statusReport
	require.NoError(t, json.Unmarshal([]byte(out), &rep), out)
	require.False(t, rep.OK)
	require.Len(t, rep.Losses, 1)
	require.True(t, rep.ClickHouse.OK && rep.Broker.OK)

	e.says(0, "nothing is lost that nobody has taken note of", "status acknowledge --reason sent~again --topic hotline-tickets")
	e.says(0, "1 taken note of by zhou", "status acknowledge --by zhou --reason sent_again_by_the_hall")
	e.says(0, "taken note of by zhou", "status")
	e.says(0, "nothing is lost that nobody has taken note of", "status acknowledge --by zhou --reason once_more")
	e.says(exitFailed, "wait until everything is folded", "status --wait --timeout 1ms")
	e.says(0, "the tables hold everything that the ledger says was stored", "replay --from-broker")
}

// check goes through engines that are not the instance's own.
func TestACheckGoesThroughEnginesOfOthers(t *testing.T) {
	e := newEngines(t)
	out := e.says(0, "✓ ClickHouse", "check")
	for _, line := range []string{"✓ configuration", "✓ queries", "✓ supervision", "✓ calendar", "✓ schema", "✓ in force", "✓ broker",
		"✓ notices"} {
		require.Contains(t, out, line)
	}
	require.NotContains(t, out, "✗")
	e.exec("DROP TABLE schema_migrations")
	require.Contains(t, e.says(exitProblems, "✗ schema", "check"), "✓ broker", "what comes behind is checked all the same")
	code, out, _ := told(t, "check", "--data", e.dir, "--clickhouse", e.db.DSN(), "--kafka", "127.0.0.1:1")
	require.Equal(t, exitProblems, code)
	require.Contains(t, out, "✗ broker")
}

// The ledger of a simulation is held against the tables: of one expected card none was raised, of
// the figures the database has none, and both are told with their places.
func TestALedgerIsComparedOnTheCommandLine(t *testing.T) {
	e := newEngines(t)
	ledger := e.file("ledger.json",
		`{"source":"hall","as_of":"2026-03-31T16:00:00Z","from":"2026-02-28T16:00:00Z","to":"2026-03-31T16:00:00Z"}`)
	_, _, text := e.run("ledger", "compare", "--ledger", ledger)
	require.Contains(t, text, "read the alerts that belong to the ledger")
	e.file("ledger-alerts.ndjson", `{"rule":"R-DDL-03","subject_kind":"case","subject_no":"A3","clock_no":"","severity":"yellow",`+
		`"since":"2026-03-09T16:00:00Z","active":true,"cleared_at":null,"tolerance":0}`+"\n")
	out := e.says(exitProblems, "R-DDL-03 missing A3", "ledger compare --verbose --ledger "+ledger)
	require.Regexp(t, `R-DDL-03\W+1\W+0\W+1\W+0\W+0\W+exact\W+not judged yet`, out)
	require.Contains(t, out, "not everything is judged yet: alerts are still to be announced", "nothing that is missing is a verdict before")
	out = e.says(exitProblems, "", "ledger compare --format json --ledger "+ledger)
	var rep struct {
		Rules       []struct{ Rule, Verdict string }
		Differences []struct{ Rule, Difference string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &rep), out)
	for _, r := range rep.Rules {
		want := "none"
		if r.Rule == "R-DDL-03" {
			want = "not judged yet"
		}
		require.Equal(t, want, r.Verdict, r.Rule)
	}
	require.Equal(t, "missing", rep.Differences[0].Difference)
}

// An outage is declared in the name of a user of the office; the declaration is signed, goes to
// the topic of actions, and stands on the trail before it counts. Whoever may not is told so.
func TestAnOutageIsDeclaredOnTheCommandLine(t *testing.T) {
	e := newEngines(t)
	e.file("password", "korrekt-Pferd-Batterie-9\n")
	e.says(0, "added wang", "user add wang --role supervisor --region 610000 --password-file "+e.dir+"/password")
	e.says(0, "added zhou", "user add zhou --role sysadmin --password-file "+e.dir+"/password")
	e.says(0, "added li", "user add li --role analyst --region 610000 --password-file "+e.dir+"/password")
	const declare = "outage declare --source hall --from 2026-03-09T18:00:00 --until 2026-03-10T09:00:00 --reason power "
	e.says(exitUsage, "--as nobody", declare+"--as nobody")
	e.says(exitFailed, "refusal.not_permitted", declare+"--as li")
	// That a source is down concerns more than one province: a system administrator says so.
	e.says(exitFailed, "refusal.not_permitted", declare+"--as wang")
	e.says(exitUsage, "none of the others can be", declare+"--as wang --all")
	e.says(exitUsage, `--from "x" is not an instant`, strings.Replace(declare, "2026-03-09T18:00:00", "x", 1)+"--as wang")
	require.Empty(t, e.sent(event.TopicActions), "nothing of that was recorded")

	out := e.says(0, "recorded; no engine has judged it yet", declare+"--as zhou --rule R-DDL-03")
	id := regexp.MustCompile(`^\S+`).FindString(out)
	got := e.sent(event.TopicActions)
	require.Len(t, got, 1)
	for _, want := range []string{id, `"declare"`, `"signature"`, `"actor":"u-2"`, `"2026-03-09T18:00:00+08:00"`, "R-DDL-03"} {
		require.Contains(t, got[0], want)
	}
	trail, err := filepath.Glob(filepath.Join(e.dir, "audit", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, trail)
	b, err := os.ReadFile(trail[len(trail)-1])
	require.NoError(t, err)
	require.Contains(t, string(b), "outage.declare")
	require.Contains(t, string(b), id)
	e.says(0, "subject_no", "outage cases --format csv "+id)
}

// Early warning learns from what has ended: without a due that has passed there is nothing to
// learn from, and a source that nobody knows is wrong use.
func TestABacktestNeedsAPast(t *testing.T) {
	e := newEngines(t)
	e.says(exitFailed, "no subject of this source has a due that has passed: there is nothing to learn from", "risk backtest")
	e.says(exitUsage, "nosource", "risk backtest --source nosource")
	enginetest.Insert(t, e.db, append(hall("A0", "bureau", 5), hall("A1", "bureau", 10)...)...)
	enginetest.Fold(t, e.db)
	out := e.says(0, "hall", "risk backtest --as-of 2026-03-31 --format json --save=false")
	var rep struct {
		Backtests []struct{ Source, Kind, Verdict string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &rep), out)
	require.Equal(t, "too_few", rep.Backtests[0].Verdict, "two cases prove nothing")
}
