package e2e

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/broker"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/rule"
)

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
		Dir: filepath.Join(d.dir, "clickhouse"), Command: command, Library: lib, Server: store.DefaultServerConfig(),
		Log: slog.New(slog.DiscardHandler),
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
				text = []byte(strings.Replace(string(text), fmt.Sprintf("version: %d\n", r.Version),
					fmt.Sprintf("version: %d\nsuspended: true\n", r.Version+1), 1))
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
		// The broker of the tests leaves the time to its senders, as the embedded one does.
		"kafka":     map[string]any{"brokers": d.brokers, "partitions": 2, "producer_times": true},
		"ingest":    map[string]any{"batch_age": "100ms"},
		"secrets":   map[string]any{"token_key_file": filepath.Join(d.dir, "token-key")},
		"rules":     map[string]any{"dir": filepath.Join(d.dir, "rules")},
		"supervise": map[string]any{"interval": "100ms", "lease_ttl": "2s", "clock_offset": offset.String()},
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
	began := time.Now()
	require.True(d.t, d.within(2*time.Minute, ok), "%s: not within two minutes", what)
	d.t.Logf("%s: after %.1f s", what, time.Since(began).Seconds())
}

// count counts the rows of a table; -1 while ClickHouse is away.
func (d *drill) count(table string) int {
	var n uint64
	if err := d.db.Conn().QueryRow(d.t.Context(), "SELECT count() FROM "+table+" FINAL").Scan(&n); err != nil {
		return -1
	}
	return int(n)
}
