// Package kafkatest runs an Apache Kafka for the tests of a process: one broker in
// KRaft mode on loopback, in a folder that goes with the process.
package kafkatest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Env names the variable that has tests use an Apache Kafka: HOST:PORT of one that runs
// and that tests may empty, or Start for one of their own.
const Env = "DUBAN_TEST_KAFKA"

// Start is the value of Env that has the test process start a broker.
const Start = "start"

// HomeEnv names the variable with the folder of an installed Kafka, whose libs/ holds
// its jars; else it is the one that deploy/install-kafka.sh makes.
const HomeEnv = "DUBAN_TEST_KAFKA_HOME"

// Version is what deploy/install-kafka.sh installs.
const Version = "4.4.0"

// Wanted says that tests are to run on an Apache Kafka.
func Wanted() bool { return os.Getenv(Env) != "" }

// shared is what the tests of this process use.
var shared struct {
	once   sync.Once
	broker *Broker
	err    error
}

// Get returns the Kafka that the environment names, started when that is wanted; the
// test fails when there is none.
func Get(t testing.TB) *Broker {
	t.Helper()
	shared.once.Do(func() {
		if addr := os.Getenv(Env); addr == Start {
			shared.broker, shared.err = start()
		} else {
			shared.broker, shared.err = take(addr)
		}
	})
	if shared.err != nil {
		t.Fatalf("start Apache Kafka: %v", shared.err)
	}
	if b := shared.broker; b.Own() {
		t.Cleanup(func() {
			if t.Failed() {
				t.Logf("Apache Kafka said last:\n%s", b.said())
			}
		})
	}
	return shared.broker
}

// Broker is a running Apache Kafka.
type Broker struct {
	addr string
	lock *os.File // of a broker that other processes may want too, held to the end

	dir, jars string // of one that this process started
	java      *exec.Cmd
	guard     *exec.Cmd
	ended     chan error
}

// Addr is its bootstrap address.
func (b *Broker) Addr() string { return b.addr }

// Own says that this process started the broker, and may kill it.
func (b *Broker) Own() bool { return b.dir != "" }

// take waits until no other test process uses a broker, and keeps it until this one ends.
func take(addr string) (*Broker, error) {
	name := "duban-test-kafka-" + strings.NewReplacer(":", "-", "/", "-").Replace(addr) + ".lock"
	f, err := os.OpenFile(filepath.Join(os.TempDir(), name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock broker %s: %w", addr, err)
	}
	return &Broker{addr: addr, lock: f}, syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
}

// home is the folder of the installed Kafka.
func home() (string, error) {
	dir := os.Getenv(HomeEnv)
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find the cache of the user: %w", err)
		}
		dir = filepath.Join(cache, "duban", "kafka-"+Version)
	}
	jars, err := filepath.Glob(filepath.Join(dir, "libs", "kafka_2.13-*.jar"))
	if err != nil {
		return "", fmt.Errorf("look for Kafka in %s: %w", dir, err)
	}
	if len(jars) == 0 {
		return "", fmt.Errorf("no Kafka in %s: run `sh deploy/install-kafka.sh`, or set %s to an installed one or %s to a broker that "+
			"tests may empty", dir, HomeEnv, Env)
	}
	return dir, nil
}
