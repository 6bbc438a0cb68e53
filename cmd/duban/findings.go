package main

import (
	"fmt"
	"os/user"
	"time"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/internal/upkeep"
	"duban/supervision/lawzone"
)

func newFindings() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "findings",
		Short: "List what was found wrong with the stored data, or take note of it",
		Long: "List what was found wrong with the stored data: parts of tables that were broken or are gone.\n" +
			"Each is told by status, check and /readyz until it is acknowledged with a reason.",
		Args: cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	cmd.Flags().StringVar(&reason, "acknowledge", "", "take note of all open findings, with this reason")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := c.Load(nil)
		if err != nil {
			return shell.Usage(err)
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
