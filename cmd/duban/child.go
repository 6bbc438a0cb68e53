package main

import (
	"github.com/spf13/cobra"

	"duban/internal/store"
)

// childCommand is the hidden command whose process is the embedded engine.
const childCommand = "clickhouse-child"

func newClickHouseChild() *cobra.Command {
	return &cobra.Command{
		Use:    childCommand,
		Hidden: true,
		Args:   cobra.RangeArgs(1, 2),
		RunE:   func(_ *cobra.Command, args []string) error { return store.RunChildArgs(args) },
	}
}
