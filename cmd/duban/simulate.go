package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/time/rate"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/supervision/acceptance"
	"duban/supervision/simulate"
)

func newSimulate() *cobra.Command {
	cfg := simulate.DefaultConfig()
	var out, ledger, from, to, asOf string
	var gz bool
	var perSecond, speed float64
	var live bool
	cmd := &cobra.Command{
		Use:   "simulate {--out FOLDER | --kafka HOST:PORT | --data DIR}",
		Short: "A province made to measure, with a ledger of the expected figures",
		Long: "Simulate a small province with real division names and the real calendar. The same seed and\n" +
			"size give the same bytes. The ledger says what every figure must be; it is computed without\n" +
			"the code that computes the figures. See docs/simulator.md.",
		Example: `  duban simulate --seed 7 --events 100000 --out /tmp/province
  duban simulate --events 1000000 --data duban-data --ledger ledger.json
  duban simulate --live --speed 600 --data duban-data`,
		Args: cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	f := cmd.Flags()
	f.Uint64Var(&cfg.Seed, "seed", cfg.Seed, "chooses one of 2^64 provinces")
	f.Int64Var(&cfg.Events, "events", cfg.Events, "about how many facts")
	f.StringVar(&out, "out", "", "write NDJSON files and ledger.json into this folder instead of publishing")
	f.BoolVar(&gz, "gzip", false, "with --out: compress the files")
	f.StringVar(&ledger, "ledger", "", "write the ledger to this file, and the expected alerts beside it (default: ledger.json in --out, "+
		"else none)")
	f.StringVar(&from, "from", "", "first day (default 2025-07-01)")
	f.StringVar(&to, "to", "", "last day (default 2026-06-30)")
	f.StringVar(&asOf, "as-of", "", "instant that the ledger describes (default: end of the last day)")
	f.StringVar(&cfg.City, "city", cfg.City, "city with organisations on all levels")
	f.StringVar(&cfg.Province, "province", cfg.Province, "province")
	f.StringVar(&cfg.Source, "source", cfg.Source, "source system of the messages")
	f.Float64Var(&cfg.Faults, "faults", cfg.Faults, "share of messages sent twice, and share sent late")
	f.Float64Var(&cfg.Conflicts, "conflicts", cfg.Conflicts, "share of facts sent again with other content")
	f.Float64Var(&cfg.Violations, "violations", cfg.Violations,
		"share of cases, tickets, items and organisations that break a rule on purpose")
	f.BoolVar(&live, "live", false, "replay the last 30 days (or from --from) and go on in real time until Ctrl-C")
	f.Float64Var(&speed, "speed", 600, "with --live: how many times faster than the clock the past is replayed")
	f.Float64Var(&perSecond, "rate", 0, "publish at most this many messages a second (default: as fast as possible)")
	f.Int64Var(&cfg.Malformed, "malformed", 0, "messages that no reader may accept")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var err error
		for _, d := range []struct {
			name, text string
			set        func(string) error
		}{
			{"from", from, func(s string) error { cfg.From, err = shell.ParseInstant("from", s); return err }},
			{"to", to, func(s string) error { cfg.To, err = shell.ParseInstant("to", s); return err }},
			{"as-of", asOf, func(s string) error { cfg.AsOf, err = shell.ParseInstant("as-of", s); return err }},
		} {
			if d.text != "" {
				if err := d.set(d.text); err != nil {
					return err
				}
			}
		}
		if live {
			if out != "" || ledger != "" || asOf != "" {
				return shell.Usage(errors.New("--live publishes a province that has no end: --out, --ledger and --as-of do not go with it"))
			}
			if !(speed >= 1) {
				return shell.Usage(fmt.Errorf("--speed: %g is less than 1; "+
					"the past has to be replayed faster than the clock runs to come to the present", speed))
			}
			simulate.Live(&cfg, time.Now(), speed, cmd.Flags().Changed)
		}
		if err := cfg.Validate(); err != nil {
			return shell.Usage(err)
		}
		if out != "" {
			return simulateTo(cmd, cfg, out, ledger, gz)
		}
		err = simulateInto(cmd, c, cfg, ledger, perSecond)
		if live && cmd.Context().Err() != nil && errors.Is(err, context.Canceled) {
			fmt.Fprintln(cmd.OutOrStdout(), "stopped")
			return nil
		}
		return err
	}
	return cmd
}

