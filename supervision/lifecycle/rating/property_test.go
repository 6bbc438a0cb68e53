package rating_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"duban/ingest/event"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/rating"

	"pgregory.net/rapid"
)

// instants are few and near each other, so that many meet: quarters of a day of six weeks.
var (
	spanFrom = at("10-08 00")
	instants = rapid.Map(rapid.Int64Range(0, 4*42), func(n int64) int64 { return spanFrom + n*6*3_600_000 })
	ids      = rapid.Map(rapid.IntRange(0, 9), func(n int) string { return fmt.Sprintf("e%d", n) })
)

func TestRatingsCountAsOfWhatWasSaid(t *testing.T) {
	c, policy := cal(t), lifecycle.DefaultPolicy()
	counting := func(s rating.State, at int64) string {
		var out []string
		for _, r := range s.Ratings {
			if r.From <= at && at < r.Until {
				out = append(out, fmt.Sprint(r.RatingID, " ", r.Level, " ", r.Status, " ", r.RatedAt))
			}
		}
		return fmt.Sprint(out)
	}
	rapid.Check(t, func(t *rapid.T) {
		var facts []event.Rating
		seen := map[string]bool{}
		for range rapid.IntRange(1, 10).Draw(t, "n") {
			e := event.Rating{SourceSys: "s", CaseNo: "c", RatingID: ids.Draw(t, "id"), Revision: uint32(rapid.IntRange(0, 2).Draw(t, "rev")),
				RatedAt: instants.Draw(t, "at"), ServedAt: spanFrom, Level: uint8(rapid.IntRange(1, 5).Draw(t, "level")),
				RaterToken: rapid.SampledFrom([]string{"", "a"}).Draw(t, "rater"), Excluded: rapid.IntRange(0, 3).Draw(t, "x") == 0,
				FollowUp: rapid.IntRange(0, 5).Draw(t, "f") == 0}
			if key := fmt.Sprint(e.RatingID, "/", e.Revision); !seen[key] {
				seen[key] = true
				facts = append(facts, e)
			}
		}
		whole := rating.Fold(facts, c, policy)
		mixed := append([]event.Rating(nil), facts...)
		mixed = append(mixed, facts...)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if again := rating.Fold(mixed, c, policy); !reflect.DeepEqual(whole, again) {
			t.Fatalf("order matters:\n%+v\n%+v", whole, again)
		}
		for _, m := range facts {
			var said []event.Rating
			for _, e := range facts {
				if e.RatedAt <= m.RatedAt {
					said = append(said, e)
				}
			}
			if got, want := counting(whole, m.RatedAt), counting(rating.Fold(said, c, policy), m.RatedAt); got != want {
				t.Fatalf("at %s count %s, of what was said %s", show(m.RatedAt), got, want)
			}
		}
	})
}
