package kit

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"duban/supervision/lawzone"
)

func request1(target string) *http.Request {
	return httptest.NewRequest(http.MethodGet, target, nil)
}

func TestAddressesThatCannotBeReadAreRefused(t *testing.T) {
	for target, param := range map[string]string{
		"/?region=61": "region", "/?region=6100001": "region", "/?region=61000a": "region",
		"/?from=2026-13-01": "from", "/?to=yesterday": "to", "/?from=2026-02-01&to=2026-01-31": "to",
		"/?as_of=noon": "as_of", "/?as_of=0001-01-01": "as_of", "/?org=a%00b": "org",
	} {
		_, err := ParseScope(request1(target))
		var bad *BadAddressError
		require.ErrorAs(t, err, &bad, target)
		require.Equal(t, param, bad.Param, target)
	}
}

func TestAsOfReadsLocalTimeDaysAndRFC3339(t *testing.T) {
	noon := time.Date(2026, 6, 30, 4, 0, 0, 0, time.UTC)
	for target, want := range map[string]time.Time{
		"/?as_of=2026-06-30T12:00":            noon,
		"/?as_of=2026-06-30T12:00:00":         noon,
		"/?as_of=2026-06-30T04:00:00Z":        noon,
		"/?as_of=2026-06-30T12:00:00%2B08:00": noon,
		"/?as_of=2026-06-30T12:00:00+08:00":   noon,
		"/?as_of=2026-06-30":                  time.Date(2026, 6, 30, 15, 59, 59, 999e6, time.UTC),
	} {
		s, err := ParseScope(request1(target))
		require.NoError(t, err, target)
		require.True(t, want.Equal(s.AsOf), "%s: %s", target, s.AsOf)
	}
}

// The address holds the whole state: what a link says is what the next page
// reads.
func TestScopeSurvivesItsAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[^\x00\n\r]{0,40}`)
		day := func(label string) time.Time {
			return time.Date(2000, 1, 1+rapid.IntRange(0, 20000).Draw(t, label), 0, 0, 0, 0, lawzone.Zone)
		}
		want := Scope{
			Region: rapid.SampledFrom([]string{"", "610000", "610802001", "610802001001"}).Draw(t, "region"),
			Org:    name.Draw(t, "org"), Source: name.Draw(t, "source"), Wall: rapid.Bool().Draw(t, "wall"),
			From: day("from"), AsOf: day("as_of").Add(time.Duration(rapid.IntRange(0, 86_399_999).Draw(t, "ms")) * time.Millisecond),
		}
		want.To = want.From.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "days"))
		got, err := ParseScope(request1(want.URL("/cases")))
		if err != nil {
			t.Fatal(err)
		}
		if !got.From.Equal(want.From) || !got.To.Equal(want.To) || !got.AsOf.Equal(want.AsOf) {
			t.Fatalf("times: want %+v, got %+v", want, got)
		}
		got.From, got.To, got.AsOf, want.From, want.To, want.AsOf = time.Time{}, time.Time{}, time.Time{}, time.Time{}, time.Time{}, time.Time{}
		if got != want {
			t.Fatalf("want %+v, got %+v", want, got)
		}
	})
}
