// Package instance knows the folder of a running instance: where its parts
// listen, so that client commands find it by --data alone, and the secrets
// that were made for it.
package instance

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Endpoints is the content of endpoints.json. It holds the password of the
// embedded engine and is readable by its owner only.
type Endpoints struct {
	// HTTP is the base address of the web server, http://host:port.
	HTTP string `json:"http"`
	// ClickHouse is the connection string of the product's user, and Reader
	// that of the read-only user where there is one.
	ClickHouse string   `json:"clickhouse"`
	Reader     string   `json:"clickhouse_reader,omitempty"`
	Kafka      []string `json:"kafka"`
	PID        int      `json:"pid"`
	// ChildPIDs are the processes started by it, by name.
	ChildPIDs map[string]int `json:"child_pids,omitempty"`
	Version   string         `json:"version"`
}

const endpointsFile = "endpoints.json"

// Write replaces endpoints.json in one step.
func Write(dir string, e Endpoints) error {
	b, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return fmt.Errorf("encode endpoints: %w", err)
	}
	tmp := filepath.Join(dir, endpointsFile+".tmp")
	if err := os.WriteFile(tmp, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("write endpoints: %w", err)
	}
	if err := os.Rename(tmp, filepath.Join(dir, endpointsFile)); err != nil {
		return fmt.Errorf("write endpoints: %w", err)
	}
	return nil
}

// Remove deletes endpoints.json; a missing file is not an error.
func Remove(dir string) error {
	err := os.Remove(filepath.Join(dir, endpointsFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// ErrNotRunning says that no instance runs on the folder.
var ErrNotRunning = errors.New("no instance is running")

// Read finds the running instance of a data folder.
func Read(dir string) (Endpoints, error) {
	var e Endpoints
	b, err := os.ReadFile(filepath.Join(dir, endpointsFile))
	if errors.Is(err, os.ErrNotExist) {
		return e, fmt.Errorf("%w in %s: start it with `duban up --data %s`", ErrNotRunning, dir, dir)
	}
	if err != nil {
		return e, fmt.Errorf("read endpoints: %w", err)
	}
	if err := json.Unmarshal(b, &e); err != nil {
		return e, fmt.Errorf("%s is damaged: %w", filepath.Join(dir, endpointsFile), err)
	}
	if e.PID > 0 && errors.Is(syscall.Kill(e.PID, 0), syscall.ESRCH) {
		return e, fmt.Errorf("%w in %s (its process %d is gone): start it with `duban up --data %s`", ErrNotRunning, dir, e.PID, dir)
	}
	return e, nil
}

// lockPatience is how long Lock waits for a process that is just ending, as
// after a restart by a process manager.
const lockPatience = 3 * time.Second

// Lock takes the folder for this process; the lock ends with the process.
func Lock(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create data folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock of data folder: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	for waited := time.Duration(0); err != nil && waited < lockPatience; waited += 100 * time.Millisecond {
		time.Sleep(100 * time.Millisecond)
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("another duban already runs on %s: stop it first, or use another --data folder", dir)
	}
	return func() { _ = f.Close() }, nil
}

// Secret reads the first line of the file at path; with an empty path it reads
// DIR/secrets/name and makes it on first use.
func Secret(dir, name, path string) ([]byte, error) {
	if path != "" {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read secret %s: %w", name, err)
		}
		line, _, _ := strings.Cut(string(b), "\n")
		if line = strings.TrimSpace(line); line == "" {
			return nil, fmt.Errorf("secret %s: %s is empty", name, path)
		}
		return []byte(line), nil
	}
	path = filepath.Join(dir, "secrets", name)
	if _, err := os.Stat(path); err == nil {
		return Secret(dir, name, path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("create folder of secrets: %w", err)
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails on supported systems
	line := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	// A key that exists is never replaced: tokens made with it would no longer
	// match.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return Secret(dir, name, path)
	}
	if err != nil {
		return nil, fmt.Errorf("write secret %s: %w", name, err)
	}
	if _, err := f.WriteString(line + "\n"); err != nil {
		return nil, errors.Join(fmt.Errorf("write secret %s: %w", name, err), f.Close())
	}
	return []byte(line), f.Close()
}
