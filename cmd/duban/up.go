package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/internal/config"
	"duban/internal/store"
)

func newUp() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run all roles in one process tree, with an embedded ClickHouse and broker unless told otherwise",
		Args:  cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	cmd.Flags().StringVar(&listen, "listen", "", "address of the web server (default \"127.0.0.1:8080\"); one that others can reach needs "+
		"users and server.hosts, port 0 takes a free one")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		over := map[string]any{}
		if listen != "" {
			over["listen"] = listen
		}
		cfg, err := c.Load(over)
		if err != nil {
			return shell.Usage(err)
		}
		return runUp(cmd.Context(), cfg, func(_ context.Context, address string) error {
			fmt.Fprintf(cmd.OutOrStdout(), "ready %s\n", address)
			return nil
		})
	}
	return cmd
}

// runUp runs every role until ctx ends; onReady is called once the web server
// serves, and its error ends the run.
func runUp(ctx context.Context, cfg config.Config, onReady func(ctx context.Context, address string) error) (err error) {
	s, err := stack.New(cfg, shell.NewLogger(cfg.Log, os.Stderr), version)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if err := s.Own(ctx); err != nil {
		return err
	}
	return s.RunRoles(ctx, []string{stack.RoleIngest, stack.RoleSupervise, stack.RoleServe}, onReady)
}

func newRole(name string) *cobra.Command {
	short := map[string]string{
		stack.RoleIngest:    "Read the topics and store the facts",
		stack.RoleSupervise: "Fold facts into states; one works, further ones stand by",
		stack.RoleServe:     "Serve the pages",
	}[name]
	var listen string
	var recompute bool
	cmd := &cobra.Command{Use: name, Short: short, Args: cobra.NoArgs}
	c := shell.AddCommon(cmd)
	if name == stack.RoleServe {
		cmd.Flags().StringVar(&listen, "listen", "", "address of the web server; one that others can reach needs users and server.hosts")
	}
	var change shell.ChangeFlags
	if name == stack.RoleSupervise {
		change.Add(cmd)
		cmd.Flags().BoolVar(&recompute, "recompute", false, "fold every subject again from all of its facts, then end")
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if change.Explain {
			if err := shell.CheckFormat(*change.Format); err != nil {
				return err
			}
		}
		s, err := c.Join(cmd.Context(), func(cfg *config.Config) error {
			if listen == "" {
				return nil
			}
			cfg.Listen = listen
			return cfg.Validate()
		})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Stop()) }()
		if change.Explain {
			return shell.ExplainChange(cmd, s, &change)
		}
		if recompute {
			return s.Recompute(cmd.Context())
		}
		return s.RunRoles(cmd.Context(), []string{name}, func(_ context.Context, address string) error {
			fmt.Fprintf(cmd.OutOrStdout(), "ready %s\n", address)
			return nil
		})
	}
	return cmd
}

// newClickHouseChild is the hidden command whose process is the embedded engine.
func newClickHouseChild() *cobra.Command {
	return &cobra.Command{
		Use:    stack.ChildCommand,
		Hidden: true,
		Args:   cobra.RangeArgs(1, 2),
		RunE:   func(_ *cobra.Command, args []string) error { return store.RunChildArgs(args) },
	}
}
