package personal_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/supervision/personal"
)

func TestWhatIsPersonalIsHiddenInWhateverFormItIsWritten(t *testing.T) {
	for text, want := range map[string]string{
		"电话13812345678。":          "电话138****5678。",
		"+8613812345678":          "+86138****5678",
		"8613812345678":           "86138****5678",
		"+86 138 1234 5678":       "+86 138******5678",
		"138-1234-5678":           "138******5678",
		"１３８１２３４５６７８":             "１３８****５６７８",
		"tel13812345678":          "tel138****5678",
		"610102199003071234":      "610***********1234",
		"61010219900307123X，":     "610***********123X，",
		"610102900307123":         "610********7123",
		"029-88888888":            "029*****8888",
		"029 88888888/0912-38123": "029*****8888/0912-38123",
		"a.b+c@example.cn":        "a***@",
		"13812345678 13912345678": "138****5678 139****5678",
	} {
		require.Equal(t, want, personal.Mask(text))
		require.True(t, personal.Found(text), text)
	}
	// Numbers of cases, days, amounts and codes are none of it.
	for _, text := range []string{"ZW6108032026030400000392", "ZW13812345678", "2026-03-05 12:30:45", "11610825000083643U", "610825000000", "13812345678901", "共 138,123,456.78 元",
		"12345", "R-DDL-04 2026-11-26", "0912", "a1b2c3d4-13812345678a"} {
		require.Equal(t, text, personal.Mask(text))
		require.False(t, personal.Found(text), text)
	}
}

func FuzzATelephoneNumberIsNeverShown(f *testing.F) {
	f.Add("x", "y", false)
	f.Add("13", "-", true)
	f.Fuzz(func(t *testing.T, before, after string, wide bool) {
		number := "13812345678"
		if wide {
			number = "１３８１２３４５６７８"
		}
		text := before + " | " + number + " | " + after
		out := personal.Mask(text)
		if strings.Contains(out, "| "+number+" |") {
			t.Fatalf("shown: %q", out)
		}
		if personal.Mask(out) != out {
			t.Fatalf("masked twice: %q", out)
		}
	})
}

// 91350100M000100Y43 is the example of GB 32100-2015; the other is Baidu's, as
// printed on its public licence, and then with one character changed. 11010519491231002X is
// the example of an identity number in GB 11643-1999.
func TestAnOrganisationIsKnownByItsCheckCharacter(t *testing.T) {
	for code, want := range map[string]bool{
		"91350100M000100Y43": true, "91110000802100433B": true, "91110000802100434B": false, "11010519491231002X": false, "": false, "9135": false, "91350100m000100y43": false,
	} {
		require.Equal(t, want, personal.OrgCode(code), code)
	}
}
