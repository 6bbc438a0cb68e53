package encode

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The texts are the answers of ClickHouse to
// lower(hex(sipHash128('rating'))) and lower(hex(sipHash128('rating', 's', 'PJ1'))).
func TestOrdersAreNamedAsTheProductNamesThem(t *testing.T) {
	require.Equal(t, "1a58d36647e105d29bf2524c61d12de6", name128("rating"))
	require.Equal(t, "ed8a1ecede7ba0bc6adc6ae97feedbee", RatingOrder("s", "PJ1"))
}
