package kafkatest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// startWithin bounds the start of a broker: 4 s on a quiet machine of two cores.
const startWithin = 3 * time.Minute

// start runs a broker for the life of this process.
func start() (*Broker, error) {
	kafka, err := home()
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "duban-kafka-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for Kafka: %w", err)
	}
	b := &Broker{addr: fmt.Sprintf("127.0.0.1:%d", ports[0]), dir: dir, jars: filepath.Join(kafka, "libs", "*")}
	if err := b.begin(fmt.Sprintf("127.0.0.1:%d", ports[1])); err != nil {
		err = fmt.Errorf("%w\n%s", err, b.said())
		return nil, errors.Join(err, b.Kill(), os.RemoveAll(dir))
	}
	return b, nil
}

// begin configures a broker, formats its folder and runs it.
func (b *Broker) begin(controller string) error {
	for name, text := range map[string]string{"log4j2.properties": logging, "server.properties": properties(b.dir, b.addr, controller)} {
		if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("configure it: %w", err)
		}
	}
	format, err := b.command("kafka.tools.StorageTool", "format", "--standalone", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", "server.properties")
	if err != nil {
		return err
	}
	if err := format.Run(); err != nil {
		return fmt.Errorf("format its folder: %w", err)
	}
	return b.Run()
}

// command runs a class of Kafka in the folder of the broker.
func (b *Broker) command(class string, args ...string) (*exec.Cmd, error) {
	log, err := os.OpenFile(b.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open its log: %w", err)
	}
	cmd := exec.Command("java", append([]string{"-Xmx512m", "-XX:TieredStopAtLevel=1", "-Dlog4j2.configurationFile=log4j2.properties",
		"-cp", b.jars, class}, args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = b.dir, log, log
	return cmd, nil
}

// Run starts the broker, again after Kill, and waits until it listens.
func (b *Broker) Run() error {
	java, err := b.command("kafka.Kafka", "server.properties")
	if err != nil {
		return err
	}
	if err := java.Start(); err != nil {
		return fmt.Errorf("run java: %w", err)
	}
	b.java, b.ended = java, make(chan error, 1)
	go func() { b.ended <- java.Wait() }()
	b.guard = exec.Command("sh", "-c", guard, "sh", strconv.Itoa(java.Process.Pid), b.dir)
	if _, err := b.guard.StdinPipe(); err != nil { // open until this process ends
		return fmt.Errorf("guard it: %w", err)
	}
	if err := b.guard.Start(); err != nil {
		return fmt.Errorf("guard it: %w", err)
	}
	for begun := time.Now(); ; {
		select {
		case err := <-b.ended:
			b.ended <- err
			return fmt.Errorf("it ended: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
		if c, err := net.DialTimeout("tcp", b.addr, time.Second); err == nil {
			return c.Close()
		}
		if time.Since(begun) > startWithin {
			return fmt.Errorf("it does not listen after %s", startWithin)
		}
	}
}

// Kill ends the broker as a power cut would.
func (b *Broker) Kill() error {
	if b.guard != nil {
		// First, so that it never ends whoever has the number of the broker later.
		_ = b.guard.Process.Kill()
		_ = b.guard.Wait()
	}
	if b.java == nil {
		return nil
	}
	err := b.java.Process.Kill()
	<-b.ended
	b.java, b.guard = nil, nil
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	return err
}

func (b *Broker) log() string { return filepath.Join(b.dir, "log") }

// said is the end of its log.
func (b *Broker) said() string {
	text, err := os.ReadFile(b.log())
	if err != nil {
		return err.Error()
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-20):], []byte("\n")))
}

// freePorts are n different ones.
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
