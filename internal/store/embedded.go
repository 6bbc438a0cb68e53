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
	"strings"
	"sync"
	"syscall"
	"time"
)

// Database is the name of the product's database.
const Database = "duban"

// The users of the embedded server.
const (
	ownerUser  = "duban"
	readerUser = "duban_reader"
)

// EmbeddedConfig says where and how the embedded server runs.
type EmbeddedConfig struct {
	// Dir holds the data, configuration and log of the server.
	Dir string
	// Command starts the child: program and leading arguments; the child's
	// own argument, a file, is appended.
	Command []string
	Library string
	Server  ServerConfig
	Log     *slog.Logger
	// ReadyTimeout bounds one start.
	ReadyTimeout time.Duration
	// DeafAfter is how long the server may leave a question unanswered before the
	// child is ended and started again (default one minute).
	DeafAfter time.Duration
	// OnState is told after every start (up) and every end (down); may be nil.
	OnState func(up bool)
}

// Embedded is a supervised ClickHouse child process: when it dies it is
// started again on the same ports, with back-off.
type Embedded struct {
	cfg       EmbeddedConfig
	clients   *net.TCPListener
	owner     string
	readerPwd string
	cancel    context.CancelFunc
	done      chan struct{}
	broken    chan error

	mu       sync.Mutex
	pid      int
	shared   bool // no network of its own
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
	if cfg.DeafAfter == 0 {
		cfg.DeafAfter = time.Minute
	}
	if err := makeFolders(cfg.Dir); err != nil {
		return nil, err
	}
	if err := Confinement(); err != nil {
		cfg.Log.Warn("the embedded ClickHouse is not confined", "error", err)
	}
	owner, reader, err := loadPasswords(filepath.Join(cfg.Dir, "passwords"))
	if err != nil {
		return nil, err
	}
	configPath, err := writeServerConfig(cfg.Dir, cfg.Server, owner, reader)
	if err != nil {
		return nil, err
	}
	clients, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("listen for ClickHouse clients: %w", err)
	}
	e := &Embedded{cfg: cfg, clients: clients, owner: owner, readerPwd: reader, done: make(chan struct{}), broken: make(chan error, 1)}
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
func (e *Embedded) DSN() string { return e.dsn(ownerUser, e.owner) }

// ReaderDSN is the connection string of the read-only user.
func (e *Embedded) ReaderDSN() string { return e.dsn(readerUser, e.readerPwd) }

func (e *Embedded) dsn(user, password string) string {
	u := url.URL{Scheme: "clickhouse", User: url.UserPassword(user, password),
		Host: e.clients.Addr().String(), Path: "/" + Database}
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
	defer func() { _ = e.clients.Close() }()
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
	cmd, stdin, tail, err := e.startChild(configPath)
	if err != nil {
		return err
	}
	e.setPID(cmd.Process.Pid)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	watch, stopWatch := context.WithCancel(ctx)
	defer stopWatch()
	unfit := make(chan error, 1)
	go func() {
		unfit <- e.watch(watch, func() {
			if e.cfg.OnState != nil {
				e.cfg.OnState(true)
			}
			onReady()
		})
	}()
	defer func() {
		e.setPID(0)
		if e.cfg.OnState != nil {
			e.cfg.OnState(false)
		}
	}()
	select {
	case err := <-ended:
		if cmd.ProcessState.ExitCode() == exitNotIsolated {
			e.shareNetwork(errors.New(tail.String()))
		}
		return fmt.Errorf("ClickHouse child ended: %w: %s", errOr(err, "exit status 0"), tail.String())
	case err := <-unfit:
		if ctx.Err() == nil {
			_ = cmd.Process.Kill()
			<-ended
			return err
		}
	case <-ctx.Done():
	}
	_ = stdin.Close()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = cmd.Process.Kill()
		<-ended
	}
	return ctx.Err()
}

// startChild starts the child, in a network of its own where the system lets us.
func (e *Embedded) startChild(configPath string) (cmd *exec.Cmd, stdin io.Closer, tail *tailBuffer, err error) {
	clients, err := e.clients.File()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("hand socket to ClickHouse child: %w", err)
	}
	defer func() { _ = clients.Close() }()
	kernel, err := openKernel()
	if err != nil {
		return nil, nil, nil, err
	}
	defer func() { _ = kernel.Close() }()
	for {
		isolated := e.Isolated()
		settings := filepath.Join(e.cfg.Dir, "config", "child.json")
		if err := writeChildSettings(settings, childSettings{
			Library: e.cfg.Library, Config: configPath, Dir: e.cfg.Dir, Isolated: isolated,
			Users: map[string]string{ownerUser: hashPassword(e.owner), readerUser: hashPassword(e.readerPwd)},
		}); err != nil {
			return nil, nil, nil, err
		}
		cmd = exec.Command(e.cfg.Command[0], append(append([]string{}, e.cfg.Command[1:]...), settings)...)
		cmd.ExtraFiles = []*os.File{clients, kernel} // listenerFD, kernelFD
		cmd.Env = []string{}                         // ours may hold secrets, and the engine needs none of it
		// A process group of its own: Ctrl-C in the terminal reaches only the
		// parent, which then ends the child in order.
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if isolated {
			isolate(cmd.SysProcAttr)
		}
		if stdin, err = cmd.StdinPipe(); err != nil {
			return nil, nil, nil, fmt.Errorf("open pipe to ClickHouse child: %w", err)
		}
		tail = &tailBuffer{}
		cmd.Stdout, cmd.Stderr = io.Discard, tail
		err := cmd.Start()
		if err == nil {
			return cmd, stdin, tail, nil
		}
		if !isolated || !notIsolated(err) {
			return nil, nil, nil, fmt.Errorf("start ClickHouse child: %w", err)
		}
		e.shareNetwork(err)
	}
}

// shareNetwork gives up the network of the child's own.
func (e *Embedded) shareNetwork(why error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.shared = true
	e.cfg.Log.Warn("the embedded ClickHouse shares the network of the machine: another account cannot sign in to it, "+
		"but can make it start again", "error", why)
}

// Isolated reports whether the child has a network of its own.
func (e *Embedded) Isolated() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return !e.shared
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

// makeFolders makes what the child cannot make itself, closed to other accounts.
func makeFolders(dir string) error {
	for _, d := range []string{"data", "user_files", logFolder} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			return fmt.Errorf("create ClickHouse folder: %w", err)
		}
	}
	// Where earlier versions wrote every statement with its values.
	old, err := filepath.Glob(filepath.Join(dir, "server.log*"))
	if err != nil {
		return fmt.Errorf("look for old logs: %w", err)
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("remove old log: %w", err)
		}
	}
	return nil
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
