package e2e

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/broker"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/rule"
)

// TestTwoEnginesUnderFaultsRaiseWhatOneRaisesInPeace runs ingest and two engines as
// processes of their own on one ClickHouse and one broker. The clock of one engine
// is ten minutes ahead, that of the other ten minutes behind; each is killed in
// turn, and so is ClickHouse; an hour passes, after which the events of one topic
// arrive that the other topics' events were an hour ahead of. In the end the alerts
// are those that one undisturbed engine raises on the same facts, none was taken
// back that stands there, and a mail server and a webhook receiver have got each
// notice once.
func TestTwoEnginesUnderFaultsRaiseWhatOneRaisesInPeace(t *testing.T) {
	d := newDrill(t, time.Now().Truncate(time.Second))
	per, kills := setting("DUBAN_DRILL_SUBJECTS", 4), setting("DUBAN_DRILL_KILLS", 2)
	d.publish(d.organisation())

	ahead, behind := 10*time.Minute, -10*time.Minute
	a, b := d.engine("a", ahead), d.engine("b", behind)
	d.publish(d.cases("first", per), d.tickets("prompt", per))
	d.eventually("the first alerts", func() bool { return d.count("alert_events") > 0 })
	rng := rand.New(rand.NewPCG(3, uint64(kills)))
	for i := range kills {
		time.Sleep(time.Duration(rng.IntN(1500)) * time.Millisecond)
		before := d.count("alert_events")
		switch i % 3 {
		case 0: // the one that works or the one that stands by: each has its turn
			a.kill()
			d.publish(d.cases(fmt.Sprint("while-a-is-away-", i), per))
			d.eventually("alerts without the first engine", func() bool { return d.count("alert_events") > before })
			a = d.engine("a", ahead)
		case 1:
			b.kill()
			d.publish(d.cases(fmt.Sprint("while-b-is-away-", i), per))
			d.eventually("alerts without the second engine", func() bool { return d.count("alert_events") > before })
			b = d.engine("b", behind)
		default:
			d.killClickHouse()
			d.publish(d.cases(fmt.Sprint("while-clickhouse-is-away-", i), per))
			d.eventually("alerts after ClickHouse is back", func() bool { return d.count("alert_events") > before })
		}
	}
	d.killClickHouse()
	before := d.count("alert_events")
	d.publish(d.cases("while-clickhouse-is-away", per))
	d.eventually("alerts after ClickHouse is back", func() bool { return d.count("alert_events") > before })

	// An hour passes at once: both engines are killed and come back later.
	a.kill()
	b.kill()
	before = d.count("alert_events")
	d.engine("a", time.Hour+ahead)
	d.engine("b", time.Hour+behind)
	d.eventually("what an hour brings", func() bool { return d.count("alert_events") > before })
	d.publish(d.tickets("late", per), d.signed("late-sign"))

	want := d.undisturbed(time.Hour + ahead)
	require.Greater(t, len(want), 6*per)
	var got []string
	if !d.within(60*time.Second, func() bool { got = d.alerts(d.db); return slices.Equal(want, got) }) {
		require.Equal(t, want, got, "alerts that hold")
	}
	d.requireNothingTwice()
	d.requireOneNoticeEach()
}

// drill is the stage: engines and receivers that live in the test process, and
// processes of the product.
type drill struct {
	t       *testing.T
	start   time.Time
	dir     string
	ch      *store.Embedded
	db      *store.DB
	reg     *queries.Registry
	brokers []string
	posts   *posts
	pub     *source.KafkaPublisher
	n       int
}

