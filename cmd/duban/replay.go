package main

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/ingest"
	"duban/ingest/deadletter"
	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/instance"
)

func newReplay() *cobra.Command {
	var topic, reason, sourceSys, file, format string
	var places, set []string
	var all, asItIs, dryRun, again, fromBroker bool
	cmd := &cobra.Command{
		Use:   "replay {--set field=value | --file REPAIRED.ndjson | --as-is | --from-broker}",
		Short: "Send rejects again after repair, or read again what the database lost",
		Long: "Send rejects again after repair. A reject that would be refused again is not sent; what was sent is\n" +
			"marked and not sent twice. A repaired message becomes a new delivery, the reject stays on record.\n\n" +
			"--from-broker sends nothing: it finds what the ledger says was stored and the tables do not hold (a part\n" +
			"was lost, an older copy restored) and has a running ingest read it from the broker once more; what the\n" +
			"broker no longer has is told and stays on record as lost. Ingest does the same whenever it starts.",
		Example: `  duban replay --reason invalid_enum --set apply_channel=web --dry-run
  duban replay --at case-events/0/42 --set event_time=2026-01-05T09:00:00+08:00
  duban replay --file repaired.ndjson
  duban replay --from-broker`,
		Args: cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	f := cmd.Flags()
	f.StringVar(&topic, "topic", "", "only rejects of this topic")
	f.StringVar(&reason, "reason", "", "only rejects with this reason")
	f.StringVar(&sourceSys, "source", "", "only rejects of this source system")
	f.StringArrayVar(&places, "at", nil, "only this one, as topic/partition/offset; repeat for more")
	f.BoolVar(&all, "all", false, "all rejects (needed when nothing else narrows the choice)")
	f.BoolVar(&again, "again", false, "include rejects that were sent again before")
	f.StringArrayVar(&set, "set", nil, "set a field, such as payload.days=5; an empty value removes it")
	f.StringVar(&file, "file", "", `repaired messages, one a line: {"topic":…,"partition":…,"offset":…,"value":{…}}`)
	f.BoolVar(&asItIs, "as-is", false, "send the bytes that came: the cause was elsewhere")
	f.BoolVar(&fromBroker, "from-broker", false, "read again from the broker what the database lost")
	f.BoolVar(&dryRun, "dry-run", false, "only say what would be sent")
	f.StringVar(&format, "format", "table", "summary as table or json")
	for _, name := range []string{"topic", "reason", "source", "at", "all", "again", "set", "file", "as-is", "dry-run"} {
		cmd.MarkFlagsMutuallyExclusive("from-broker", name)
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if fromBroker {
			return readAgain(cmd, c, format)
		}
		filter := deadletter.Filter{Topic: event.Topic(topic), Reason: deadletter.Reason(reason), Source: sourceSys, Replayed: again}
		if topic != "" && !filter.Topic.Known() {
			return shell.Usage(fmt.Errorf("--topic %q is not one of %v", topic, event.Topics()))
		}
		for _, p := range places {
			place, err := deadletter.ParsePlace(p)
			if err != nil {
				return shell.Usage(fmt.Errorf("--at: %w", err))
			}
			filter.Places = append(filter.Places, place)
		}
		repair, err := chooseRepair(set, file, asItIs, &filter)
		if err != nil {
			return err
		}
		if topic == "" && reason == "" && sourceSys == "" && len(filter.Places) == 0 && !all {
			return shell.Usage(fmt.Errorf("say which rejects: --topic, --reason, --source, --at or --all"))
		}
		sum, err := replay(cmd, c, filter, repair, dryRun)
		if err != nil {
			return err
		}
		w := cmd.OutOrStdout()
		if format == "json" {
			return shell.PrintJSON(w, sum)
		}
		verb := "sent"
		if dryRun {
			verb = "would be sent"
		}
		fmt.Fprintf(w, "%d rejects chosen, %d %s, %d without a repair, %d would be refused again\n", sum.Found, sum.Sent, verb,
			sum.Unrepaired, sum.StillRefused)
		if sum.Emptied > 0 {
			fmt.Fprintf(w, "%d cannot be sent again: their original bytes were removed by the retention setting\n", sum.Emptied)
		}
		for _, p := range sum.Problems {
			fmt.Fprintf(w, "  %s\n", p)
		}
		return nil
	}
	return cmd
}

// chooseRepair reads the one repair that was asked for.
func chooseRepair(set []string, file string, asItIs bool, filter *deadletter.Filter) (deadletter.Repair, error) {
	n := 0
	for _, given := range []bool{len(set) > 0, file != "", asItIs} {
		if given {
			n++
		}
	}
	if n != 1 {
		return nil, shell.Usage(fmt.Errorf("give exactly one of --set, --file and --as-is"))
	}
	switch {
	case asItIs:
		return deadletter.AsItIs, nil
	case file != "":
		in, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("open repaired messages: %w", err)
		}
		defer func() { _ = in.Close() }()
		repair, places, err := deadletter.FromLines(in)
		if err != nil {
			return nil, shell.Usage(err)
		}
		filter.Places = append(filter.Places, places...)
		return repair, nil
	default:
		fields, err := shell.ParseAssignments("-set", set)
		if err != nil {
			return nil, err
		}
		return deadletter.SetFields(fields), nil
	}
}

