package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/supervision/notify"
	"duban/supervision/notify/channel"
	"duban/supervision/notify/message"
)

func newNotify() *cobra.Command {
	cmd := &cobra.Command{Use: "notify", Short: "Try the ways by which people are told of alerts"}
	cmd.AddCommand(newNotifyTest())
	return cmd
}

// notifyOutcome is what became of one test message as printed.
type notifyOutcome struct {
	Channel   string  `json:"channel"`
	Delivered bool    `json:"delivered"`
	Retryable bool    `json:"retryable"`
	Reason    string  `json:"reason,omitempty"`
	Detail    string  `json:"detail,omitempty"`
	Advice    string  `json:"advice,omitempty"`
	TookS     float64 `json:"took_s"`
}

func newNotifyTest() *cobra.Command {
	var to, ch, format string
	cmd := &cobra.Command{
		Use:   "test {--to USER [--channel KIND] | --channel KIND:ADDRESS}",
		Short: "Send a test message and say what happened",
		Long: "Send a test message and say what happened. With --to it goes to the channels that the organisation\n" +
			"directory has for a user; without, to the address given: email:ADDRESS, webhook:URL, kafka:KEY, or\n" +
			"dingtalk:ROBOT, wecom:ROBOT, feishu:ROBOT with a name from notify.robots_file.",
		Example: `  duban notify test --to u-17
  duban notify test --channel email:somebody@example.gov.cn
  duban notify test --channel dingtalk:duty-room`,
		Args: cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	cmd.Flags().StringVar(&to, "to", "", "user id of a contact of the organisation directory")
	cmd.Flags().StringVar(&ch, "channel", "", "with --to: only this one of the user's channels; without: KIND:ADDRESS")
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if format != "table" && format != "json" {
			return shell.Usage(fmt.Errorf("--format %q is not one of table, json", format))
		}
		targets, senders, cfg, stop, err := notifyTargets(cmd.Context(), c, to, ch)
		if err != nil {
			return err
		}
		defer func() { _ = stop() }()
		out, err := sendTests(cmd.Context(), senders, cfg, targets)
		if err != nil {
			return err
		}
		return printOutcomes(cmd.OutOrStdout(), out, format)
	}
	return cmd
}

// notifyTarget is one channel to try.
type notifyTarget struct {
	name, kind string
	address    channel.Address
}

// notifyTargets finds where to send to. An address that is given needs no
// running instance, except for Kafka.
func notifyTargets(ctx context.Context, c *shell.Common, to, ch string) (
	[]notifyTarget, channel.Senders, notify.Config, func() error, error) {
	fail := func(err error) ([]notifyTarget, channel.Senders, notify.Config, func() error, error) {
		return nil, nil, notify.Config{}, nil, err
	}
	if to == "" {
		t, err := parseTarget(ch)
		if err != nil {
			return fail(err)
		}
		cfg, err := c.Load(nil)
		if err != nil {
			return fail(err)
		}
		brokers := cfg.Kafka.Brokers
		if t.kind == "kafka" {
			cl, err := c.Locate()
			if err != nil {
				return fail(err)
			}
			brokers = cl.Brokers
		} else {
			cfg.Notify.Kafka = false
		}
		senders, stop, err := stack.Senders(cfg, brokers)
		return []notifyTarget{t}, senders, stack.NotifyConfig(cfg), stop, err
	}
	cl, err := c.Open()
	if err != nil {
		return fail(err)
	}
	defer cl.Close()
	dir, err := notify.NewOrganisations(cl.DB.Conn(), cl.Reg).Load(ctx, time.Now())
	if err != nil {
		return fail(err)
	}
	person, known := dir.Person(to)
	if !known {
		return fail(fmt.Errorf("no organisation has a contact with user %q", to))
	}
	var targets []notifyTarget
	for i, x := range person.Channels {
		key := person.ChannelKey(i)
		if ch == "" || ch == key || ch == x.Kind {
			targets = append(targets, notifyTarget{key, x.Kind, channel.Address{User: to, To: x.To, Robot: x.Robot, Secret: x.Secret}})
		}
	}
	if len(targets) == 0 {
		return fail(fmt.Errorf("user %q has no such channel that can be used; the log of the engine names contacts with mistakes", to))
	}
	senders, stop, err := stack.Senders(cl.Cfg, cl.Brokers)
	return targets, senders, stack.NotifyConfig(cl.Cfg), stop, err
}

func parseTarget(ch string) (notifyTarget, error) {
	kind, address, ok := strings.Cut(ch, ":")
	if !ok || address == "" {
		return notifyTarget{}, shell.Usage(fmt.Errorf("give --to USER, or --channel KIND:ADDRESS such as email:somebody@example.org"))
	}
	t := notifyTarget{name: kind, kind: kind}
	switch kind {
	case "email", "webhook":
		t.address.To = address
	case "kafka":
		t.address.User = address
	case "dingtalk", "wecom", "feishu":
		t.address.Robot = address
	default:
		return notifyTarget{}, shell.Usage(fmt.Errorf("--channel: kind %q is not one of email, webhook, kafka, dingtalk, wecom, feishu", kind))
	}
	return t, nil
}

func sendTests(ctx context.Context, senders channel.Senders, cfg notify.Config, targets []notifyTarget) ([]notifyOutcome, error) {
	var out []notifyOutcome
	for _, t := range targets {
		d := message.New("test-"+uuid.NewString(), time.Now(), cfg.BaseURL, []string{}, nil)
		d.Test = true
		m, err := message.Render(d)
		if err != nil {
			return nil, err
		}
		bounded, cancel := context.WithTimeout(ctx, cfg.Timeout)
		started := time.Now()
		res := senders.Send(bounded, t.kind, t.address, m)
		cancel()
		out = append(out, notifyOutcome{
			Channel: t.name, Delivered: res.Outcome == channel.Delivered, Retryable: res.Outcome == channel.Retryable,
			Reason: string(res.Reason), Detail: res.Detail, Advice: channel.Advice(res.Reason), TookS: time.Since(started).Seconds(),
		})
	}
	return out, nil
}

func printOutcomes(w io.Writer, out []notifyOutcome, format string) error {
	failed := false
	for _, o := range out {
		failed = failed || !o.Delivered
	}
	if format == "json" {
		if err := shell.PrintJSON(w, out); err != nil {
			return err
		}
	} else {
		for _, o := range out {
			if o.Delivered {
				fmt.Fprintf(w, "✓ %-10s delivered in %.1f s\n", o.Channel, o.TookS)
				continue
			}
			fmt.Fprintf(w, "✗ %-10s %s: %s\n", o.Channel, strings.TrimSpace(o.Reason+" "+o.Detail), o.Advice)
		}
	}
	if failed {
		return shell.ErrProblems
	}
	return nil
}
