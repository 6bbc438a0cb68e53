package chart

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Point is one value of a series. A nil Value leaves a gap.
type Point struct {
	Value *float64 `json:"value"`
	// Text is the value as the page writes it, Detail its numerator and
	// denominator; both are shown on hover.
	Text   string `json:"text"`
	Detail string `json:"detail,omitempty"`
	// Href is where a click leads; empty for nowhere.
	Href string `json:"href,omitempty"`
}

// Series is one row of values over the categories of a chart.
type Series struct {
	Name   string
	Color  string
	Points []Point
}

// The colours of charts: style-sheet variables, told apart by the colour blind.
const (
	Series1 = "var(--series-1)"
	Series2 = "var(--series-2)"
	Series3 = "var(--series-3)"
	Good    = "var(--good)"
	Bad     = "var(--bad)"
	muted   = "var(--muted)"
	line    = "var(--line)"
	surface = "var(--surface)"
	ink     = "var(--ink)"
)

// quiet is what every chart shares: no animation, no toolbox, a tooltip
// without HTML, which a strict content security policy asks for.
func quiet(bc map[string]any, trigger string) map[string]any {
	delete(bc, "title")
	delete(bc, "toolbox")
	bc["animation"] = false
	bc["tooltip"] = map[string]any{
		"trigger": trigger, "renderMode": "richText", "confine": true,
		"backgroundColor": surface, "borderColor": line, "borderWidth": 1,
		"textStyle":   map[string]any{"color": ink, "fontSize": 13},
		"axisPointer": map[string]any{"type": "shadow", "shadowStyle": map[string]any{"color": "var(--hover)"}},
	}
	return bc
}

func encode(options map[string]any) ([]byte, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return nil, fmt.Errorf("encode chart options: %w", err)
	}
	return text, nil
}

func categoryAxis(names []string, grid int, labels bool) opts.XAxis {
	return opts.XAxis{
		Type: "category", Data: names, GridIndex: grid,
		AxisLine:  &opts.AxisLine{LineStyle: &opts.LineStyle{Color: line}},
		AxisTick:  &opts.AxisTick{Show: opts.Bool(false)},
		AxisLabel: &opts.AxisLabel{Show: opts.Bool(labels), Color: muted, FontSize: 12},
	}
}

func valueAxis(name, format string, grid int) opts.YAxis {
	return opts.YAxis{
		Type: "value", Name: name, GridIndex: grid, SplitNumber: 3, NameLocation: "end",
		AxisLabel: &opts.AxisLabel{Show: opts.Bool(true), Color: muted, FontSize: 12, Formatter: types.FuncStr(format)},
		SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: line}},
	}
}

// Trend shows a rate above and volumes below, over the same months. The two
// have axes of their own: one picture with two scales would suggest a
// connection where their lines cross.
func Trend(months []string, rate Series, volumes []Series) ([]byte, error) {
	c := charts.NewLine()
	c.SetGlobalOptions(
		charts.WithGridOpts(
			opts.Grid{Left: "56", Right: "16", Top: "36", Height: "34%"},
			opts.Grid{Left: "56", Right: "16", Bottom: "28", Height: "34%"},
		),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0", Left: "0", Icon: "roundRect", ItemWidth: 12, ItemHeight: 8,
			TextStyle: &opts.TextStyle{Color: ink, FontSize: 13}}),
	)
	c.XAxisList = []opts.XAxis{categoryAxis(months, 0, false), categoryAxis(months, 1, true)}
	top := valueAxis("", "{value}%", 0)
	top.Max = 100
	// A rate near its goal would be a flat line on an axis from zero; the axis
	// starts at a round number below the lowest value and says so by its labels.
	top.Min = floorTo(rate.Points, 10)
	c.YAxisList = []opts.YAxis{top, valueAxis("", "{value}", 1)}
	c.MultiSeries = append(c.MultiSeries, charts.SingleSeries{
		Name: rate.Name, Type: "line", Data: rate.Points, Color: rate.Color, Symbol: "circle", SymbolSize: 7,
		ConnectNulls: opts.Bool(false), LineStyle: &opts.LineStyle{Width: 2.5, Color: rate.Color},
	})
	for _, v := range volumes {
		c.MultiSeries = append(c.MultiSeries, charts.SingleSeries{
			Name: v.Name, Type: "bar", XAxisIndex: 1, YAxisIndex: 1, Data: v.Points, Color: v.Color, BarMaxWidth: "18", BarGap: "15%",
		})
	}
	o := quiet(c.JSON(), "axis")
	o["axisPointer"] = map[string]any{"link": []any{map[string]any{"xAxisIndex": "all"}}}
	return encode(o)
}

