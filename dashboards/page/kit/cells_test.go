package kit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/locale"
)

func TestAnOccasionIsNamedInTheReadersLanguage(t *testing.T) {
	b, err := locale.Load()
	require.NoError(t, err)
	zh, en := Writer{b.Printer(locale.Chinese)}, Writer{b.Printer(locale.English)}
	require.Equal(t, "改动了时间", zh.OccasionCell("moved").Text)
	require.Equal(t, "K7 特别程序 / 2", zh.OccasionCell("K7/2").Text)
	require.Equal(t, "round / 2", en.OccasionCell("round/2").Text)
	require.Equal(t, "2026-03-01", en.OccasionCell("2026-03-01").Text)
	require.Equal(t, "moved", zh.OccasionCell("moved").Raw, "files keep the code")
}
