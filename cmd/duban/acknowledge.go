package main

import (
	"errors"
	"fmt"
	"os/user"
	"time"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/ingest"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/blank"
)

func newAcknowledge() *cobra.Command {
	var topic, by, reason string
	cmd := &cobra.Command{
		Use:   "acknowledge --reason TEXT",
		Short: "Take note of messages that are lost, with a reason that stays on record",
		Long: "Take note of messages that the broker no longer had when they were to be read. They stay counted as lost and\n" +
			"the figures of that time stay marked; what ends is that status, /quality and the exit code say there is something to do.",
		Args: cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	cmd.Flags().StringVar(&topic, "topic", "", "only losses of this topic")
	cmd.Flags().StringVar(&reason, "reason", "", "why the figures can stand as they are, or what was done about it (required)")
	cmd.Flags().StringVar(&by, "by", "", "who takes note (default: the user of the system)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if blank.Count(reason) < 5 {
			return shell.Usage(errors.New("--reason: say in a few words why the figures can stand as they are, or what was done about it"))
		}
		if topic != "" && !event.Topic(topic).Known() {
			return shell.Usage(fmt.Errorf("--topic %q is not one of %v", topic, event.Topics()))
		}
		if by = blank.Trim(by); by == "" {
			u, err := user.Current()
			if err != nil {
				return shell.Usage(fmt.Errorf("--by: say who takes note: %w", err))
			}
			by = u.Username
		}
		cl, err := c.Open()
		if err != nil {
			return err
		}
		defer cl.Close()
		sec, err := stack.Security(cl.Cfg.Kafka)
		if err != nil {
			return err
		}
		k, err := source.NewClient(cl.Brokers, "duban-status", sec)
		if err != nil {
			return err
		}
		defer k.Close()
		a := ingest.NewAuditor(k, cl.DB.Conn(), cl.Reg)
		losses, err := a.Losses(cmd.Context())
		if err != nil {
			return err
		}
		now, n := time.Now(), 0
		for _, l := range losses {
			if !l.Acknowledged && (topic == "" || l.Topic == event.Topic(topic)) {
				n++
				fmt.Fprintf(cmd.OutOrStdout(), "%s\n", l)
			}
		}
		if n == 0 {
			fmt.Fprintln(cmd.OutOrStdout(), "nothing is lost that nobody has taken note of")
			return nil
		}
		if err := a.Acknowledge(cmd.Context(), event.Topic(topic), now, by, blank.Trim(reason), now); err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%d taken note of by %s\n", n, by)
		return nil
	}
	return cmd
}
