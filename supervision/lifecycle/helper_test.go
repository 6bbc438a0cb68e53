package lifecycle_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"duban/ingest/event"
	"duban/supervision/calendar"
	"duban/supervision/lawzone"
	"duban/supervision/lifecycle"

	"github.com/stretchr/testify/require"
)

// at reads a local time: "2018-10-15 09:00" or "2018-10-15 09:00:00.000"; in
// short form "10-15 09" is of 2018.
func at(s string) int64 {
	for _, layout := range []string{"2006-01-02 15:04:05.000", "2006-01-02 15:04", "2006-01-02 15", "2006-01-02"} {
		for _, v := range []string{s, "2018-" + s} {
			if t, err := time.ParseInLocation(layout, v, lawzone.Zone); err == nil {
				return t.UnixMilli()
			}
		}
	}
	panic("bad time in a test: " + s)
}

// show writes an instant: only the day when it is the end of one.
func show(ms int64) string {
	t := time.UnixMilli(ms).In(lawzone.Zone)
	switch {
	case ms == lifecycle.Still:
		return "still"
	case t.Format("15:04:05.000") == "23:59:59.999":
		return t.Format("01-02")
	default:
		return t.Format("01-02_15:04")
	}
}

func cal(t testing.TB) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Default()
	require.NoError(t, err)
	return c
}

// fact makes a case fact; ids are numbered by their place.
type fact struct{ at, typ, payload string }

func caseFacts(list ...fact) []event.Case {
	out := make([]event.Case, 0, len(list))
	for i, f := range list {
		out = append(out, event.Case{
			SourceSys: "s", CaseNo: "c1", EventID: fmt.Sprintf("e%02d", i+1), Type: event.CaseType(f.typ),
			OccurredAt: at(f.at), Payload: f.payload, Origin: event.Origin{Offset: int64(i), ReceivedAt: 1_700_000_000_000 + int64(i)},
		})
	}
	return out
}

func ticketFacts(list ...fact) []event.Ticket {
	out := make([]event.Ticket, 0, len(list))
	for i, f := range list {
		typ, org, _ := strings.Cut(f.typ, "@")
		out = append(out, event.Ticket{
			SourceSys: "s", TicketNo: "t1", EventID: fmt.Sprintf("e%02d", i+1), Type: event.TicketType(typ), OrgCode: org,
			OccurredAt: at(f.at), Payload: f.payload, Origin: event.Origin{Offset: int64(i), ReceivedAt: 1_700_000_000_000 + int64(i)},
		})
	}
	return out
}

// line writes a snapshot with everything that is not zero but timestamps.
func line(s lifecycle.Snapshot) string {
	var b strings.Builder
	b.WriteString(string(s.State))
	if s.Excluded != "" {
		fmt.Fprintf(&b, " [%s]", s.Excluded)
	}
	if s.PromiseDue != 0 {
		fmt.Fprintf(&b, " due %s %s", show(s.PromiseDue), s.PromiseBasis)
	}
	if s.LegalDue != 0 {
		fmt.Fprintf(&b, " legal %s", show(s.LegalDue))
	}
	if s.Provisional {
		b.WriteString(" provisional")
	}
	if s.PauseUntil != 0 {
		fmt.Fprintf(&b, " paused-until %s", show(s.PauseUntil))
	}
	if s.LegalPauseUntil != 0 && s.LegalPauseUntil != s.PauseUntil {
		fmt.Fprintf(&b, " legal-paused-until %s", show(s.LegalPauseUntil))
	}
	if s.Deemed {
		b.WriteString(" deemed")
	}
	if s.StopAt != 0 {
		fmt.Fprintf(&b, " stop %s", show(s.StopAt))
	}
	if s.NetDays.OK {
		fmt.Fprintf(&b, " net %d", s.NetDays.V)
	}
	if s.MarginDays.OK {
		fmt.Fprintf(&b, " margin %d", s.MarginDays.V)
	}
	if s.LegalMarginDays.OK {
		fmt.Fprintf(&b, "/%d", s.LegalMarginDays.V)
	}
	return b.String()
}

func ticketLine(s lifecycle.TicketSnapshot) string {
	var b strings.Builder
	b.WriteString(string(s.State))
	if s.Excluded != "" {
		fmt.Fprintf(&b, " [%s]", s.Excluded)
	}
	if s.Org != "" {
		fmt.Fprintf(&b, " at %s", s.Org)
	}
	if s.DueAt != 0 {
		fmt.Fprintf(&b, " due %s %s", show(s.DueAt), s.DueBasis)
	}
	if s.Provisional {
		b.WriteString(" provisional")
	}
	if s.StopAt != 0 {
		fmt.Fprintf(&b, " stop %s", show(s.StopAt))
	}
	if s.NetDays.OK {
		fmt.Fprintf(&b, " net %d", s.NetDays.V)
	}
	if s.MarginDays.OK {
		fmt.Fprintf(&b, " margin %d", s.MarginDays.V)
	}
	return b.String()
}

// clockLines writes the clocks named, one per line.
func clockLines(clocks []lifecycle.Clock, names string) string {
	var out []string
	for _, k := range clocks {
		if !strings.Contains(names, k.Clock) {
			continue
		}
		l := fmt.Sprintf("%s#%d %s", k.Clock, k.No, show(k.StartAt))
		if k.DueAt != 0 {
			l += " due " + show(k.DueAt)
		}
		if k.StopAt != 0 {
			l += " stop " + show(k.StopAt)
		}
		if k.Limit.OK {
			l += fmt.Sprintf(" %d%s", k.Limit.V, k.Unit)
		}
		if k.PausedDays != 0 {
			l += fmt.Sprintf(" paused %d", k.PausedDays)
		}
		if k.ExtendedDays != 0 {
			l += fmt.Sprintf(" extended %d", k.ExtendedDays)
		}
		if k.Provisional {
			l += " provisional"
		}
		out = append(out, l+" "+string(k.Outcome))
	}
	return strings.Join(out, "\n")
}

func intp(n int32) *int32 { return &n }

// policyOfTests is the default one, under which every source may have limits of its own.
func policyOfTests() lifecycle.Policy {
	p := lifecycle.DefaultPolicy()
	p.OwnLimits = []string{"*"}
	return p
}
