package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

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
	c := addCommon(cmd)
	cmd.Flags().StringVar(&listen, "listen", "", "address of the web server (default \"127.0.0.1:8080\"); one that others can reach needs "+
		"users and server.hosts, port 0 takes a free one")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		over := map[string]any{}
		if listen != "" {
			over["listen"] = listen
		}
		cfg, err := c.load(over)
		if err != nil {
			return usageError{err}
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
	s, err := stack.New(cfg, newLogger(cfg.Log, os.Stderr), version)
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
	c := addCommon(cmd)
	if name == stack.RoleServe {
		cmd.Flags().StringVar(&listen, "listen", "", "address of the web server; one that others can reach needs users and server.hosts")
	}
	var change changeFlags
	if name == stack.RoleSupervise {
		change.add(cmd)
		cmd.Flags().BoolVar(&recompute, "recompute", false, "fold every subject again from all of its facts, then end")
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if change.explain {
			if err := checkFormat(*change.format); err != nil {
				return err
			}
		}
		s, err := c.join(cmd.Context(), func(cfg *config.Config) error {
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
		if change.explain {
			return explainChange(cmd, s, &change)
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

// join makes a stack over engines that run already; change may alter its
// configuration. Whoever calls it stops the stack.
func (c *common) join(ctx context.Context, change func(*config.Config) error) (*stack.Stack, error) {
	cl, err := c.locate()
	if err != nil {
		return nil, err
	}
	if err := change(&cl.cfg); err != nil {
		return nil, usageError{err}
	}
	s, err := stack.New(cl.cfg, newLogger(cl.cfg.Log, os.Stderr), version)
	if err != nil {
		return nil, err
	}
	if err := s.Join(ctx, cl.cfg.ClickHouse, cl.brokers); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
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
