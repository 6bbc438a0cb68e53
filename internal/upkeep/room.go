package upkeep

import (
	"context"
	"fmt"
	"log/slog"
	"math"
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
	// Files is how many more files can be made, when that is what is lacking, else 0 and
	// NoFiles is false.
	Files   uint64
	NoFiles bool
}

// Error implements error.
func (e *FullError) Error() string {
	if e.NoFiles {
		return fmt.Sprintf("disk full: only %d more files can be made where %s is, whatever room there is, and Duban takes in "+
			"nothing below %d; it goes on by itself when there are more", e.Files, e.Dir, minFiles)
	}
	return fmt.Sprintf("disk full: %d MiB are free where %s is, and Duban takes in nothing below %d MiB (store.min_free_mb); "+
		"it goes on by itself when there is room", e.Free>>20, e.Dir, e.Limit>>20)
}

// minFiles is how many files must still be possible: a part of a table has about ten.
const minFiles = 5000

// Space is what may still be written where a folder is.
type Space struct{ Bytes, Files uint64 }

// Free returns what this account may still write where dir is.
func Free(dir string) (Space, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return Space{}, fmt.Errorf("ask for the room on the disk of %s: %w", dir, err)
	}
	s := Space{Bytes: st.Bavail * uint64(st.Bsize), Files: st.Ffree} //nolint:gosec // a block size is positive
	if st.Files == 0 {
		s.Files = math.MaxUint64 // a file system that knows no such bound
	}
	return s, nil
}

// Check returns a FullError when less than limit bytes are free where dir is, or too few files
// can be made. Without a limit there is always room.
func Check(dir string, limit uint64) (free uint64, err error) {
	s, err := Free(dir)
	if err != nil {
		return 0, err
	}
	if full := s.lacks(dir, limit, 0); full != nil {
		return s.Bytes, full
	}
	return s.Bytes, nil
}

// lacks says what is lacking when more must be free than the limits by one part of share (0 = the
// limits themselves).
func (s Space) lacks(dir string, limit uint64, share uint64) *FullError {
	more := func(n uint64) uint64 {
		if share == 0 {
			return n
		}
		return n + n/share
	}
	switch {
	case s.Bytes < more(limit):
		return &FullError{Dir: dir, Free: s.Bytes, Limit: limit}
	case limit > 0 && s.Files < more(minFiles):
		return &FullError{Dir: dir, Free: s.Bytes, Limit: limit, Files: s.Files, NoFiles: true}
	}
	return nil
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
	Free func(dir string) (Space, error)
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
	r.free = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "duban_disk_free_bytes", Help: "Bytes that are free on the disk of the data folder.",
	})
	r.low = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "duban_disk_full", Help: "1 while too little is free and nothing is taken in, else 0.",
	})
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
	r.free.Set(float64(free.Bytes))
	was, is := r.note(free)
	if is == was {
		return
	}
	if is {
		r.low.Set(1)
		r.cfg.Log.Error("disk full: nothing is taken in until there is room", "folder", r.cfg.Dir,
			"free_mb", free.Bytes>>20, "limit_mb", r.cfg.Limit>>20, "free_files", free.Files)
	} else {
		r.low.Set(0)
		r.cfg.Log.Info("there is room on the disk again", "folder", r.cfg.Dir, "free_mb", free.Bytes>>20, "limit_mb", r.cfg.Limit>>20)
	}
	if r.cfg.Changed != nil {
		r.cfg.Changed(ctx, is)
	}
}

// note remembers what is free, and returns whether the disk was and is full.
func (r *Room) note(free Space) (was, is bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was = r.full != nil
	var share uint64
	if was {
		share = 4
	}
	r.full = free.lacks(r.cfg.Dir, r.cfg.Limit, share)
	is = r.full != nil
	switch {
	case is && !was:
		r.open = make(chan struct{})
	case was && !is:
		close(r.open)
	}
	return was, is
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
	if free, err := r.cfg.Free(r.cfg.Dir); err == nil {
		if full := free.lacks(r.cfg.Dir, r.cfg.Limit, 0); full != nil {
			return full
		}
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
