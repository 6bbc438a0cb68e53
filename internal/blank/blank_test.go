package blank_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/internal/blank"
)

// The characters are named by the Unicode Character Database.
func TestWhatCannotBeSeenIsBlank(t *testing.T) {
	for name, s := range map[string]string{
		"nothing": "", "space": " ", "tab and line break": "\t\r\n", "no-break space": "\u00a0", "ideographic space": "\u3000",
		"em space": "\u2003", "line separator": "\u2028", "zero width space": "\u200b", "zero width joiner": "\u200d",
		"right-to-left mark": "\u200f", "word joiner": "\u2060", "byte order mark": "\ufeff", "soft hyphen": "\u00ad",
		"Mongolian vowel separator": "\u180e", "Hangul filler": "\u3164", "half-width Hangul filler": "\uffa0",
		"combining grapheme joiner": "\u034f", "variation selector": "\ufe0f", "tag space": "\U000e0020", "Braille blank": "\u2800",
		"C0 control": "\x00\x1f", "delete": "\x7f", "C1 control": "\u0085\u009f", "mixed": " \u200b\u3000\ufeff\u2060",
	} {
		require.True(t, blank.Is(s), name)
		require.True(t, blank.Bytes([]byte(s)), name)
		require.Empty(t, blank.Trim(s), name)
		require.Zero(t, blank.Count(s), name)
	}
	for _, s := range []string{"x", "0", "-", "张", "\u200b张", " x", "é", "\u0301", "\u30fb", "\ufffd", "👩\u200d👧"} {
		require.False(t, blank.Is(s), s)
		require.False(t, blank.Bytes([]byte(s)), s)
		require.NotEmpty(t, blank.Trim(s), s)
	}
}

func TestTrimKeepsWhatJoinsLetters(t *testing.T) {
	require.Equal(t, "می\u200cخواهم", blank.Trim("\u3000می\u200cخواهم \n"))
	require.Equal(t, 2, blank.Count(" 周\u200b敏\u3000"))
}
