package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/cmd/duban/internal/shell"
	"duban/ingest/importer"
	"duban/internal/store/storetest"
	"duban/queries"
)

// A figure that is asked for on the command line says what its page says: which messages of
// its period it is without.
func TestAFigureOnTheCommandLineTellsOfLostMessages(t *testing.T) {
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	cl := &shell.Client{Reg: reg, DB: db}
	at := func(day int) time.Time { return time.Date(2026, time.June, day, 0, 0, 0, 0, time.UTC) }
	said := func(from, to time.Time) string {
		var b bytes.Buffer
		require.NoError(t, sayLosses(t.Context(), &b, cl, from, to, at(30)))
		return b.String()
	}
	require.Empty(t, said(time.Time{}, time.Time{}))
	require.NoError(t, db.Conn().Exec(t.Context(), `INSERT INTO ingest_losses
		(topic, partition, from_offset, until_offset, kind, messages, before_at, noticed_at)
		VALUES ('case-events', 0, 10, 17, 'dropped', 7, '2026-06-10 00:00:00', '2026-06-11 00:00:00'),
		('hotline-tickets', 0, 3, 3, 'made_anew', 0, '2026-06-10 00:00:00', '2026-06-11 00:00:00')`))
	told := said(time.Time{}, time.Time{})
	require.Contains(t, told, "7 messages of case-events in this period were lost")
	require.Contains(t, told, "messages of hotline-tickets in this period may have been lost")
	require.Equal(t, told, said(at(1), at(30)))
	require.Empty(t, said(at(12), at(30)), "of a period that begins after it")
	require.Empty(t, said(at(1), at(9)), "of one that ends before")
}

// Whoever loads a file is told that the limits that it asks for do not count.
func TestALoadSaysThatLimitsDoNotCount(t *testing.T) {
	var b bytes.Buffer
	printLoad(&b, importer.Summary{Events: 3, LimitsRefused: 2}, false)
	require.Contains(t, b.String(), "2 events ask for limits of their own")
	b.Reset()
	printLoad(&b, importer.Summary{Events: 3}, false)
	require.NotContains(t, b.String(), "limits of their own")
}
