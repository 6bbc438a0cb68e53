package simulate

import (
	"fmt"
	"strings"

	"duban/supervision/divisions"
)

// founder builds a world.
type founder struct {
	world *world
	table *divisions.Table
}

// found makes the organisations: full sets in the province, in the chosen city
// and its counties, small ones in the other cities and two of their counties,
// service centres in two townships of each county of the chosen city and
// service points in one village of each of these.
func (f *founder) found(province, city string) {
	f.departments(province, strings.Fields(provinceLines))
	f.world.hotline = f.organisation(city, "hotline", f.name(city)+"12345政务服务便民热线中心", f.world.orgs[0].code)
	for _, c := range f.table.Children(province) {
		if c.Virtual || c.Level > divisions.County {
			continue
		}
		if c.Code != city {
			f.departments(c.Code, strings.Fields(otherCityLines))
			for i, county := range f.table.Children(c.Code) {
				if i < 2 && county.Level == divisions.County {
					f.departments(county.Code, strings.Fields(otherTownLines))
				}
			}
			continue
		}
		f.departments(c.Code, strings.Fields(cityLines))
		for _, county := range f.table.Children(c.Code) {
			f.departments(county.Code, strings.Fields(countyLines))
			f.grassroots(county.Code)
		}
	}
}

// departments founds one organisation per line in a region.
func (f *founder) departments(code string, lines []string) {
	w := f.world
	first := int32(len(w.orgs))
	d, _ := f.table.Lookup(code)
	for _, line := range lines {
		name := departmentNames[line][1]
		if d.Level == divisions.Province {
			name = departmentNames[line][0]
		}
		f.organisation(code, line, d.Name+name, f.superior(d.Parent, line))
	}
	for i := first; i < int32(len(w.orgs)); i++ {
		w.orgs[i].peer = i + 1
		if i+1 == int32(len(w.orgs)) {
			w.orgs[i].peer = first + 1
		}
		w.orgs[i].window = first
	}
}

// grassroots founds the centres of two townships and a point in a village of each.
func (f *founder) grassroots(county string) {
	superior := f.superior(county, "approval")
	for i, town := range f.table.Children(county) {
		if i == 2 {
			return
		}
		centre := f.organisation(town.Code, "grassroots", town.Name+"便民服务中心", superior)
		if villages := f.table.Children(town.Code); len(villages) > 0 {
			v := villages[0]
			f.organisation(v.Code, "grassroots", v.Name+"便民服务点", f.world.orgs[centre].code)
		}
	}
}

func (f *founder) organisation(code, line, name, parent string) int32 {
	w := f.world
	i := int32(len(w.orgs))
	r := f.region(code)
	w.orgs = append(w.orgs, organisation{
		code: creditCode(code[:6], 1001+int(i)*37), name: name, parent: parent,
		region: r, level: w.regions[r].level, line: line, peer: i, window: i,
	})
	return i
}

// superior returns the code of the organisation of the same line in a region,
// or of the one that answers for its windows, or "".
func (f *founder) superior(code, line string) string {
	first := ""
	for i := range f.world.orgs {
		o := &f.world.orgs[i]
		if f.world.regions[o.region].code != code || o.line == "hotline" {
			continue
		}
		if o.line == line {
			return o.code
		}
		if first == "" {
			first = o.code
		}
	}
	return first
}

// region returns the index of a division, entering it and all above it.
func (f *founder) region(code string) int32 {
	w := f.world
	if i, ok := w.regionIndex[code]; ok {
		return i
	}
	d, _ := f.table.Lookup(code)
	var path []int32
	if d.Parent != "" {
		path = append(path, w.regions[f.region(d.Parent)].path...)
	}
	i := int32(len(w.regions))
	w.regions = append(w.regions, region{code: code, name: d.Name, level: d.Level, path: append(path, i)})
	w.regionIndex[code] = i
	return i
}

func (f *founder) name(code string) string {
	d, _ := f.table.Lookup(code)
	return d.Name
}

// offer gives every organisation its items. Every ninth promised item gets a
// second version that cuts its promise by a third in the middle of the period.
func (f *founder) offer(from, to int32) {
	w := f.world
	middle := from + (to-from)/2
	for o := range w.orgs {
		for t := range w.titles {
			title := &w.titles[t]
			if !offers(title, &w.orgs[o]) {
				continue
			}
			i := int32(len(w.items))
			it := item{
				task:  fmt.Sprintf("%s%d%s", w.orgs[o].code, w.orgs[o].level, title.catalog),
				org:   int32(o),
				title: title,
				versions: []version{{
					name: "1", from: dayOf(2020, 1, 1), promise: title.promise, legal: title.legal,
				}},
			}
			if i%9 == 4 && title.promise >= 3 {
				it.versions = append(it.versions, version{
					name: "2", from: middle, promise: title.promise - title.promise/3, legal: title.legal,
				})
			}
			w.items = append(w.items, it)
			w.orgs[o].items = append(w.orgs[o].items, i)
		}
	}
}

// weigh says how busy each item and each organisation is: counties most, the
// chosen city more than the others.
func (f *founder) weigh(city string) {
	w := f.world
	levelWeight := [6]int{0, 2, 6, 10, 4, 2}
	chosen := w.regionIndex[city]
	busy := func(o *organisation) int {
		weight := levelWeight[o.level]
		if path := w.regions[o.region].path; len(path) > 1 && path[1] == chosen {
			weight *= 3
		}
		return weight
	}
	cases := make([]int, len(w.items))
	for i := range w.items {
		cases[i] = w.items[i].title.weight * busy(&w.orgs[w.items[i].org])
	}
	tickets := make([]int, len(w.orgs))
	for i := range w.orgs {
		if o := &w.orgs[i]; o.line != "hotline" && o.level >= divisions.City {
			tickets[i] = busy(o)
		}
	}
	w.caseItems, w.ticketOrgs = newLottery(cases), newLottery(tickets)
}
