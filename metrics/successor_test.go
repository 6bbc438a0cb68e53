package metrics_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// By hand. OLD went into MID on 20 March and MID into NEW on 1 April; ROUND and ABOUT name
// each other, which has an end. In March OLD has a case in time and one late, MID one in
// time and NEW one late: asked as of 20 March MID counts what OLD left, 2 of 3; as of 1
// April NEW counts all, 2 of 4. What went keeps its own figure under its own code.
func TestFiguresOfASuccessorCountWhatWentIntoIt(t *testing.T) {
	b := newBench(t)
	of := func(org string, s subject) subject {
		s.flat["org_code"] = org
		return s
	}
	b.cases(
		of("OLD", life("1", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))),
		of("OLD", life("2", "2026-03-02 09:00", "2026-03-10", stop("2026-03-11 15:00", -1, 7))),
		of("MID", life("3", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))),
		of("NEW", life("4", "2026-03-02 09:00", "2026-03-10", stop("2026-03-12 15:00", -2, 8))),
		of("ROUND", life("5", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))),
	)
	org := func(code, from, to, successor string) map[string]any {
		m := map[string]any{"source_sys": "dir", "org_code": code, "event_id": code + from, "name": code, "valid_from": from,
			"payload": `{"successor_code":"` + successor + `"}`}
		if to != "" {
			m["valid_to"] = to
		}
		return m
	}
	b.insert("organisations",
		org("OLD", "2020-01-01", "2026-03-20", "MID"), org("MID", "2020-01-01", "2026-04-01", "NEW"), org("NEW", "2020-01-01", "", ""),
		org("ROUND", "2020-01-01", "2026-03-01", "ABOUT"), org("ABOUT", "2020-01-01", "2026-03-01", "ROUND"))
	figure := func(code, asOf string) [2]float64 {
		req := march("D01")
		req.Org, req.AsOf = code, at(asOf)
		return b.parts(req)
	}
	require.Equal(t, [2]float64{1, 1}, figure("MID", "2026-03-19 23:00"), "OLD is still there")
	require.Equal(t, [2]float64{2, 3}, figure("MID", "2026-03-20 12:00"))
	require.Equal(t, [2]float64{0, 1}, figure("NEW", "2026-03-31 23:00"))
	require.Equal(t, [2]float64{2, 4}, figure("NEW", "2026-04-01 12:00"), "over two successions")
	require.Equal(t, [2]float64{1, 2}, figure("OLD", "2026-04-01 12:00"))
	require.Equal(t, [2]float64{1, 1}, figure("ABOUT", "2026-04-01 12:00"))
	req := march("D01")
	req.Org, req.AsOf = "NEW", at("2026-04-01 12:00")
	require.Equal(t, []string{"1", "3"}, b.listed(req, "numerator"), "the cases behind the figure are the same ones")
}
