package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"duban/internal/instance"
)

var build struct {
	once sync.Once
	path string
	err  error
}

func root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// binary builds the program once per test process.
func binary(t testing.TB) string {
	t.Helper()
	build.once.Do(func() {
		build.path = filepath.Join(root(), "bin", "duban-e2e")
		cmd := exec.Command("go", "build", "-o", build.path, "./cmd/duban")
		cmd.Dir = root()
		if out, err := cmd.CombinedOutput(); err != nil {
			build.err = fmt.Errorf("build duban: %w\n%s", err, out)
		}
	})
	if build.err != nil {
		t.Fatal(build.err)
	}
	return build.path
}

// running is one `duban up` process.
type running struct {
	t    testing.TB
	dir  string
	args []string
	cmd  *exec.Cmd
	done chan error
	log  *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.b.Len() > 1<<20 {
		l.b.Reset()
	}
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// up starts the product on dir and waits for its ready line.
func up(t testing.TB, dir string, args ...string) *running {
	t.Helper()
	r := &running{t: t, dir: dir, args: args, log: &lockedBuffer{}}
	t.Cleanup(func() {
		r.stop()
		if t.Failed() {
			t.Logf("log of duban up:\n%s", tail(r.log.String(), 6000))
		}
	})
	if err := r.start(2 * time.Minute); err != nil {
		t.Fatal(err)
	}
	return r
}

func tail(s string, n int) string {
	if len(s) > n {
		return s[len(s)-n:]
	}
	return s
}

func (r *running) start(wait time.Duration) error {
	cmd := exec.Command(binary(r.t), append([]string{"up", "--data", r.dir, "--listen", "127.0.0.1:0"}, r.args...)...)
	cmd.Env = append(os.Environ(), "DUBAN_SUPERVISE_OWN_LIMITS=*") // the real logs are judged by their own deadlines
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = r.log
	if err := cmd.Start(); err != nil {
		return err
	}
	ready := make(chan struct{})
	done := make(chan error, 1)
	go func() {
		sc := bufio.NewScanner(stdout)
		for sc.Scan() {
			if strings.HasPrefix(sc.Text(), "ready http://") {
				close(ready)
				break
			}
		}
		_, _ = io.Copy(io.Discard, stdout)
		done <- cmd.Wait()
	}()
	r.cmd, r.done = cmd, done
	select {
	case <-ready:
		return nil
	case err := <-done:
		done <- err
		return fmt.Errorf("duban up ended before it was ready: %w\n%s", err, tail(r.log.String(), 3000))
	case <-time.After(wait):
		return fmt.Errorf("duban up not ready after %s\n%s", wait, tail(r.log.String(), 3000))
	}
}

// stop ends the instance as Ctrl-C does and waits for it.
func (r *running) stop() {
	if r.cmd == nil {
		return
	}
	_ = r.cmd.Process.Signal(os.Interrupt)
	select {
	case <-r.done:
	case <-time.After(30 * time.Second):
		_ = r.cmd.Process.Kill()
		<-r.done
	}
	r.cmd = nil
}

// kill ends the main process without warning.
func (r *running) kill() {
	_ = r.cmd.Process.Kill()
	<-r.done
	r.cmd = nil
}

// killEngine ends the ClickHouse child without warning; false when there is
// none at the moment.
func (r *running) killEngine() bool {
	e, err := instance.Read(r.dir)
	if err != nil || e.ChildPIDs["clickhouse"] == 0 {
		return false
	}
	return syscall.Kill(e.ChildPIDs["clickhouse"], syscall.SIGKILL) == nil
}

// duban runs a client command on the instance and returns its output.
func (r *running) duban(args ...string) []byte {
	r.t.Helper()
	out, err := r.try(args...)
	if err != nil {
		r.t.Fatalf("duban %s: %v", strings.Join(args, " "), err)
	}
	return out
}

func (r *running) try(args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(r.t), append(args, "--data", r.dir)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.Bytes(), fmt.Errorf("%w: %s", err, tail(stderr.String(), 2000))
	}
	return stdout.Bytes(), nil
}

// rows runs a command with --format json and returns its rows.
func (r *running) rows(args ...string) []map[string]any {
	r.t.Helper()
	var result struct {
		Rows []map[string]any `json:"rows"`
	}
	out := r.duban(append(args, "--format", "json")...)
	if err := json.Unmarshal(out, &result); err != nil {
		r.t.Fatalf("duban %s: output is not JSON: %v\n%s", strings.Join(args, " "), err, tail(string(out), 500))
	}
	return result.Rows
}