func newDrill(t *testing.T, start time.Time) *drill {
	t.Helper()
	d := &drill{t: t, start: start, dir: t.TempDir(), posts: newPosts(t)}
	command, err := storetest.ChildCommand()
	require.NoError(t, err)
	lib, err := store.FindLibrary()
	require.NoError(t, err)
	d.ch, err = store.StartEmbedded(t.Context(), store.EmbeddedConfig{
		Dir: filepath.Join(d.dir, "clickhouse"), Command: command, Library: lib, Server: store.DefaultServerConfig(), Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.ch.Close() })
	var topics []string
	for _, x := range event.Topics() {
		topics = append(topics, string(x))
	}
	b, err := broker.Start(broker.Config{Dir: filepath.Join(d.dir, "broker"), Topics: topics, Partitions: 2})
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.Close() })
	d.brokers = []string{b.Addr()}
	d.db, err = store.Open(d.ch.DSN())
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.db.Close() })
	d.reg, err = queries.Load()
	require.NoError(t, err)
	d.pub, err = source.NewPublisher(d.brokers, source.PublisherOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.pub.Close() })
	require.NoError(t, os.WriteFile(filepath.Join(d.dir, "token-key"), []byte(strings.Repeat("k", 64)), 0o600))
	d.suspendPeriods()
	out, err := exec.Command(binary(t), "migrate", "--config", d.config("migrate", 0)).CombinedOutput()
	require.NoError(t, err, string(out))
	d.process("ingest", "ingest", 0)
	return d
}

// suspendPeriods writes rules of the jurisdiction that put those over hours and
// days to rest: they would look at every closed hour of the last weeks, which is
// not what this is about.
func (d *drill) suspendPeriods() {
	d.t.Helper()
	dir := filepath.Join(d.dir, "rules")
	require.NoError(d.t, os.Mkdir(dir, 0o700))
	cat, err := rule.Load(d.reg, "")
	require.NoError(d.t, err)
	for _, r := range cat.All() {
		if r.Evaluation == rule.EachFold {
			continue
		}
		for ext, from := range map[string]string{".yaml": "supervision/rule/catalogue", ".sql": "queries/rule"} {
			text, err := os.ReadFile(filepath.Join(root(), from, r.ID+ext))
			require.NoError(d.t, err)
			if ext == ".yaml" {
				text = []byte(strings.Replace(string(text), fmt.Sprintf("version: %d\n", r.Version), fmt.Sprintf("version: %d\nsuspended: true\n", r.Version+1), 1))
			}
			require.NoError(d.t, os.WriteFile(filepath.Join(dir, r.ID+ext), text, 0o600))
		}
	}
}

// config writes the configuration of one process.
func (d *drill) config(name string, offset time.Duration) string {
	d.t.Helper()
	text, err := yaml.Marshal(map[string]any{
		"data":       filepath.Join(d.dir, name),
		"clickhouse": map[string]any{"dsn": d.ch.DSN()},
		"kafka":      map[string]any{"brokers": d.brokers, "partitions": 2},
		"ingest":     map[string]any{"batch_age": "100ms"},
		"secrets":    map[string]any{"token_key_file": filepath.Join(d.dir, "token-key")},
		"rules":      map[string]any{"dir": filepath.Join(d.dir, "rules")},
		"supervise":  map[string]any{"interval": "100ms", "lease_ttl": "2s", "clock_offset": offset.String()},
		"notify": map[string]any{
			"window": "1s", "interval": "300ms", "timeout": "2s", "max_age": "720h", "base_url": "https://duban.example.org",
			"smtp": map[string]any{"host": "127.0.0.1", "port": d.posts.smtpPort, "ca_file": d.posts.ca, "username": "duban",
				"password_file": d.posts.password, "from": "duban@example.org", "helo": "localhost"},
			"webhook": map[string]any{"hosts": []string{d.posts.hookHost}, "private_hosts": []string{d.posts.hookHost},
				"secrets_file": d.posts.secrets, "ca_file": d.posts.ca},
		},
	})
	require.NoError(d.t, err)
	path := filepath.Join(d.dir, name+".yaml")
	require.NoError(d.t, os.WriteFile(path, text, 0o600))
	return path
}

