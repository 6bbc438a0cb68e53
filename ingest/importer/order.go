package importer

// afterAllRows is the first place behind all rows of a case.
const afterAllRows = 1 << 31

// lookAlikes are the fields by which cases and departments are told apart.
var lookAlikes = map[string]bool{"case_no": true, "ticket_no": true, "org_code": true, "accept_org": true, "task_code": true}

// order gives every entry of the mapping its place.
func (p *plan) order() {
	p.places = make([]int, len(p.m.Events))
	before, after := 0, 0
	for i, g := range p.m.Events {
		switch {
		case !g[0].PerCase:
			p.places[i] = p.rowEntries
			p.rowEntries++
		case p.rowEntries == 0:
			p.places[i] = before
			before++
		default:
			p.places[i] = afterAllRows + after
			after++
		}
	}
	for i := range before {
		p.places[i] -= before - 1
	}
}
