package ingest

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"

	"duban/ingest/source"
	"duban/internal/store/storetest"
)

// A wrong password is said as such, and nobody is told that ingest is ready.
func TestAWrongPasswordIsSaid(t *testing.T) {
	b, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.EnableSASL(), kfake.Superuser("PLAIN", "duban", "right"))
	require.NoError(t, err)
	t.Cleanup(b.Close)
	r := rigOn(t, storetest.New(t))
	c, err := source.NewClient(b.ListenAddrs(), "test", source.Security{Mechanism: "plain", Username: "duban", Password: "wrong"})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	log := &bytes.Buffer{}
	p, err := New(testConfig(), Deps{Kafka: c, Store: r.db, Queries: r.reg, Log: slog.New(slog.NewTextHandler(log, nil)),
		Metrics: prometheus.NewRegistry(), Now: time.Now})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	require.NoError(t, p.Run(ctx))
	require.Contains(t, log.String(), "SASL Authentication failed")
	require.NotContains(t, log.String(), "Broker Not Available")
	select {
	case <-p.Ready():
		t.Fatal("ready without a login")
	default:
	}
}
