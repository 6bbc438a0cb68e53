package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/metrics"
	"duban/metrics/process"
	"duban/queries"
	"duban/supervision/lawzone"
)

// period are the flags of every question about a time.
type period struct{ from, to, asOf string }

func (p *period) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&p.from, "from", "", "begin of the period (included)")
	f.StringVar(&p.to, "to", "", "end of the period (not included)")
	f.StringVar(&p.asOf, "as-of", "", "the instant asked for (default: now)")
}

func (p *period) parse() (from, to, asOf time.Time, err error) {
	asOf = time.Now().Truncate(time.Millisecond)
	for _, f := range []struct {
		name, text string
		into       *time.Time
	}{{"from", p.from, &from}, {"to", p.to, &to}, {"as-of", p.asOf, &asOf}} {
		if f.text == "" {
			continue
		}
		if *f.into, err = shell.ParseInstant(f.name, f.text); err != nil {
			return from, to, asOf, err
		}
	}
	return from, to, asOf, nil
}

func newIndicator() *cobra.Command {
	var p period
	var by []string
	var region, org, source, role, knownAt string
	var list bool
	var limit uint64
	cmd := &cobra.Command{
		Use:   "indicator [ID]",
		Short: "One indicator by any grain, as of any instant; without an id, the list of them",
		Example: `  duban indicator
  duban indicator D01 --by org --from 2026-01-01 --to 2026-04-01
  duban indicator F01 --by attribute:status --source karlsruhe-reports-2016
  duban indicator C07 --by month,channel --source simulated-province --format csv
  duban indicator D01 --as-of 2026-03-31T18:00:00 --known-at 2026-04-01T09:00:00
  duban indicator D01 --org 11610000000000000X --cases --role rest`,
		Args: cobra.MaximumNArgs(1),
	}
	c := shell.AddCommon(cmd)
	p.add(cmd)
	format := shell.AddFormat(cmd)
	f := cmd.Flags()
	f.StringSliceVar(&by, "by", nil, "grains: region, province, city, county, township, village, org, item, channel, source, month …, "+
		"attribute:NAME")
	f.StringVar(&region, "region", "", "division code; its whole subtree is meant")
	f.StringVar(&org, "org", "", "organisation code")
	f.StringVar(&source, "source", "", "source system")
	f.StringVar(&knownAt, "known-at", "", "the figure as it was known at this instant (default: as it is known now)")
	f.BoolVar(&list, "cases", false, "list the cases behind the figure instead")
	f.StringVar(&role, "role", "", "with --cases: numerator, denominator or rest (not in the numerator)")
	f.Uint64Var(&limit, "limit", 1000, "with --cases: at most this many rows")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return shell.Question(cmd, c, format, func(ctx context.Context, cl *shell.Client) (*queries.Result, error) {
				return metrics.List(ctx, cl.Reg, cl.DB.Conn())
			})
		}
		from, to, asOf, err := p.parse()
		if err != nil {
			return err
		}
		req := metrics.Request{ID: args[0], By: by, From: from, To: to, AsOf: asOf, Region: region, Org: org, Source: source}
		if req.KnownAt, err = parseKnownAt(knownAt); err != nil {
			return err
		}
		def, err := metrics.Find(req.ID)
		if err != nil {
			return shell.Usage(err)
		}
		return shell.Question(cmd, c, format, func(ctx context.Context, cl *shell.Client) (*queries.Result, error) {
			if err := knownScope(ctx, cl, source, org, region); err != nil {
				return nil, err
			}
			if err := sayLosses(ctx, cmd.ErrOrStderr(), cl, from, to, asOf); err != nil {
				return nil, err
			}
			if list {
				res, err := metrics.Cases(ctx, cl.Reg, cl.DB.Conn(), metrics.CasesRequest{Request: req, Role: role, Limit: limit})
				return res, wrongUse(err)
			}
			res, err := metrics.Evaluate(ctx, cl.Reg, cl.DB.Conn(), req)
			if err == nil {
				err = sayPeriod(ctx, cmd.ErrOrStderr(), cl, req)
			}
			if err == nil {
				err = metrics.NameMissing(ctx, cl.Reg, cl.DB.Conn(), def, res)
			}
			if err == nil && len(res.MissingInput) > 0 {
				_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "no figure: missing input %s\n", strings.Join(res.MissingInput, ", "))
			}
			if err == nil && *format == "table" && !res.KnownAt.IsZero() {
				_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "as known at %s\n", res.KnownAt.In(lawzone.Zone).Format("2006-01-02T15:04:05.000"))
			}
			return res, wrongUse(err)
		})
	}
	return cmd
}

