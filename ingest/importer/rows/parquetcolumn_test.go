package rows

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A whole number beyond 2^53 in a column of floating-point numbers is no number of a
// case: it is written with an exponent, which identifiers refuse.
func TestFloatsThatLostDigitsAreWrittenWithAnExponent(t *testing.T) {
	require.Equal(t, "9007199254740991", string(appendFloat(nil, 1<<53-1, 64)))
	require.Equal(t, "16777215", string(appendFloat(nil, 1<<24-1, 32)))
	require.Equal(t, "1.5", string(appendFloat(nil, 1.5, 64)))
	require.Equal(t, "9.007199254740992e+15", string(appendFloat(nil, 1<<53, 64)))
	require.Equal(t, "6.1080220240101e+17", string(appendFloat(nil, 610802202401010012, 64)))
}
