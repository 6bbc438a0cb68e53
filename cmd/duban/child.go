package main

import (
	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/stack"
	"duban/internal/store"
)

// newClickHouseChild is the hidden command whose process is the embedded engine.
func newClickHouseChild() *cobra.Command {
	return &cobra.Command{
		Use:    stack.ChildCommand,
		Hidden: true,
		Args:   cobra.RangeArgs(1, 2),
		RunE:   func(_ *cobra.Command, args []string) error { return store.RunChildArgs(args) },
	}
}
