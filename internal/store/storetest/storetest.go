// Package storetest gives tests a real ClickHouse with a fresh database.
package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"duban/internal/store"
	"duban/queries"
)

// DSNEnv names the variable with the address of a server to test against
// instead of the embedded engine.
const DSNEnv = "DUBAN_TEST_CLICKHOUSE"

// server is the one engine of a test process. Starting one per test would
// cost a second and 240 MB each.
var server struct {
	once sync.Once
	dsn  string
	err  error
	// ending is closed by the end of the process, and the folder of the engine with it.
	ending io.Closer
}

// New returns a migrated database of its own. It is dropped when the test
// passes and kept, with its name in the log, when it fails.
//
// The first of a process is migrated; those after it are copies of what that made,
// which takes a fifth of the time.
func New(t testing.TB) *store.DB {
	t.Helper()
	db := Empty(t)
	if schema.copied(t, db) {
		return db
	}
	reg, err := queries.Load()
	if err != nil {
		t.Fatalf("load queries: %v", err)
	}
	if err := queries.Migrate(t.Context(), db.Conn(), reg, time.Now); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	schema.learn(t, db)
	return db
}

// Empty returns a database without tables.
func Empty(t testing.TB) *store.DB {
	t.Helper()
	server.once.Do(start)
	if server.err != nil {
		t.Fatalf("start ClickHouse: %v", server.err)
	}
	u, err := url.Parse(server.dsn)
	if err != nil {
		t.Fatalf("ClickHouse address: %v", err)
	}
	var b [6]byte
	_, _ = rand.Read(b[:])
	name := "test_" + hex.EncodeToString(b[:])
	u.Path = "/" + name
	db, err := store.Open(u.String())
	if err != nil {
		t.Fatalf("open database: %v", err)
	}
	// An engine that went down under another test is up again within a second; each
	// test has a database of its own, so that only the one under way is hurt.
	for wait := 100 * time.Millisecond; ; wait *= 2 {
		err := db.EnsureDatabase(t.Context())
		if err == nil {
			break
		}
		if wait > 10*time.Second {
			t.Fatal(err)
		}
		t.Logf("wait for ClickHouse: %v", err)
		time.Sleep(wait)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("database %s is kept until the test process ends", name)
		} else if err := db.DropDatabase(context.Background()); err != nil {
			t.Logf("drop database %s: %v", name, err)
		}
		_ = db.Close()
	})
	return db
}

// ChildCommand builds the engine child once and returns how to start it.
func ChildCommand() ([]string, error) {
	root := moduleRoot()
	bin := filepath.Join(root, "bin", "chdbserver")
	cmd := exec.Command("go", "build", "-o", bin, "./internal/store/chdbserver")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, &exec.Error{Name: string(out), Err: err}
	}
	return []string{bin}, nil
}

func moduleRoot() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// start runs the engine for the life of the test process: the child ends when
// its standard input closes with us.
func start() {
	if dsn := os.Getenv(DSNEnv); dsn != "" {
		server.dsn = dsn
		return
	}
	command, err := ChildCommand()
	if err != nil {
		server.err = err
		return
	}
	library, err := store.FindLibrary()
	if err != nil {
		server.err = err
		return
	}
	dir, err := os.MkdirTemp(quickest(), "duban-clickhouse-")
	if err == nil {
		server.ending, err = removedAfterUs(dir)
	}
	if err != nil {
		server.err = err
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	e, err := store.StartEmbedded(ctx, store.EmbeddedConfig{
		Dir: dir, Command: command, Library: library, Server: store.DefaultServerConfig(),
	})
	if err != nil {
		server.err = err
		return
	}
	server.dsn = e.DSN()
}
