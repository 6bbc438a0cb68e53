package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/queries"
)

func newMigrate() *cobra.Command {
	var plan bool
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database schema up to this program",
		Args:  cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	cmd.Flags().BoolVar(&plan, "plan", false, "only print what would be run")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cl, err := c.Open()
		if err != nil {
			return err
		}
		defer cl.Close()
		ctx := cmd.Context()
		if !plan {
			if err := cl.DB.EnsureDatabase(ctx); err != nil {
				return err
			}
			if err := queries.Migrate(ctx, cl.DB.Conn(), cl.Reg, time.Now); err != nil {
				return err
			}
		}
		states, err := queries.Plan(ctx, cl.DB.Conn(), cl.Reg)
		if err != nil {
			return err
		}
		for _, s := range states {
			fmt.Fprintf(cmd.OutOrStdout(), "%-8s %s\n", s.Status, s.Name)
			if plan && s.Status != "done" && s.SQL != "" {
				fmt.Fprintf(cmd.OutOrStdout(), "\n%s\n", s.SQL)
			}
		}
		return nil
	}
	return cmd
}
