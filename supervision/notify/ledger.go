package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"duban/queries"
)

// entry is a notice with what the ledger knows of it.
type entry struct {
	Notice
	MessageID      string
	Attempt        uint16
	PossibleRepeat bool
	CreatedAt      time.Time
	SentAt         time.Time
}

// The changes of a notice within one fold version, in their order.
const (
	changePlanned uint32 = iota + 1
	changeSending
	changeDone
)

// claim is what one process last said about a notice.
type claim struct {
	owner   string
	version uint64
	change  uint32
	state   State
	repeat  bool
}

// ledger reads and writes the tables of notices.
type ledger struct {
	conn  queries.Conn
	reg   *queries.Registry
	owner string
}

// saveRows bounds one statement.
const saveRows = 500

// jsonRow is what statement notify/save_notices takes.
type jsonRow struct {
	NoticeID       string   `json:"notice_id"`
	Change         uint32   `json:"change"`
	MessageID      string   `json:"message_id"`
	WindowAt       int64    `json:"window_at"`
	Events         []string `json:"events"`
	OrgCode        string   `json:"org_code"`
	Person         string   `json:"person"`
	Rung           string   `json:"rung"`
	Channel        string   `json:"channel"`
	Severity       string   `json:"severity"`
	State          State    `json:"state"`
	Attempt        uint16   `json:"attempt"`
	Reason         string   `json:"reason"`
	PossibleRepeat bool     `json:"possible_repeat"`
	NextAt         int64    `json:"next_at"`
	CreatedAt      int64    `json:"created_at"`
	SentAt         int64    `json:"sent_at"`
}

func (l *ledger) save(ctx context.Context, version uint64, change uint32, at time.Time, entries []entry) error {
	for start := 0; start < len(entries); start += saveRows {
		part := entries[start:min(start+saveRows, len(entries))]
		rows := make([]jsonRow, len(part))
		for i := range part {
			e := &part[i]
			rows[i] = jsonRow{
				NoticeID: e.ID, Change: change, MessageID: e.MessageID, WindowAt: e.WindowAt.UnixMilli(), Events: e.Events,
				OrgCode: e.OrgCode, Person: e.Person, Rung: e.Rung, Channel: e.Channel, Severity: e.Severity, State: e.State,
				Attempt: e.Attempt, Reason: e.Reason, PossibleRepeat: e.PossibleRepeat, NextAt: e.NextAt.UnixMilli(),
				CreatedAt: e.CreatedAt.UnixMilli(),
			}
			if !e.SentAt.IsZero() {
				rows[i].SentAt = e.SentAt.UnixMilli()
			}
		}
		text, err := json.Marshal(rows)
		if err != nil {
			return fmt.Errorf("write notices: %w", err)
		}
		err = l.reg.Exec(ctx, l.conn, "notify/save_notices", queries.Args{
			"rows": string(text), "fold_version": version, "owner": l.owner, "at": at,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// due lists what is to be sent at an instant, red cards first.
func (l *ledger) due(ctx context.Context, since, at time.Time, limit int) ([]entry, error) {
	rows, err := selectDue.All(ctx, l.reg, l.conn, queries.Args{"since": since, "at": at, "max_rows": limit})
	if err != nil {
		return nil, err
	}
	out := make([]entry, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = entry{
			Notice: Notice{ID: r.ID, WindowAt: r.WindowAt, Events: r.Events, OrgCode: r.OrgCode, Person: r.Person, Rung: r.Rung,
				Channel: r.Channel, Severity: r.Severity, State: r.State, Reason: r.Reason, NextAt: r.NextAt},
			MessageID: r.MessageID, Attempt: r.Attempt, PossibleRepeat: r.PossibleRepeat, CreatedAt: r.CreatedAt,
		}
	}
	return out, nil
}

// nextDue is when the next notice is to be sent, or until when there is none.
func (l *ledger) nextDue(ctx context.Context, since, until time.Time) (time.Time, error) {
	row, err := selectNextDue.One(ctx, l.reg, l.conn, queries.Args{"since": since, "at": until})
	if err != nil || row.Next == nil {
		return until, err
	}
	return *row.Next, nil
}

// claims reads what the processes say about notices.
func (l *ledger) claims(ctx context.Context, ids []string) (map[string][]claim, error) {
	rows, err := selectClaims.All(ctx, l.reg, l.conn, queries.Args{"ids": ids})
	if err != nil {
		return nil, err
	}
	out := make(map[string][]claim, len(ids))
	for _, r := range rows {
		out[r.ID] = append(out[r.ID], claim{owner: r.Owner, version: r.Version, change: r.Change, state: r.State, repeat: r.Repeat})
	}
	return out, nil
}

// covered tells which pairs of the events are planned already.
func (l *ledger) covered(ctx context.Context, events []Event, window time.Duration) (map[Pair]bool, error) {
	out := map[Pair]bool{}
	const chunk = 5000
	for start := 0; start < len(events); start += chunk {
		part := events[start:min(start+chunk, len(events))]
		ids, since := make([]string, len(part)), part[0].RecordedAt
		for i := range part {
			ids[i] = part[i].ID
			if part[i].RecordedAt.Before(since) {
				since = part[i].RecordedAt
			}
		}
		// An event that two engines wrote at once has another instant.
		rows, err := selectCovered.All(ctx, l.reg, l.conn, queries.Args{"events": ids, "since": since.Add(-window - time.Hour)})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[Pair{r.Event, r.Person, r.Channel}] = true
		}
	}
	return out, nil
}

// events reads the events after one fold version up to another.
func (l *ledger) events(ctx context.Context, after, until uint64, recordedSince, effectiveSince time.Time) ([]Event, error) {
	args := queries.Args{
		"after_version": after, "until_version": until, "recorded_since": recordedSince, "effective_since": effectiveSince,
	}
	alerts, err := selectAlertEvents.All(ctx, l.reg, l.conn, args)
	if err != nil {
		return nil, err
	}
	work, err := selectWorkEvents.All(ctx, l.reg, l.conn, args)
	if err != nil {
		return nil, err
	}
	out := make([]Event, 0, len(alerts)+len(work))
	for i := range alerts {
		e := alerts[i].event()
		e.Kept = alerts[i].Kept
		out = append(out, e)
	}
	for i := range work {
		out = append(out, work[i].event())
	}
	return out, nil
}

func (l *ledger) cursor(ctx context.Context) (uint64, error) {
	row, _, err := selectCursor.First(ctx, l.reg, l.conn, queries.Args{})
	return row.Planned, err
}

func (l *ledger) saveCursor(ctx context.Context, planned, version uint64, at time.Time) error {
	return l.reg.Exec(ctx, l.conn, "notify/save_cursor", queries.Args{"planned_version": planned, "fold_version": version, "at": at})
}

// history counts announced events that are too old to be told of.
func (l *ledger) history(ctx context.Context, after, until uint64, effectiveSince time.Time) (uint64, error) {
	row, _, err := selectHistory.First(ctx, l.reg, l.conn, queries.Args{
		"after_version": after, "until_version": until, "effective_since": effectiveSince,
	})
	return row.Events, err
}
