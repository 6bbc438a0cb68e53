package main

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"duban/cmd/duban/internal/shell"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/broker/brokertest"
	"duban/internal/store/storetest"
	"duban/queries"
)

// Messages of a transaction that nobody ends cannot be read: who waits for them is told
// why, and that it ends by itself.
func TestWhoWaitsBehindAnOpenTransactionIsToldSo(t *testing.T) {
	addr, db := brokertest.New(t), storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	producer, err := kgo.NewClient(kgo.SeedBrokers(addr), kgo.TransactionalID("t"), kgo.DefaultProduceTopic(string(event.TopicCases)),
		kgo.RecordPartitioner(kgo.ManualPartitioner()))
	require.NoError(t, err)
	t.Cleanup(producer.Close)
	require.NoError(t, producer.BeginTransaction())
	for range 3 {
		require.NoError(t, producer.ProduceSync(t.Context(), &kgo.Record{Value: []byte("{}")}).FirstErr())
	}
	k, err := source.NewClient([]string{addr}, "test", source.Security{})
	require.NoError(t, err)
	t.Cleanup(k.Close)
	cl := &shell.Client{DB: db, Reg: reg, Brokers: []string{addr}}

	enough := errors.New("enough")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 12*time.Second, enough)
	defer cancel()
	var said bytes.Buffer
	err = waitFolded(ctx, cl, k, &said)
	require.ErrorIs(t, err, enough)
	const why = "3 messages to fold, 3 of all waiting ones are held back by a transaction at the broker that is not ended"
	require.ErrorContains(t, err, "at last: "+why)
	require.Contains(t, said.String(), "waiting: "+why)

	var text bytes.Buffer
	printStatus(&text, makeStatus(t.Context(), cl, k))
	require.Contains(t, text.String(), "case-events: 3 messages wait behind a transaction at the broker that is not ended")
}
