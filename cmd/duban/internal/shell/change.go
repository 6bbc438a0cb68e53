package shell

import (
	"fmt"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/stack"
)

// ChangeFlags are those of `duban supervise --explain-change`.
type ChangeFlags struct {
	// Explain is whether it was asked for at all, List whether by every row, Limit at most
	// how many of them.
	Explain, List bool
	Limit         uint64
	Format        *string
	// KeepAs is the version of the calendar under which the answer is kept; empty: it is
	// only told.
	KeepAs string
}

// Add adds the flags to a command.
func (f *ChangeFlags) Add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.BoolVar(&f.Explain, "explain-change", false, "say what the calendar, policy and rules of this configuration would move, and end; "+
		"nothing is changed")
	fl.BoolVar(&f.List, "list", false, "with --explain-change: every due and alert that moves, instead of their numbers")
	fl.Uint64Var(&f.Limit, "limit", 1000, "with --list: at most this many rows")
	f.Format = AddFormat(cmd)
}

// ExplainChange computes on a copy of the database what this program and its
// configuration would make of the facts, and compares.
func ExplainChange(cmd *cobra.Command, s *stack.Stack, f *ChangeFlags) error {
	name, limit := "change/counts", uint64(0)
	if f.List {
		name, limit = "change/moved", f.Limit
	}
	res, err := s.Change(cmd.Context(), name, limit, f.KeepAs)
	if err != nil {
		return err
	}
	if len(res.Rows) == 0 && *f.Format == "table" {
		fmt.Fprintln(cmd.OutOrStdout(), "nothing moves")
		return nil
	}
	return res.Write(cmd.OutOrStdout(), *f.Format)
}
