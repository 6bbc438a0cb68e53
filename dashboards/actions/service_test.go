package actions

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

// journal keeps what is recorded; full says that nothing can be.
type journal struct {
	full     error
	messages []map[string]any
	flushed  bool
}

func (j *journal) Ready() error { return j.full }

func (j *journal) Record(_ context.Context, _ Subject, message []byte) error {
	m := map[string]any{}
	j.messages = append(j.messages, m)
	return json.Unmarshal(message, &m)
}

func (j *journal) Flush(context.Context) error { j.flushed = true; return nil }

func TestACommandIsRecordedAsAFactOfThePersonAndTheRestIsRefused(t *testing.T) {
	s, j := newService(t), &journal{}
	at := time.Date(2026, 6, 9, 10, 0, 0, 0, time.UTC)
	s.Journal, s.Now = j, func() time.Time { return at }
	u := access.User{ID: "u-1", Name: "m", Display: "Ms Li", Role: access.DeptManager, OrgCode: "office"}
	ctx, stop := context.WithTimeout(access.NewContext(t.Context(), u), time.Second) // no engine answers
	defer stop()
	note := func(id string) Command {
		return Command{Subject: Subject{Kind: "alert", ID: id, Seq: 1}, Action: "ack", Payload: map[string]any{"comment": "seen"}}
	}
	revoke := note("a0000002")
	revoke.Action = "revoke"

	got, err := s.Act(ctx, PersonOf(u), []Command{note("a0000003"), note("a0000002"), revoke})
	require.NoError(t, err)
	require.Equal(t, []string{Forbidden, Waiting, Forbidden}, []string{got[0].Outcome, got[1].Outcome, got[2].Outcome},
		"of another organisation; the own card; what is the supervisor's")
	require.True(t, j.flushed)
	require.Equal(t, []map[string]any{{"event_id": got[1].Event, "source_sys": "duban", "subject_kind": "alert", "subject_id": "a0000002",
		"action": "ack", "expected_seq": 1.0, "actor": "u-1", "role": "dept_manager", "org_code": "office",
		"event_time": "2026-06-09T10:00:00Z", "payload": map[string]any{"comment": "seen"}}}, j.messages)
}

func TestNothingIsRecordedWhereTheJournalIsNotReady(t *testing.T) {
	s, j := newService(t), &journal{full: errors.New("the disk is full")}
	s.Journal = j
	u := access.User{ID: "u-1", Name: "m", Role: access.DeptManager, OrgCode: "office"}
	_, err := s.Act(access.NewContext(t.Context(), u), PersonOf(u), []Command{
		{Subject: Subject{Kind: "alert", ID: "a0000002", Seq: 1}, Action: "ack"}})
	require.ErrorIs(t, err, j.full)
	require.Empty(t, j.messages)
}
