package upkeep

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// FullError says that there is too little room on the disk for Duban to write.
type FullError struct {
	Dir string
	// Free and Limit are bytes.
	Free, Limit uint64
}

// Error implements error.
func (e *FullError) Error() string {
	return fmt.Sprintf("disk full: %d MiB are free where %s is, and Duban takes in nothing below %d MiB (store.min_free_mb); it goes on by "+
		"itself when there is room", e.Free>>20, e.Dir, e.Limit>>20)
}

// Free returns the bytes that this account may still write where dir is.
func Free(dir string) (uint64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("ask for the room on the disk of %s: %w", dir, err)
	}
	return st.Bavail * uint64(st.Bsize), nil //nolint:gosec // a block size is positive
}

// Check returns a FullError when less than limit bytes are free where dir is.
func Check(dir string, limit uint64) (free uint64, err error) {
	if free, err = Free(dir); err == nil && free < limit {
		err = &FullError{Dir: dir, Free: free, Limit: limit}
	}
	return free, err
}

// Room watches the room on the disk of a folder. Below the limit work that writes is
// held back; it goes on when a quarter more than the limit is free, so that what starts
// again does not stop at once.
//
// A full disk is worse than an insert that fails: the engine as a library (libchdb 26.7)
// has put a merged part with empty files in the place of good ones.
type Room struct {
	cfg RoomConfig

	mu   sync.Mutex
	full *FullError
	open chan struct{} // closed while there is room

	free prometheus.Gauge
	low  prometheus.Gauge
}

// RoomConfig is what a Room needs.
type RoomConfig struct {
	Dir string
	// Limit in bytes; 0 watches nothing.
	Limit uint64
	// Every is how often to look (default half a second).
	Every   time.Duration
	Log     *slog.Logger
	Metrics prometheus.Registerer
	// Changed is told when room runs out and when there is room again; may be nil.
	Changed func(ctx context.Context, full bool)
	// Free answers instead of the system in tests; may be nil.
	Free func(dir string) (uint64, error)
}

// NewRoom looks once, so that nothing is begun on a disk that is full already.
func NewRoom(cfg RoomConfig) (*Room, error) {
	if cfg.Every <= 0 {
		cfg.Every = 500 * time.Millisecond
	}
	if cfg.Free == nil {
		cfg.Free = Free
	}
	r := &Room{cfg: cfg, open: make(chan struct{})}
	close(r.open)
	r.free = prometheus.NewGauge(prometheus.GaugeOpts{Name: "duban_disk_free_bytes",
		Help: "Bytes that are free on the disk of the data folder."})
	r.low = prometheus.NewGauge(prometheus.GaugeOpts{Name: "duban_disk_full",
		Help: "1 while too little is free and nothing is taken in, else 0."})
	limit := prometheus.NewGauge(prometheus.GaugeOpts{Name: "duban_disk_limit_bytes", Help: "Free bytes below which nothing is taken in."})
	limit.Set(float64(cfg.Limit))
	for _, c := range []prometheus.Collector{r.free, r.low, limit} {
		if err := cfg.Metrics.Register(c); err != nil {
			return nil, fmt.Errorf("register instruments of the disk: %w", err)
		}
	}
	r.look(context.Background())
	return r, nil
}

// Run watches until ctx ends.
func (r *Room) Run(ctx context.Context) error {
	tick := time.NewTicker(r.cfg.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			r.look(ctx)
		}
	}
}

func (r *Room) look(ctx context.Context) {
	free, err := r.cfg.Free(r.cfg.Dir)
	if err != nil {
		r.cfg.Log.Warn("room on the disk is not known", "error", err)
		return
	}
	r.free.Set(float64(free))
	r.mu.Lock()
	was := r.full != nil
	is := free < r.cfg.Limit || was && free < r.cfg.Limit+r.cfg.Limit/4
	switch {
	case is:
		r.full = &FullError{Dir: r.cfg.Dir, Free: free, Limit: r.cfg.Limit}
		if !was {
			r.open = make(chan struct{})
		}
	case was:
		r.full = nil
		close(r.open)
	}
	r.mu.Unlock()
	if is == was {
		return
	}
	if is {
		r.low.Set(1)
		r.cfg.Log.Error("disk full: nothing is taken in until there is room", "folder", r.cfg.Dir, "free_mb", free>>20,
			"limit_mb", r.cfg.Limit>>20)
	} else {
		r.low.Set(0)
		r.cfg.Log.Info("there is room on the disk again", "folder", r.cfg.Dir, "free_mb", free>>20, "limit_mb", r.cfg.Limit>>20)
	}
	if r.cfg.Changed != nil {
		r.cfg.Changed(ctx, is)
	}
}

// Err returns a FullError while there is too little room. A nil Room has room.
func (r *Room) Err() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full == nil {
		return nil
	}
	return r.full
}

// Now is Err, but looks at the disk at once: for what must not begin to write in the half
// second before the watch notices.
func (r *Room) Now() error {
	if err := r.Err(); r == nil || err != nil {
		return err
	}
	free, err := r.cfg.Free(r.cfg.Dir)
	if err == nil && free < r.cfg.Limit {
		return &FullError{Dir: r.cfg.Dir, Free: free, Limit: r.cfg.Limit}
	}
	return nil
}

// Wait returns when there is room, or with ctx. A nil Room has room.
func (r *Room) Wait(ctx context.Context) error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	open := r.open
	r.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-open:
		return nil
	}
}
