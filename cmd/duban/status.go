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

	"duban/ingest"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/queries"
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
	// Watermark is the broker time of the latest message in the states, null
	// while there is none.
	Watermark  *time.Time `json:"watermark"`
	FoldedAt   *time.Time `json:"folded_at"`
	ClickHouse health     `json:"clickhouse"`
	Broker     health     `json:"broker"`
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
	c := addCommon(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	cmd.Flags().BoolVar(&wait, "wait", false, "return when everything that is published now has been folded into state")
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "with --wait: give up after this time (default: never)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if format != "table" && format != "json" {
			return usageError{fmt.Errorf("--format %q is not one of table, json", format)}
		}
		cl, err := c.open()
		if err != nil {
			return err
		}
		defer cl.close()
		sec, err := security(cl.cfg.Kafka)
		if err != nil {
			return err
		}
		k, err := source.NewClient(cl.brokers, "duban-status", sec)
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
			if err := waitFolded(ctx, cl, k); err != nil {
				return err
			}
		}
		rep := makeStatus(ctx, cl, k)
		if format == "json" {
			if err := printJSON(cmd.OutOrStdout(), rep); err != nil {
				return err
			}
		} else {
			printStatus(cmd.OutOrStdout(), rep)
		}
		if !rep.ClickHouse.OK || !rep.Broker.OK || !rep.Disk.OK || !rep.Stored.OK || !rep.IdentityHolds {
			return errProblems
		}
		return nil
	}
	return cmd
}