func simulateTo(cmd *cobra.Command, cfg simulate.Config, out, ledger string, gz bool) (err error) {
	w, err := simulate.NewDirWriter(out, gz)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	for _, f := range []struct {
		name string
		into func(io.Writer)
	}{
		{"ledger-cases.ndjson", func(w io.Writer) { cfg.Cases = w }},
		{"ledger-tickets.ndjson", func(w io.Writer) { cfg.Tickets = w }},
	} {
		file, closeFile, createErr := createLines(filepath.Join(out, f.name))
		if createErr != nil {
			return createErr
		}
		defer func() { err = errors.Join(err, closeFile()) }()
		f.into(file)
	}
	if ledger == "" {
		ledger = filepath.Join(out, "ledger.json")
	}
	_, err = runSimulation(cmd.Context(), cfg, w, ledger)
	return err
}

// createLines creates a file for many small writes; the returned function closes it.
func createLines(path string) (io.Writer, func() error, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, nil, fmt.Errorf("create the ledger of subjects or alerts: %w", err)
	}
	w := bufio.NewWriterSize(file, 1<<20)
	return w, func() error { return errors.Join(w.Flush(), file.Close()) }, nil
}

func simulateInto(cmd *cobra.Command, c *shell.Common, cfg simulate.Config, ledger string, perSecond float64) error {
	cl, err := c.LocateBroker()
	if err != nil {
		return err
	}
	sec, err := stack.Security(cl.Cfg.Kafka)
	if err != nil {
		return err
	}
	pub, err := source.NewPublisher(cl.Brokers, source.PublisherOptions{
		ClientID: "duban-simulate", Security: sec, WaitForRoom: source.PatientlyForRoom,
	})
	if err != nil {
		return err
	}
	defer func() { _ = pub.Close() }()
	key, err := stack.ActionKey(cl.Cfg)
	if err != nil {
		return err
	}
	var out simulate.Publisher = signing{pub, key}
	if perSecond > 0 {
		out = throttled{out, rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond/20)))}
	}
	cfg.Settle = func(ctx context.Context) error {
		at := time.Now()
		fmt.Fprintln(os.Stderr, "waiting until the instance has opened what people work on and announced its cards")
		return waitUntilProcessed(ctx, c, at)
	}
	_, err = runSimulation(cmd.Context(), cfg, out, ledger)
	return err
}

// signing signs what the people of a province do, as the pages do for those of an instance.
type signing struct {
	simulate.Publisher
	key []byte
}

// Publish implements simulate.Publisher.
func (s signing) Publish(ctx context.Context, topic event.Topic, key, value []byte) error {
	if topic == event.TopicActions {
		var err error
		if value, err = decode.SignAction(s.key, value); err != nil {
			return err
		}
	}
	return s.Publisher.Publish(ctx, topic, key, value)
}

// throttled publishes no faster than its limiter allows.
type throttled struct {
	simulate.Publisher
	limiter *rate.Limiter
}

// Publish implements simulate.Publisher.
func (t throttled) Publish(ctx context.Context, topic event.Topic, key, value []byte) error {
	if err := t.limiter.Wait(ctx); err != nil {
		return fmt.Errorf("wait for the rate: %w", err)
	}
	return t.Publisher.Publish(ctx, topic, key, value)
}

// runSimulation runs a simulation; ledger, when given, is where the ledger goes, with
// the alerts that it expects beside it.
func runSimulation(ctx context.Context, cfg simulate.Config, pub simulate.Publisher, ledger string) (_ simulate.Ledger, err error) {
	if ledger != "" {
		w, closeAlerts, createErr := createLines(acceptance.AlertsFile(ledger))
		if createErr != nil {
			return simulate.Ledger{}, createErr
		}
		defer func() { err = errors.Join(err, closeAlerts()) }()
		cfg.Alerts = w
	}
	s, err := simulate.New(cfg)
	if err != nil {
		return simulate.Ledger{}, err
	}
	b := newBar(os.Stderr, "simulated province")
	l, err := s.Run(ctx, pub, func(p simulate.Progress) {
		b.set(p.Sent, p.Expected, fmt.Sprintf("%d messages, through %s", p.Sent, p.Day))
	})
	if err != nil {
		return l, fmt.Errorf("simulate: %w", err)
	}
	b.done()
	if ledger == "" {
		return l, nil
	}
	f, err := os.Create(ledger)
	if err != nil {
		return l, fmt.Errorf("create ledger: %w", err)
	}
	if err := l.WriteJSON(f); err != nil {
		return l, errors.Join(fmt.Errorf("write ledger: %w", err), f.Close())
	}
	return l, f.Close()
}
