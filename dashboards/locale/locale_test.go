package locale_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"duban/dashboards/locale"
)

func load(t *testing.T) *locale.Bundle {
	t.Helper()
	b, err := locale.Load() // refuses files whose ids differ
	require.NoError(t, err)
	return b
}

// Guangxi 296 of 330 is 89.7 % (domain guide 5.1, C11); halves go up; nothing
// of nothing has no rate (C6).
func TestRatesHaveOneDecimalHalfUp(t *testing.T) {
	p := load(t).Printer(locale.English)
	for _, c := range []struct {
		n, d float64
		want string
	}{
		{296, 330, "89.7%"}, // Guangxi 2016: the seed prints a truncated 89 %
		{0, 0, "—"}, {0, 5, "0.0%"}, {1, 1, "100.0%"}, {1, 3, "33.3%"}, {2, 3, "66.7%"},
		{359, 400, "89.8%"}, // 89.75
		{1, 2000, "0.1%"},   // 0.05
		{9994, 10000, "99.9%"}, {3, 2, "150.0%"},
	} {
		require.Equal(t, c.want, p.Rate(c.n, c.d), "%v/%v", c.n, c.d)
	}
}

// Nobody reads "all" or "none" where one is missing: 1,999 of 2,000 in time is
// not 100.0 %, and one red card in 3,000 cases is not 0.0 %.
func TestOnlyWholeRatesAreWrittenAsWhole(t *testing.T) {
	p := load(t).Printer(locale.English)
	for _, c := range []struct {
		n, d float64
		want string
	}{
		{1999, 2000, ">99.9%"}, {9995, 10000, ">99.9%"}, {2000, 2000, "100.0%"}, {2001, 2000, "100.1%"}, {20001, 20000, ">100.0%"},
		{1, 3000, "<0.1%"}, {0, 3000, "0.0%"}, {0.9996, 1, ">99.9%"}, {0.0004, 1, "<0.1%"}, {-0.0004, 1, ">−0.1%"}, {1.0004, 1, ">100.0%"},
	} {
		require.Equal(t, c.want, p.Rate(c.n, c.d), "%v/%v", c.n, c.d)
	}
}

func TestRateIsNeverRoundedByMoreThanHalfATenthNorToAWhole(t *testing.T) {
	p := load(t).Printer(locale.English)
	number := regexp.MustCompile(`^(\d{1,3})\.(\d)%$`)
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.Int64Range(1, 1_000_000).Draw(t, "d")
		n := rapid.Int64Range(0, d).Draw(t, "n")
		text := p.Rate(float64(n), float64(d))
		if whole := text == "0.0%" || text == "100.0%"; whole != (n == 0 || n == d) {
			t.Fatalf("%d/%d was written %s", n, d, text)
		}
		// What is bounded in place of rounded lies between the bound and the whole.
		switch text {
		case ">99.9%":
			if 1000*n <= 999*d || n >= d {
				t.Fatalf("%d/%d was written %s", n, d, text)
			}
			return
		case "<0.1%":
			if 1000*n >= d || n <= 0 {
				t.Fatalf("%d/%d was written %s", n, d, text)
			}
			return
		}
		m := number.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("%s is not a rate", p.Rate(float64(n), float64(d)))
		}
		var tenths int64
		for _, r := range m[1] + m[2] {
			tenths = 10*tenths + int64(r-'0')
		}
		// tenths - 1/2 <= 1000 n/d < tenths + 1/2
		if low, high := (2*tenths-1)*d, (2*tenths+1)*d; 2000*n < low || 2000*n >= high {
			t.Fatalf("%d/%d was written %s", n, d, p.Rate(float64(n), float64(d)))
		}
	})
}

// What a source calls like a standard event is shown in the reader's language; its
// own words stay.
func TestStandardNamesOfSourcesAreTranslated(t *testing.T) {
	b := load(t)
	en, zh := b.Printer(locale.English), b.Printer(locale.Chinese)
	require.Equal(t, en.Enum("event_type", "deliver"), en.Standard("event_type", "送达"))
	require.NotEqual(t, "送达", en.Standard("event_type", "送达"))
	require.Equal(t, "送达", zh.Standard("event_type", "送达"))
	require.Equal(t, "窗口核验", en.Standard("event_type", "窗口核验"))
	require.Equal(t, "送达", en.Standard("no_such", "送达"))
}

func TestNumbersAndTimes(t *testing.T) {
	p := load(t).Printer(locale.Chinese)
	require.Equal(t, "1,234,567", p.Count(1234567))
	require.Equal(t, "−12", p.Count(-12))
	require.Equal(t, "2.5", p.Decimal(2.45, 1))
	require.Equal(t, "−0.1", p.Decimal(-0.1, 1))
	require.Equal(t, "0.0", p.Decimal(-0.01, 1))
	require.Equal(t, "2.0 天", p.Hours(48))
	require.Equal(t, "1.5 小时", p.Hours(1.5))
	require.Equal(t, "30.0 分钟", p.Hours(0.5))
	at := time.Date(2026, 6, 30, 16, 30, 0, 0, time.UTC)
	require.Equal(t, "2026-07-01 00:30", p.Instant(at))
	require.Equal(t, "2026-07-01", p.Date(at))
	require.Equal(t, locale.Null, p.Instant(time.Unix(0, 0)))
	require.Equal(t, "周三", p.Weekday(at))
}

func TestLanguageIsTheAddressThenTheCookieThenTheBrowserThenChinese(t *testing.T) {
	b := load(t)
	for _, c := range []struct{ query, cookie, accept, want string }{
		{"", "", "", "zh-CN"},
		{"en", "zh-CN", "zh", "en"},
		{"", "en", "zh", "en"},
		{"", "", "en-GB,en;q=0.9", "en"},
		{"", "", "zh-TW,en;q=0.5", "zh-CN"},
		{"", "", "fr-FR", "zh-CN"},
		{"klingon", "", "en", "en"},
		{"", "", ";;;", "zh-CN"},
	} {
		require.Equal(t, c.want, b.Choose(c.query, c.cookie, c.accept), "%+v", c)
	}
}

func TestUnknownTextsShowThemselves(t *testing.T) {
	p := load(t).Printer(locale.Chinese)
	require.Equal(t, "[no.such]", p.T("no.such"))
	require.Equal(t, "Behoben", p.Enum("case_state", "Behoben"))
	require.Equal(t, "已办结", p.Enum("case_state", "finished"))
}
