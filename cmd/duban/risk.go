package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/supervision/lawzone"
	"duban/supervision/risk"
)

func newRisk() *cobra.Command {
	cmd := &cobra.Command{Use: "risk", Short: "Early warning: how well it would have done"}
	cmd.AddCommand(newRiskBacktest())
	return cmd
}

// backtestFlags are the choices of `duban risk backtest`.
type backtestFlags struct {
	source, kind, asOf, from, until, org, format string
	landmarks                                    []float64
	strength                                     float64
	save                                         bool
}

func newRiskBacktest() *cobra.Command {
	var fl backtestFlags
	cmd := &cobra.Command{
		Use:   "backtest",
		Short: "Learn before an instant, judge after it, and keep the verdict",
		Long: `Learn the probability of missing a due from what was known by an instant, judge it on
what came later, beside the share of time used, and keep the verdict: the risks of a
source are shown only where it beats that baseline. Without --source, every source that
has dues is judged.`,
		Example: `  duban risk backtest
  duban risk backtest --source baltimore-311-sample --format json
  duban risk backtest --source boston-311-animals --train-until 2017-01-01 --org with --save=false`,
		Args: cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	f := cmd.Flags()
	f.StringVar(&fl.source, "source", "", "source system (default: every one)")
	f.StringVar(&fl.kind, "kind", "", "case or ticket (default: what the source has)")
	f.StringVar(&fl.asOf, "as-of", "", "end of the test (default: now)")
	f.StringVar(&fl.from, "train-from", "", "learn from dues at or after (default: all)")
	f.StringVar(&fl.until, "train-until", "",
		"learn from what was known by then, judge after it (default: three in five of the dues lie before)")
	f.StringVar(&fl.org, "org", "auto", "compare organisations: with, without, or auto (without where the source gives its own dues)")
	f.Float64SliceVar(&fl.landmarks, "landmarks", risk.Landmarks(), "ages in hours at which predictions are made")
	f.Float64Var(&fl.strength, "strength", 0, "prior strength in subjects (default: chosen on the training past)")
	f.BoolVar(&fl.save, "save", true, "keep the verdict")
	f.StringVar(&fl.format, "format", "table", "table or json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		req, err := fl.request()
		if err != nil {
			return err
		}
		cl, err := c.Open()
		if err != nil {
			return err
		}
		defer cl.Close()
		if err := knownScope(cmd.Context(), cl, req.Source, "", ""); err != nil {
			return err
		}
		reports, err := runBacktests(cmd.Context(), risk.New(cl.Reg, cl.DB.Conn(), time.Now), req, fl.save)
		if err != nil {
			return err
		}
		return writeReports(cmd.OutOrStdout(), reports, fl.format)
	}
	return cmd
}

func (fl *backtestFlags) request() (risk.Request, error) {
	req := risk.Request{Source: fl.source, Kind: fl.kind, AsOf: time.Now().Truncate(time.Millisecond),
		Landmarks: fl.landmarks, Strength: fl.strength}
	if fl.format != "table" && fl.format != "json" {
		return req, shell.Usage(fmt.Errorf("--format %q is not one of table, json", fl.format))
	}
	if fl.kind != "" && fl.kind != "case" && fl.kind != "ticket" {
		return req, shell.Usage(fmt.Errorf("--kind %q is not one of case, ticket", fl.kind))
	}
	if fl.strength < 0 {
		return req, shell.Usage(fmt.Errorf("--strength %v is negative", fl.strength))
	}
	for _, l := range fl.landmarks {
		if l < 0 {
			return req, shell.Usage(fmt.Errorf("--landmarks: the age %v is negative", l))
		}
	}
	switch fl.org {
	case "auto":
	case "with", "without":
		with := fl.org == "with"
		req.WithOrg = &with
	default:
		return req, shell.Usage(fmt.Errorf("--org %q is not one of with, without, auto", fl.org))
	}
	for _, x := range []struct {
		flag, text string
		into       *time.Time
	}{{"as-of", fl.asOf, &req.AsOf}, {"train-from", fl.from, &req.TrainFrom}, {"train-until", fl.until, &req.TrainUntil}} {
		if x.text == "" {
			continue
		}
		t, err := shell.ParseInstant(x.flag, x.text)
		if err != nil {
			return req, err
		}
		*x.into = t
	}
	if !req.TrainUntil.IsZero() && !req.TrainUntil.Before(req.AsOf) {
		return req, shell.Usage(fmt.Errorf("--train-until must be before --as-of: nothing would be left to judge on"))
	}
	return req, nil
}

// runBacktests judges what was asked for, source by source.
func runBacktests(ctx context.Context, b *risk.Backtester, req risk.Request, save bool) ([]*risk.Report, error) {
	subjects, err := b.Subjects(ctx, req.Source, req.Kind, req.AsOf)
	if err != nil {
		return nil, err
	}
	var out []*risk.Report
	for _, s := range subjects {
		one := req
		one.Source, one.Kind = s.Source, s.Kind
		r, err := b.Judge(ctx, one)
		if err != nil {
			return out, err
		}
		if save {
			if err := b.Keep(ctx, r); err != nil {
				return out, err
			}
		}
		out = append(out, r)
	}
	return out, nil
}

func writeReports(w io.Writer, reports []*risk.Report, format string) error {
	if format == "json" {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(map[string]any{"backtests": reports})
	}
	for _, r := range reports {
		org := "without organisations"
		if r.WithOrg {
			org = "with organisations"
		}
		fmt.Fprintf(w, "%s, %ss: %s (learned until %s, judged until %s, prior strength %v, %s)\n", r.Source, r.Kind, r.Verdict,
			r.TrainUntil.In(lawzone.Zone).Format(time.DateOnly), r.AsOf.In(lawzone.Zone).Format(time.DateOnly), r.Strength, org)
		t := table.NewWriter()
		t.SetStyle(table.StyleLight)
		t.AppendHeader(table.Row{"age", "n", "late", "AUC", "AUC baseline", "Brier", "Brier baseline", "Brier constant", "gain", "± (95 %)"})
		for _, s := range append(r.Ages, r.All) {
			age := "all"
			if s.AgeHours != nil {
				age = strconv.FormatFloat(*s.AgeHours, 'f', -1, 64) + " h"
			}
			t.AppendRow(table.Row{age, s.Predictions, s.Late, fixed(s.AUCModel, 1), fixed(s.AUCBaseline, 1), fixed(s.BrierModel, 1),
				fixed(s.BrierBaseline, 1), fixed(s.BrierConstant, 1), fixed(s.BrierGain, 1), fixed(s.BrierGainError, 1.96)})
		}
		fmt.Fprintf(w, "%s\n\n", t.Render())
	}
	return nil
}

// fixed writes a score with four digits; nil is a dash.
func fixed(p *float64, times float64) string {
	if p == nil {
		return "—"
	}
	return strconv.FormatFloat(*p*times, 'f', 4, 64)
}
