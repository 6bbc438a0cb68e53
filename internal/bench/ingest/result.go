package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban/internal/store"
)

// oneRun is one measurement; CPU is in seconds per million events.
type oneRun struct {
	Seconds         float64 `json:"seconds"`
	EventsPerSecond float64 `json:"events_per_second"`
	CPUPerMillion   float64 `json:"cpu_seconds_per_million"`
	BrokerCPU       float64 `json:"broker_cpu_seconds_per_million,omitempty"`
	IngestCPU       float64 `json:"ingest_cpu_seconds_per_million,omitempty"`
	ClickHouseCPU   float64 `json:"clickhouse_cpu_seconds_per_million"`
	PeakRSSMB       int     `json:"ingest_peak_rss_mb,omitempty"`
}

// way is all runs of one way and its medians.
type way struct {
	EventsPerSecond float64  `json:"events_per_second"`
	CPUPerMillion   float64  `json:"cpu_seconds_per_million"`
	PeakRSSMB       int      `json:"peak_rss_mb,omitempty"`
	Runs            []oneRun `json:"runs"`
}

// freshness is how old events were when they were handed to ClickHouse.
type freshness struct {
	EventsPerSecond float64 `json:"events_per_second"`
	P50Seconds      float64 `json:"p50_seconds"`
	P99Seconds      float64 `json:"p99_seconds"`
	MaxSeconds      float64 `json:"max_seconds"`
}

// facts of the machine and the versions.
type facts struct {
	CPU        string `json:"cpu"`
	Cores      int    `json:"cores"`
	MemoryMB   int    `json:"memory_mb"`
	Kernel     string `json:"kernel"`
	Go         string `json:"go"`
	ClickHouse string `json:"clickhouse"`
	KafkaGo    string `json:"kafka_go"`
	Broker     string `json:"broker"`
	// Load is the load average of the last minute when the bench began: above
	// 1 the machine had other work, and rates are too low.
	Load float64 `json:"load_at_start"`
}

type result struct {
	At            time.Time `json:"at"`
	Machine       facts     `json:"machine"`
	Events        int       `json:"events"`
	BytesPerEvent int       `json:"bytes_per_event"`
	Seed          int       `json:"seed"`
	// FileInsert has ClickHouse's default settings, FileInsertRaw
	// optimize_on_insert = 0.
	FileInsert    way `json:"clickhouse_file_insert"`
	FileInsertRaw way `json:"clickhouse_file_insert_not_optimized"`
	Ingest        way `json:"topic_to_table"`
	// Speedup and CPURatio compare with FileInsert, the Raw ones with
	// FileInsertRaw; a CPU ratio below 1 is less CPU.
	Speedup     float64    `json:"speedup"`
	CPURatio    float64    `json:"cpu_ratio"`
	SpeedupRaw  float64    `json:"speedup_not_optimized"`
	CPURatioRaw float64    `json:"cpu_ratio_not_optimized"`
	Freshness   *freshness `json:"freshness,omitempty"`
}

func (r *result) settle() {
	for _, w := range []*way{&r.FileInsert, &r.FileInsertRaw, &r.Ingest} {
		w.EventsPerSecond = median(w.Runs, func(o oneRun) float64 { return o.EventsPerSecond })
		w.CPUPerMillion = median(w.Runs, func(o oneRun) float64 { return o.CPUPerMillion })
		for _, o := range w.Runs {
			w.PeakRSSMB = max(w.PeakRSSMB, o.PeakRSSMB)
		}
	}
	r.Speedup = r.Ingest.EventsPerSecond / r.FileInsert.EventsPerSecond
	r.CPURatio = r.Ingest.CPUPerMillion / r.FileInsert.CPUPerMillion
	r.SpeedupRaw = r.Ingest.EventsPerSecond / r.FileInsertRaw.EventsPerSecond
	r.CPURatioRaw = r.Ingest.CPUPerMillion / r.FileInsertRaw.CPUPerMillion
}

func median(runs []oneRun, of func(oneRun) float64) float64 {
	var v []float64
	for _, r := range runs {
		v = append(v, of(r))
	}
	slices.Sort(v)
	return v[len(v)/2]
}

// cpuSeconds is the CPU time of a process so far, user and system.
func cpuSeconds(pid int) float64 {
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

func peakRSSMB(pid int) int { return procKB(fmt.Sprintf("/proc/%d/status", pid), "VmHWM:") / 1024 }

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

func machine(ctx context.Context, dsn string) facts {
	f := facts{Cores: runtime.NumCPU(), Go: runtime.Version(), MemoryMB: procKB("/proc/meminfo", "MemTotal:") / 1024}
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
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			switch m.Path {
			case "github.com/segmentio/kafka-go":
				f.KafkaGo = m.Version
			case "github.com/twmb/franz-go/pkg/kfake":
				f.Broker = "kfake " + m.Version
			}
		}
	}
	return f
}
