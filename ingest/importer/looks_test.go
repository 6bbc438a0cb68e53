package importer

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/importer/rows"
)

// Pairs of confusables.txt (Unicode Technical Standard 39) and of the compatibility
// decompositions of the Unicode Character Database.
func TestLettersOfOtherAlphabetsLookLikeLatinOnes(t *testing.T) {
	for other, own := range map[string]string{
		"\u0420-1": "P-1", "\u0440-1": "p-1", "\u03a1-1": "P-1", "\u03c1-1": "P-1", "\uff30-1": "P-1", "\U0001d40f-1": "P-1",
		"\u0421\u041e\u0420\u0415": "COPE", "\u0391\u0392\u0395": "ABE", "\u039d1": "N1", "A\u2460": "A1", "\u04171": "31",
		"\u041d\u0422": "HT", "\u043d\u0442": "HT", "\u0405\u0406\u0408": "SIJ", "P\u20111": "P-1", "P\u2212\uff11": "P-1",
	} {
		require.Equal(t, string(looks(nil, []byte(own))), string(looks(nil, []byte(other))), "%s and %s", other, own)
	}
	for _, different := range [][2]string{{"P-1", "B-1"}, {"\u0416-1", "X-1"}, {"\u03a9-1", "O-1"}, {"\u738b-1", "\u7389-1"}, {"O-1", "0-1"}} {
		require.NotEqual(t, string(looks(nil, []byte(different[0]))), string(looks(nil, []byte(different[1]))), "%v", different)
	}
}

func TestALookAlikeOfAnotherAlphabetIsTold(t *testing.T) {
	var text strings.Builder
	for _, id := range []string{"P-1", "\u0420-1", "\u03a1-1", "\uff30-1", "\u0416-1"} {
		b, err := json.Marshal(map[string]string{"id": id, "kind": "in", "time": "2026-03-02T09:00:00+08:00"})
		require.NoError(t, err)
		text.Write(append(b, '\n'))
	}
	s, sum := run(t, simple, "a.ndjson", text.String(), Options{})
	require.Zero(t, sum.Refused)
	require.Equal(t, []Count{{rows.ReasonSimilarID, "id", 3}}, sum.NoticesBy)
	require.Len(t, s.values, 5, "nothing is merged or changed")
}
