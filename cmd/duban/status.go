package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/ingest"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/config"
	"duban/internal/upkeep"
	"duban/queries"
	"duban/supervision/lawzone"
	"duban/supervision/movement"
)

// statusTopic is one topic in the answer of duban status.
type statusTopic struct {
	ingest.TopicStatus
	// FoldedUpTo counts the messages that are in the states; Lag those that
	// the broker has and the states have not.
	FoldedUpTo int64 `json:"folded_up_to"`
	Lag        int64 `json:"lag"`
}

// health is the state of one engine below.
type health struct {
	OK      bool   `json:"ok"`
	Version string `json:"version,omitempty"`
	Error   string `json:"error,omitempty"`
}

// statusReport is the answer of duban status.
type statusReport struct {
	AsOf          time.Time     `json:"as_of"`
	Topics        []statusTopic `json:"topics"`
	Total         statusTopic   `json:"total"`
	IdentityHolds bool          `json:"identity_holds"`
	// OK says that the identity holds and that somebody took note of every loss.
	OK bool `json:"ok"`
	// Losses is what the broker no longer had when it was to be read.
	Losses []ingest.Loss `json:"losses"`
	// Watermark is the broker time of the latest message in the states, null
	// while there is none.
	Watermark *time.Time `json:"watermark"`
	FoldedAt  *time.Time `json:"folded_at"`
	// Figures is how far the ledger under the figures is; they are computed from the states
	// where it has not caught up.
	Figures    movement.Progress `json:"figures"`
	ClickHouse health            `json:"clickhouse"`
	Broker     health            `json:"broker"`
	// Disk tells whether there is room, Stored whether stored data was found damaged.
	Disk   health `json:"disk"`
	Stored health `json:"stored_data"`
}

func newStatus() *cobra.Command {
	var format string
	var wait bool
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "status",
		Short: "What came in, what became of it, how far the states are, and the health of the engines",
		Args:  cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	cmd.Flags().BoolVar(&wait, "wait", false, "return when everything that is published now has been folded into state")
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "with --wait: give up after this time (default: never)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if format != "table" && format != "json" {
			return shell.Usage(fmt.Errorf("--format %q is not one of table, json", format))
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
		ctx := cmd.Context()
		if wait {
			if timeout > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, timeout)
				defer cancel()
			}
			if err := waitFolded(ctx, cl, k, os.Stderr); err != nil {
				return err
			}
		}
		rep := makeStatus(ctx, cl, k)
		if format == "json" {
			if err := shell.PrintJSON(cmd.OutOrStdout(), rep); err != nil {
				return err
			}
		} else {
			printStatus(cmd.OutOrStdout(), rep)
		}
		if !rep.ClickHouse.OK || !rep.Broker.OK || !rep.Disk.OK || !rep.Stored.OK || !rep.OK {
			return shell.ErrProblems
		}
		return nil
	}
	cmd.AddCommand(newAcknowledge())
	return cmd
}

// timeUp reports whether the time given is over, or so nearly that what a connection says of
// a time-out is about it and no reason of its own.
func timeUp(ctx context.Context) bool {
	end, limited := ctx.Deadline()
	return ctx.Err() != nil || limited && time.Until(end) < time.Second
}

