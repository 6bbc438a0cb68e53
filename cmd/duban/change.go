package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/stack"
)

// changeFlags are those of `duban supervise --explain-change`.
type changeFlags struct {
	explain, list bool
	limit         uint64
	format        *string
	// keepAs is the version of the calendar under which the answer is kept; empty: it is
	// only told.
	keepAs string
}

func (f *changeFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.BoolVar(&f.explain, "explain-change", false, "say what the calendar, policy and rules of this configuration would move, and end; "+
		"nothing is changed")
	fl.BoolVar(&f.list, "list", false, "with --explain-change: every due and alert that moves, instead of their numbers")
	fl.Uint64Var(&f.limit, "limit", 1000, "with --list: at most this many rows")
	f.format = addFormat(cmd)
}

// explainChange computes on a copy of the database what this program and its
// configuration would make of the facts, and compares.
func explainChange(cmd *cobra.Command, s *stack.Stack, f *changeFlags) error {
	name, limit := "change/counts", uint64(0)
	if f.list {
		name, limit = "change/moved", f.limit
	}
	res, err := s.Change(cmd.Context(), name, limit, f.keepAs)
	if err != nil {
		return err
	}
	if len(res.Rows) == 0 && *f.format == "table" {
		fmt.Fprintln(cmd.OutOrStdout(), "nothing moves")
		return nil
	}
	return res.Write(cmd.OutOrStdout(), *f.format)
}
