package world

import "slices"

// Roomy services have limits in working days with room for a planned life.
func Roomy(t *Title) bool {
	return t.Pausable() && t.Promise >= 7 && t.Legal >= t.Promise+4 && t.Legal <= 30 && t.Pause != "hearing"
}

// busyOrgs are the organisations with the most cases among those that have a
// service which suits and peers to be compared with, busiest first.
func (w *World) busyOrgs(suits func(t *Title) bool) []int32 {
	weight := make([]int, len(w.Orgs))
	peers := map[[2]string]int{}
	group := func(o *Organisation) [2]string { return [2]string{string(rune('0' + o.Level)), o.Line} }
	last := 0
	for i := range w.Items {
		weight[w.Items[i].Org] += w.CaseItems.upTo[i] - last
		last = w.CaseItems.upTo[i]
	}
	for i := range w.Orgs {
		peers[group(&w.Orgs[i])]++
	}
	var out []int32
	for i := range w.Orgs {
		if peers[group(&w.Orgs[i])] > 6 && slices.ContainsFunc(w.Orgs[i].Items, func(it int32) bool { return suits(w.Items[it].Title) }) {
			out = append(out, int32(i))
		}
	}
	slices.SortStableFunc(out, func(a, b int32) int { return weight[b] - weight[a] })
	return out[:min(len(out), 8)]
}
