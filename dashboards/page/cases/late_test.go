package cases_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/rule"
)

// By how many working days something is late stands wherever it is shown, also
// while it is open (domain guide 2.4, overdue_days). Counted by hand at noon of
// 15 June 2026: OLD was due on 9 March: 16 working days in March (10-13, 16-20,
// 23-27, 30-31), 21 in April (Qingming 4-6 off), 19 in May (1-5 off, Saturday 9
// worked), 11 in June: 67. NEW was due on 8 June: 9-12 and 15: 5. STOPPED was due
// on 10 March and finished on the 12th: 2. AHEAD is due on 22 June, with the 19th
// off: 16-18 and 22: 4 left.
func TestHowLateIsSaidEverywhereAndTheLongestLateComesFirst(t *testing.T) {
	db := storetest.New(t)
	var facts []any
	facts = append(facts, sitetest.Run("NEW", time.June, 1, 0)...)
	facts = append(facts, sitetest.Run("OLD", time.March, 2, 0)...)
	facts = append(facts, sitetest.Run("STOPPED", time.March, 3, 12)...)
	facts = append(facts, sitetest.Run("AHEAD", time.June, 12, 0)...)
	enginetest.Insert(t, db, facts...)
	reg, err := queries.Load()
	require.NoError(t, err)
	rules, err := rule.Load(reg, "")
	require.NoError(t, err)
	require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules = rules.Only("R-DDL-03")
		d.Now = sitetest.Now
	}).CatchUp(t.Context()))
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)

	late := map[string]string{}
	var order []string
	for _, r := range s.Table("/cases?source=hall&sort=margin&format=csv") {
		order = append(order, r[0])
		late[r[0]] = r[len(r)-3]
	}
	require.Equal(t, []string{"OLD", "NEW", "STOPPED", "AHEAD"}, order)
	require.Equal(t, map[string]string{"OLD": "-67", "NEW": "-5", "STOPPED": "-2", "AHEAD": "4"}, late)

	// The list of cards: what has been over its deadline for longest first.
	var cards []string
	for _, r := range s.Table("/alerts?format=csv&lang=en") {
		cards = append(cards, r[5]+": "+r[11])
	}
	require.Equal(t, []string{"OLD: 67 working days late", "STOPPED: 2 working days late", "NEW: 5 working days late"}, cards)
	_, body, _ := s.Get("/alerts?lang=en")
	require.Contains(t, body, "67 working days late")

	_, body, _ = s.Get(sitetest.CasePath("OLD") + "?lang=en")
	require.Contains(t, body, "67 working days late")
	_, body, _ = s.Get(sitetest.CasePath("OLD") + "?lang=en&as_of=2026-03-11T09:00:00")
	require.Contains(t, body, "2 working days late", "as of an earlier instant it was less")
	_, body, _ = s.Get(sitetest.CasePath("AHEAD") + "?lang=en")
	require.NotContains(t, body, "working days late")
	_, body, _ = s.Get("/cases?indicator=C05&source=hall&lang=en")
	require.Contains(t, body, "67 working days late")
}
