package simulate

import (
	"fmt"
	"strconv"

	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/truth"
	"duban/supervision/simulate/world"
)

// recordExpected enters what a planned life has to lead to into the ledger.
func (r *run) recordExpected(s *plan.Subject, subs []truth.SubCase, delayed [3]int64) error {
	for i, n := range delayed {
		r.byTopic[i].Delayed += n
	}
	for i := range s.Facts {
		f := &s.Facts[i]
		if f.About == plan.AboutRating {
			r.subjects.Ratings += int64(world.One(f.Revision == 0))
			continue
		}
		r.types[topicName(f.About)][f.Type]++
	}
	if s.Planted != "" {
		r.alerts.Planted[s.Planted]++
	}
	r.rates.CountRatings(r.judge, s)
	for i := range s.Facts {
		f := &s.Facts[i]
		if f.About != plan.AboutRating || f.Level > 2 || !truth.RatingCounts(r.world, f, r.end) {
			continue
		}
		b := plan.BadRatingOf(s, f)
		r.bad = append(r.bad, b)
		if r.config.Pace != nil { // people act only where the product has opened an order
			continue
		}
		actions := plan.RatingWork(r.world, r.config.Seed, r.config.Violations, &b)
		if n := len(actions); n > 0 && actions[n-1].State == "excluded" && actions[n-1].At < r.end {
			f.ExcludedAt = actions[n-1].At
		}
	}
	if s.Ticket {
		if err := r.recordAlerts("ticket", s.No, r.judge.Ticket(s)); err != nil {
			return err
		}
		if no, chains := r.judge.Repeated(s); no != nil {
			if err := r.recordAlerts("ticket", no, chains); err != nil {
				return err
			}
		}
		return r.recordTicket(s)
	}
	if err := r.recordAlerts("case", s.No, r.judge.Case(s, subs)); err != nil {
		return err
	}
	return r.recordCase(s)
}

func topicName(a plan.About) string {
	if a == plan.AboutTicket {
		return "hotline-tickets"
	}
	return "case-events"
}

func (r *run) recordCase(s *plan.Subject) error {
	if !s.Test {
		r.stats.Count(r.judge, s.Org)
		r.stats.CountBad(r.judge, s)
	}
	t := r.tally.AddCase(s)
	if !s.Test && !s.Secret && r.judge.Begun() {
		r.rates.CountCase(r.judge, &t)
	}
	// What a source calls the version of the item depends on when the case
	// was accepted in the end.
	s.AcceptedAt = t.AcceptedAt
	if r.asOf != r.end {
		s.AcceptedAt = truth.OfCase(r.world, s, r.end).AcceptedAt
	}
	r.subjects.Cases++
	r.subjects.TestCases += int64(world.One(s.Test))
	r.subjects.SecretCases += int64(world.One(s.Secret && !s.Test))
	if t.State != "" {
		r.states["case"][t.State]++
	}
	if r.config.Cases == nil {
		return nil
	}
	w := r.world
	b := append(r.line[:0], '{')
	b = field(b, "case_no", string(s.No))
	b = field(b, "org_code", w.Orgs[s.Org].Code)
	b = field(b, "region_code", w.Regions[s.Region].Code)
	b = field(b, "task_code", w.Items[s.Item].Task)
	b = field(b, "channel", s.Channel)
	b = field(b, "state", t.State)
	b = r.instant(b, "applied_at", t.AppliedAt)
	b = r.instant(b, "accepted_at", t.AcceptedAt)
	b = r.instant(b, "finished_at", t.FinishedAt)
	b = r.instant(b, "stop_at", t.StopAt)
	b = r.instant(b, "promise_due", t.PromiseDue)
	b = r.instant(b, "legal_due", t.LegalDue)
	b = r.instant(b, "pause_until", t.PausedUntil)
	b = field(b, "excluded", t.Excluded)
	b = flag(b, "deemed", t.Deemed)
	b = flag(b, "overdue", t.Late(t.PromiseDue, r.asOf))
	b = flag(b, "legal_overdue", t.Late(t.LegalDue, r.asOf))
	b = field(b, "planted", s.Planted)
	r.line = append(b, '}', '\n')
	if _, err := r.config.Cases.Write(r.line); err != nil {
		return fmt.Errorf("write the ledger of cases: %w", err)
	}
	return nil
}

