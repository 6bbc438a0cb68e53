package rating_test

import (
	"fmt"
	"testing"

	"duban/ingest/event"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/rating"

	"github.com/stretchr/testify/assert"
)

// rated makes a rating of case c1 served on Monday 2018-10-15.
func rated(id, when string, level uint8) event.Rating {
	return event.Rating{SourceSys: "s", RatingID: id, RatedAt: at(when), ServedAt: at("10-15 09"), Level: level, CaseNo: "c1", RaterToken: "r"}
}

func ratings(t *testing.T, list ...event.Rating) []string {
	s := rating.Fold(list, cal(t), lifecycle.DefaultPolicy())
	var out []string
	for _, r := range s.Ratings {
		out = append(out, fmt.Sprintf("%s %d %s %s..%s", r.RatingID, r.Level, r.Status, show(r.From), show(r.Until)))
	}
	return out
}

func TestRatingStatus(t *testing.T) {
	with := func(f func(*event.Rating)) event.Rating { r := rated("a", "10-16 10", 2); f(&r); return r }
	for _, v := range []struct {
		name string
		r    event.Rating
		want string
	}{
		{"valid within five working days", rated("a", "10-22 23", 2), "a 2 valid 10-22_23:00..still"},
		{"late on the sixth", rated("a", "10-23 00", 2), "a 2 late 10-23_00:00..still"},
		{"without a service time it is not late", with(func(r *event.Rating) { r.ServedAt, r.RatedAt = 0, at("12-01 10") }),
			"a 2 valid 12-01_10:00..still"},
		{"before the service", with(func(r *event.Rating) { r.ServedAt = at("10-16 11") }), "a 2 early 10-16_10:00..still"},
		{"before any service was rendered", with(func(r *event.Rating) { r.ServedAt = lifecycle.Still }), "a 2 early 10-16_10:00..still"},
		{"filled in by the system", with(func(r *event.Rating) { r.IsDefault = true }), "a 2 default 10-16_10:00..still"},
		{"taken out by decision, also a default", with(func(r *event.Rating) { r.Excluded, r.IsDefault = true, true }),
			"a 2 excluded 10-16_10:00..still"},
		{"follow-up after rectification", with(func(r *event.Rating) { r.FollowUp = true }), "a 2 follow_up 10-16_10:00..still"},
	} {
		assert.Equal(t, []string{v.want}, ratings(t, v.r), v.name)
	}
}

func TestTheLatestRatingOfARaterCounts(t *testing.T) {
	a, b, c := rated("a", "10-16 10", 5), rated("b", "10-17 10", 1), rated("c", "10-18 10", 3)
	assert.Equal(t, []string{"a 5 valid 10-16_10:00..10-17_10:00", "b 1 valid 10-17_10:00..10-18_10:00", "c 3 valid 10-18_10:00..still"},
		ratings(t, c, a, b))
	b.RaterToken = "other"
	assert.Equal(t, []string{"a 5 valid 10-16_10:00..10-18_10:00", "b 1 valid 10-17_10:00..still", "c 3 valid 10-18_10:00..still"},
		ratings(t, b, c, a))
	b.RaterToken, c.ServiceNo = "r", "2"
	assert.Equal(t, []string{"a 5 valid 10-16_10:00..10-17_10:00", "b 1 valid 10-17_10:00..still", "c 3 valid 10-18_10:00..still"},
		ratings(t, b, c, a), "another service")
	b.FollowUp, c.IsDefault, c.ServiceNo = true, true, ""
	assert.Equal(t, []string{"a 5 valid 10-16_10:00..still", "b 1 follow_up 10-17_10:00..still", "c 3 default 10-18_10:00..still"},
		ratings(t, b, c, a), "neither a follow-up nor a default replaces the first")
	late := rated("z", "11-20 10", 1)
	assert.Equal(t, []string{"a 5 valid 10-16_10:00..still", "z 1 late 11-20_10:00..still"}, ratings(t, a, late))
}

func TestRatingRevisionsAndDuplicates(t *testing.T) {
	a0, a1 := rated("a", "10-16 10", 5), rated("a", "10-16 10", 5)
	a1.Revision, a1.Excluded = 1, true
	assert.Equal(t, []string{"a 5 excluded 10-16_10:00..still"}, ratings(t, a0, a1, a0))
	a1.RatedAt = at("10-19 10")
	assert.Equal(t, []string{"a 5 valid 10-16_10:00..10-19_10:00", "a 5 excluded 10-19_10:00..still"}, ratings(t, a1, a0))

	// A rating that replaced another and is then taken out gives it back.
	first := rated("0", "10-16 08", 2)
	assert.Equal(t, []string{"0 2 valid 10-16_08:00..10-16_10:00", "0 2 valid 10-19_10:00..still",
		"a 5 valid 10-16_10:00..10-19_10:00", "a 5 excluded 10-19_10:00..still"}, ratings(t, a1, a0, first))

	same, other := rated("a", "10-16 10", 5), rated("a", "10-16 10", 1)
	other.Origin.Offset = 7
	s := rating.Fold([]event.Rating{other, same}, cal(t), lifecycle.DefaultPolicy())
	assert.True(t, s.Conflict)
	assert.Equal(t, uint8(5), s.Ratings[0].Level, "the first arrival stands")
	same.Origin.Offset = 99
	s = rating.Fold([]event.Rating{same, rated("a", "10-16 10", 5)}, cal(t), lifecycle.DefaultPolicy())
	assert.False(t, s.Conflict)
	assert.Len(t, s.Ratings, 1)
}

func TestTwoRatingsOfOneInstantTheLaterIDCounts(t *testing.T) {
	assert.Equal(t, []string{"a 5 valid 10-16_10:00..10-16_10:00", "b 1 valid 10-16_10:00..still"},
		ratings(t, rated("b", "10-16 10", 1), rated("a", "10-16 10", 5)))
}

func TestRatingSubject(t *testing.T) {
	for _, v := range []struct {
		r    event.Rating
		want string
	}{
		{event.Rating{SourceSys: "s", RatingID: "r", CaseNo: "c"}, "case s c"},
		{event.Rating{SourceSys: "s", RatingID: "r", TicketNo: "t", SubjectSys: "x"}, "ticket x t"},
		{event.Rating{SourceSys: "s", RatingID: "r", SubjectSys: "x"}, "none s r"},
	} {
		kind, sys, no := rating.Subject(&v.r)
		assert.Equal(t, v.want, kind+" "+sys+" "+no)
	}
}
