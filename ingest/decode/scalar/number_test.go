package scalar

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// JSON Schema 2020-12, section 6.1.1: a number without a fraction is an integer however it is written.
func TestIntegersMeanWhatJSONSchemaSays(t *testing.T) {
	for raw, want := range map[string]int64{
		"0": 0, "-0": 0, "7": 7, "-12": -12, "1.0": 1, "1e2": 100, "120e-1": 12, "1.5e1": 15, "-2.50e2": -250,
		"999999999999999999": 999999999999999999, "9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64,
		"1" + strings.Repeat("0", 200) + "e-200": 1,
	} {
		n, state := Integer([]byte(raw))
		require.Equal(t, IsInteger, state, raw)
		require.Equal(t, want, n, raw)
	}
	for raw, want := range map[string]State{
		"1.5": NotIntegral, "1e-1": NotIntegral, "-0.25": NotIntegral, "": NotIntegral,
		"9223372036854775808": TooLarge, "-9223372036854775809": TooLarge, "1e19": TooLarge,
		// What would take all memory, or a second, to work out is not worked out.
		"1e999999999": TooLarge, "1e-999999999": TooLarge, strings.Repeat("9", 401): TooLarge,
	} {
		_, state := Integer([]byte(raw))
		require.Equal(t, want, state, "%.30s", raw)
	}
}

func TestOnlyExponentsOfNumbersAreHuge(t *testing.T) {
	for text, want := range map[string]bool{
		`{"a":1e10000}`: true, `[1E+0001]`: true, `{"a":1e999}`: false, `{"a":1e-999}`: false,
		`{"a":"1e10000"}`: false, `{"a":"\"1e10000"}`: false, `{"e10000":1}`: false, `{"a":"\\","b":2e12345}`: true, ``: false,
	} {
		require.Equal(t, want, HugeExponent([]byte(text)), text)
	}
}

func TestADayIsOneOfTheCalendar(t *testing.T) {
	for s, want := range map[string]bool{
		"2024-02-29": true, "2023-02-29": false, "2100-02-29": false, "2000-02-29": true, "2026-04-31": false, "2026-12-31": true,
		"2026-00-10": false, "2026-13-10": false, "2026-01-00": false, "2026-1-10": false, "2026/01/10": false, "20x6-01-10": false, "": false,
	} {
		_, ok := Day([]byte(s))
		require.Equal(t, want, ok, s)
	}
}
