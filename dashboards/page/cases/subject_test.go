package cases

import (
	"net/url"
	"testing"

	"pgregory.net/rapid"

	"duban/dashboards/page/kit"
)

// A case number may hold any character: slash, dots alone, percent, blank,
// angle brackets, Chinese.
func TestAnyCaseNumberHasAnAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.OneOf(rapid.StringN(1, 40, 120),
			rapid.SampledFrom([]string{".", "..", "a/b", "100%", "?x=1", "#", "<script>", "办件 1", "\\", "%2F"}))
		source, number := part.Draw(t, "source"), part.Draw(t, "number")
		u, err := url.Parse(kit.SubjectPath("cases", source, number))
		if err != nil {
			t.Fatal(err)
		}
		s, n, err := subjectOf(u.EscapedPath(), "cases")
		if err != nil || s != source || n != number {
			t.Fatalf("want %q %q, got %q %q (%v) by %s", source, number, s, n, err, u)
		}
	})
}