// parseKnownAt reads --known-at, which must have come.
func parseKnownAt(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := shell.ParseInstant("known-at", text)
	if err == nil && at.After(time.Now()) {
		err = shell.Usage(fmt.Errorf("--known-at %s has not come yet: nobody knows what will be known then", text))
	}
	return at, err
}

// knownScope makes sure that what a question is about exists.
func knownScope(ctx context.Context, cl *shell.Client, source, org, region string) error {
	return wrongUse(metrics.CheckScope(ctx, cl.Reg, cl.DB.Conn(), source, org, region))
}

// wrongUse tells a question about what does not exist from a failure.
func wrongUse(err error) error {
	_, unknown := errors.AsType[*metrics.UnknownError](err)
	_, grain := errors.AsType[*queries.GroupingError](err)
	if unknown || grain {
		return shell.Usage(err)
	}
	if _, ok := errors.AsType[*metrics.NotKnownError](err); ok {
		return shell.Usage(err)
	}
	return err
}

func newProcess() *cobra.Command {
	var p period
	var req process.Request
	cmd := &cobra.Command{
		Use:       "process {dfg|variants|durations|activities} --source NAME",
		Short:     "How the work of a source really flows",
		ValidArgs: []string{"dfg", "variants", "durations", "activities"},
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
	}
	c := shell.AddCommon(cmd)
	p.add(cmd)
	format := shell.AddFormat(cmd)
	f := cmd.Flags()
	f.StringVar(&req.Source, "source", "", "source system (required)")
	f.StringVar(&req.Subject, "subject", "", "case or ticket; both when left out")
	f.StringVar(&req.Lifecycle, "lifecycle", "", "only facts with this transition of the work item, such as complete")
	f.StringVar(&req.Classifier, "classifier", "activity", "activity or activity+lifecycle")
	_ = cmd.MarkFlagRequired("source")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var err error
		if req.From, req.To, req.AsOf, err = p.parse(); err != nil {
			return err
		}
		req.Kind = process.Kind(args[0])
		return shell.Question(cmd, c, format, func(ctx context.Context, cl *shell.Client) (*queries.Result, error) {
			if err := knownScope(ctx, cl, req.Source, "", ""); err != nil {
				return nil, err
			}
			if err := sayLosses(ctx, cmd.ErrOrStderr(), cl, req.From, req.To, req.AsOf); err != nil {
				return nil, err
			}
			return process.Run(ctx, cl.Reg, cl.DB.Conn(), req)
		})
	}
	return cmd
}

