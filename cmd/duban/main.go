// Command duban runs the product and talks to a running one. This package
// holds flags, wiring and exit codes; what the product does is elsewhere.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/calendarcmd"
	"duban/cmd/duban/internal/shell"
)

// version is set by the build.
var version = "dev"

// Exit codes: 0 done, 1 failed, 2 wrong use, 3 the check found problems.
const (
	exitFailed   = 1
	exitUsage    = 2
	exitProblems = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second Ctrl-C ends the process at once.
	go func() { <-ctx.Done(); stop() }()
	os.Exit(run(ctx, os.Args[1:]))
}

func run(ctx context.Context, args []string) int {
	root := newRoot()
	root.SetArgs(args)
	began := false
	watch(root, &began)
	called, err := root.ExecuteContextC(ctx)
	if err != nil && !began { // cobra did not come to the command: its words are wrong
		err = shell.Usage(fmt.Errorf("%w; see `%s --help`", err, called.CommandPath()))
	}
	var usage shell.UsageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, shell.ErrProblems):
		return exitProblems
	case errors.As(err, &usage):
		fmt.Fprintf(os.Stderr, "duban: %v\n", err)
		return exitUsage
	default:
		fmt.Fprintf(os.Stderr, "duban: %v\n", err)
		return exitFailed
	}
}

// watch notes when a command begins its work, and refuses words behind a group of
// commands that name none of them, which cobra would answer with the help.
func watch(c *cobra.Command, began *bool) {
	if work := c.RunE; work != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			*began = true
			return work(c, args)
		}
	} else if c.HasParent() && c.HasSubCommands() {
		c.Args = cobra.ArbitraryArgs
		c.RunE = func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath())
			}
			return c.Help()
		}
	}
	for _, sub := range c.Commands() {
		watch(sub, began)
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "duban",
		Short:         "Analytics and e-supervision for government services (督办)",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return shell.Usage(err) })
	root.AddGroup(
		&cobra.Group{ID: "run", Title: "Run the product:"},
		&cobra.Group{ID: "data", Title: "Bring data in:"},
		&cobra.Group{ID: "ask", Title: "Ask questions:"},
	)
	root.AddCommand(
		grouped("run", newUp(), newDemo(), newRole("ingest"), newRole("supervise"), newRole("serve"), newMigrate(), newCheck(), newStatus(),
			newFindings(), newUser(), newNotify())...,
	)
	root.AddCommand(grouped("data", newLoad(), newSimulate(), newReplay())...)
	root.AddCommand(grouped("ask", newIndicator(), newTarget(), newProcess(), newQuery(), newRisk(), calendarcmd.New(), newRule(), newOutage(),
		newLedger())...)
	root.AddCommand(newClickHouseChild())
	return root
}

func grouped(id string, cmds ...*cobra.Command) []*cobra.Command {
	for _, c := range cmds {
		c.GroupID = id
	}
	return cmds
}
