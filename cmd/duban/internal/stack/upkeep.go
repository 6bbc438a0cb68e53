package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"duban/dashboards/page/kit"
	"duban/ingest/event"
	"duban/internal/config"
	"duban/internal/upkeep"
	"duban/queries"
	"duban/supervision/engine"
)

// MinFree is the free space, in bytes, below which the disk counts as full.
func MinFree(cfg config.Config) uint64 { return uint64(cfg.Store.MinFreeMB) << 20 } //nolint:gosec // validated not to be negative

// watchRoom prepares the watch over the disk of the data folder.
func (s *Stack) watchRoom() error {
	if err := os.MkdirAll(s.Cfg.Data, 0o700); err != nil {
		return fmt.Errorf("create data folder: %w", err)
	}
	s.found = upkeep.OpenFindings(s.Cfg.Data)
	var err error
	s.room, err = upkeep.NewRoom(upkeep.RoomConfig{
		Dir: s.Cfg.Data, Limit: MinFree(s.Cfg), Log: s.log, Metrics: s.metrics, Changed: s.mergeWhenRoom,
	})
	return err
}

// watchParts looks at what the embedded engine has after its first start.
func (s *Stack) watchParts(ctx context.Context) error {
	parts := upkeep.NewParts(upkeep.PartsConfig{
		Dir: s.Cfg.Data, Conn: s.db.Conn(), Queries: s.reg, Findings: s.found, Log: s.log, Now: time.Now,
		Restart: s.engine.Restart, Remedies: remedies(), Derived: engine.DerivedTables(),
		Refold: s.refold,
	})
	s.mu.Lock()
	s.parts = parts
	s.mu.Unlock()
	if err := parts.Started(ctx); err != nil {
		return err
	}
	s.mergeWhenRoom(ctx, s.room.Err() != nil)
	return nil
}

// refold asks for all states to be folded again. A folder that was emptied has no tables yet.
func (s *Stack) refold(ctx context.Context) error {
	if err := queries.Migrate(ctx, s.db.Conn(), s.reg, time.Now); err != nil {
		return err
	}
	return engine.RequestRecompute(ctx, s.db.Conn(), s.reg, time.Now())
}

// remedies say what becomes of the lost rows of a table.
func remedies() map[string]string {
	out := map[string]string{
		"": "this table is not made again by itself: restore it from a backup",
		// Written when people did something or when something was announced, once.
		"work_items": lostWork, "work_events": lostWork, "action_results": lostWork, "alerts": lostWork, "alert_events": lostWork,
		"notices": lostWork,
	}
	for _, table := range engine.DerivedTables() {
		out[table] = "they are folded again from the facts by themselves, which duban supervise does first of all"
	}
	tables := []string{"deliveries", "ingest_rejects"}
	for _, topic := range event.Topics() {
		tables = append(tables, topic.Table())
	}
	for _, table := range tables {
		out[table] = "they are read again from the broker by themselves, as far as it has them: see duban status"
	}
	return out
}

const lostWork = "what was announced and what people did is written once and not made again: restore it from a backup; " +
	"the actions themselves are in the topic actions"

// engineStarted is told when the embedded engine came up or went down.
func (s *Stack) engineStarted(up bool) {
	s.mu.Lock()
	parts := s.parts
	s.mu.Unlock()
	if !up || parts == nil { // the first start is looked at once we are connected
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := parts.Started(ctx); err != nil {
		s.log.Error("what ClickHouse has after its start is not known", "error", err)
	}
	s.mergeWhenRoom(ctx, s.room.Err() != nil)
}

// mergeWhenRoom stops the embedded engine from merging while the disk is full: a merge
// writes as much as it replaces. What merges have replaced before is removed all the same.
func (s *Stack) mergeWhenRoom(ctx context.Context, full bool) {
	if s.engine == nil || s.db == nil {
		return
	}
	statement := "store/start_merges"
	if full {
		statement = "store/stop_merges"
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := s.reg.Exec(ctx, s.db.Conn(), statement, nil); err != nil {
		s.log.Warn("merges not switched", "stop", full, "error", err)
	}
}

// upkeep returns what runs beside the roles.
func (s *Stack) upkeep() []func(context.Context) error {
	var runs []func(context.Context) error
	if s.room != nil {
		runs = append(runs, s.room.Run)
	}
	if s.parts != nil {
		runs = append(runs, s.parts.Run)
	}
	if s.Cfg.Ingest.KeepRejected > 0 {
		runs = append(runs, s.hourly("removing bytes of refused messages", s.emptyRejects))
	}
	if s.broker != nil && s.Cfg.Kafka.Retention > 0 {
		runs = append(runs, s.hourly("dropping stored messages", s.dropOld))
	}
	return runs
}

// trouble tells the pages of the disk and of damaged data.
func (s *Stack) trouble() kit.Trouble {
	var t kit.Trouble
	if full := (*upkeep.FullError)(nil); errors.As(s.room.Err(), &full) {
		t.Full, t.FreeMB, t.LimitMB, t.NoFiles = true, full.Free>>20, full.Limit>>20, full.NoFiles
	}
	if s.found != nil {
		if open, err := s.found.Open(); err == nil {
			t.Findings = len(open)
		}
	}
	return t
}

// OpenFindings is an error that tells of what nobody has taken note of, nil when there is
// nothing.
func OpenFindings(cfg config.Config) error {
	open, err := upkeep.OpenFindings(cfg.Data).Open()
	if err != nil || len(open) == 0 {
		return err
	}
	texts := make([]string, 0, len(open))
	for _, f := range open[:min(len(open), 5)] {
		texts = append(texts, f.Text)
	}
	if more := len(open) - len(texts); more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return fmt.Errorf("%d findings, see duban findings: %s", len(open), strings.Join(texts, "; "))
}
