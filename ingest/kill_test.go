package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/store"
	"duban/queries"
)

// The variables of a process that TestMain runs as a member of the group instead of
// tests: where broker and database are, and at which step it is killed.
const memberBroker, memberDSN, memberEnd = "MEMBER_BROKER", "MEMBER_DSN", "MEMBER_END"

// The steps at which a member is killed.
const beforeInsert, afterInsert = "before the insert", "after the insert, before the commit"

func TestMain(m *testing.M) {
	if addr := os.Getenv(memberBroker); addr != "" {
		fmt.Fprintln(os.Stderr, "the member was not killed:", runMember(addr, os.Getenv(memberDSN), os.Getenv(memberEnd)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// runMember ingests until it kills its process, as a power cut would.
func runMember(addr, dsn, end string) error {
	db, err := store.Open(dsn)
	if err != nil {
		return err
	}
	reg, err := queries.Load()
	if err != nil {
		return err
	}
	kafka, err := source.NewClient([]string{addr}, "test", source.Security{})
	if err != nil {
		return err
	}
	die := func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} }
	var batches atomic.Int64
	deps := Deps{Kafka: kafka, Store: db, Queries: reg, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(), Now: time.Now}
	deps.Room = func(context.Context) error {
		if end == beforeInsert {
			die()
		}
		return nil
	}
	deps.Stored = func(event.Topic) {
		if end == afterInsert && batches.Add(1) == 2 { // with one commit behind it
			die()
		}
	}
	cfg := testConfig()
	cfg.BatchRows = 40
	p, err := New(cfg, deps)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return p.Run(ctx)
}

// The process that reads is killed with messages in its hands, then with an insert that
// was acknowledged and not committed: offsets are never ahead of what is stored, and in
// the end every fact is there once.
func TestAKilledReaderLosesAndDoublesNothing(t *testing.T) {
	r, b := lostRig(t)
	ends := []string{beforeInsert, afterInsert}
	n := int64(200 * len(ends))
	for i, end := range ends {
		r.cases(200*i, 200)
		before := facts(t, r)
		member := exec.Command(os.Args[0])
		member.Env = append(os.Environ(), memberBroker+"="+r.addr, memberDSN+"="+r.db.DSN(), memberEnd+"="+end)
		out, err := member.CombinedOutput()
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit, "%s", out)
		require.Equal(t, syscall.SIGKILL, exit.Sys().(syscall.WaitStatus).Signal(), "%s", out)
		if end == beforeInsert {
			require.Equal(t, before, facts(t, r))
		} else {
			require.Greater(t, facts(t, r), before)
		}
		ledger, _, err := ledgerEnds(t.Context(), r.db.Conn(), r.reg)
		require.NoError(t, err)
		committed, stored := b.Committed(testConfig().Group, event.TopicCases), int64(0)
		for p, at := range committed {
			require.LessOrEqual(t, at, ledger[partitionKey{event.TopicCases, int(p)}], "%s: partition %d", end, p)
		}
		for _, at := range ledger {
			stored += at
		}
		if end == afterInsert {
			require.Less(t, sum(committed), stored, "killed between the insert and the commit")
		}
	}
	r.start(lostConfig())
	s := r.read(n)
	require.True(t, s.OK(), "%+v", s)
	require.Equal(t, [4]int64{n, n, 0, 0}, [4]int64{s.Received, s.Stored, s.Duplicate, s.Rejected})
	require.EqualValues(t, n, facts(t, r))
	// Where nothing was left to read nothing is committed: the ledger knows. New facts are.
	r.cases(int(n), 200)
	r.read(n + 200)
	require.Eventually(t, func() bool { return sum(b.Committed(testConfig().Group, event.TopicCases)) == n+200 }, 10*time.Second,
		50*time.Millisecond, "all of it is committed")
}

func sum(offsets map[int32]int64) (n int64) {
	for _, at := range offsets {
		n += at
	}
	return n
}
