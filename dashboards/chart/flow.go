package chart

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/go-echarts/go-echarts/v2/charts"
)

// Edge is a pair of activities that follow each other directly.
type Edge struct {
	From, To string
	Count    float64
	// Text and Detail are shown on hover.
	Text   string
	Detail string
	// Label is written on the edge when it is slow.
	Label string
	// Slow draws the edge in the colour of attention.
	Slow bool
}

type flowNode struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	X          float64        `json:"x"`
	Y          float64        `json:"y"`
	Symbol     string         `json:"symbol"`
	SymbolSize []int          `json:"symbolSize"`
	ItemStyle  map[string]any `json:"itemStyle"`
	Label      map[string]any `json:"label"`
	Text       string         `json:"text"`
}

type flowLink struct {
	Source    string         `json:"source"`
	Target    string         `json:"target"`
	Text      string         `json:"text"`
	Detail    string         `json:"detail"`
	LineStyle map[string]any `json:"lineStyle"`
	Label     map[string]any `json:"label,omitempty"`
}

// MaxLayers is the widest map that the style sheet gives room to.
const MaxLayers = 24

// columnWidth is the distance of two columns of nodes in pixels.
const columnWidth = 190

// Flow draws a directly-follows graph: activities from left to right in the
// order in which the work mostly runs, edges as wide as they are frequent. It
// tells how many columns of nodes there are, at most MaxLayers.
func Flow(edges []Edge) (options []byte, layers int, err error) {
	layer, slot, perLayer, layers := arrange(edges)
	layers = min(layers, MaxLayers)
	most := 1.0
	for _, e := range edges {
		most = max(most, e.Count)
	}
	fullest := 1
	for _, n := range perLayer {
		fullest = max(fullest, n)
	}
	step := min(110, 400/float64(fullest))
	loops := map[string]Edge{}
	for _, e := range edges {
		if e.From == e.To {
			loops[e.From] = e
		}
	}
	nodes := make([]flowNode, 0, len(layer))
	for name := range layer {
		height := float64(perLayer[layer[name]])
		nodes = append(nodes, flowNode{
			ID: name, Name: name, Text: loopText(name, loops, func(e Edge) string { return e.Text + " (" + e.Detail + ")" }),
			X:      float64(layer[name]) * columnWidth,
			Y:      (float64(slot[name]) + 0.5 - height/2) * step,
			Symbol: "roundRect", SymbolSize: []int{160, 50},
			ItemStyle: map[string]any{"color": surface, "borderColor": Series1, "borderWidth": 1.5},
			Label: map[string]any{"show": true, "formatter": loopText(name, loops, func(e Edge) string { return e.Label }), "color": ink,
				"fontSize": 12, "lineHeight": 14, "width": 150, "height": 46, "overflow": "break", "lineOverflow": "truncate"},
		})
	}
	sort.Slice(nodes, func(i, j int) bool { return nodes[i].ID < nodes[j].ID })
	links := make([]flowLink, 0, len(edges))
	for _, e := range edges {
		if e.From == e.To {
			continue
		}
		curve := 0.08
		if layer[e.To] <= layer[e.From] {
			curve = 0.35
		}
		color := muted
		var label map[string]any
		if e.Slow {
			color = Bad
			label = map[string]any{"show": true, "formatter": e.Label, "color": Bad, "fontSize": 12, "backgroundColor": surface,
				"padding": []int{1, 4}}
		}
		links = append(links, flowLink{Source: e.From, Target: e.To, Text: e.Text, Detail: e.Detail, LineStyle: map[string]any{
			"width": 1 + 6*math.Sqrt(e.Count/most), "curveness": curve, "color": color, "opacity": 0.65,
		}, Label: label})
	}
	c := charts.NewGraph()
	c.MultiSeries = append(c.MultiSeries, charts.SingleSeries{
		Type: "graph", Layout: "none", Data: nodes, Links: links,
		EdgeSymbol: []string{"none", "arrow"}, EdgeSymbolSize: 8, Left: "90", Right: "90", Top: "30", Bottom: "30",
	})
	o := quiet(c.JSON(), "item")
	delete(o, "legend")
	// The option type does not know this one: without it nodes are stretched.
	series := map[string]any{}
	text, err := json.Marshal(c.MultiSeries[0])
	if err != nil {
		return nil, 0, fmt.Errorf("encode flow: %w", err)
	}
	if err := json.Unmarshal(text, &series); err != nil {
		return nil, 0, fmt.Errorf("encode flow: %w", err)
	}
	series["preserveAspect"] = "contain"
	o["series"] = []any{series}
	options, err = encode(o)
	return options, layers, err
}

// loopText is the name of an activity, with what is to say of its following itself
// in a second line: an edge from a node to itself would be drawn over the name.
func loopText(name string, loops map[string]Edge, say func(Edge) string) string {
	e, ok := loops[name]
	if !ok || say(e) == "" {
		return name
	}
	return name + "\n↻ " + say(e)
}

// arrange gives each activity a layer (left to right) and a slot in it. The
// order of activities follows Eades, Lin and Smyth, "A fast and effective
// heuristic for the feedback arc set problem" (1993): sinks go to the end,
// sources to the beginning, else the one with the largest surplus of leaving
// work. The layer is then the longest way over edges that go forward.
func arrange(edges []Edge) (layer, slot map[string]int, perLayer map[int]int, layers int) {
	order := sequence(edges)
	place := map[string]int{}
	for i, n := range order {
		place[n] = i
	}
	layer = map[string]int{}
	for _, n := range order {
		for _, e := range edges {
			if e.To == n && place[e.From] < place[n] {
				layer[n] = max(layer[n], layer[e.From]+1)
			}
		}
		layer[n] += 0
	}
	slot, perLayer = map[string]int{}, map[int]int{}
	for _, n := range order {
		slot[n] = perLayer[layer[n]]
		perLayer[layer[n]]++
		layers = max(layers, layer[n]+1)
	}
	return layer, slot, perLayer, layers
}

func sequence(edges []Edge) []string {
	left := map[string]bool{}
	for _, e := range edges {
		left[e.From], left[e.To] = true, true
	}
	var head, tail []string
	for len(left) > 0 {
		names := make([]string, 0, len(left))
		for n := range left {
			names = append(names, n)
		}
		sort.Strings(names)
		in, out := degrees(edges, left)
		best, bestSurplus := "", math.Inf(-1)
		for _, n := range names {
			switch {
			case out[n] == 0 && best == "":
				tail = append(tail, n)
				delete(left, n)
				best = "\x00"
			case in[n] == 0 && best == "":
				head = append(head, n)
				delete(left, n)
				best = "\x00"
			}
		}
		if best != "" {
			continue
		}
		for _, n := range names {
			if s := out[n] - in[n]; s > bestSurplus {
				best, bestSurplus = n, s
			}
		}
		head = append(head, best)
		delete(left, best)
	}
	for _, t := range slices.Backward(tail) {
		head = append(head, t)
	}
	return head
}

// degrees sums the work that enters and leaves each activity that is left;
// loops of an activity on itself do not count.
func degrees(edges []Edge, left map[string]bool) (in, out map[string]float64) {
	in, out = map[string]float64{}, map[string]float64{}
	for _, e := range edges {
		if left[e.From] && left[e.To] && e.From != e.To {
			out[e.From] += e.Count
			in[e.To] += e.Count
		}
	}
	return in, out
}
