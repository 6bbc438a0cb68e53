package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/ingest"
	"duban/ingest/source"
	"duban/supervision/acceptance"
	"duban/supervision/rule"
)

func newLedger() *cobra.Command {
	cmd := &cobra.Command{Use: "ledger", Short: "Hold an instance against the ledger of a simulation"}
	cmd.AddCommand(newLedgerCompare())
	return cmd
}

func newLedgerCompare() *cobra.Command {
	var ledger, format string
	var verbose, wait bool
	var examples uint32
	cmd := &cobra.Command{
		Use:   "compare --ledger FILE",
		Short: "Compare alerts and figures with those that the ledger expects",
		Long: "Compare the alerts and the figures of an instance that was fed by duban simulate with the ledger that it\n" +
			"wrote, as of the instant of the ledger, rule by rule and indicator by indicator with all its breakdowns.\n" +
			"Exit code 3 when one differs, or a rule has not come to that instant yet.\n" +
			"See docs/simulator.md.",
		Example: `  duban simulate --events 1000000 --violations 0.05 --from 2025-11-25 --to 2026-11-24 --data duban-data --ledger ledger.json
  duban ledger compare --data duban-data --ledger ledger.json --wait`,
		Args: cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	f := cmd.Flags()
	f.StringVar(&ledger, "ledger", "", "ledger of the simulation; the expected alerts lie beside it (ledger.json: ledger-alerts.ndjson)")
	f.StringVar(&format, "format", "table", "table or json")
	f.BoolVar(&wait, "wait", false, "first wait until everything is folded and every rule has judged all periods up to the instant; "+
		"rules over hours are judged when the hour of the last arrival and action is over, R-NRM-06-L when the local day of the "+
		"arrival is, so this may wait until midnight; it says which rule is waited for until when")
	f.BoolVar(&verbose, "verbose", false, "list alerts that differ")
	f.Uint32Var(&examples, "examples", 5, "with --verbose and in JSON: at most so many of each rule and kind of difference")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		switch {
		case ledger == "":
			return shell.Usage(errors.New("--ledger is missing: name the ledger that duban simulate wrote"))
		case format != "table" && format != "json":
			return shell.Usage(fmt.Errorf("--format %q is not one of table, json", format))
		}
		l, err := acceptance.Read(ledger)
		if err != nil {
			return err
		}
		cl, err := c.Open()
		if err != nil {
			return err
		}
		defer cl.Close()
		cat, err := rule.Load(cl.Reg, cl.Cfg.Rules.Dir)
		if err != nil {
			return err
		}
		if wait {
			if err := waitJudged(cmd.Context(), cl, cat, l); err != nil {
				return err
			}
		}
		if !verbose && format == "table" {
			examples = 0
		}
		unsettled, err := unsettled(cmd.Context(), cl, l)
		if err != nil {
			return err
		}
		r, err := acceptance.Compare(cmd.Context(), cl.Reg, cl.DB.Conn(), cat, l, examples)
		if err != nil {
			return err
		}
		r.Figures, r.FigureDifferences, err = acceptance.CompareFigures(cmd.Context(), cl.Reg, cl.DB.Conn(), l, int(examples))
		if err != nil {
			return err
		}
		r.Unsettle(unsettled)
		if format == "json" {
			err = shell.PrintJSON(cmd.OutOrStdout(), r)
		} else {
			printComparison(cmd.OutOrStdout(), r)
		}
		if err == nil && !r.Holds() {
			return shell.ErrProblems
		}
		return err
	}
	return cmd
}

// waitJudged returns when everything that is published is folded, no rule is
// behind, and what they say is announced.
func waitJudged(ctx context.Context, cl *shell.Client, cat *rule.Catalogue, l *acceptance.Ledger) error {
	if err := waitAnnounced(ctx, cl, time.Time{}); err != nil {
		return err
	}
	told := map[string]time.Time{}
	err := poll(ctx, func() (string, error) {
		behind, err := acceptance.Behind(ctx, cl.Reg, cl.DB.Conn(), cat, l)
		if len(behind) == 0 {
			return "", err
		}
		for _, b := range behind { // what cannot be judged now is named once, with from when on it is
			if b.Possible.After(time.Now()) && !told[b.Rule].Equal(b.Possible) {
				told[b.Rule] = b.Possible
				fmt.Fprintf(os.Stderr, "waiting: %s\n", b)
			}
		}
		return fmt.Sprintf("%d rules have periods to judge, the first is %s", len(behind), behind[0]), err
	})
	if err != nil {
		return fmt.Errorf("wait for the rules over hours and days: %w", err)
	}
	return waitAnnounced(ctx, cl, time.Now())
}