func (r *run) recordTicket(s *plan.Subject) error {
	t := r.tally.AddTicket(s)
	if !s.Test {
		r.stats.Count(r.judge, t.Org)
	}
	r.subjects.Tickets++
	r.subjects.TestTickets += int64(world.One(s.Test))
	if t.State != "" {
		r.states["ticket"][t.State]++
	}
	if r.config.Tickets == nil {
		return nil
	}
	w := r.world
	b := append(r.line[:0], '{')
	b = field(b, "ticket_no", string(s.No))
	b = field(b, "org_code", w.Orgs[t.Org].Code)
	b = field(b, "region_code", w.Regions[s.Region].Code)
	b = field(b, "channel", s.Channel)
	b = field(b, "kind", s.Kind)
	b = field(b, "state", t.State)
	b = r.instant(b, "received_at", t.ReceivedAt)
	b = r.instant(b, "dispatched_at", t.DispatchedAt)
	b = r.instant(b, "stop_at", t.StopAt)
	b = r.instant(b, "closed_at", t.ClosedAt)
	b = r.instant(b, "due", t.Due)
	b = field(b, "excluded", t.Excluded)
	b = flag(b, "urgent", s.Urgent)
	overdue := t.Excluded == "" && t.Due != 0 && (t.StopAt > t.Due || t.StopAt == 0 && r.asOf > t.Due)
	b = flag(b, "overdue", overdue)
	b = field(b, "planted", s.Planted)
	r.line = append(b, '}', '\n')
	if _, err := r.config.Tickets.Write(r.line); err != nil {
		return fmt.Errorf("write the ledger of tickets: %w", err)
	}
	return nil
}

// field, flag and instant write members of a line; an instant that has not
// come is null.
func field(b []byte, name, value string) []byte {
	return append(append(member(b, name), '"'), value+`"`...)
}

func flag(b []byte, name string, value bool) []byte {
	return strconv.AppendBool(member(b, name), value)
}

func (r *run) instant(b []byte, name string, at int64) []byte {
	b = member(b, name)
	if at == 0 {
		return append(b, "null"...)
	}
	return append(r.encoder.Stamps.Append(append(b, '"'), at), '"')
}

func member(b []byte, name string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(append(append(b, '"'), name...), '"', ':')
}

// recordReference enters the alerts on the catalogue and on the directory.
func (r *run) recordReference() error {
	for i := range r.world.Items {
		it := &r.world.Items[i]
		if it.ThinGuide {
			r.alerts.Planted["R-NRM-01"]++
		}
		if err := r.recordAlerts("item", []byte(it.Task), r.judge.Item(it)); err != nil {
			return err
		}
	}
	for i := range r.world.Orgs {
		o := &r.world.Orgs[i]
		if !o.HiddenList {
			continue
		}
		r.alerts.Planted["R-NRM-06-L"]++
		if err := r.recordAlerts("org", []byte(o.Code), r.judge.HiddenList()); err != nil {
			return err
		}
	}
	return nil
}

// recordStatistics enters the alerts of the rules on organisations and sources.
func (r *run) recordStatistics() error {
	for i := range r.world.Orgs {
		org := int32(i)
		if err := r.recordAlerts("source", []byte(r.config.Source), r.judge.Source(&r.stats, &r.rates, org)); err != nil {
			return err
		}
		chains := r.judge.Organisation(&r.stats, &r.rates, org, r.to)
		if err := r.recordAlerts("org", []byte(r.world.Orgs[i].Code), chains); err != nil {
			return err
		}
	}
	return nil
}
