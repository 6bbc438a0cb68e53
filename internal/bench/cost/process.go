package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"duban/internal/bench/shared"
)

// instance is one running program with its children.
type instance struct {
	cmd     *exec.Cmd
	dir     string
	began   time.Time
	ready   time.Time
	cpuThen float64 // CPU seconds at ready
}

// start begins a program and waits until it says that it is ready.
func (o *options) start(ctx context.Context, command, dir string, args ...string) (*instance, error) {
	cmd := exec.CommandContext(ctx, o.binary, append([]string{command, "--data", dir, "--listen", "127.0.0.1:0"}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p := &instance{cmd: cmd, dir: dir, began: time.Now()}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		o.log("%s: %s", command, lines.Text())
		if strings.Contains(lines.Text(), "ready") {
			p.ready, p.cpuThen = time.Now(), p.cpu()
			go func() {
				for lines.Scan() { // so that it never waits for a reader
				}
			}()
			return p, nil
		}
	}
	p.stop()
	return nil, fmt.Errorf("%s ended before it was ready", command)
}

func (p *instance) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// dsn is the address of its ClickHouse, from the file that it keeps.
func (p *instance) dsn() string {
	var e struct {
		ClickHouse string `json:"clickhouse"`
	}
	b, err := os.ReadFile(filepath.Join(p.dir, "endpoints.json"))
	if err != nil || json.Unmarshal(b, &e) != nil {
		return ""
	}
	return e.ClickHouse
}

// cpu is the CPU time of the tree so far; of children that ended, what their parents waited for.
func (p *instance) cpu() float64 {
	sum := 0.0
	for _, pid := range tree(p.cmd.Process.Pid) {
		sum += shared.CPUSeconds(pid)
	}
	return sum
}

// tree is a process and all that it started, itself first.
func tree(root int) []int {
	children := map[int][]int{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		text, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "stat"))
		_, rest, ok := strings.Cut(string(text), ") ")
		if f := strings.Fields(rest); ok && len(f) > 1 {
			parent, _ := strconv.Atoi(f[1])
			children[parent] = append(children[parent], pid)
		}
	}
	out := []int{root}
	for i := 0; i < len(out); i++ {
		out = append(out, children[out[i]]...)
	}
	return out
}