func replay(cmd *cobra.Command, c *shell.Common, filter deadletter.Filter, repair deadletter.Repair,
	dryRun bool) (deadletter.Summary, error) {
	cl, err := c.Open()
	if err != nil {
		return deadletter.Summary{}, err
	}
	defer cl.Close()
	key, err := instance.Secret(cl.Cfg.Data, "token-key", cl.Cfg.Secrets.TokenKeyFile)
	if err != nil {
		return deadletter.Summary{}, err
	}
	signing, err := stack.ActionKey(cl.Cfg)
	if err != nil {
		return deadletter.Summary{}, err
	}
	dec, err := decode.New(decode.Config{TokenKey: key, ActionKey: signing})
	if err != nil {
		return deadletter.Summary{}, err
	}
	check := func(topic event.Topic, value []byte) (string, error) {
		k, rej := dec.Check(&decode.Message{Topic: topic, ReceivedAt: time.Now().UnixMilli(), Value: value})
		if rej != nil {
			return "", rej
		}
		return k, nil
	}
	sec, err := stack.Security(cl.Cfg.Kafka)
	if err != nil {
		return deadletter.Summary{}, err
	}
	pub, err := source.NewPublisher(cl.Brokers, source.PublisherOptions{
		ClientID: "duban-replay", Security: sec, WaitForRoom: source.PatientlyForRoom,
	})
	if err != nil {
		return deadletter.Summary{}, err
	}
	defer func() { _ = pub.Close() }()
	return deadletter.NewBox(cl.DB.Conn(), cl.Reg).Replay(cmd.Context(), filter, repair, check, pub, time.Now, dryRun)
}

// readAgain has what the database lost read from the broker once more.
func readAgain(cmd *cobra.Command, c *shell.Common, format string) error {
	cl, err := c.Open()
	if err != nil {
		return err
	}
	defer cl.Close()
	sec, err := stack.Security(cl.Cfg.Kafka)
	if err != nil {
		return err
	}
	k, err := source.NewClient(cl.Brokers, "duban-replay", sec)
	if err != nil {
		return err
	}
	defer k.Close()
	found, err := ingest.NewRebuilder(k, cl.DB.Conn(), cl.Reg, slog.New(slog.DiscardHandler), time.Now).Run(cmd.Context())
	if err != nil {
		return err
	}
	w := cmd.OutOrStdout()
	if format == "json" {
		return shell.PrintJSON(w, found)
	}
	if len(found.Ranges) == 0 && len(found.Lost) == 0 {
		fmt.Fprintln(w, "the tables hold everything that the ledger says was stored")
		return nil
	}
	for _, r := range found.Ranges {
		fmt.Fprintf(w, "%s/%d: places %d to %d are read again by a running ingest (%d facts or rejects are gone there)\n", r.Topic, r.Partition,
			r.From, r.Until-1, r.Facts)
	}
	for _, l := range found.Lost {
		fmt.Fprintf(w, "✗ %s\n", l)
	}
	if len(found.Lost) > 0 {
		return shell.ErrProblems
	}
	return nil
}
