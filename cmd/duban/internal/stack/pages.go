package stack

import (
	"context"
	"time"

	"duban/dashboards/page/kit"
	"duban/ingest"
	"duban/supervision/engine"
	"duban/supervision/lawzone"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/explain"
)

// The adapters below join the pages to the rest of the product, which the
// pages may not import.

// topicStatus tells the pages what became of every message.
type topicStatus struct{ auditor *ingest.Auditor }

// Topics implements kit.StatusSource.
func (t topicStatus) Topics(ctx context.Context) ([]kit.TopicStatus, error) {
	rep, err := t.auditor.Status(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]kit.TopicStatus, len(rep.Topics))
	for i, s := range rep.Topics {
		out[i] = kit.TopicStatus{
			Topic: string(s.Topic), Received: whole(s.Received), Stored: whole(s.Stored), Duplicate: whole(s.Duplicate),
			Rejected: whole(s.Rejected), Pending: whole(s.Pending), Lost: whole(s.Lost), Holds: s.IdentityHolds,
		}
		for _, p := range s.Problems {
			out[i].Problems = append(out[i].Problems, kit.TopicProblem{Kind: p.Kind, Count: whole(p.Count)})
		}
	}
	return out, nil
}

func whole(n int64) uint64 { return uint64(max(0, n)) }

// explainer folds one subject again for its page.
type explainer struct{ engine *engine.Engine }

// ExplainCase implements kit.Explainer.
func (x explainer) ExplainCase(ctx context.Context, source, caseNo string, asOf time.Time) (*kit.Explanation, error) {
	e, err := x.engine.ExplainCase(ctx, source, caseNo, asOf)
	if err != nil || e == nil {
		return nil, err
	}
	return explanation(e.State.CalendarVersion, e.State.Clocks, e.Days, e.State.Illegal), nil
}

// ExplainTicket implements kit.Explainer.
func (x explainer) ExplainTicket(ctx context.Context, source, ticketNo string, asOf time.Time) (*kit.Explanation, error) {
	e, err := x.engine.ExplainTicket(ctx, source, ticketNo, asOf)
	if err != nil || e == nil {
		return nil, err
	}
	return explanation(e.State.CalendarVersion, e.State.Clocks, e.Days, e.State.Illegal), nil
}

func explanation(version string, clocks []lifecycle.Clock, days [][]explain.Day, illegal []lifecycle.Illegal) *kit.Explanation {
	out := &kit.Explanation{CalendarVersion: version}
	for i, k := range clocks {
		c := kit.ClockExplanation{Clock: k.Clock, No: int(k.No)}
		for _, d := range days[i] {
			c.Days = append(c.Days, kit.DayExplanation{
				Day: time.UnixMilli(d.Day.Start()).In(lawzone.Zone), Role: dayRole(d), Reason: string(d.Reason),
				Name: d.Name, Counted: int(d.Used), Note: pauseNote(d),
			})
		}
		out.Clocks = append(out.Clocks, c)
	}
	for _, f := range illegal {
		out.Illegal = append(out.Illegal, kit.IllegalFact{EventID: f.EventID, Type: f.Type, At: time.UnixMilli(f.At), From: f.From})
	}
	return out
}

// dayRole says what a day is for the pages: the due day and days that ran over
// it are told apart from those that just counted.
func dayRole(d explain.Day) string {
	if d.Due && d.Role == explain.Counted {
		return "due"
	}
	if d.Role == explain.Off {
		return "skipped"
	}
	return string(d.Role)
}

func pauseNote(d explain.Day) string {
	if d.Role != explain.Paused {
		return ""
	}
	if d.Detail != "" {
		return d.Detail
	}
	return string(d.Pause)
}
