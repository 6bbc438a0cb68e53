package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duban/dashboards/page"
	"duban/internal/config"
	"duban/internal/upkeep"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/lawzone"
)

// minFree is the free space, in bytes, below which the disk counts as full.
func minFree(cfg config.Config) uint64 { return uint64(cfg.Store.MinFreeMB) << 20 } //nolint:gosec // validated not to be negative

// watchRoom prepares the watch over the disk of the data folder.
func (s *stack) watchRoom() error {
	if err := os.MkdirAll(s.cfg.Data, 0o700); err != nil {
		return fmt.Errorf("create data folder: %w", err)
	}
	s.found = upkeep.OpenFindings(s.cfg.Data)
	var err error
	s.room, err = upkeep.NewRoom(upkeep.RoomConfig{
		Dir: s.cfg.Data, Limit: minFree(s.cfg), Log: s.log, Metrics: s.metrics, Changed: s.mergeWhenRoom,
	})
	return err
}

// watchParts looks at what the embedded engine has after its first start.
func (s *stack) watchParts(ctx context.Context) error {
	parts := upkeep.NewParts(upkeep.PartsConfig{
		Dir: s.cfg.Data, Conn: s.db.Conn(), Queries: s.reg, Findings: s.found, Log: s.log, Now: time.Now,
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
func (s *stack) refold(ctx context.Context) error {
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
	for _, table := range []string{
		"deliveries", "case_events", "ticket_events", "ratings", "items", "organisations", "actions", "measurements", "ingest_rejects",
	} {
		out[table] = "they are read again from the broker by themselves, as far as it has them: see duban status"
	}
	return out
}

const lostWork = "what was announced and what people did is written once and not made again: restore it from a backup; " +
	"the actions themselves are in the topic actions"

// engineStarted is told when the embedded engine came up or went down.
func (s *stack) engineStarted(up bool) {
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
func (s *stack) mergeWhenRoom(ctx context.Context, full bool) {
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
func (s *stack) upkeep() []func(context.Context) error {
	var runs []func(context.Context) error
	if s.room != nil {
		runs = append(runs, s.room.Run)
	}
	if s.parts != nil {
		runs = append(runs, s.parts.Run)
	}
	if s.cfg.Ingest.KeepRejected > 0 {
		runs = append(runs, s.hourly("removing bytes of refused messages", s.emptyRejects))
	}
	if s.broker != nil && s.cfg.Kafka.Retention > 0 {
		runs = append(runs, s.hourly("dropping stored messages", s.dropOld))
	}
	return runs
}

// trouble tells the pages of the disk and of damaged data.
func (s *stack) trouble() page.Trouble {
	var t page.Trouble
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

// openFindings is an error that tells of what nobody has taken note of, nil when there is
// nothing.
func openFindings(cfg config.Config) error {
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

func diskHealth(cfg config.Config) health {
	free, err := upkeep.Check(cfg.Data, minFree(cfg))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return health{Error: err.Error()}
	}
	return health{OK: true, Version: fmt.Sprintf("%d MB free", free>>20)}
}

func storedHealth(cfg config.Config) health {
	if err := openFindings(cfg); err != nil {
		return health{Error: err.Error()}
	}
	return health{OK: true, Version: "nothing is known to be damaged"}
}

func newFindings() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "findings",
		Short: "List what was found wrong with the stored data, or take note of it",
		Long: "List what was found wrong with the stored data: parts of tables that were broken or are gone.\n" +
			"Each is told by status, check and /readyz until it is acknowledged with a reason.",
		Args: cobra.NoArgs,
	}
	c := addCommon(cmd)
	cmd.Flags().StringVar(&reason, "acknowledge", "", "take note of all open findings, with this reason")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := c.load(nil)
		if err != nil {
			return usageError{err}
		}
		f := upkeep.OpenFindings(cfg.Data)
		if cmd.Flags().Changed("acknowledge") {
			who := "?"
			if u, err := user.Current(); err == nil {
				who = u.Username
			}
			n, err := f.Acknowledge(time.Now(), who, reason)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d acknowledged\n", n)
			return nil
		}
		all, err := f.All()
		if err != nil {
			return err
		}
		for _, x := range all {
			fmt.Fprintf(cmd.OutOrStdout(), "%s %s\n", x.At.In(lawzone.Zone).Format("2006-01-02 15:04:05"), x.Text)
			if !x.Acknowledged.IsZero() {
				fmt.Fprintf(cmd.OutOrStdout(), "    acknowledged %s by %s: %s\n", x.Acknowledged.In(lawzone.Zone).Format("2006-01-02 15:04:05"), x.By,
					x.Reason)
			}
		}
		if len(all) == 0 {
			fmt.Fprintln(cmd.OutOrStdout(), "nothing was found")
		}
		return nil
	}
	return cmd
}