// process is one process of the product.
type process struct {
	cmd *exec.Cmd
	log *lockedBuffer
}

func (d *drill) process(name, role string, offset time.Duration) *process {
	d.t.Helper()
	p := &process{cmd: exec.Command(binary(d.t), role, "--config", d.config(name, offset)), log: &lockedBuffer{}}
	p.cmd.Stderr = p.log
	require.NoError(d.t, p.cmd.Start())
	d.t.Cleanup(func() {
		p.kill()
		if d.t.Failed() {
			d.t.Logf("log of %s %s:\n%s", role, name, tail(p.log.String(), 3000))
		}
	})
	return p
}

func (d *drill) engine(name string, offset time.Duration) *process {
	return d.process(name, "supervise", offset)
}

// kill ends a process without warning.
func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

func (d *drill) killClickHouse() {
	d.t.Helper()
	pid := d.ch.PID()
	require.NoError(d.t, syscall.Kill(pid, syscall.SIGKILL))
	d.eventually("ClickHouse is back", func() bool { return d.ch.PID() != pid && d.ch.PID() != 0 && d.db.Ping(d.t.Context()) == nil })
}

// message is one fact for the broker.
type message struct {
	topic event.Topic
	key   string
	body  map[string]any
}

func (d *drill) publish(lists ...[]message) {
	d.t.Helper()
	for _, m := range slices.Concat(lists...) {
		d.n++
		m.body["source_sys"] = "drill"
		if m.body["event_id"] == nil {
			m.body["event_id"] = fmt.Sprintf("e%06d", d.n)
		}
		value, err := json.Marshal(m.body)
		require.NoError(d.t, err)
		require.NoError(d.t, d.pub.Publish(d.t.Context(), m.topic, []byte(m.key), value))
	}
	require.NoError(d.t, d.pub.Flush(d.t.Context()))
}

// organisation is the one that everything happens at, with one person to tell, by
// mail and by webhook.
func (d *drill) organisation() []message {
	return []message{{event.TopicOrganisations, "O1", map[string]any{
		"org_code": "O1", "name": "住建局", "region_code": "610102", "valid_from": "2020-01-01",
		"payload": map[string]any{"contacts": []any{map[string]any{"user": "u1", "role": "handler", "channels": []any{
			map[string]any{"kind": "email", "to": "u1@example.org"}, map[string]any{"kind": "webhook", "to": d.posts.hookURL},
		}}}},
	}}}
}

// cases are cases with violations that lie behind: promise and law broken, told
// twice, refused without reason, finished out of order.
func (d *drill) cases(name string, n int) []message {
	var out []message
	for i := range n {
		for kind, steps := range map[string][]map[string]any{
			"overdue": {{"event_type": "apply"}, {"event_type": "accept", "payload": map[string]any{"promise_days": 3, "promise_unit": "W", "legal_days": 5, "legal_unit": "W"}}},
			"refused": {{"event_type": "apply"}, {"event_type": "not_accept", "payload": map[string]any{"remedy_notice": true}}},
			"told-twice": {{"event_type": "apply"}, {"event_type": "correction_notice", "payload": map[string]any{"notice_no": "1", "defects": []string{"a"}}}, {"event_type": "correction_submit"},
				{"event_type": "correction_notice", "payload": map[string]any{"notice_no": "2", "defects": []string{"b"}}}},
			"in-time": {{"event_type": "apply"}, {"event_type": "accept", "payload": map[string]any{"promise_days": 3, "promise_unit": "W", "legal_days": 5, "legal_unit": "W"}},
				{"event_type": "finish", "payload": map[string]any{"result_type": "approved", "cert_token": "c"}}, {"event_type": "deliver", "payload": map[string]any{"method": "hall"}}},
		} {
			no := fmt.Sprintf("%s-%s-%d", kind, name, i)
			for j, s := range steps {
				body := map[string]any{"case_no": no, "event_time": d.start.Add(-20*24*time.Hour + time.Duration(j)*time.Hour).Format(time.RFC3339), "org_code": "O1", "region_code": "610102", "apply_channel": "hall"}
				for k, v := range s {
					body[k] = v
				}
				out = append(out, message{event.TopicCases, no, body})
			}
		}
	}
	return out
}

