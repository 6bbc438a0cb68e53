package metrics_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/metrics"
	"duban/queries"
)

func with(s subject, attributes map[string]string) subject {
	flat := map[string]any{"attributes": attributes}
	maps.Copy(flat, s.flat)
	s.flat = flat
	return s
}

// What a source says in its own words is a grain like any other: every attribute
// that a mapping declares, alone and with other dimensions; those without it stand
// under nothing. The sums by attribute are the figure.
func TestAttributesAreGrains(t *testing.T) {
	b := newBench(t)
	b.cases(
		with(life("a", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5)), map[string]string{"status": "Closed", "district": "北"}),
		with(life("b", "2026-03-02 09:00", "2026-03-10", stop("2026-03-16 15:00", -4, 10)),
			map[string]string{"status": "Closed", "district": "南"}),
		with(life("c", "2026-03-10 09:00", "2026-03-20"), map[string]string{"status": "Open"}),
		with(life("d", "2026-03-10 09:00", "2026-03-20"), map[string]string{"it's \\ odd`": "x\ty"}),
	)
	require.Equal(t, [2]float64{1, 4}, b.parts(march("D01")))
	require.Equal(t, map[string][2]float64{"Closed": {1, 2}, "Open": {0, 1}, "": {0, 1}}, b.grouped(march("D01", "attribute:status")))
	require.Equal(t, map[string][2]float64{"Closed 北": {1, 1}, "Closed 南": {0, 1}, "Open ": {0, 1}, " ": {0, 1}},
		b.grouped(march("D01", "attribute:status", "attribute:district")))
	require.Equal(t, map[string][2]float64{"A Closed": {1, 2}, "A Open": {0, 1}, "A ": {0, 1}},
		b.grouped(march("D01", "org", "attribute:status")))
	require.Equal(t, map[string][2]float64{"x\ty": {0, 1}, "": {1, 3}}, b.grouped(march("D01", "attribute:it's \\ odd`")))
	_, err := metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), march("D01", "attribute:colour"))
	var unknown *metrics.UnknownError
	require.ErrorAs(t, err, &unknown)
	require.ErrorContains(t, err, `there is no attribute "colour"; there are: district, it's \ odd`+"`, status")
	_, err = metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), march("D01", "attribute:"))
	require.ErrorContains(t, err, "attribute:NAME")
}

// Every indicator can be grouped by an attribute of its subject.
func TestEveryIndicatorHasAttributesAsGrains(t *testing.T) {
	b := newBench(t)
	b.cases(with(life("a", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5)), map[string]string{"status": "Closed"}))
	b.tickets(subject{flat: map[string]any{"source_sys": "gov", "ticket_no": "1", "region_code": "610802",
		"attributes": map[string]string{"status": "Open"}},
		history: []step{{"at": "2026-03-02 09:00", "state": "received", "received_at": "2026-03-02 09:00", "org": "A"}}})
	require.Equal(t, map[string][2]float64{"Open": {1, -1}}, b.grouped(march("F01", "attribute:status")))
	all, err := metrics.Catalogue()
	require.NoError(t, err)
	for _, d := range all {
		// Items, alerts and what others count have no words of a source.
		if q, err := b.reg.Get(d.Query); err != nil || len(b.reg.NamedDimensions(q)) == 0 {
			require.NotContains(t, []metrics.Subject{metrics.Case, metrics.Ticket, metrics.Rating}, d.Subject, d.ID)
			continue
		}
		res, err := metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), march(d.ID, "attribute:status", "month"))
		require.NoError(t, err, d.ID)
		require.Equal(t, "attribute:status", res.Columns[0].Name, d.ID)
		names, err := metrics.Attributes(t.Context(), b.reg, b.db.Conn(), d, "gov")
		require.NoError(t, err)
		require.Equal(t, []string{"status"}, names, d.ID)
	}
}

// A question about what does not exist is told from one whose answer is nothing.
func TestQuestionsAboutWhatDoesNotExistSaySo(t *testing.T) {
	b := newBench(t)
	b.cases(life("a", "2026-03-02 09:00", "2026-03-10"))
	check := func(source, org, region string) error {
		return metrics.CheckScope(t.Context(), b.reg, b.db.Conn(), source, org, region)
	}
	require.NoError(t, check("", "", ""))
	require.NoError(t, check("gov", "A", "610802"))
	require.EqualError(t, check("nosuch", "", ""), `there is no source system "nosuch"; there are: gov`)
	require.EqualError(t, check("gov", "Z", ""), `there is no organisation "Z"`)
	require.EqualError(t, check("", "", "999999"), `there is no division "999999"`)
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	require.EqualError(t, metrics.CheckScope(t.Context(), reg, db.Conn(), "gov", "", ""), `there is no source system "gov"`)
}
