package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/ingest/source"
	"duban/internal/config"
	"duban/internal/instance"
	"duban/internal/store"
	"duban/internal/upkeep"
	"duban/queries"
	"duban/supervision/almanac"
	"duban/supervision/calendar"
)

func newCheck() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the configuration and every connection, and say what is wrong",
		Args:  cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	figures := cmd.Flags().Bool("figures", false, "hold the ledger under the figures against the states instead")
	every := cmd.Flags().Uint64("sample", 20, "with --figures: one case or ticket of so many; 1 for all")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		r := &checkReport{cmd: cmd}
		if *figures {
			if err := r.figures(cmd.Context(), c, max(1, *every)); err != nil {
				return err
			}
		} else {
			r.run(cmd.Context(), c)
		}
		if r.problems > 0 {
			return shell.ErrProblems
		}
		return nil
	}
	return cmd
}

type checkReport struct {
	cmd      *cobra.Command
	problems int
}

func (r *checkReport) line(what string, err error, good string) bool {
	w := r.cmd.OutOrStdout()
	if err != nil {
		r.problems++
		fmt.Fprintf(w, "✗ %-14s %v\n", what, err)
		return false
	}
	fmt.Fprintf(w, "✓ %-14s %s\n", what, good)
	return true
}

func (r *checkReport) run(ctx context.Context, c *shell.Common) {
	cfg, err := c.Load(nil)
	if !r.line("configuration", err, "valid") {
		return
	}
	reg, err := queries.Load()
	r.line("queries", err, "all well formed")
	supervision, err := stack.Configured(cfg, reg).EngineConfig()
	if err != nil {
		r.line("supervision", err, "")
	} else {
		r.line("supervision", nil, fmt.Sprintf("%d rules, all well formed", len(supervision.Rules.All())))
		r.line("calendar", nil, aboutCalendar(supervision.Calendar))
	}
	dsn, brokers := cfg.ClickHouse.DSN, cfg.Kafka.Brokers
	if dsn == "" {
		lib, err := store.FindLibrary()
		r.line("engine library", err, lib)
		r.line("confinement", store.Confinement(), "the embedded ClickHouse is kept to its data (Landlock)")
	}
	r.disk(cfg)
	if dsn == "" || len(brokers) == 0 {
		e, err := instance.Read(cfg.Data)
		if !r.line("instance", err, fmt.Sprintf("running in %s as process %d", cfg.Data, e.PID)) {
			return
		}
		if dsn == "" {
			dsn = e.ClickHouse
		}
		if len(brokers) == 0 {
			brokers = e.Kafka
		}
	}
	r.clickhouse(ctx, dsn, cfg.Supervise.CalendarVersion, reg)
	if reader := cfg.ClickHouse.ReaderDSN; reader != "" {
		r.reader(ctx, reader)
	}
	r.channels(cfg, brokers)
	sec, err := stack.Security(cfg.Kafka)
	r.kafka(ctx, brokers, sec, err)
}

// disk tells whether there is room and whether stored data was found damaged.
func (r *checkReport) disk(cfg config.Config) {
	free, err := upkeep.Check(cfg.Data, stack.MinFree(cfg))
	if errors.Is(err, os.ErrNotExist) {
		return // nothing has run there yet
	}
	r.line("disk", err, fmt.Sprintf("%d MB free, nothing is taken in below %d MB", free>>20, cfg.Store.MinFreeMB))
	r.line("stored data", stack.OpenFindings(cfg), "nothing is known to be damaged")
}

// channels reads the files of secrets and authorities; it sends nothing, see
// duban notify test.
func (r *checkReport) channels(cfg config.Config, brokers []string) {
	senders, stop, err := stack.Senders(cfg, brokers)
	if err == nil {
		defer func() { _ = stop() }()
	}
	kinds := slices.Sorted(maps.Keys(senders))
	good := "channels: " + strings.Join(kinds, ", ")
	switch {
	case !cfg.Notify.Enabled:
		good = "off (notify.enabled)"
	case len(kinds) == 0:
		good = "no channel is configured: nobody is told of alerts outside the pages"
	}
	r.line("notices", err, good)
}

// reader asks the database as the user who only reads.
func (r *checkReport) reader(ctx context.Context, dsn string) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	db, err := store.Open(dsn)
	if err == nil {
		defer func() { _ = db.Close() }()
		err = db.Ping(ctx)
	}
	r.line("reader", err, "answers (clickhouse.reader_dsn)")
}

// aboutCalendar says how far the notices of a version reach.
func aboutCalendar(cal *calendar.Calendar) string {
	_, last := cal.Range()
	year := last.Year()
	for year > 0 && !cal.Holds(year) {
		year--
	}
	for d := calendar.MakeDay(year, 1, 1); d <= last; d++ {
		if cal.Provisional(d) {
			return fmt.Sprintf("version %s, notices through %d; from %s on there are days that the next notice may change", cal.Version(), year, d)
		}
	}
	return fmt.Sprintf("version %s, notices through %d", cal.Version(), year)
}

func (r *checkReport) clickhouse(ctx context.Context, dsn, pinned string, reg *queries.Registry) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	db, err := store.Open(dsn)
	if err == nil {
		defer func() { _ = db.Close() }()
		err = db.Ping(ctx)
	}
	if !r.line("ClickHouse", err, "answers") || reg == nil {
		return
	}
	if !r.line("schema", queries.CheckSchema(ctx, db.Conn(), reg), "up to date") {
		return
	}
	cal, err := almanac.New(reg, db.Conn(), pinned, time.Now).InForce(ctx)
	if err != nil {
		r.line("in force", err, "")
		return
	}
	r.line("in force", nil, "calendar "+aboutCalendar(cal))
}

func (r *checkReport) kafka(ctx context.Context, brokers []string, sec source.Security, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var n int
	if err == nil {
		var k *source.Client
		if k, err = source.NewClient(brokers, "duban-check", sec); err == nil {
			defer k.Close()
			n, err = k.Ping(ctx)
		}
	}
	r.line("broker", err, fmt.Sprintf("answers, %d in the cluster", n))
}