// waitFolded returns when the states hold everything that the broker has at
// the time of the call. Engines that are away for a while are waited for.
func waitFolded(ctx context.Context, cl *client, k *source.Client) error {
	var ends map[event.Topic][]source.Offsets
	last := time.Now()
	for {
		err := error(nil)
		if ends == nil {
			ends, err = endsOf(ctx, cl, k)
			if rewound := (*ingest.RewoundError)(nil); errors.As(err, &rewound) {
				return err
			}
		}
		if err == nil {
			var lag int64
			if lag, err = foldLag(ctx, cl, ends); err == nil && lag == 0 {
				return nil
			}
			if time.Since(last) > 5*time.Second {
				last = time.Now()
				fmt.Fprintf(os.Stderr, "waiting: %d messages to fold\n", lag)
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until everything is folded: %w", context.Cause(ctx))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// endsOf asks for the ends of the partitions, none of which may lie before what was
// folded from it.
func endsOf(ctx context.Context, cl *client, k *source.Client) (map[event.Topic][]source.Offsets, error) {
	cur, err := readCursors(ctx, cl) // before the ends
	if err != nil {
		return nil, err
	}
	ends, err := k.Offsets(ctx, event.Topics())
	if err != nil {
		return nil, err
	}
	for topic, parts := range ends {
		for _, p := range parts {
			if next := cur.next[cursorKey{string(topic), p.Partition}]; p.End < next {
				return nil, &ingest.RewoundError{Topic: string(topic), Partition: p.Partition, End: p.End, Ledger: next}
			}
		}
	}
	return ends, nil
}

// foldLag counts the messages before the given ends that are not in the states.
func foldLag(ctx context.Context, cl *client, ends map[event.Topic][]source.Offsets) (int64, error) {
	cursors, err := readCursors(ctx, cl)
	if err != nil {
		return 0, err
	}
	var lag int64
	for topic, parts := range ends {
		for _, p := range parts {
			lag += max(0, p.End-max(p.Begin, cursors.next[cursorKey{string(topic), p.Partition}]))
		}
	}
	return lag, nil
}

type cursorKey struct {
	topic     string
	partition int
}

type cursors struct {
	next                map[cursorKey]int64
	watermark, foldedAt *time.Time
}

func readCursors(ctx context.Context, cl *client) (cursors, error) {
	res, err := cl.reg.Run(ctx, cl.db.Conn(), "engine/cursors", queries.Args{})
	if err != nil {
		return cursors{}, err
	}
	out := cursors{next: map[cursorKey]int64{}}
	for _, m := range res.Maps() {
		out.next[cursorKey{m["topic"].(string), int(m["partition"].(uint32))}] = int64(m["next_offset"].(uint64))
		out.watermark = latest(out.watermark, m["received_at"].(time.Time))
		out.foldedAt = latest(out.foldedAt, m["folded_at"].(time.Time))
	}
	return out, nil
}

func latest(a *time.Time, b time.Time) *time.Time {
	if b.Unix() <= 0 || (a != nil && !b.After(*a)) {
		return a
	}
	b = b.In(shanghai)
	return &b
}

func makeStatus(ctx context.Context, cl *client, k *source.Client) statusReport {
	rep := statusReport{AsOf: time.Now().In(shanghai)}
	rep.ClickHouse, rep.Broker = clickhouseHealth(ctx, cl), brokerHealth(ctx, k)
	rep.Disk, rep.Stored = diskHealth(cl.cfg), storedHealth(cl.cfg)
	if !rep.ClickHouse.OK || !rep.Broker.OK {
		return rep
	}
	audit, err := ingest.NewAuditor(k, cl.db.Conn(), cl.reg).Status(ctx)
	if err != nil {
		rep.ClickHouse = health{Error: err.Error()}
		return rep
	}
	rep.IdentityHolds = audit.IdentityHolds
	cur, err := readCursors(ctx, cl) // before the ends, which must not lie before it
	if err != nil {
		rep.ClickHouse = health{Error: err.Error()}
		return rep
	}
	ends, err := k.Offsets(ctx, event.Topics())
	if err != nil {
		rep.Broker = health{Error: err.Error()}
		return rep
	}
	rep.Watermark, rep.FoldedAt = cur.watermark, cur.foldedAt
	rep.Total.Topic, rep.Total.IdentityHolds = "total", audit.IdentityHolds
	for _, t := range audit.Topics {
		st := statusTopic{TopicStatus: t}
		for _, p := range ends[t.Topic] {
			next := cur.next[cursorKey{string(t.Topic), p.Partition}]
			st.FoldedUpTo += next
			if p.End < next {
				rep.Broker = health{Error: (&ingest.RewoundError{Topic: string(t.Topic), Partition: p.Partition, End: p.End, Ledger: next}).Error()}
			}
			st.Lag += max(0, p.End-max(p.Begin, next))
		}
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
	s.Missing += o.Missing
	s.FoldedUpTo += o.FoldedUpTo
	s.Lag += o.Lag
	if o.LastReceivedAt.After(s.LastReceivedAt) {
		s.LastReceivedAt = o.LastReceivedAt
	}
	if o.LastStoredAt.After(s.LastStoredAt) {
		s.LastStoredAt = o.LastStoredAt
	}
}

func clickhouseHealth(ctx context.Context, cl *client) health {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	v, err := cl.db.Conn().ServerVersion()
	if err == nil {
		err = cl.db.Ping(ctx)
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

func printStatus(w io.Writer, rep statusReport) {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"topic", "received", "stored", "duplicate", "rejected", "pending", "received = rest", "folded up to", "lag"})
	row := func(s statusTopic) table.Row {
		mark := "✓"
		if !s.IdentityHolds {
			mark = "✗"
		}
		return table.Row{s.Topic, s.Received, s.Stored, s.Duplicate, s.Rejected, s.Pending, mark, s.FoldedUpTo, s.Lag}
	}
	for _, s := range rep.Topics {
		t.AppendRow(row(s))
	}
	t.AppendFooter(row(rep.Total))
	t.Render()
	instant := func(at *time.Time) string {
		if at == nil {
			return "nothing folded yet"
		}
		return at.Format("2006-01-02 15:04:05.000 -07:00")
	}
	fmt.Fprintf(w, "watermark   %s\nfolded at   %s\n", instant(rep.Watermark), instant(rep.FoldedAt))
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
