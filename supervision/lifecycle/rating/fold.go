package rating

import (
	"cmp"
	"slices"
	"strings"

	"duban/ingest/event"
	"duban/supervision/calendar"
	"duban/supervision/lifecycle"
)

// Fold judges the ratings of one subject (domain guide 4). Ratings may
// come in any order, twice, in several revisions and rewritten; facts must not
// be empty and must belong to one subject.
func Fold(facts []event.Rating, cal *calendar.Calendar, policy lifecycle.Policy) State {
	out := State{CalendarVersion: cal.Version()}
	out.SubjectKind, out.SubjectSys, out.SubjectNo = Subject(&facts[0])

	order := make([]int, len(facts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return compareDelivery(&facts[i], &facts[j]) })
	var runs []ratingRun
	for k := 0; k < len(order); {
		first := &facts[order[k]]
		until, head := lifecycle.Still, k
		for n := k; ; n++ {
			if n == len(order) || !sameRating(first, &facts[order[n]]) {
				k = n
				break
			}
			e := &facts[order[n]]
			switch {
			case n > head && e.Revision == facts[order[head]].Revision:
				out.Conflict = out.Conflict || !sameRatingClaim(&facts[order[head]], e)
				continue
			case n > head:
				head = n
			}
			// A lower revision counts only before the higher ones were said.
			if e.RatedAt < until {
				runs = append(runs, ratingRun{e: e, status: ratingStatus(e, cal, policy), until: until})
				until = e.RatedAt
			}
		}
	}
	slices.SortFunc(runs, func(a, b ratingRun) int {
		return cmp.Or(cmp.Compare(a.e.RatedAt, b.e.RatedAt), strings.Compare(a.e.RatingID, b.e.RatingID),
			cmp.Compare(a.e.Revision, b.e.Revision), strings.Compare(a.e.SourceSys, b.e.SourceSys))
	})
	for i := range runs {
		out.Ratings = appendRating(out.Ratings, runs, i)
	}
	return out
}

// ratingRun is one revision of a rating with the time in which it counts.
type ratingRun struct {
	e      *event.Rating
	status Status
	until  int64
}

// ratingStatus says whether a rating counts. Where its source does not say when the
// service was, ServedAt is the end of the served case or ticket by then, and Still
// when nothing was rendered yet.
func ratingStatus(e *event.Rating, cal *calendar.Calendar, policy lifecycle.Policy) Status {
	switch {
	case e.Excluded:
		return Excluded
	case e.IsDefault:
		return Default
	case e.FollowUp:
		return FollowUp
	case e.ServedAt > e.RatedAt:
		return Early
	case e.ServedAt != 0 && cal.CountWD(calendar.DayOf(e.ServedAt), calendar.DayOf(e.RatedAt)) > policy.RatingDays:
		return Late
	}
	return Valid
}

// appendRating adds the entries of one run. A valid rating counts but for the
// times in which a later valid one of the same rater and service is in force:
// one rating per (case, service, rater), the latest counts. There is one entry
// per time in which it counts; one that never does has From = Until.
func appendRating(to []Entry, runs []ratingRun, i int) []Entry {
	a := &runs[i]
	if a.status != Valid {
		return append(to, a.entry(a.e.RatedAt, a.until))
	}
	n, from := len(to), a.e.RatedAt
	for j := i + 1; j < len(runs) && from < a.until; j++ {
		b := &runs[j]
		if b.status != Valid || b.e.ServiceNo != a.e.ServiceNo || b.e.RaterToken != a.e.RaterToken {
			continue
		}
		if end := min(b.e.RatedAt, a.until); end > from {
			to = append(to, a.entry(from, end))
		}
		from = max(from, b.until)
	}
	if from < a.until {
		return append(to, a.entry(from, a.until))
	}
	if len(to) == n {
		to = append(to, a.entry(a.e.RatedAt, a.e.RatedAt))
	}
	return to
}

func (r *ratingRun) entry(from, until int64) Entry {
	e, served := r.e, r.e.ServedAt
	if served >= lifecycle.Still {
		served = 0 // nothing was rendered yet
	}
	return Entry{
		SourceSys: e.SourceSys, RatingID: e.RatingID, Level: e.Level, RatedAt: e.RatedAt, ServedAt: served,
		Status: r.status, From: from, Until: until, OrgCode: e.OrgCode, RegionCode: e.RegionCode,
		TaskCode: e.TaskCode, WindowID: e.WindowID, Channel: e.Channel, RealName: e.RealName,
	}
}

// Subject returns what a rating is about, as the tables name it.
func Subject(e *event.Rating) (kind, sys, no string) {
	sys = e.SubjectSys
	if sys == "" {
		sys = e.SourceSys
	}
	switch {
	case e.CaseNo != "":
		return "case", sys, e.CaseNo
	case e.TicketNo != "":
		return "ticket", sys, e.TicketNo
	}
	return "none", e.SourceSys, e.RatingID
}

// compareDelivery groups the deliveries of a rating: the highest revision
// first, of an identity the first delivery first.
func compareDelivery(a, b *event.Rating) int {
	return cmp.Or(
		strings.Compare(a.SourceSys, b.SourceSys), strings.Compare(a.RatingID, b.RatingID),
		cmp.Compare(b.Revision, a.Revision),
		cmp.Compare(a.Origin.ReceivedAt, b.Origin.ReceivedAt), cmp.Compare(a.Origin.Offset, b.Origin.Offset),
		cmp.Compare(a.Origin.Partition, b.Origin.Partition), cmp.Compare(a.Content, b.Content), cmp.Compare(a.Seq, b.Seq),
	)
}

func sameRating(a, b *event.Rating) bool {
	return a.SourceSys == b.SourceSys && a.RatingID == b.RatingID
}

func sameRatingClaim(a, b *event.Rating) bool {
	if a.Content != 0 || b.Content != 0 {
		return a.Content == b.Content
	}
	x, y := *a, *b
	x.Seq, x.EmittedAt, x.Origin = y.Seq, y.EmittedAt, y.Origin
	x.Identity = y.Identity
	return x == y
}
