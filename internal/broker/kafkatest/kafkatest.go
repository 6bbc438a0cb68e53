// Package kafkatest runs an Apache Kafka for the tests of a process: one broker in
// KRaft mode on loopback, in a folder that goes with the process.
package kafkatest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
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

// startWithin bounds the start of a broker: 5 s on a quiet machine of two cores.
const startWithin = 3 * time.Minute

// Wanted says that tests are to run on an Apache Kafka.
func Wanted() bool { return os.Getenv(Env) != "" }

// broker is the one of this process.
var broker struct {
	once sync.Once
	addr string
	log  string
	err  error
	lock *os.File // of a broker that other processes may want too, held to the end
}

// Addr returns the address of the Kafka that the environment names, started when that
// is wanted; the test fails when there is none.
func Addr(t testing.TB) string {
	t.Helper()
	broker.once.Do(func() {
		if broker.addr = os.Getenv(Env); broker.addr == Start {
			broker.addr, broker.log, broker.err = start()
		} else {
			broker.err = take(broker.addr)
		}
	})
	if broker.err != nil {
		t.Fatalf("start Apache Kafka: %v", broker.err)
	}
	if broker.log != "" {
		t.Cleanup(func() {
			if t.Failed() {
				t.Logf("Apache Kafka said last:\n%s", tail(broker.log))
			}
		})
	}
	return broker.addr
}

// take waits until no other test process uses a broker, and keeps it until this one ends.
func take(addr string) error {
	name := "duban-test-kafka-" + strings.NewReplacer(":", "-", "/", "-").Replace(addr) + ".lock"
	f, err := os.OpenFile(filepath.Join(os.TempDir(), name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("lock broker %s: %w", addr, err)
	}
	broker.lock = f
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
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

// start runs a broker for the life of this process and returns its address and log.
func start() (addr, log string, err error) {
	kafka, err := home()
	if err != nil {
		return "", "", err
	}
	dir, err := os.MkdirTemp("", "duban-kafka-")
	if err != nil {
		return "", "", fmt.Errorf("make a folder for Kafka: %w", err)
	}
	ports, err := freePorts(2)
	if err != nil {
		return "", "", errors.Join(err, os.RemoveAll(dir))
	}
	addr, log = fmt.Sprintf("127.0.0.1:%d", ports[0]), filepath.Join(dir, "log")
	err = errors.Join(os.WriteFile(filepath.Join(dir, "log4j2.properties"), []byte(logging), 0o600),
		os.WriteFile(filepath.Join(dir, "server.properties"), []byte(properties(dir, addr, fmt.Sprintf("127.0.0.1:%d", ports[1]))), 0o600))
	if err != nil {
		return "", "", fmt.Errorf("configure Kafka: %w", errors.Join(err, os.RemoveAll(dir)))
	}
	// The shell outlives this process, however that ends: its input closes then.
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CLASSPATH="+filepath.Join(kafka, "libs", "*"), "KAFKA_TEST_DIR="+dir)
	if _, err := cmd.StdinPipe(); err != nil { // kept open until the process ends
		return "", "", errors.Join(err, os.RemoveAll(dir))
	}
	if err := cmd.Start(); err != nil {
		return "", "", fmt.Errorf("run sh: %w", errors.Join(err, os.RemoveAll(dir)))
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for begun := time.Now(); ; {
		select {
		case err := <-ended:
			return "", "", fmt.Errorf("it ended (%w):\n%s", err, tail(log))
		case <-time.After(50 * time.Millisecond):
		}
		if c, err := net.DialTimeout("tcp", addr, time.Second); err == nil {
			return addr, log, c.Close()
		}
		if time.Since(begun) > startWithin {
			return "", "", fmt.Errorf("it does not listen after %s:\n%s", startWithin, tail(log))
		}
	}
}

func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("find a free port for Kafka: %w", err)
		}
		defer func() { _ = l.Close() }() // together at the end, so that they differ
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// tail is the end of a log.
func tail(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(f)
	if err != nil {
		return err.Error()
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return strings.TrimSpace(string(bytes.Join(lines[max(0, len(lines)-20):], []byte("\n"))))
}
