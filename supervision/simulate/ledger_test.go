package simulate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/supervision/simulate"
	"duban/supervision/simulate/truth"
)

// counts returns what adds up over any partition of the subjects.
func counts(f *truth.Figures) [26]int64 {
	c := [26]int64{f.C01, f.C02, f.C03, f.C04, f.C05, f.F01, f.F01Valid}
	for i, r := range []truth.Ratio{f.C07, f.D01, f.D03, f.D04, f.D08, f.F06, f.F07, f.E01} {
		c[7+2*i], c[8+2*i] = r.Numerator, r.Denominator
	}
	c[23], c[24], c[25] = f.E02.Denominator, f.E02.Numerator, f.E05.Numerator
	return c
}

func TestThePartsAddUpToTheTotal(t *testing.T) {
	_, ledger := simulated(t, func(c *simulate.Config) { c.Events = 60_000 })
	l := ledger.Figures
	sum := func(parts map[string]*truth.Figures, of func(f *truth.Figures) int64) (n int64) {
		for _, f := range parts {
			n += of(f)
		}
		return n
	}
	total := counts(&l.Total)
	require.Equal(t, total, counts(l.ByRegion["610000"]))
	for i := range total {
		of := func(f *truth.Figures) int64 { return counts(f)[i] }
		require.Equal(t, total[i], sum(l.ByOrg, of), "by org, count %d", i)
	}
	for name, of := range map[string]func(f *truth.Figures) int64{
		"C01": func(f *truth.Figures) int64 { return f.C01 },
		"D01": func(f *truth.Figures) int64 { return f.D01.Denominator },
		"C04": func(f *truth.Figures) int64 { return f.C04 },
	} {
		require.Equal(t, of(&l.Total), sum(l.ByItem, of), name)
		require.Equal(t, of(&l.Total), sum(l.ByChannel, of), name)
	}
	require.Equal(t, l.Total.F01, sum(l.ByTicketChannel, func(f *truth.Figures) int64 { return f.F01 }))
	for name, of := range map[string]func(f *truth.Figures) int64{
		"C01": func(f *truth.Figures) int64 { return f.C01 },
		"C02": func(f *truth.Figures) int64 { return f.C02 },
		"C03": func(f *truth.Figures) int64 { return f.C03 },
		"D04": func(f *truth.Figures) int64 { return f.D04.Denominator },
		"E02": func(f *truth.Figures) int64 { return f.E02.Denominator },
		"F01": func(f *truth.Figures) int64 { return f.F01 },
	} {
		require.Equal(t, of(&l.Total), sum(l.ByMonthAsOf, of), name)
	}
	// A case that was reopened counts in the month in which it ended first, too.
	require.GreaterOrEqual(t, sum(l.ByMonthAsOf, func(f *truth.Figures) int64 { return f.D01.Numerator }), l.Total.D01.Numerator)
	require.Len(t, l.ByMonth, 12)
	require.Equal(t, l.Total.C04, l.ByMonth["2026-06"].C04, "open at the end of the last month is open at the end")
	require.Equal(t, l.Total.C05, l.ByMonthAsOf["2026-06"].C05)
	require.Equal(t, l.Total.D08.Numerator, l.Total.D01.Denominator-l.Total.D01.Numerator)
	var states int64
	for _, n := range ledger.States["case"] {
		states += n
	}
	require.Equal(t, ledger.Subjects.Cases, states)
}

// C01, C07 and F01 can be counted from the messages alone.
func TestVolumesAreThoseOfTheMessages(t *testing.T) {
	c, ledger := simulated(t, func(c *simulate.Config) { c.Events = 30_000 })
	seen := map[string]bool{}
	var applied, online, received int64
	byOrg := map[string]int64{}
	for _, m := range c.messages {
		if m.topic != event.TopicCases && m.topic != event.TopicTickets {
			continue
		}
		f := fields(t, m.value)
		id := f["event_id"].(string)
		payload := f["payload"].(map[string]any)
		if seen[id] || payload["is_test"] == true || payload["secret"] == true {
			continue
		}
		seen[id] = true
		switch f["event_type"] {
		case "apply":
			applied++
			byOrg[f["org_code"].(string)]++
			switch f["apply_channel"] {
			case "web", "app", "mini_program", "auto":
				online++
			}
		case "t_receive":
			received++
		}
	}
	total := ledger.Figures.Total
	require.Equal(t, applied, total.C01)
	require.Equal(t, truth.Ratio{Numerator: online, Denominator: applied, Value: total.C07.Value}, total.C07)
	require.Equal(t, received, total.F01)
	for org, n := range byOrg {
		require.Equal(t, n, ledger.Figures.ByOrg[org].C01, org)
	}
}
