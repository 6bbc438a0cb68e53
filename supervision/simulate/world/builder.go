package world

import (
	"fmt"
	"strings"

	"duban/supervision/divisions"
)

// builder builds a world.
type builder struct {
	world *World
	table *divisions.Table
}

// found makes the organisations: full sets in the province, in the chosen city
// and its counties, small ones in the other cities and two of their counties,
// service centres in two townships of each county of the chosen city and
// service points in one village of each of these.
func (f *builder) found(province, city string) {
	f.departments(province, strings.Fields(provinceLines))
	f.world.Hotline = f.organisation(city, "hotline", f.name(city)+"12345政务服务便民热线中心", f.world.Orgs[0].Code)
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
func (f *builder) departments(code string, lines []string) {
	w := f.world
	first := int32(len(w.Orgs))
	d, _ := f.table.Lookup(code)
	for _, line := range lines {
		name := departmentNames[line][1]
		if d.Level == divisions.Province {
			name = departmentNames[line][0]
		}
		f.organisation(code, line, d.Name+name, f.superior(d.Parent, line))
	}
	for i := first; i < int32(len(w.Orgs)); i++ {
		w.Orgs[i].Peer = i + 1
		if i+1 == int32(len(w.Orgs)) {
			w.Orgs[i].Peer = first + 1
		}
		w.Orgs[i].Window = first
	}
}

// grassroots founds the centres of two townships and a point in a village of each.
func (f *builder) grassroots(county string) {
	superior := f.superior(county, "approval")
	for i, town := range f.table.Children(county) {
		if i == 2 {
			return
		}
		centre := f.organisation(town.Code, "grassroots", town.Name+"便民服务中心", superior)
		if villages := f.table.Children(town.Code); len(villages) > 0 {
			v := villages[0]
			f.organisation(v.Code, "grassroots", v.Name+"便民服务点", f.world.Orgs[centre].Code)
		}
	}
}

func (f *builder) organisation(code, line, name, parent string) int32 {
	w := f.world
	i := int32(len(w.Orgs))
	r := f.region(code)
	w.Orgs = append(w.Orgs, Organisation{
		Code: creditCode(code[:6], 1001+int(i)*37), Name: name, Parent: parent,
		Region: r, Level: w.Regions[r].level, Line: line, Peer: i, Window: i,
	})
	return i
}

// superior returns the code of the organisation of the same line in a region,
// or of the one that answers for its windows, or "".
func (f *builder) superior(code, line string) string {
	first := ""
	for i := range f.world.Orgs {
		o := &f.world.Orgs[i]
		if f.world.Regions[o.Region].Code != code || o.Line == "hotline" {
			continue
		}
		if o.Line == line {
			return o.Code
		}
		if first == "" {
			first = o.Code
		}
	}
	return first
}

// region returns the index of a division, entering it and all above it.
func (f *builder) region(code string) int32 {
	w := f.world
	if i, ok := w.regionIndex[code]; ok {
		return i
	}
	d, _ := f.table.Lookup(code)
	var path []int32
	if d.Parent != "" {
		path = append(path, w.Regions[f.region(d.Parent)].Path...)
	}
	i := int32(len(w.Regions))
	w.Regions = append(w.Regions, Region{Code: code, name: d.Name, level: d.Level, Path: append(path, i)})
	w.regionIndex[code] = i
	return i
}

func (f *builder) name(code string) string {
	d, _ := f.table.Lookup(code)
	return d.Name
}

// offer gives every organisation its items. Every ninth promised item gets a
// second version that cuts its promise by a third in the middle of the period.
func (f *builder) offer(from, to int32) {
	w := f.world
	middle := from + (to-from)/2
	for o := range w.Orgs {
		for t := range w.titles {
			title := &w.titles[t]
			if !offers(title, &w.Orgs[o]) {
				continue
			}
			i := int32(len(w.Items))
			it := Item{
				Task:  fmt.Sprintf("%s%d%s", w.Orgs[o].Code, w.Orgs[o].Level, title.Catalog),
				Org:   int32(o),
				Title: title,
				Versions: []Version{{
					Name: "1", From: DayOf(2020, 1, 1), Promise: title.Promise, Legal: title.Legal,
				}},
			}
			if i%9 == 4 && title.Promise >= 3 {
				it.Versions = append(it.Versions, Version{
					Name: "2", From: middle, Promise: title.Promise - title.Promise/3, Legal: title.Legal,
				})
			}
			w.Items = append(w.Items, it)
			w.Orgs[o].Items = append(w.Orgs[o].Items, i)
		}
	}
}

// weigh says how busy each item and each organisation is: counties most, the
// chosen city more than the others.
func (f *builder) weigh(city string) {
	w := f.world
	levelWeight := [6]int{0, 2, 6, 10, 4, 2}
	chosen := w.regionIndex[city]
	busy := func(o *Organisation) int {
		weight := levelWeight[o.Level]
		if path := w.Regions[o.Region].Path; len(path) > 1 && path[1] == chosen {
			weight *= 3
		}
		return weight
	}
	cases := make([]int, len(w.Items))
	for i := range w.Items {
		cases[i] = w.Items[i].Title.weight * busy(&w.Orgs[w.Items[i].Org])
	}
	tickets := make([]int, len(w.Orgs))
	for i := range w.Orgs {
		if o := &w.Orgs[i]; o.Line != "hotline" && o.Level >= divisions.City {
			tickets[i] = busy(o)
		}
	}
	w.CaseItems, w.TicketOrgs = newSampler(cases), newSampler(tickets)
}
