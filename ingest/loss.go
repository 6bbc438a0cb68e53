package ingest

import (
	"context"
	"fmt"
	"time"

	"duban/queries"
	"duban/supervision/lawzone"

	"duban/ingest/event"
)

// The kinds of a loss beside the reasons of an incarnation.
const (
	lossUnread = "unread"
	lossStored = "stored"
)

// Loss is what the broker no longer had when it was to be read, or read again.
type Loss struct {
	Topic     event.Topic `json:"topic"`
	Partition int         `json:"partition"`
	// From and Until are offsets at the broker of the time, Until is not included.
	From  int64 `json:"from_offset"`
	Until int64 `json:"until_offset"`
	// Kind is unread, stored, made_anew or rewound.
	Kind string `json:"kind"`
	// Messages is how many messages (at most) or, of kind stored, facts are lost;
	// 0 when nobody can know.
	Messages int64 `json:"messages"`
	// Before is when the last message before it arrived, zero when there is none:
	// what is lost arrived between it and NoticedAt.
	Before    time.Time `json:"before_at"`
	NoticedAt time.Time `json:"noticed_at"`
	// Acknowledged says that somebody took note, when, who and why.
	Acknowledged   bool      `json:"acknowledged"`
	AcknowledgedAt time.Time `json:"acknowledged_at,omitzero"`
	AcknowledgedBy string    `json:"acknowledged_by,omitempty"`
	Reason         string    `json:"reason,omitempty"`

	place, placeEnd int64
}

// String says in words what is lost.
func (l Loss) String() string {
	where := fmt.Sprintf("%s/%d", l.Topic, l.Partition)
	switch l.Kind {
	case reasonMadeAnew:
		return fmt.Sprintf("%s was deleted and made anew after offset %d was read (noticed %s): what it held beyond is not known", where,
			l.From, stamp(l.NoticedAt))
	case reasonRewound:
		return fmt.Sprintf("%s was cut at the broker or restored from an older copy after offset %d was read (noticed %s): what it held "+
			"beyond is not known", where, l.From, stamp(l.NoticedAt))
	case lossStored:
		return fmt.Sprintf("%s: %d facts between offsets %d and %d were lost by the database, and the broker dropped them too", where,
			l.Messages, l.From, l.Until)
	}
	return fmt.Sprintf("%s: %d messages from offset %d to %d, the broker dropped them before they were read (noticed %s)", where, l.Messages,
		l.From, l.Until-1, stamp(l.NoticedAt))
}

func stamp(t time.Time) string { return t.In(lawzone.Zone).Format("2006-01-02 15:04:05") }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Losses lists every loss, the earliest first.
func (a *Auditor) Losses(ctx context.Context) ([]Loss, error) {
	rows, err := selectLosses.All(ctx, a.reg, a.conn, queries.Args{})
	if err != nil {
		return nil, err
	}
	var out []Loss
	for _, r := range rows {
		base := place(r.Base)
		l := Loss{Topic: r.Topic, Partition: int(r.Partition), Kind: r.Kind, Messages: place(r.Messages), NoticedAt: r.NoticedAt}
		l.place, l.placeEnd = r.places()
		l.From, l.Until = l.place-base, l.placeEnd-base
		if r.BeforeAt.Unix() > 0 {
			l.Before = r.BeforeAt
		}
		if l.Acknowledged = r.Acknowledged; l.Acknowledged {
			l.AcknowledgedAt, l.AcknowledgedBy, l.Reason = r.AcknowledgedAt, r.AcknowledgedBy, r.Reason
		}
		out = append(out, l)
	}
	return out, nil
}

// Acknowledge records that a person took note of every loss of a topic (of all
// when it is empty) that was noticed up to an instant.
func (a *Auditor) Acknowledge(ctx context.Context, topic event.Topic, until time.Time, by, reason string, at time.Time) error {
	return a.reg.Exec(ctx, a.conn, "ingest/acknowledge_losses", queries.Args{
		"topic": string(topic), "until": until, "by": by, "reason": reason, "at": at,
	})
}

// lost remembers a loss; the places count from the ledger's beginning.
func (k *keeper) lost(ctx context.Context, key partitionKey, from, until int64, kind string, messages int64, before time.Time) error {
	if before.IsZero() {
		before = time.Unix(0, 0)
	}
	if k.in != nil && messages > 0 {
		k.in.lost.WithLabelValues(string(key.topic), kind).Add(float64(messages))
	}
	return k.reg.Exec(ctx, k.conn, "ingest/save_loss", queries.Args{
		"topic": string(key.topic), "partition": key.partition, "from_offset": from, "until_offset": until, "kind": kind,
		"messages": messages, "before_at": before, "at": k.now(),
	})
}
