package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/explain"
)

func TestAnExplanationSaysDayByDayHowADueDateCameAbout(t *testing.T) {
	db := storetest.New(t)
	e := enginetest.New(t, db, nil)
	promise := int32(5)
	enginetest.Insert(t, db,
		event.Item{SourceSys: "s", EventID: "i", TaskCode: "task", TaskVersion: "1", Name: "n", ValidFrom: 20000, PromiseDays: &promise, PromiseUnit: "W"},
		fact("1", event.Apply, day(2), ""), fact("1", event.Accept, day(2), ""),
		fact("1", event.SuspendStart, day(3), `{"suspend_type":"expert_review","approved_days":10}`),
		fact("1", event.SuspendEnd, day(5), ""), fact("1", event.Finish, day(10), ""),
		event.Ticket{SourceSys: "s", TicketNo: "t", EventID: "a", Type: event.TReceive, OccurredAt: day(2), Kind: "help"},
		event.Ticket{SourceSys: "s", TicketNo: "t", EventID: "b", Type: event.TDispatch, OccurredAt: day(2) + 1, OrgCode: "o"},
	)
	enginetest.Fold(t, db)

	x, err := e.ExplainCase(t.Context(), "s", "1", time.UnixMilli(day(20)))
	require.NoError(t, err)
	require.Len(t, x.Facts, 5)
	require.Len(t, x.Days, len(x.State.Clocks))
	last := x.State.History[len(x.State.History)-1]
	require.Equal(t, lifecycle.Finished, last.State)
	require.Equal(t, time.Date(2026, 3, 11, 15, 59, 59, 999_000_000, time.UTC).UnixMilli(), last.PromiseDue)
	roles := map[string]explain.Role{}
	for i, k := range x.State.Clocks {
		if k.Clock == "K3" {
			for _, d := range x.Days[i] {
				roles[d.Day.String()] = d.Role
			}
		}
	}
	require.Equal(t, map[string]explain.Role{
		"2026-03-02": explain.Start, "2026-03-03": explain.Counted, "2026-03-04": explain.Paused,
		"2026-03-05": explain.Paused, "2026-03-06": explain.Counted, "2026-03-07": explain.Off,
		"2026-03-08": explain.Off, "2026-03-09": explain.Counted, "2026-03-10": explain.Counted,
		"2026-03-11": explain.Counted,
	}, roles)

	x, err = e.ExplainCase(t.Context(), "s", "1", time.UnixMilli(day(4)))
	require.NoError(t, err)
	require.Len(t, x.Facts, 3, "what occurs later is not known")
	require.Equal(t, lifecycle.Suspended, x.State.History[len(x.State.History)-1].State)

	y, err := e.ExplainTicket(t.Context(), "s", "t", time.UnixMilli(day(4)))
	require.NoError(t, err)
	require.Len(t, y.Facts, 2)
	require.Len(t, y.Days, len(y.State.Clocks))

	x, err = e.ExplainCase(t.Context(), "s", "none", time.UnixMilli(day(4)))
	require.NoError(t, err)
	require.Nil(t, x)
}
