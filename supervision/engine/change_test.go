package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// closing makes an engine by whose policy a day ends when the halls close.
func closing(t *testing.T, db *store.DB, instant time.Time) *engine.Engine {
	t.Helper()
	return enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules = catalogue(t).Only("R-DDL-03")
		c.Policy.Due.Mode = calendar.CloseOfBusiness
		c.LeaseTTL = 200 * time.Millisecond
		began := time.Now()
		d.Now = func() time.Time { return instant.Add(time.Since(began)) }
	})
}

// Case A of overdue is due on Monday 9 March at the end of the day, under the
// other policy when the halls close, so that at 20:00 its card appears.
func TestAChangeIsExplainedBeforeItIsApplied(t *testing.T) {
	db, scratch := storetest.New(t), storetest.New(t)
	enginetest.Insert(t, db, append(overdue("A"), life("1")...)...)
	require.NoError(t, at(t, db, march(9, 20), nil).CatchUp(t.Context()))
	before := states(t, db)
	reg, err := queries.Load()
	require.NoError(t, err)

	require.NoError(t, engine.CopyFrom(t.Context(), db, scratch, reg, db.Name()))
	require.NoError(t, closing(t, scratch, march(12, 9)).Replay(t.Context()))
	moved := func() (lines []string) {
		res, err := reg.Run(t.Context(), scratch.Conn(), "change/moved", queries.Args{"main": db.Name(), "max_rows": 100})
		require.NoError(t, err)
		for _, m := range res.Maps() {
			if m["rule_or_clock"] == "K3" || m["what"] != "due" {
				lines = append(lines, fmt.Sprintf("%s %s %s: %s > %s", m["what"], m["rule_or_clock"], m["subject_no"], m["was"], m["is"]))
			}
		}
		return lines
	}
	want := moved()
	require.Len(t, want, 3)
	require.Equal(t, "appears R-DDL-03 A:  > yellow", want[0])
	require.Regexp(t, `^due K3 1: 2026-03-09 23:59:59.999 > 2026-03-09 1\d:\d\d:`, want[1])
	require.Regexp(t, `^due K3 A: 2026-03-09 23:59:59.999 > 2026-03-09 1\d:\d\d:`, want[2])
	res, err := reg.Run(t.Context(), scratch.Conn(), "change/counts", queries.Args{"main": db.Name()})
	require.NoError(t, err)
	require.Equal(t, []any{"appears", "R-DDL-03", "org", uint64(1), uint64(0), "", "yellow"}, res.Rows[0])

	require.Equal(t, before, states(t, db), "nothing was written")
	require.Equal(t, 0, count(t, db, "alerts"))

	// Applied, it does just that; taken back, the history says why.
	require.NoError(t, closing(t, db, march(9, 20)).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ", events(t, db))
	require.NoError(t, at(t, db, march(9, 20), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ; cancelled yellow cancelled rule_changed", events(t, db))
}

// A card that another version of the item takes back is no late fact.
func TestAChangedItemSaysSo(t *testing.T) {
	db := storetest.New(t)
	five, ten := int32(5), int32(10)
	item := event.Item{SourceSys: "s", TaskCode: "task", TaskVersion: "1", EventID: "i", Name: "n", ValidFrom: 19000, PromiseDays: &five, PromiseUnit: "W"}
	enginetest.Insert(t, db, item, fact("A", event.Apply, day(2), ""), fact("A", event.Accept, day(2), ""))
	require.NoError(t, at(t, db, march(10, 1), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ", events(t, db))
	item.Revision, item.PromiseDays = 1, &ten
	enginetest.Insert(t, db, item)
	require.NoError(t, at(t, db, march(10, 2), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ; cancelled yellow cancelled catalogue_changed", events(t, db))
}
