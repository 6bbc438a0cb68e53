package acceptance

import (
	"context"
	"fmt"
	"time"

	"duban/queries"
	"duban/supervision/rule"
)

// Lag is a rule over hours or days that has not judged every period of a ledger.
type Lag struct {
	// Rule is its id and version, R-SAT-01@1.
	Rule string `json:"rule"`
	// Judged is the end of the last period that it judged; nil when it judged none.
	Judged *time.Time `json:"judged"`
	// Needed is up to when it has to: the instant of the ledger, or the last arrival.
	Needed time.Time `json:"needed"`
	// Possible is when the period of that instant is over: no engine judges it before.
	Possible time.Time `json:"possible"`
}

// String says how far the rule is, of how far it has to come, and from when on it can have.
func (l Lag) String() string {
	judged := "nothing"
	if l.Judged != nil {
		judged = "up to " + l.Judged.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s has judged %s of %s, which is judged from %s on", l.Rule, judged,
		l.Needed.UTC().Format(time.RFC3339), l.Possible.UTC().Format(time.RFC3339))
}

// Behind lists the rules over hours and days that have not judged every period
// of a ledger, with how far they are. Rules over hours look at arrivals and at what
// people did, and have judged it when the hour of the last arrival is over; a rule over
// days for which the ledger gives no instant counts from arrivals too, by their day.
func Behind(ctx context.Context, reg *queries.Registry, conn queries.Conn, cat *rule.Catalogue, l *Ledger) ([]Lag, error) {
	byArrival, other, byMonth := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range l.Alerts {
		a := &l.Alerts[i]
		if a.Since == nil {
			byArrival[a.Rule] = true
		}
		// What is numbered by months (2026-03) is judged when a month is over.
		if _, err := time.Parse("2006-01", a.ClockNo); err == nil {
			byMonth[a.Rule] = true
		} else {
			other[a.Rule] = true
		}
	}
	var names, periods, arrivals []string
	var holds []uint64
	for _, evaluation := range []string{rule.EachHour, rule.EachDay} {
		for _, x := range cat.Of(evaluation, "") {
			period := evaluation
			if x.Closes == rule.ClosesMonth || byMonth[x.ID] && !other[x.ID] {
				period = rule.ClosesMonth
			}
			name := fmt.Sprintf("%s@%d", x.ID, x.Version)
			names, periods, holds = append(names, name), append(periods, period), append(holds, uint64(time.Duration(x.Hold).Milliseconds()))
			if byArrival[x.ID] {
				arrivals = append(arrivals, name)
			}
		}
	}
	rows, err := selectBehind.All(ctx, reg, conn, queries.Args{
		"rules": names, "periods": periods, "arrivals": arrivals, "holds": holds, "until": l.AsOf, "source": l.Source,
	})
	if err != nil {
		return nil, err
	}
	var out []Lag
	for _, r := range rows {
		lag := Lag{Rule: r.Rule, Judged: r.Judged}
		if r.Needed != nil && r.Possible != nil { // null only where nothing ever arrived
			lag.Needed, lag.Possible = *r.Needed, *r.Possible
		}
		out = append(out, lag)
	}
	return out, nil
}

// Announced reports whether everything that was judged before an instant was
// announced, as far as its time has come.
func Announced(ctx context.Context, reg *queries.Registry, conn queries.Conn, since time.Time) (bool, error) {
	row, err := selectLooked.One(ctx, reg, conn, queries.Args{"source": ""})
	if err != nil {
		return false, err
	}
	return row.LookedAt.After(since), nil
}

// AllTold reports whether alerts were announced since the last fact of a source
// arrived, and since rules over hours and days judged.
func AllTold(ctx context.Context, reg *queries.Registry, conn queries.Conn, source string) (bool, error) {
	row, err := selectLooked.One(ctx, reg, conn, queries.Args{"source": source})
	if err != nil {
		return false, err
	}
	if row.AllTold == nil || row.ArrivedAt == nil {
		return false, nil
	}
	return *row.AllTold && row.LookedAt.After(*row.ArrivedAt), nil
}

var (
	selectBehind = queries.Select[struct {
		Rule     string     `ch:"rule"`
		Judged   *time.Time `ch:"judged"`
		Needed   *time.Time `ch:"needed"`
		Possible *time.Time `ch:"possible"`
	}]("ledger/behind")
	selectLooked = queries.Select[struct {
		LookedAt  time.Time  `ch:"looked_at"`
		AllTold   *bool      `ch:"all_told"`
		ArrivedAt *time.Time `ch:"arrived_at"`
	}]("ledger/looked")
)
