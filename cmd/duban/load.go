package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/ingest/importer"
	"duban/ingest/importer/mapping"
	"duban/ingest/source"
	"duban/internal/instance"
	"duban/supervision/lifecycle"
)

func newLoad() *cobra.Command {
	var mappingPath, sourceName, format string
	var check bool
	var limit, show int
	cmd := &cobra.Command{
		Use:   "load FILE… --mapping MAPPING.yaml",
		Short: "Publish the events of files: CSV, NDJSON, XES, Parquet, each also gzipped",
		Example: `  duban load testdata/samples/wabo-receipt.csv.gz --mapping testdata/mappings/wabo-receipt.yaml
  duban load my.csv --mapping my.yaml --check --show 3`,
		Args: cobra.MinimumNArgs(1),
	}
	c := shell.AddCommon(cmd)
	f := cmd.Flags()
	f.StringVar(&mappingPath, "mapping", "", "mapping file (required); see docs/mapping.md")
	f.StringVar(&sourceName, "source", "", "source system of the facts (default: the mapping's, else the file name up to its first dot)")
	f.BoolVar(&check, "check", false, "read the files to their end, report problems and publish nothing")
	f.IntVar(&limit, "problems", 20, "how many problems to list")
	f.IntVar(&show, "show", 0, "with --check: print the first messages that the files become")
	f.StringVar(&format, "format", "table", "summary as table or json")
	_ = cmd.MarkFlagRequired("mapping")
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		if format != "table" && format != "json" {
			return shell.Usage(fmt.Errorf("--format %q is not one of table, json", format))
		}
		m, err := mapping.Load(mappingPath)
		if err != nil {
			return shell.Usage(err)
		}
		cfg, err := c.Load(nil)
		if err != nil {
			return err
		}
		limits, err := shell.OwnLimits(cfg)
		if err != nil {
			return err
		}
		opt := importer.Options{Source: sourceName, MaxProblems: limit, OwnLimits: func(source string) bool {
			return lifecycle.OwnLimitsOf(limits, source)
		}}
		if show > 0 && !check {
			return shell.Usage(errors.New("--show is for --check, which publishes nothing"))
		}
		if check {
			shown := 0
			opt.OnMessage = func(value []byte) {
				if shown++; shown <= show {
					fmt.Fprintf(cmd.OutOrStdout(), "%s\n", value)
				}
			}
			sum, err := importer.Check(cmd.Context(), files, m, limit, opt)
			return finishLoad(cmd, sum, err, format, true)
		}
		sum, err := publishFiles(cmd.Context(), c, files, m, opt)
		return finishLoad(cmd, sum, err, format, false)
	}
	return cmd
}

// publishFiles connects to the broker of the instance and loads files.
func publishFiles(ctx context.Context, c *shell.Common, files []string, m *mapping.Mapping,
	opt importer.Options) (importer.Summary, error) {
	cl, err := c.LocateBroker()
	if err != nil {
		return importer.Summary{}, err
	}
	sec, err := stack.Security(cl.Cfg.Kafka)
	if err != nil {
		return importer.Summary{}, err
	}
	if opt.TokenKey, err = instance.Secret(cl.Cfg.Data, "token-key", cl.Cfg.Secrets.TokenKeyFile); err != nil {
		return importer.Summary{}, err
	}
	pub, err := source.NewPublisher(cl.Brokers, source.PublisherOptions{
		ClientID: "duban-load", Security: sec, WaitForRoom: source.PatientlyForRoom,
	})
	if err != nil {
		return importer.Summary{}, err
	}
	defer func() { _ = pub.Close() }()
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = filepath.Base(f)
	}
	bar := newBar(os.Stderr, strings.Join(names, " "))
	opt.Progress = func(p importer.Progress) {
		bar.set(p.BytesRead, p.BytesTotal, fmt.Sprintf("%d events, %.0f/s, %d refused", p.Events, p.Rate, p.Refused))
	}
	sum, err := importer.Run(ctx, files, m, pub, opt)
	bar.done()
	return sum, err
}

