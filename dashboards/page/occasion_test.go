package page

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/locale"
)

func TestAnOccasionIsNamedInTheReadersLanguage(t *testing.T) {
	b, err := locale.Load()
	require.NoError(t, err)
	zh, en := writer{b.Printer(locale.Chinese)}, writer{b.Printer(locale.English)}
	require.Equal(t, "改动了时间", zh.occasionCell("moved").Text)
	require.Equal(t, "K7 特别程序 / 2", zh.occasionCell("K7/2").Text)
	require.Equal(t, "round / 2", en.occasionCell("round/2").Text)
	require.Equal(t, "2026-03-01", en.occasionCell("2026-03-01").Text)
	require.Equal(t, "moved", zh.occasionCell("moved").Raw, "files keep the code")
}