// unsettled says why not everything that was sent is judged and told yet; empty when it is.
func unsettled(ctx context.Context, cl *shell.Client, l *acceptance.Ledger) (string, error) {
	k, err := ledgerClient(cl)
	if err != nil {
		return "", err
	}
	defer k.Close()
	target, err := ingest.NewAuditor(k, cl.DB.Conn(), cl.Reg).Target(ctx)
	if err != nil {
		return "", err
	}
	cur, err := readCursors(ctx, cl)
	if err != nil {
		return "", err
	}
	if lag := target.Lag(cur.next); lag > 0 {
		return fmt.Sprintf("%d messages are still to be folded", lag), nil
	}
	told, err := acceptance.AllTold(ctx, cl.Reg, cl.DB.Conn(), l.Source)
	if err != nil || told {
		return "", err
	}
	return "alerts are still to be announced", nil
}

func ledgerClient(cl *shell.Client) (*source.Client, error) {
	sec, err := stack.Security(cl.Cfg.Kafka)
	if err != nil {
		return nil, err
	}
	return source.NewClient(cl.Brokers, "duban-ledger", sec)
}

// waitAnnounced returns when everything that is published is folded, and what is
// known at an instant is announced.
func waitAnnounced(ctx context.Context, cl *shell.Client, since time.Time) error {
	k, err := ledgerClient(cl)
	if err != nil {
		return err
	}
	defer k.Close()
	if err := waitFolded(ctx, cl, k, os.Stderr); err != nil {
		return err
	}
	folded := later(since, time.Now())
	err = poll(ctx, func() (string, error) {
		done, err := acceptance.Announced(ctx, cl.Reg, cl.DB.Conn(), folded)
		if done {
			return "", err
		}
		return "alerts to announce", err
	})
	if err != nil {
		return fmt.Errorf("wait until alerts are announced: %w", err)
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// poll asks twice a second what there is to wait for, until there is nothing; now
// and then it tells. Engines that are away for a while are waited for.
func poll(ctx context.Context, ask func() (string, error)) error {
	told := time.Now()
	for {
		what, err := ask()
		if err == nil && what == "" {
			return nil
		}
		if time.Since(told) > 10*time.Second {
			told = time.Now()
			if err != nil {
				what = err.Error()
			}
			fmt.Fprintf(os.Stderr, "waiting: %s\n", what)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(500 * time.Millisecond):
		}
	}
}

func printComparison(w io.Writer, r *acceptance.Report) {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.AppendHeader(table.Row{"Rule", "Expected", "Raised", "Missing", "Extra", "Different", "Tolerance", "Verdict"})
	row := func(l acceptance.Line) table.Row {
		tolerance := "exact"
		if l.Tolerance > 0 {
			tolerance = fmt.Sprintf("%g %%", l.Tolerance*100)
		}
		return table.Row{l.Rule, l.Expected, l.Raised, l.Missing, l.Extra, l.Different, tolerance, l.Verdict}
	}
	for _, l := range r.Rules {
		t.AppendRow(row(l))
	}
	total := row(r.Total())
	total[6] = ""
	t.AppendFooter(total)
	t.Render()
	for _, d := range r.Differences {
		fmt.Fprintln(w, strings.TrimSpace(fmt.Sprintf("%s %s %s %s: expected %q, raised %q", d.Rule, d.Difference, d.SubjectNo, d.ClockNo,
			d.Expected, d.Raised)))
	}
	printFigures(w, r)
	if r.Unsettled != "" {
		fmt.Fprintf(w, "not everything is judged yet: %s\n", r.Unsettled)
	}
	for _, b := range r.Behind {
		fmt.Fprintf(w, "not all periods are judged yet: %s\n", b)
	}
}

// printFigures writes the indicators that the ledger knows.
func printFigures(w io.Writer, r *acceptance.Report) {
	if len(r.Figures) == 0 {
		return
	}
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.AppendHeader(table.Row{"Figure", "Cells", "Differ", "Verdict"})
	cells, differ, verdict := 0, 0, acceptance.Equal
	for _, f := range r.Figures {
		t.AppendRow(table.Row{f.Figure, f.Cells, f.Differ, f.Verdict})
		cells, differ = cells+f.Cells, differ+f.Differ
		if f.Verdict != acceptance.Equal {
			verdict = f.Verdict
		}
	}
	t.AppendFooter(table.Row{"total", cells, differ, verdict})
	t.Render()
	for _, d := range r.FigureDifferences {
		fmt.Fprintln(w, strings.TrimSpace(fmt.Sprintf("%s %s %s: expected %g/%g, found %g/%g", d.Figure, d.Breakdown, d.Key,
			d.Expected.Numerator, d.Expected.Denominator, d.Found.Numerator, d.Found.Denominator)))
	}
}
