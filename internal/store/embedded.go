package store

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Database is the name of the product's database.
const Database = "duban"

// EmbeddedConfig says where and how the embedded server runs.
type EmbeddedConfig struct {
	// Dir holds the data, configuration and log of the server.
	Dir string
	// Command starts the child: program and leading arguments; the child's
	// own arguments (library, config, data, ports) are appended.
	Command []string
	Library string
	Server  ServerConfig
	Log     *slog.Logger
	// ReadyTimeout bounds one start.
	ReadyTimeout time.Duration
	// OnState is told after every start (up) and every end (down); may be nil.
	OnState func(up bool)
}

// Embedded is a supervised ClickHouse child process: when it dies it is
// started again on the same ports, with back-off.
type Embedded struct {
	cfg       EmbeddedConfig
	ports     [2]int
	owner     string
	readerPwd string
	cancel    context.CancelFunc
	done      chan struct{}

	mu       sync.Mutex
	pid      int
	restarts int
	lastErr  error
}

// StartEmbedded starts the server and waits until it answers. The context
// bounds the start only; Close ends the server.
func StartEmbedded(ctx context.Context, cfg EmbeddedConfig) (*Embedded, error) {
	if cfg.ReadyTimeout == 0 {
		cfg.ReadyTimeout = 60 * time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if err := os.MkdirAll(filepath.Join(cfg.Dir, "user_files"), 0o700); err != nil {
		return nil, fmt.Errorf("create ClickHouse folder: %w", err)
	}
	owner, reader, err := loadPasswords(filepath.Join(cfg.Dir, "passwords"))
	if err != nil {
		return nil, err
	}
	ports, err := freePorts()
	if err != nil {
		return nil, err
	}
	e := &Embedded{cfg: cfg, ports: ports, owner: owner, readerPwd: reader, done: make(chan struct{})}
	configPath, err := writeServerConfig(cfg.Dir, cfg.Server, owner, reader)
	if err != nil {
		return nil, err
	}
	life, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	ready := make(chan struct{})
	go e.supervise(life, configPath, ready)
	select {
	case <-ready:
		return e, nil
	case <-e.done:
		return nil, e.lastError()
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), e.lastError(), e.Close())
	case <-time.After(cfg.ReadyTimeout):
		return nil, errors.Join(fmt.Errorf("embedded ClickHouse not ready after %s", cfg.ReadyTimeout), e.lastError(), e.Close())
	}
}

// DSN is the connection string of the product's own user.
func (e *Embedded) DSN() string { return e.dsn("duban", e.owner) }

// ReaderDSN is the connection string of the read-only user.
func (e *Embedded) ReaderDSN() string { return e.dsn("duban_reader", e.readerPwd) }

func (e *Embedded) dsn(user, password string) string {
	u := url.URL{Scheme: "clickhouse", User: url.UserPassword(user, password),
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(e.ports[0])), Path: "/" + Database}
	return u.String()
}

// PID is the process id of the running child, 0 while there is none.
func (e *Embedded) PID() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.pid
}

// Restarts counts how often the child was started again.
func (e *Embedded) Restarts() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.restarts
}

// Close ends the child and waits for it. It is safe to call twice.
func (e *Embedded) Close() error {
	e.cancel()
	<-e.done
	return nil
}

func (e *Embedded) lastError() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lastErr
}

const (
	firstBackoff = 200 * time.Millisecond
	maxBackoff   = 5 * time.Second
	// steadyAfter is how long a child must have run for its end to count as
	// a new incident and not as one more failure to start.
	steadyAfter = 10 * time.Second
)

func (e *Embedded) supervise(ctx context.Context, configPath string, ready chan struct{}) {
	defer close(e.done)
	backoff := firstBackoff
	var once sync.Once
	for {
		started := time.Now()
		err := e.runOnce(ctx, configPath, func() { once.Do(func() { close(ready) }) })
		if ctx.Err() != nil {
			return
		}
		e.mu.Lock()
		e.restarts++
		e.lastErr = err
		e.mu.Unlock()
		if time.Since(started) > steadyAfter {
			backoff = firstBackoff
		}
		e.cfg.Log.Warn("clickhouse child ended, starting it again", "error", err, "wait_s", backoff.Seconds())
		select {
		case <-ctx.Done():
			return
		case <-time.After(backoff):
		}
		backoff = min(backoff*2, maxBackoff)
	}
}

// runOnce starts the child and returns when it has ended.
func (e *Embedded) runOnce(ctx context.Context, configPath string, onReady func()) error {
	args := append(append([]string{}, e.cfg.Command[1:]...),
		e.cfg.Library, configPath, filepath.Join(e.cfg.Dir, "data"), strconv.Itoa(e.ports[0]), strconv.Itoa(e.ports[1]))
	cmd := exec.Command(e.cfg.Command[0], args...)
	// A process group of its own: Ctrl-C in the terminal reaches only the
	// parent, which then ends the child in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("open pipe to ClickHouse child: %w", err)
	}
	tail := &tailBuffer{}
	cmd.Stdout, cmd.Stderr = io.Discard, tail
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start ClickHouse child: %w", err)
	}
	e.setPID(cmd.Process.Pid)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	probe, stopProbe := context.WithCancel(ctx)
	defer stopProbe()
	go func() {
		if e.awaitReady(probe) == nil {
			if e.cfg.OnState != nil {
				e.cfg.OnState(true)
			}
			onReady()
		}
	}()
	defer func() {
		e.setPID(0)
		if e.cfg.OnState != nil {
			e.cfg.OnState(false)
		}
	}()
	select {
	case err := <-ended:
		return fmt.Errorf("ClickHouse child ended: %w: %s", errOr(err, "exit status 0"), tail.String())
	case <-ctx.Done():
		_ = stdin.Close()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
		return ctx.Err()
	}
}

func errOr(err error, text string) error {
	if err != nil {
		return err
	}
	return errors.New(text)
}

func (e *Embedded) awaitReady(ctx context.Context) error {
	for {
		if err := createDatabase(ctx, e.DSN(), Database); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (e *Embedded) setPID(pid int) {
	e.mu.Lock()
	e.pid = pid
	e.mu.Unlock()
}

// freePorts asks the kernel for two free loopback ports.
func freePorts() (ports [2]int, err error) {
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return ports, fmt.Errorf("find a free port for ClickHouse: %w", err)
		}
		defer func() { _ = l.Close() }()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}

// loadPasswords reads the two passwords of a data folder or makes them.
func loadPasswords(path string) (owner, reader string, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		owner, reader = newPassword(), newPassword()
		if err := os.WriteFile(path, []byte(owner+"\n"+reader+"\n"), 0o600); err != nil {
			return "", "", fmt.Errorf("write ClickHouse passwords: %w", err)
		}
		return owner, reader, nil
	}
	if err != nil {
		return "", "", fmt.Errorf("read ClickHouse passwords: %w", err)
	}
	lines := strings.Fields(string(b))
	if len(lines) != 2 {
		return "", "", fmt.Errorf("%s is damaged: it must hold two lines; delete it to have new passwords made", path)
	}
	return lines[0], lines[1], nil
}

func newPassword() string {
	b := make([]byte, 20)
	_, _ = rand.Read(b) // never fails on supported systems
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// tailBuffer keeps the end of what the child writes, for the error message.
type tailBuffer struct {
	mu sync.Mutex
	b  []byte
}

// Write implements io.Writer.
func (t *tailBuffer) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if over := len(t.b) - 2048; over > 0 {
		t.b = t.b[over:]
	}
	return len(p), nil
}

// String returns the kept text.
func (t *tailBuffer) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.b))
}
