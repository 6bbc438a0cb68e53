package evaluate

import (
	"time"

	"duban/queries"
	"duban/supervision/rule"
)

// profile is what the subjects of a round hold.
type profile struct {
	Facts  []string `ch:"facts"`
	Clocks []string `ch:"clocks"`
}

// selectProfile is by the kind of subject.
var selectProfile = map[string]queries.Typed[profile]{
	rule.SubjectCase:   queries.Select[profile]("engine/round_profile_case"),
	rule.SubjectTicket: queries.Select[profile]("engine/round_profile_ticket"),
}

// aboutDays is about which days the facts of a round are.
type aboutDays struct {
	FirstAt time.Time `ch:"first_at"`
	LagMS   int64     `ch:"lag_ms"`
}

// selectTouched is by the kind of subject.
var selectTouched = map[string]queries.Typed[aboutDays]{
	rule.SubjectCase:   queries.Select[aboutDays]("engine/touched_days_case"),
	rule.SubjectTicket: queries.Select[aboutDays]("engine/touched_days_ticket"),
	rule.SubjectRating: queries.Select[aboutDays]("engine/touched_days_rating"),
}

var selectFirstFact = queries.Select[struct {
	FirstAt time.Time `ch:"first_at"`
}]("engine/first_fact_day")
