package deadletter_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"duban/ingest/deadletter"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"

	"github.com/stretchr/testify/require"
)

// sent is a topic into which messages are published again.
type sent struct {
	values []string
	fail   error
}

func (s *sent) PublishAll(_ context.Context, topic event.Topic, msgs []source.Message) error {
	if s.fail != nil {
		return s.fail
	}
	for _, m := range msgs {
		s.values = append(s.values, fmt.Sprintf("%s %s=%s", topic, m.Key, m.Value))
	}
	return nil
}

func box(t *testing.T) (*store.DB, *deadletter.Box) {
	t.Helper()
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	return db, deadletter.NewBox(db.Conn(), reg)
}

// refuse puts a reject into the box.
func refuse(t *testing.T, db *store.DB, p deadletter.Place, reason deadletter.Reason, source, raw string, at time.Time) {
	t.Helper()
	batch, err := db.Conn().PrepareBatch(t.Context(),
		"INSERT INTO ingest_rejects (topic, partition, offset, reason, source_sys, key, raw, received_at, stored_at)")
	require.NoError(t, err)
	require.NoError(t, batch.Append(string(p.Topic), uint32(p.Partition), uint64(p.Offset), string(reason), source, "k", raw, at, at))
	require.NoError(t, batch.Send())
}

// accepted is the check of a decoder that takes everything but what says so itself.
func accepted(_ event.Topic, value []byte) (string, error) {
	if string(value) == "still bad" {
		return "", errors.New("missing_field at /case_no")
	}
	return "key", nil
}

// TestTheBox runs against one database, since making one takes longer than its checks.
func TestTheBox(t *testing.T) {
	db, b := box(t)
	now := time.Date(2026, 3, 10, 8, 0, 0, 0, time.UTC)
	at := func(n int64) deadletter.Place {
		return deadletter.Place{Topic: event.TopicCases, Partition: 1, Offset: n}
	}
	ticket := deadletter.Place{Topic: event.TopicTickets, Offset: 7}
	refuse(t, db, at(10), deadletter.MissingField, "hall", "first", now.AddDate(0, 0, -40))
	refuse(t, db, at(9), deadletter.MalformedJSON, "hall", "still bad", now.AddDate(0, 0, -2))
	refuse(t, db, at(100), deadletter.ConflictingRewrite, "kiosk", "rewrite", now.AddDate(0, 0, -1))
	refuse(t, db, ticket, deadletter.MissingField, "hall", "ticket", now.AddDate(0, 0, -1))

	list := func(f deadletter.Filter) (out []string) {
		require.NoError(t, b.Each(t.Context(), f, func(rows []deadletter.Row) error {
			for _, r := range rows {
				out = append(out, r.String())
			}
			return nil
		}))
		return out
	}
	for rule, v := range map[string]struct {
		f    deadletter.Filter
		want []string
	}{
		"all, in the order of their places": {deadletter.Filter{},
			[]string{"case-events/1/9", "case-events/1/10", "case-events/1/100", "hotline-tickets/0/7"}},
		"of a topic":             {deadletter.Filter{Topic: event.TopicTickets}, []string{"hotline-tickets/0/7"}},
		"of a reason":            {deadletter.Filter{Reason: deadletter.MissingField}, []string{"case-events/1/10", "hotline-tickets/0/7"}},
		"of a source":            {deadletter.Filter{Source: "kiosk"}, []string{"case-events/1/100"}},
		"of places":              {deadletter.Filter{Places: []deadletter.Place{at(9), at(11)}}, []string{"case-events/1/9"}},
		"where nothing is":       {deadletter.Filter{Source: "nobody"}, nil},
		"of a topic and a place": {deadletter.Filter{Topic: event.TopicTickets, Places: []deadletter.Place{at(9)}}, nil},
	} {
		require.Equal(t, v.want, list(v.f), rule)
	}

	replay := func(f deadletter.Filter, to *sent, dry bool) deadletter.Summary {
		sum, err := b.Replay(t.Context(), f, deadletter.AsItIs, accepted, to, func() time.Time { return now }, dry)
		require.NoError(t, err)
		return sum
	}
	want := deadletter.Summary{Found: 4, Sent: 2, Unrepaired: 1, StillRefused: 1,
		Problems: []string{"case-events/1/9: missing_field at /case_no"}}
	// A dry run says what would be, sends nothing and marks nothing: it says the same again.
	for range 2 {
		var to sent
		require.Equal(t, want, replay(deadletter.Filter{}, &to, true))
		require.Empty(t, to.values)
	}
	// What cannot be published is not marked as sent.
	_, err := b.Replay(t.Context(), deadletter.Filter{}, deadletter.AsItIs, accepted, &sent{fail: errors.New("no leader")},
		func() time.Time { return now }, false)
	require.ErrorContains(t, err, "publish repaired messages: no leader")
	var to sent
	require.Equal(t, want, replay(deadletter.Filter{}, &to, false))
	require.ElementsMatch(t, []string{"case-events key=first", "hotline-tickets key=ticket"}, to.values)
	// What was sent is not sent again, unless it is asked for.
	require.Equal(t, []string{"case-events/1/9", "case-events/1/100"}, list(deadletter.Filter{}))
	require.Len(t, list(deadletter.Filter{Replayed: true}), 4)

	// The retention takes the bytes of the old ones; the rejects themselves stay, and say so.
	removed, err := b.Empty(t.Context(), now.AddDate(0, 0, -30), now)
	require.NoError(t, err)
	require.EqualValues(t, 1, removed)
	require.Eventually(t, func() bool {
		var left string
		require.NoError(t, db.Conn().QueryRow(t.Context(), "SELECT raw FROM ingest_rejects FINAL WHERE offset = 10").Scan(&left))
		return left == ""
	}, time.Minute, 50*time.Millisecond)
	again, err := b.Empty(t.Context(), now.AddDate(0, 0, -30), now)
	require.NoError(t, err)
	require.Zero(t, again)
	sum := replay(deadletter.Filter{Replayed: true, Places: []deadletter.Place{at(10)}}, &to, false)
	require.Equal(t, deadletter.Summary{Found: 1, Emptied: 1,
		Problems: []string{"case-events/1/10: the original bytes were removed on 2026-03-10 by the retention setting"}}, sum)
}
