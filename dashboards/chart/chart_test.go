package chart_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/chart"
)

func decode(t *testing.T, text []byte, err error) map[string]any {
	t.Helper()
	require.NoError(t, err)
	var o map[string]any
	require.NoError(t, json.Unmarshal(text, &o))
	return o
}

func share(v float64) *float64 { return &v }

// A page's policy forbids inline styles, so no tooltip may be HTML; what the
// server wrote is the text of every point.
func TestTrendKeepsGapsAndTexts(t *testing.T) {
	text, err := chart.Trend([]string{"2026-01", "2026-02"}, chart.Series{Name: "rate", Color: chart.Series1, Points: []chart.Point{
		{Value: share(89.7), Text: "89.7%", Detail: "296 / 330"}, {Text: "—"},
	}}, nil)
	o := decode(t, text, err)
	require.Equal(t, "richText", o["tooltip"].(map[string]any)["renderMode"])
	points := o["series"].([]any)[0].(map[string]any)["data"].([]any)
	require.Equal(t, map[string]any{"value": 89.7, "text": "89.7%", "detail": "296 / 330"}, points[0])
	require.Nil(t, points[1].(map[string]any)["value"])
	axis := o["yAxis"].([]any)[0].(map[string]any)
	require.EqualValues(t, 80, axis["min"])
	require.EqualValues(t, 100, axis["max"])
}

func TestOptionsCannotEndTheScriptElement(t *testing.T) {
	text, err := chart.Bars([]string{"</script><b>"}, chart.Series{Points: []chart.Point{{Value: share(1), Text: "<!--"}}})
	require.NoError(t, err)
	require.NotContains(t, string(text), "<")
}

func TestARateAboveOneHundredIsNotCutOff(t *testing.T) {
	axisMax := func(v float64) any {
		text, err := chart.Columns([]string{"a"}, chart.Series{Points: []chart.Point{{Value: share(v)}}}, true)
		return decode(t, text, err)["yAxis"].([]any)[0].(map[string]any)["max"]
	}
	require.EqualValues(t, 100, axisMax(95))
	require.Nil(t, axisMax(130))
}

// submit → check → pay with a way back from check: the way back must not push
// submit behind check.
func TestFlowRunsFromLeftToRight(t *testing.T) {
	text, layers, err := chart.Flow([]chart.Edge{
		{From: "submit", To: "check", Count: 100}, {From: "check", To: "submit", Count: 10},
		{From: "check", To: "pay", Count: 90, Slow: true, Label: "3 d"}, {From: "check", To: "check", Count: 5, Label: "18 h"},
	})
	o := decode(t, text, err)
	series := o["series"].([]any)[0].(map[string]any)
	x, shown := map[string]float64{}, map[string]any{}
	for _, n := range series["data"].([]any) {
		node := n.(map[string]any)
		x[node["id"].(string)] = node["x"].(float64)
		shown[node["id"].(string)] = node["label"].(map[string]any)["formatter"]
	}
	require.Less(t, x["submit"], x["check"])
	require.Less(t, x["check"], x["pay"])
	require.Equal(t, 3, layers)
	require.Len(t, series["links"], 3, "a loop would be drawn over the name")
	require.Equal(t, map[string]any{"submit": "submit", "check": "check\n↻ 18 h", "pay": "pay"}, shown)
	require.Equal(t, "contain", series["preserveAspect"])
}
