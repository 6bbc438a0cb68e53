package main

import (
	"context"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/metrics/target"
	"duban/queries"
)

func newTarget() *cobra.Command {
	var p period
	var region string
	cmd := &cobra.Command{
		Use:   "target",
		Short: "Targets of plans: value, progress, status and projection, as of any instant",
		Example: `  duban target --region 210100
  duban target --as-of 2019-06-30 --format json`,
		Args: cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	cmd.Flags().StringVar(&p.asOf, "as-of", "", "the instant asked for (default: now)")
	cmd.Flags().StringVar(&region, "region", "", "division code: its preloaded targets, and one's own of its subtree")
	format := shell.AddFormat(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		_, _, asOf, err := p.parse()
		if err != nil {
			return err
		}
		return shell.Question(cmd, c, format, func(ctx context.Context, cl *shell.Client) (*queries.Result, error) {
			return target.List(ctx, cl.Reg, cl.DB.Conn(), region, asOf)
		})
	}
	return cmd
}
