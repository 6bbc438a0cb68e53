package world

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// 91350100M000100Y43 is the worked example of GB 32100-2015.
func TestCheckCharactersAreThoseOfTheStandard(t *testing.T) {
	body := "91350100M000100Y4"
	require.Equal(t, byte('3'), usccAlphabet[(31-usccSum(body)%31)%31])
	// 00012736: hand calculation 1*10+2*5+7*8+3*4+6*2 = 100, 100 mod 11 = 1, 11-1 = 10 → X.
	require.Equal(t, "00012736X", organisationCode(12736))
}

func TestCreditCodesAreValidAndACharacterAmissIsNoticed(t *testing.T) {
	code := creditCode("610802", 4711)
	require.Len(t, code, 18)
	require.True(t, creditCodeValid(code))
	for i := range len(code) {
		wrong := []byte(code)
		if wrong[i] == '1' {
			wrong[i] = '2'
		} else {
			wrong[i] = '1'
		}
		require.False(t, creditCodeValid(string(wrong)), "position %d", i)
	}
}