// tickets are urgent ones that were dispatched half an hour ago and have half an
// hour left to be signed for.
func (d *drill) tickets(name string, n int) []message {
	var out []message
	for i := range n {
		no := fmt.Sprintf("%s-%d", name, i)
		for j, typ := range []string{"t_receive", "t_dispatch"} {
			out = append(out, message{event.TopicTickets, no, map[string]any{
				"ticket_no": no, "event_type": typ, "event_time": d.start.Add(-30*time.Minute + time.Duration(j)*time.Minute).Format(time.RFC3339),
				"org_code": "O1", "region_code": "610102", "kind": "help", "payload": map[string]any{"urgent": true},
			}})
		}
	}
	return out
}

// signed is a ticket of the delayed topic that was signed for in time.
func (d *drill) signed(no string) []message {
	out := d.tickets(no, 1)
	no += "-0"
	return append(out, message{event.TopicTickets, no, map[string]any{
		"ticket_no": no, "event_type": "t_sign", "event_time": d.start.Add(-5 * time.Minute).Format(time.RFC3339), "org_code": "O1",
	}})
}

func (d *drill) within(wait time.Duration, ok func() bool) bool {
	for deadline := time.Now().Add(wait); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if ok() {
			return true
		}
	}
	return false
}

func (d *drill) eventually(what string, ok func() bool) {
	d.t.Helper()
	require.True(d.t, d.within(90*time.Second, ok), "%s: not within 90 s", what)
}

// count counts the rows of a table; -1 while ClickHouse is away.
func (d *drill) count(table string) int {
	var n uint64
	if err := d.db.Conn().QueryRow(d.t.Context(), "SELECT count() FROM "+table+" FINAL").Scan(&n); err != nil {
		return -1
	}
	return int(n)
}

// undisturbed lets one engine, with its clock moved once, raise what the facts give
// in a database of its own.
func (d *drill) undisturbed(offset time.Duration) []string {
	d.t.Helper()
	ctx := d.t.Context()
	d.eventually("everything is stored", func() bool {
		return d.count("case_events")+d.count("ticket_events")+d.count("organisations") == d.n
	})
	u, err := url.Parse(d.ch.DSN())
	require.NoError(d.t, err)
	u.Path = "/undisturbed"
	db, err := store.Open(u.String())
	require.NoError(d.t, err)
	d.t.Cleanup(func() { _ = db.Close() })
	require.NoError(d.t, db.EnsureDatabase(ctx))
	require.NoError(d.t, queries.Migrate(ctx, db.Conn(), d.reg, time.Now))
	for _, table := range []string{"case_events", "ticket_events", "organisations", "deliveries"} {
		require.NoError(d.t, db.Conn().Exec(ctx, fmt.Sprintf("INSERT INTO undisturbed.%s SELECT * FROM %s.%s", table, d.db.Name(), table)), table)
	}
	cfg, err := engine.DefaultConfig()
	require.NoError(d.t, err)
	cfg.LeaseTTL = time.Second
	reg, err := queries.Load()
	require.NoError(d.t, err)
	cfg.Rules, err = rule.Load(reg, filepath.Join(d.dir, "rules"))
	require.NoError(d.t, err)
	e, err := engine.New(cfg, engine.Deps{Store: db, Queries: reg, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
		Now: func() time.Time { return time.Now().Add(offset) }})
	require.NoError(d.t, err)
	require.NoError(d.t, e.CatchUp(ctx))
	return d.alerts(db)
}

