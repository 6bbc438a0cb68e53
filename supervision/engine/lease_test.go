package engine_test

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestOfTwoEnginesOneWorksAndTheOtherTakesOver(t *testing.T) {
	db := storetest.New(t)
	f := &faulty{DB: db}
	ended1 := run(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) { d.Store = f }))
	enginetest.Insert(t, db, life("1")...)
	require.Eventually(t, func() bool { return count(t, db, "cases") == 1 }, 20*time.Second, 20*time.Millisecond)
	ended2 := run(t, enginetest.New(t, db, nil))
	for i := range 5 {
		enginetest.Insert(t, db, life("a"+strconv.Itoa(i))...)
		time.Sleep(300 * time.Millisecond)
	}
	require.Eventually(t, func() bool { return count(t, db, "cases") == 6 }, 20*time.Second, 20*time.Millisecond)
	require.Equal(t, 1, count(t, db, "(SELECT DISTINCT epoch FROM leases)"), "the second stands by while the first beats")

	// The first is cut off without a word: nothing is released.
	f.set(func(string) error { return errCut })
	enginetest.Insert(t, db, life("2")...)
	require.Eventually(t, func() bool { return count(t, db, "cases FINAL WHERE case_no = '2'") == 1 }, 20*time.Second, 20*time.Millisecond)
	require.Greater(t, count(t, db, "(SELECT DISTINCT epoch FROM leases)"), 1)
	// It comes back and stands by.
	f.set(nil)
	enginetest.Insert(t, db, life("3")...)
	require.Eventually(t, func() bool { return count(t, db, "cases FINAL WHERE case_no = '3'") == 1 }, 20*time.Second, 20*time.Millisecond)
	require.NoError(t, ended2())
	enginetest.Insert(t, db, life("4")...)
	require.Eventually(t, func() bool { return count(t, db, "cases FINAL WHERE case_no = '4'") == 1 }, 20*time.Second, 20*time.Millisecond,
		"the first takes over from the one that ended in order")
	require.NoError(t, ended1())
}

func TestAnEngineThatWakesUpLateOverwritesNothing(t *testing.T) {
	db := storetest.New(t)
	// So many facts that the reader cannot end before the insert begins: that
	// takes a second connection.
	facts := life("1")[:2]
	for _, no := range []string{"0", "2", "3", "4"} {
		for i := range 9000 {
			f := fact(no, event.Activity, day(2)+int64(i), "")
			f.EventID = no + "-" + strconv.Itoa(i)
			facts = append(facts, f)
		}
	}
	enginetest.Insert(t, db, facts...)
	// The first engine falls asleep when it is about to open its insert, and
	// its beat with it.
	f := &faulty{DB: db}
	var dials atomic.Int32
	var asleep atomic.Bool
	stopped, wake, beat := make(chan struct{}), make(chan struct{}), make(chan struct{})
	f.set(func(s string) error {
		switch {
		case s == "native" && dials.Add(1) == 2:
			asleep.Store(true)
			close(stopped)
			<-wake
		case strings.Contains(s, "FROM leases") && asleep.Load():
			<-beat
		}
		return nil
	})
	late := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) { d.Store, c.Workers = f, 1 })
	done := make(chan error, 1)
	go func() { done <- late.CatchUp(t.Context()) }()
	select {
	case <-stopped:
	case err := <-done:
		t.Fatalf("it did not come to the insert: %v", err)
	}
	enginetest.Insert(t, db, life("1")[2:]...)
	enginetest.Fold(t, db) // waits for the lease of the sleeper to run out
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE facts = 3"))

	close(wake)
	require.Eventually(t, func() bool { return count(t, db, "cases WHERE facts = 2") == 1 },
		20*time.Second, 5*time.Millisecond, "the late state reaches the table")
	time.Sleep(100 * time.Millisecond)
	close(beat)
	<-done
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE facts = 3 AND h_state[-1] = 'finished'"))
	require.Equal(t, 5, count(t, db, "cases FINAL"))
	require.Equal(t, 0, count(t, db, "deliveries AS d LEFT JOIN (SELECT * FROM fold_cursors FINAL) AS c ON c.topic = d.topic AND c.partition = d.partition WHERE d.offset >= c.next_offset"))
}

func TestARestartUnderTheSameNameDoesNotWait(t *testing.T) {
	db := storetest.New(t)
	f := &faulty{DB: db}
	named := func(c *engine.Config, d *engine.Deps) { c.Instance, c.LeaseTTL = "data folder", time.Minute }
	enginetest.Insert(t, db, life("1")...)
	run(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) { named(c, d); d.Store = f }))
	require.Eventually(t, func() bool { return count(t, db, "cases") == 1 }, 20*time.Second, 20*time.Millisecond)
	f.set(func(string) error { return errCut }) // killed
	enginetest.Insert(t, db, life("2")...)
	ended := run(t, enginetest.New(t, db, named))
	require.Eventually(t, func() bool { return count(t, db, "cases FINAL") == 2 }, 20*time.Second, 20*time.Millisecond)
	require.NoError(t, ended())
}
