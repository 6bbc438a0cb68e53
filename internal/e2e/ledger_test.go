package e2e

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/supervision/simulate"
	"duban/supervision/simulate/truth"
)

func readLedger(t testing.TB, path string) simulate.Ledger {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	var l simulate.Ledger
	require.NoError(t, json.Unmarshal(b, &l))
	return l
}

// topicStatus is one topic as `duban status --format json` shows it.
type topicStatus struct {
	Topic     string `json:"topic"`
	Received  int64  `json:"received"`
	Stored    int64  `json:"stored"`
	Duplicate int64  `json:"duplicate"`
	Rejected  int64  `json:"rejected"`
	Pending   int64  `json:"pending"`
}

type status struct {
	Topics        []topicStatus `json:"topics"`
	IdentityHolds bool          `json:"identity_holds"`
}

func (r *running) status(args ...string) status {
	r.t.Helper()
	var s status
	out := r.duban(append([]string{"status", "--format", "json"}, args...)...)
	require.NoError(r.t, json.Unmarshal(out, &s), string(out))
	return s
}

func (s status) topic(name string) topicStatus {
	for _, t := range s.Topics {
		if t.Topic == name {
			return t
		}
	}
	return topicStatus{}
}

// requireIdentity checks received = stored + duplicate + rejected + pending.
func requireIdentity(t testing.TB, s status) {
	t.Helper()
	require.NotEmpty(t, s.Topics)
	for _, p := range s.Topics {
		require.Equal(t, p.Received, p.Stored+p.Duplicate+p.Rejected+p.Pending, "identity of %s: %+v", p.Topic, p)
	}
	require.True(t, s.IdentityHolds)
}

// requireLedger compares counts and figures of the running instance with what
// the simulator knows to be true. Redelivery by the kills and retries of a
// test may add duplicates, so these are compared as a lower bound.
func requireLedger(t testing.TB, r *running, l simulate.Ledger) {
	t.Helper()
	s := r.status("--wait")
	requireIdentity(t, s)
	for name, want := range l.Topics {
		got := s.topic(name)
		var malformed int64
		for _, n := range want.Malformed {
			malformed += n
		}
		require.Equal(t, want.Facts, got.Stored, "stored of %s", name)
		require.GreaterOrEqual(t, got.Duplicate, want.Duplicates, "duplicates of %s", name)
		require.GreaterOrEqual(t, got.Rejected, want.Conflicts+malformed, "rejected of %s", name)
		require.Zero(t, got.Pending, "pending of %s", name)
	}
	c := comparison{t: t, r: r, l: l}
	c.group("", map[string]*truth.Figures{"": &l.Figures.Total})
	c.group("org", l.Figures.ByOrg)
	c.group("item", l.Figures.ByItem)
	c.months()
	c.regions()
	require.Positive(t, c.compared)
	require.Empty(t, c.differences, "%d of %d figures differ", len(c.differences), c.compared)
	t.Logf("%d figures compared with the ledger, none differs", c.compared)
}

type comparison struct {
	t           testing.TB
	r           *running
	l           simulate.Ledger
	compared    int
	differences []string
}

// expected lists what the ledger says of each indicator: the numerator and,
// for ratios, the denominator (-1 for counts).
func expected(f *truth.Figures) map[string][2]int64 {
	out := map[string][2]int64{
		"C01": {f.C01, -1}, "C02": {f.C02, -1}, "C03": {f.C03, -1}, "C04": {f.C04, -1}, "C05": {f.C05, -1}, "F01": {f.F01, -1},
	}
	for id, r := range map[string]truth.Ratio{
		"C07": f.C07, "D01": f.D01, "D03": f.D03, "D04": f.D04, "D08": f.D08,
		"E01": f.E01, "E02": f.E02, "E03": f.E03, "E04": f.E04, "E05": f.E05, "F06": f.F06, "F07": f.F07,
	} {
		out[id] = [2]int64{r.Numerator, r.Denominator}
	}
	return out
}

func (c *comparison) window() []string {
	return []string{
		"--source", c.l.Source, "--as-of", c.l.AsOf.Format(time.RFC3339Nano),
		"--from", c.l.From.Format(time.RFC3339Nano), "--to", c.l.To.Format(time.RFC3339Nano),
	}
}

// group compares every indicator by one grain.
func (c *comparison) group(by string, want map[string]*truth.Figures) {
	c.t.Helper()
	for _, id := range indicators(by) {
		args := append([]string{"indicator", id}, c.window()...)
		if by != "" {
			args = append(args, "--by", by)
		}
		got := map[string][2]int64{}
		for _, row := range c.r.rows(args...) {
			key := ""
			if by != "" {
				key, _ = row[by].(string)
			}
			got[key] = [2]int64{number(row["numerator"]), number(row["denominator"])}
		}
		c.compare(id, by, want, got)
	}
}

func (c *comparison) compare(id, by string, want map[string]*truth.Figures, got map[string][2]int64) {
	keys := map[string]bool{}
	for k := range want {
		keys[k] = true
	}
	for k := range got {
		keys[k] = true
	}
	for k := range keys {
		w := [2]int64{0, 0}
		if f := want[k]; f != nil {
			w = expected(f)[id]
		}
		g, ok := got[k]
		if !ok && w[0] == 0 && w[1] <= 0 {
			continue // nothing happened: neither side needs a row
		}
		if w[1] < 0 {
			g[1], w[1] = 0, 0
		}
		c.compared++
		if g != w {
			c.differences = append(c.differences, fmt.Sprintf("%s by %s %q: got %v, the ledger says %v", id, by, k, g, w))
		}
	}
	sort.Strings(c.differences)
}

func (c *comparison) months() {
	c.t.Helper()
	c.group("month", c.l.Figures.ByMonthAsOf)
}

// regions compares the roll-up of a few regions of every level, asked for as a
// subtree.
func (c *comparison) regions() {
	c.t.Helper()
	byLevel := map[int][]string{}
	for code := range c.l.Figures.ByRegion {
		byLevel[len(code)] = append(byLevel[len(code)], code)
	}
	for _, codes := range byLevel {
		sort.Strings(codes)
		for _, code := range codes[:min(4, len(codes))] {
			for _, id := range []string{"C01", "D01", "C07", "E02", "F06"} {
				got := map[string][2]int64{}
				for _, row := range c.r.rows(append([]string{"indicator", id, "--region", code}, c.window()...)...) {
					got[code] = [2]int64{number(row["numerator"]), number(row["denominator"])}
				}
				c.compare(id, "region", map[string]*truth.Figures{code: c.l.Figures.ByRegion[code]}, got)
			}
		}
	}
}

// indicators lists those the ledger breaks down by the grain.
func indicators(by string) []string {
	cases := []string{"C01", "C02", "C03", "C04", "C05", "C07", "D01", "D03", "D04", "D08"}
	if by == "item" {
		return cases
	}
	return append(cases, "E01", "E02", "E03", "E04", "E05", "F01", "F06", "F07")
}

// number reads a JSON number or a number in a string (64-bit integers).
func number(v any) int64 {
	switch v := v.(type) {
	case float64:
		return int64(math.Round(v))
	case string:
		var n int64
		_, _ = fmt.Sscan(v, &n)
		return n
	default:
		return 0
	}
}
