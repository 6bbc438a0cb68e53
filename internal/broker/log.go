package broker

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/twmb/franz-go/pkg/kfake"
)

// logger passes on what the broker finds wrong.
type logger struct{ log *slog.Logger }

// Logf implements kfake.Logger.
func (l logger) Logf(level kfake.LogLevel, text string, args ...any) {
	switch level {
	case kfake.LogLevelError:
		l.log.Error("broker: " + fmt.Sprintf(text, args...)) //nolint:sloglint // the words are the library's
	case kfake.LogLevelWarn:
		l.log.Warn("broker: " + fmt.Sprintf(text, args...)) //nolint:sloglint // the words are the library's
	case kfake.LogLevelNone, kfake.LogLevelInfo, kfake.LogLevelDebug:
	}
}

// endsFile remembers where the partitions ended when the broker was closed.
const endsFile = "ends.json"

// ends are the ends of all partitions, by topic.
func (b *Broker) ends() map[string][]int64 {
	out := map[string][]int64{}
	for _, t := range b.topics {
		for _, p := range b.cluster.PartitionInfos(t) {
			out[t] = append(out[t], p.HighWatermark)
		}
	}
	return out
}

func writeEnds(dir string, ends map[string][]int64) error {
	text, err := json.Marshal(ends)
	if err != nil {
		return fmt.Errorf("write ends of partitions: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, endsFile), text, 0o600)
}

// tellOfLosses compares the ends of the partitions with those at the last orderly
// end: a segment that is damaged was cut there, and what lay behind is gone.
func (b *Broker) tellOfLosses(cfg Config) {
	if cfg.Log == nil {
		return
	}
	text, err := os.ReadFile(filepath.Join(cfg.Dir, endsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	before := map[string][]int64{}
	if err == nil {
		err = json.Unmarshal(text, &before)
	}
	if err != nil {
		cfg.Log.Warn("where the partitions of the broker ended is not known", "error", err)
		return
	}
	now := b.ends()
	for topic, ends := range before {
		for p, end := range ends {
			at := int64(0)
			if p < len(now[topic]) {
				at = now[topic][p]
			}
			if at < end {
				cfg.Log.Error("the broker lost messages: a segment of its log was damaged or cut", "topic", topic, "partition", p,
					"messages", end-at, "ended_at", end, "ends_at", at)
			}
		}
	}
}