// floorTo is the largest multiple of step below every value, at least zero.
func floorTo(points []Point, step float64) float64 {
	low := 100.0
	for _, p := range points {
		if p.Value != nil {
			low = min(low, *p.Value)
		}
	}
	floor := float64(int(low/step)) * step
	if floor == low || floor >= 100 {
		floor -= step
	}
	return max(0, floor)
}

// Columns shows one series over categories; percent writes its axis in per cent.
func Columns(names []string, s Series, percent bool) ([]byte, error) {
	c := charts.NewBar()
	c.SetGlobalOptions(
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "16", Top: "16", Bottom: "8", ContainLabel: opts.Bool(true)}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
	)
	c.XAxisList = []opts.XAxis{categoryAxis(names, 0, true)}
	format := "{value}"
	if percent {
		format = "{value}%"
	}
	y := valueAxis("", format, 0)
	if percent && !slices.ContainsFunc(s.Points, func(p Point) bool { return p.Value != nil && *p.Value > 100 }) {
		y.Max = 100
	}
	c.YAxisList = []opts.YAxis{y}
	c.MultiSeries = append(c.MultiSeries, charts.SingleSeries{Name: s.Name, Type: "bar", Data: s.Points, Color: s.Color, BarMaxWidth: "28"})
	return encode(quiet(c.JSON(), "axis"))
}

// labelWidth estimates the room that the names beside an axis need at 13
// pixels: a Chinese character is as wide as high, a Latin letter about half.
func labelWidth(names []string) int {
	widest := 0
	for _, n := range names {
		w := 0
		for _, r := range n {
			if r > 0x2e80 {
				w += 13
			} else {
				w += 8
			}
		}
		widest = max(widest, w)
	}
	return min(widest, maxLabel) + 14
}

// maxLabel is the widest name of an axis in pixels; longer ones are cut.
const maxLabel = 190

// Bars shows one series as horizontal bars, the first category on top.
func Bars(names []string, s Series) ([]byte, error) {
	c := charts.NewBar()
	c.SetGlobalOptions(
		charts.WithGridOpts(opts.Grid{Left: strconv.Itoa(labelWidth(names)), Right: "64", Top: "4", Bottom: "4"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
	)
	x := opts.XAxis{Type: "value", Show: opts.Bool(false), Min: 0}
	y := opts.YAxis{
		Type: "category", Data: names,
		AxisLine:  &opts.AxisLine{Show: opts.Bool(false)},
		AxisLabel: &opts.AxisLabel{Show: opts.Bool(true), Color: ink, FontSize: 13, Width: maxLabel, Overflow: "truncate"},
	}
	c.XAxisList, c.YAxisList = []opts.XAxis{x}, []opts.YAxis{y}
	c.MultiSeries = append(c.MultiSeries, charts.SingleSeries{Name: s.Name, Type: "bar", Data: s.Points, Color: s.Color, BarMaxWidth: "16"})
	o := quiet(c.JSON(), "axis")
	if axes, ok := o["yAxis"].([]opts.YAxis); ok && len(axes) == 1 {
		// The option type has no inverse for this axis and no tick.
		text, err := json.Marshal(axes[0])
		if err != nil {
			return nil, fmt.Errorf("encode axis: %w", err)
		}
		axis := map[string]any{}
		if err := json.Unmarshal(text, &axis); err != nil {
			return nil, fmt.Errorf("encode axis: %w", err)
		}
		axis["inverse"], axis["axisTick"] = true, map[string]any{"show": false}
		o["yAxis"] = axis
	}
	// The value stands at the end of its bar; the script takes it from text.
	o["dubanLabels"] = true
	return encode(o)
}