// alerts are the alerts with what they say and since when; nil while ClickHouse is
// away.
func (d *drill) alerts(db *store.DB) []string {
	rows, err := db.Conn().Query(d.t.Context(), `SELECT formatRowNoNewline('JSONEachRow', rule_id, rule_version, subject_no, clock_no, alert_id, state, severity, active, raised_at, severity_at,
		due_at, announced_at, announced_severity) AS line FROM alerts FINAL ORDER BY line`)
	if err != nil {
		return nil
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var line string
		if rows.Scan(&line) != nil {
			return nil
		}
		out = append(out, line)
	}
	return out
}

// requireNothingTwice looks at the history: no event twice, nothing cleared or
// cancelled.
func (d *drill) requireNothingTwice() {
	d.t.Helper()
	var twice int64
	var taken uint64
	require.NoError(d.t, d.db.Conn().QueryRow(d.t.Context(),
		"SELECT toInt64(count()) - toInt64(uniqExact(alert_id, event, severity, effective_at)), countIf(event IN ('cancelled', 'corrected', 'review')) FROM alert_events FINAL").Scan(&twice, &taken))
	require.Zero(d.t, twice, "events that stand twice in the history")
	require.Zero(d.t, taken, "alerts that were taken back")
}

// requireOneNoticeEach compares what the receivers got with the history.
func (d *drill) requireOneNoticeEach() {
	d.t.Helper()
	want := map[string]bool{}
	rows, err := d.db.Conn().Query(d.t.Context(), "SELECT DISTINCT arrayJoin(events) AS id FROM notices_now WHERE state != 'no_recipient'")
	require.NoError(d.t, err)
	for rows.Next() {
		var id string
		require.NoError(d.t, rows.Scan(&id))
		want[id] = true
	}
	require.NoError(d.t, rows.Err())
	require.NotEmpty(d.t, want)
	told := map[string]int{}
	d.eventually("every notice is sent", func() bool {
		var open uint64
		if d.db.Conn().QueryRow(d.t.Context(), "SELECT countIf(state IN ('queued', 'held', 'sending')) FROM notices_now").Scan(&open) != nil || open > 0 {
			return false
		}
		_, hooks, _ := d.posts.all()
		clear(told)
		for _, h := range hooks {
			for _, id := range h.events {
				told[id]++
			}
		}
		return len(told) >= len(want)
	})
	mails, hooks, bad := d.posts.all()
	require.Empty(d.t, bad, "webhooks that were not signed as they should be")
	seen := map[string]int{}
	marked := map[string]int{}
	for _, h := range hooks {
		for _, id := range h.events {
			require.True(d.t, want[id], "told of %s, which is in no notice", id)
			seen[id]++
			if h.repeat {
				marked[id]++
			}
		}
	}
	for id := range want {
		require.Equal(d.t, 1, seen[id]-marked[id], "unmarked webhooks about %s", id)
		require.LessOrEqual(d.t, marked[id], 1, "repeats about %s", id)
	}
	ids, repeats := map[string]int{}, map[string]int{}
	for _, m := range mails {
		id := m.Get("X-Duban-Message")
		require.NotEmpty(d.t, id)
		ids[id]++
		if m.Get("X-Duban-Possible-Repeat") == "1" {
			repeats[id]++
		}
	}
	require.NotEmpty(d.t, ids)
	for id, n := range ids {
		require.LessOrEqual(d.t, n-repeats[id], 1, "unmarked mails with id %s", id)
		require.LessOrEqual(d.t, repeats[id], 1, "repeats of mail %s", id)
	}
	var failed uint64
	require.NoError(d.t, d.db.Conn().QueryRow(d.t.Context(), "SELECT countIf(state = 'failed') FROM notices_now").Scan(&failed))
	require.Zero(d.t, failed, "notices that failed")
	d.t.Logf("%d events told of: %d webhooks (%d marked as possible repeats), %d mails", len(want), len(hooks), len(marked), len(mails))
}
