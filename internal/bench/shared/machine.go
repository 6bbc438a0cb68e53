package shared

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"duban/internal/store"
)

// Facts of the machine and the versions.
type Facts struct {
	CPU        string `json:"cpu"`
	Cores      int    `json:"cores"`
	MemoryMB   int    `json:"memory_mb"`
	Kernel     string `json:"kernel"`
	Go         string `json:"go"`
	ClickHouse string `json:"clickhouse"`
	// Load is the load average of the last minute when the bench ended: well
	// above 2 the machine had other work, and the times are too long.
	Load float64 `json:"load_at_end"`
}

// CPUSeconds is the CPU time of a process so far, user and system.
func CPUSeconds(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The name in parentheses may hold spaces; utime and stime are the 12th
	// and 13th field behind it (proc_pid_stat(5)), in ticks of 10 ms.
	_, rest, _ := strings.Cut(string(text), ") ")
	f := strings.Fields(rest)
	u, _ := strconv.ParseFloat(f[11], 64)
	s, _ := strconv.ParseFloat(f[12], 64)
	return (u + s) / 100
}

// PeakRSSMB is the most memory that a process has had, in MB.
func PeakRSSMB(pid int) int { return procKB(fmt.Sprintf("/proc/%d/status", pid), "VmHWM:") / 1024 }

func procKB(path, key string) int {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, key); ok {
			n, _ := strconv.Atoi(strings.Fields(rest)[0])
			return n
		}
	}
	return 0
}

// Machine collects the facts; dsn is the server that is asked for its version.
func Machine(ctx context.Context, dsn string) Facts {
	f := Facts{Cores: runtime.NumCPU(), Go: runtime.Version(), MemoryMB: procKB("/proc/meminfo", "MemTotal:") / 1024}
	cpu, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(cpu)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			f.CPU = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), ":"))
			break
		}
	}
	load, _ := os.ReadFile("/proc/loadavg")
	f.Load, _ = strconv.ParseFloat(strings.Fields(string(load) + " 0")[0], 64)
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	f.Kernel = strings.TrimSpace(string(kernel))
	if db, err := store.Open(dsn); err == nil {
		_ = db.Conn().QueryRow(ctx, "SELECT version()").Scan(&f.ClickHouse)
		_ = db.Close()
	}
	return f
}