func newQuery() *cobra.Command {
	var pairs, by []string
	var asOf string
	var describe bool
	cmd := &cobra.Command{
		Use:   "query [NAME]",
		Short: "Any named query; without a name, the list of them",
		Example: `  duban query
  duban query quality/deadline_outcomes --describe
  duban query quality/deadline_outcomes -p source=wabo-receipt --as-of 2012-02-01 --by org`,
		Args: cobra.MaximumNArgs(1),
	}
	c := shell.AddCommon(cmd)
	format := shell.AddFormat(cmd)
	cmd.Flags().StringArrayVarP(&pairs, "param", "p", nil, "parameter as name=value; repeat for more")
	cmd.Flags().StringSliceVar(&by, "by", nil, "grains, where the query can be grouped")
	cmd.Flags().StringVar(&asOf, "as-of", "", "the instant asked for (default: now)")
	cmd.Flags().BoolVar(&describe, "describe", false, "print what the query answers, its parameters and columns")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		reg, err := queries.Load()
		if err != nil {
			return err
		}
		if len(args) == 0 {
			return listQueries(cmd, reg)
		}
		q, err := reg.Get(args[0])
		if err != nil {
			return shell.Usage(err)
		}
		if describe {
			return describeQuery(cmd, reg, q)
		}
		values, err := queryArgs(q, pairs, asOf)
		if err != nil {
			return err
		}
		return shell.Question(cmd, c, format, func(ctx context.Context, cl *shell.Client) (*queries.Result, error) {
			if err := knownScope(ctx, cl, textOf(values["source"]), textOf(values["org"]), textOf(values["region"])); err != nil {
				return nil, err
			}
			if at, dated := values["as_of"].(time.Time); dated {
				from, _ := values["from"].(time.Time)
				to, _ := values["to"].(time.Time)
				if err := sayLosses(ctx, cmd.ErrOrStderr(), cl, from, to, at); err != nil {
					return nil, err
				}
			}
			res, err := cl.Reg.Run(ctx, cl.DB.Conn(), q.Name, values, by...)
			return res, wrongUse(err)
		})
	}
	return cmd
}

func textOf(v any) string { s, _ := v.(string); return s }

// queryArgs turns the words of the command line into typed arguments.
func queryArgs(q *queries.Query, pairs []string, asOf string) (queries.Args, error) {
	given, err := shell.ParseAssignments("p", pairs)
	if err != nil {
		return nil, err
	}
	args := queries.Args{}
	for _, p := range q.Params {
		text, ok := given[p.Name]
		if p.Name == "as_of" && !ok {
			text, ok = asOf, true
			if text == "" {
				text = time.Now().Format(time.RFC3339Nano)
			}
		}
		if !ok {
			continue
		}
		delete(given, p.Name)
		switch {
		case strings.Contains(p.Type, "DateTime64"):
			t, err := shell.ParseInstant(p.Name, text)
			if err != nil {
				return nil, err
			}
			args[p.Name] = t
		case strings.HasPrefix(p.Type, "Array"):
			args[p.Name] = strings.Split(text, ",")
		default:
			args[p.Name] = text
		}
	}
	for name := range given {
		return nil, shell.Usage(fmt.Errorf("query %s has no parameter %s; see `duban query %s --describe`", q.Name, name, q.Name))
	}
	return args, nil
}

func listQueries(cmd *cobra.Command, reg *queries.Registry) error {
	for _, name := range reg.Names() {
		q, err := reg.Get(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%-40s %s\n", name, q.Purpose)
	}
	return nil
}

func describeQuery(cmd *cobra.Command, reg *queries.Registry, q *queries.Query) error {
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "%s\n  %s\n", q.Name, q.Purpose)
	if q.Grain != "" {
		fmt.Fprintf(w, "  grain: %s\n", q.Grain)
	}
	if q.Source != "" {
		fmt.Fprintf(w, "  source: %s\n", q.Source)
	}
	for _, p := range q.Params {
		note := ""
		if p.Optional {
			note = " (optional)"
		}
		fmt.Fprintf(w, "  -p %s  %s%s: %s\n", p.Name, p.Type, note, p.Help)
	}
	if dims := reg.Dimensions(q); len(dims) > 0 {
		names := make([]string, len(dims))
		for i, d := range dims {
			names[i] = d.Name
		}
		for _, d := range reg.NamedDimensions(q) {
			names = append(names, d.Name+":NAME")
		}
		fmt.Fprintf(w, "  --by %s\n", strings.Join(names, ", "))
	}
	for _, col := range q.Columns {
		fmt.Fprintf(w, "  column %s  %s: %s\n", col.Name, col.Type, col.Help)
	}
	return nil
}