// finishLoad prints what became of the records, also of a load that ended
// early, and says by its error how it went: that a file could not be read comes
// before that rows were refused.
func finishLoad(cmd *cobra.Command, sum importer.Summary, failed error, format string, check bool) error {
	w := cmd.OutOrStdout()
	if failed != nil && len(sum.Files) == 0 {
		return failed // nothing was begun
	}
	if format == "json" {
		if err := shell.PrintJSON(w, sum); err != nil {
			return err
		}
	} else {
		printLoad(w, sum, check)
	}
	switch {
	case failed != nil && sum.Events > 0 && !check:
		return fmt.Errorf("after %d events: %w", sum.Events, failed)
	case failed != nil:
		return failed
	case sum.Refused > 0:
		return shell.ErrProblems
	}
	return nil
}

func printLoad(w io.Writer, sum importer.Summary, check bool) {
	verb := "published"
	if check {
		verb = "would be published"
	}
	for _, f := range sum.Files {
		if f.Format == "" {
			f.Format = "not opened"
		}
		fmt.Fprintf(w, "%s (%s, source %s): %d records, %d events %s, %d refused, %d left out\n",
			filepath.Base(f.Path), f.Format, f.Source, f.Records, f.Events, verb, f.Refused, f.Skipped)
		if f.Again > 0 {
			fmt.Fprintf(w, "  %d events are equal to an earlier one of their case in all they claim; each is a fact of its own\n", f.Again)
		}
		if f.Merged > 0 {
			fmt.Fprintf(w, "  %d events are equal to an earlier one of their case in all they claim; they are the same fact\n", f.Merged)
		}
		if len(f.UnusedColumns) > 0 {
			fmt.Fprintf(w, "  columns that the mapping does not use: %s\n", strings.Join(f.UnusedColumns, ", "))
		}
		if len(f.UnseenColumns) > 0 {
			fmt.Fprintf(w, "  columns of the mapping that no record had: %s\n", strings.Join(f.UnseenColumns, ", "))
		}
	}
	if sum.LimitsRefused > 0 {
		fmt.Fprintf(w, "  %d events ask for limits of their own (limit_regime: source) that do not count: the source is not in "+
			"supervise.own_limits of this configuration, and the law's limits govern\n", sum.LimitsRefused)
	}
	if s := sum.Elapsed.Seconds(); s > 0 && !check {
		fmt.Fprintf(w, "%d events in %.1f s, %.0f events/s\n", sum.Events, s, float64(sum.Events)/s)
	}
	for _, n := range sum.RefusedBy {
		fmt.Fprintf(w, "  refused %d: %s %s\n", n.Count, n.Reason, n.Column)
	}
	for _, n := range sum.NoticesBy {
		fmt.Fprintf(w, "  notice  %d: %s %s\n", n.Count, n.Reason, n.Column)
	}
	if more := sum.Refused + sum.Notices - int64(len(sum.Problems)); more > 0 && len(sum.Problems) > 0 {
		fmt.Fprintf(w, "  the first %d of %d (--problems lists more):\n", len(sum.Problems), sum.Refused+sum.Notices)
	}
	for _, p := range sum.Problems {
		fmt.Fprintf(w, "  %v", p.Error())
		if p.Value != "" {
			fmt.Fprintf(w, " (found %q)", p.Value)
		}
		fmt.Fprintln(w)
	}
}

// bar is a progress bar on a terminal and a line now and then elsewhere.
type bar struct {
	w     io.Writer
	name  string
	pb    *progressbar.ProgressBar
	last  time.Time
	final string
}

func newBar(w *os.File, name string) *bar {
	b := &bar{w: w, name: name, last: time.Now()}
	if term.IsTerminal(int(w.Fd())) {
		b.pb = progressbar.NewOptions64(1, progressbar.OptionSetWriter(w), progressbar.OptionSetWidth(30),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetPredictTime(false),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetElapsedTime(false))
	}
	return b
}

func (b *bar) set(n, total int64, note string) {
	b.final = note
	if b.pb != nil {
		b.pb.ChangeMax64(max(total, 1))
		b.pb.Describe(b.name + "  " + note)
		_ = b.pb.Set64(n)
		return
	}
	if time.Since(b.last) > 2*time.Second {
		b.last = time.Now()
		fmt.Fprintf(b.w, "%s  %s  %s\n", b.name, percentDone(n, total), note)
	}
}

// percentDone is how much of a total that may be a guess is done; all of it is said by done
// alone.
func percentDone(n, total int64) string {
	return fmt.Sprintf("%d %%", min(100*n/max(total, 1), 99))
}

func (b *bar) done() {
	if b.pb != nil {
		_ = b.pb.Finish()
	}
	fmt.Fprintf(b.w, "%s  done  %s\n", b.name, b.final)
}