// waitFolded returns when the states hold everything that the broker has at
// the time of the call. Engines that are away for a while are waited for, and a
// topic that was made anew is, for a while, until ingest has taken it up.
func waitFolded(ctx context.Context, cl *shell.Client, k *source.Client, say io.Writer) error {
	var target *ingest.Target
	began, last, why := time.Now(), time.Now(), ""
	auditor := ingest.NewAuditor(k, cl.DB.Conn(), cl.Reg)
	for {
		err := error(nil)
		if target == nil {
			target, err = auditor.Target(ctx)
			if rewound := (*ingest.RewoundError)(nil); errors.As(err, &rewound) && time.Since(began) > rewoundPatience {
				return err
			}
		}
		if err == nil {
			var cur cursors
			if cur, err = readCursors(ctx, cl); err == nil {
				lag := target.Lag(cur.next)
				if lag == 0 {
					return nil
				}
				if why = fmt.Sprintf("%d messages to fold", lag); target.Held > 0 {
					why += fmt.Sprintf(", %d of all waiting ones are held back by a transaction at the broker that is not ended (it ends by itself "+
						"after the producer's transaction timeout)", target.Held)
				}
			}
		}
		if err != nil && !timeUp(ctx) {
			why = err.Error()
		}
		if time.Since(last) > 5*time.Second {
			last = time.Now()
			fmt.Fprintf(say, "waiting: %s\n", why)
		}
		select {
		case <-ctx.Done():
			if why != "" {
				return fmt.Errorf("wait until everything is folded: %w; at last: %s", context.Cause(ctx), why)
			}
			return fmt.Errorf("wait until everything is folded: %w", context.Cause(ctx))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// rewoundPatience is how long a running ingest may take to take up a topic that
// was made anew.
const rewoundPatience = 20 * time.Second

type cursors struct {
	next                map[ingest.Partition]int64
	watermark, foldedAt *time.Time
}

var selectCursors = queries.Select[struct {
	Topic      event.Topic `ch:"topic"`
	Partition  uint32      `ch:"partition"`
	NextOffset uint64      `ch:"next_offset"`
	FoldedAt   time.Time   `ch:"folded_at"`
	ReceivedAt time.Time   `ch:"received_at"`
}]("engine/cursors", "fold_version")

func readCursors(ctx context.Context, cl *shell.Client) (cursors, error) {
	rows, err := selectCursors.All(ctx, cl.Reg, cl.DB.Conn(), queries.Args{})
	if err != nil {
		return cursors{}, err
	}
	out := cursors{next: map[ingest.Partition]int64{}}
	for _, r := range rows {
		out.next[ingest.Partition{Topic: r.Topic, Number: int(r.Partition)}] = int64(r.NextOffset) //nolint:gosec // offsets of Kafka are int64
		out.watermark, out.foldedAt = latest(out.watermark, r.ReceivedAt), latest(out.foldedAt, r.FoldedAt)
	}
	return out, nil
}

func latest(a *time.Time, b time.Time) *time.Time {
	if b.Unix() <= 0 || (a != nil && !b.After(*a)) {
		return a
	}
	b = b.In(lawzone.Zone)
	return &b
}

func makeStatus(ctx context.Context, cl *shell.Client, k *source.Client) statusReport {
	rep := statusReport{AsOf: time.Now().In(lawzone.Zone)}
	rep.ClickHouse, rep.Broker = clickhouseHealth(ctx, cl), brokerHealth(ctx, k)
	if rep.Broker.OK && len(cl.Cfg.Kafka.Brokers) == 0 {
		rep.Broker.Version += ", " + keeps(cl.Cfg)
	}
	rep.Disk, rep.Stored = diskHealth(cl.Cfg), storedHealth(cl.Cfg)
	if !rep.ClickHouse.OK || !rep.Broker.OK {
		return rep
	}
	audit, err := ingest.NewAuditor(k, cl.DB.Conn(), cl.Reg).Status(ctx)
	if err != nil {
		rep.ClickHouse = health{Error: err.Error()}
		return rep
	}
	rep.IdentityHolds, rep.OK, rep.Losses = audit.IdentityHolds, audit.OK(), audit.Losses
	cur, err := readCursors(ctx, cl)
	if err != nil {
		rep.ClickHouse = health{Error: err.Error()}
		return rep
	}
	rep.Watermark, rep.FoldedAt = cur.watermark, cur.foldedAt
	if rep.Figures, err = movement.LoadProgress(ctx, cl.Reg, cl.DB.Conn()); err != nil {
		rep.ClickHouse = health{Error: err.Error()}
		return rep
	}
	rep.Total.Topic, rep.Total.IdentityHolds = "total", audit.IdentityHolds
	for _, t := range audit.Topics {
		st := statusTopic{TopicStatus: t}
		st.FoldedUpTo, st.Lag = t.Folded(cur.next)
		rep.Topics = append(rep.Topics, st)
		rep.Total.add(st)
	}
	return rep
}

func (s *statusTopic) add(o statusTopic) {
	s.Received += o.Received
	s.Stored += o.Stored
	s.Duplicate += o.Duplicate
	s.Rejected += o.Rejected
	s.Conflicts += o.Conflicts
	s.Pending += o.Pending
	s.Held += o.Held
	s.Lost += o.Lost
	s.Missing += o.Missing
	s.Unstored += o.Unstored
	s.Problems = append(s.Problems, o.Problems...)
	s.FoldedUpTo += o.FoldedUpTo
	s.Lag += o.Lag
	if o.LastReceivedAt.After(s.LastReceivedAt) {
		s.LastReceivedAt = o.LastReceivedAt
	}
	if o.LastStoredAt.After(s.LastStoredAt) {
		s.LastStoredAt = o.LastStoredAt
	}
}

func clickhouseHealth(ctx context.Context, cl *shell.Client) health {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	v, err := cl.DB.Conn().ServerVersion()
	if err == nil {
		err = cl.DB.Ping(ctx)
	}
	if err != nil {
		return health{Error: err.Error()}
	}
	return health{OK: true, Version: v.Version.String()}
}

func brokerHealth(ctx context.Context, k *source.Client) health {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	n, err := k.Ping(ctx)
	if err != nil {
		return health{Error: err.Error()}
	}
	return health{OK: true, Version: fmt.Sprintf("%d in the cluster", n)}
}

// keeps says how long the embedded broker keeps what is stored.
func keeps(cfg config.Config) string {
	if cfg.Kafka.Retention == 0 {
		return "keeps every message"
	}
	return fmt.Sprintf("drops stored messages after %g days", cfg.Kafka.Retention.Hours()/24)
}

func printStatus(w io.Writer, rep statusReport) {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"topic", "received", "stored", "duplicate", "rejected", "pending", "lost", "received = rest",
		"folded up to", "lag"})
	row := func(s statusTopic) table.Row {
		mark := "✓"
		if !s.OK() {
			mark = "✗"
		}
		return table.Row{s.Topic, s.Received, s.Stored, s.Duplicate, s.Rejected, s.Pending, s.Lost, mark, s.FoldedUpTo, s.Lag}
	}
	for _, s := range rep.Topics {
		t.AppendRow(row(s))
	}
	t.AppendFooter(row(rep.Total))
	t.Render()
	for _, p := range rep.Total.Problems {
		fmt.Fprintf(w, "✗ %s\n", p.Text)
	}
	for _, s := range rep.Topics {
		if s.Held > 0 {
			fmt.Fprintf(w, "… %s: %d messages wait behind a transaction at the broker that is not ended\n", s.Topic, s.Held)
		}
	}
	for _, l := range rep.Losses {
		if l.Acknowledged {
			fmt.Fprintf(w, "· %s; taken note of by %s at %s: %s\n", l, l.AcknowledgedBy,
				l.AcknowledgedAt.In(lawzone.Zone).Format("2006-01-02 15:04:05"), l.Reason)
		}
	}
	instant := func(at *time.Time) string {
		if at == nil {
			return "nothing folded yet"
		}
		return at.Format("2006-01-02 15:04:05.000 -07:00")
	}
	fmt.Fprintf(w, "watermark   %s\nfolded at   %s\nfigures     %s\n", instant(rep.Watermark), instant(rep.FoldedAt),
		aboutFigures(rep.Figures))
	for _, h := range []struct {
		name string
		health
	}{{"ClickHouse", rep.ClickHouse}, {"broker", rep.Broker}, {"disk", rep.Disk}, {"stored data", rep.Stored}} {
		if h.OK {
			fmt.Fprintf(w, "✓ %-10s %s\n", h.name, h.Version)
		} else {
			fmt.Fprintf(w, "✗ %-10s %s\n", h.name, h.Error)
		}
	}
}

// aboutFigures says how far the ledger under the figures is.
func aboutFigures(p movement.Progress) string {
	known := "the ledger is being filled"
	if !p.KnownAt.IsZero() {
		known = "known at " + p.KnownAt.In(lawzone.Zone).Format("2006-01-02 15:04:05.000 -07:00")
	}
	if p.Cases+p.Tickets > 0 {
		known += fmt.Sprintf("; %d cases and %d tickets left, computed from the states meanwhile", p.Cases, p.Tickets)
	}
	return known
}

func diskHealth(cfg config.Config) health {
	free, err := upkeep.Check(cfg.Data, stack.MinFree(cfg))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return health{Error: err.Error()}
	}
	return health{OK: true, Version: fmt.Sprintf("%d MB free", free>>20)}
}

func storedHealth(cfg config.Config) health {
	if err := stack.OpenFindings(cfg); err != nil {
		return health{Error: err.Error()}
	}
	return health{OK: true, Version: "nothing is known to be damaged"}
}
