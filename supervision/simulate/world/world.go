package world

import (
	"fmt"
	"strings"

	"duban/supervision/divisions"
)

// Organisation is one implementing body (实施主体).
type Organisation struct {
	Code, Name, Parent string
	Region             int32 // index into world.regions
	Level              int8
	Line               string
	Items              []int32 // indexes into world.items
	Peer               int32   // another organisation of the same region, or itself
	Window             int32   // organisation whose comprehensive window accepts, or itself
	HiddenList         bool    // planted: its list of duties is not public
}

// Region is one division in which something happens.
type Region struct {
	Code, name string
	level      int8
	Path       []int32 // indexes into world.regions from the province down
}

// Item is one service of one organisation with its versions.
type Item struct {
	Task     string
	Org      int32
	Title    *Title
	Versions []Version // ascending by from, never empty
	// ThinGuide is planted: an element of the guide is missing.
	ThinGuide bool
}

// Version is one version of an item; From is the first day of its force.
type Version struct {
	Name    string
	From    int32
	Promise int32
	Legal   int32
}

// At returns the version in force on a local day.
func (it *Item) At(day int32) *Version {
	v := &it.Versions[0]
	for i := range it.Versions {
		if it.Versions[i].From <= day {
			v = &it.Versions[i]
		}
	}
	return v
}

// World is the province: immutable once made.
type World struct {
	Days    *Workdays
	titles  []Title
	Regions []Region
	Orgs    []Organisation
	Items   []Item
	// CaseItems draws the item of a case, TicketOrgs the organisation that a
	// ticket concerns; Hotline is the organisation of the number 12345.
	CaseItems  *Sampler
	TicketOrgs *Sampler
	Hotline    int32
	// Busy are organisations with many cases and many peers.
	Busy []int32

	regionIndex map[string]int32
}

// New founds the organisations of a province. City is the city that has
// organisations on every level; every other city gets a small one.
func New(table *divisions.Table, days *Workdays, province, city string, from, to int32) (*World, error) {
	titles, err := loadCatalogue()
	if err != nil {
		return nil, err
	}
	w := &World{Days: days, titles: titles, regionIndex: map[string]int32{}}
	for _, code := range []string{province, city} {
		if _, ok := table.Lookup(code); !ok {
			return nil, fmt.Errorf("no division has the code %q", code)
		}
	}
	if c, _ := table.Lookup(city); c.Parent != province || c.Level != divisions.City || c.Virtual {
		return nil, fmt.Errorf("division %q is not a city of %q", city, province)
	}
	f := builder{world: w, table: table}
	f.found(province, city)
	f.offer(from, to)
	f.weigh(city)
	w.Busy = w.busyOrgs(Roomy)
	return w, nil
}

// lines are the departments by level. The first of a list answers for its
// region's comprehensive windows.
var departmentNames = map[string][2]string{ // line → name in a province, name below
	"approval":     {"政务服务中心", "行政审批服务局"},
	"market":       {"市场监督管理局", "市场监督管理局"},
	"construction": {"住房和城乡建设厅", "住房和城乡建设局"},
	"hrss":         {"人力资源和社会保障厅", "人力资源和社会保障局"},
	"health":       {"卫生健康委员会", "卫生健康局"},
	"transport":    {"交通运输厅", "交通运输局"},
	"police":       {"公安厅", "公安局"},
	"civil":        {"民政厅", "民政局"},
	"natural":      {"自然资源厅", "自然资源和规划局"},
	"ecology":      {"生态环境厅", "生态环境局"},
	"water":        {"水利厅", "水利局"},
	"forestry":     {"林业局", "林业局"},
	"education":    {"教育厅", "教育局"},
	"agriculture":  {"农业农村厅", "农业农村局"},
	"emergency":    {"应急管理厅", "应急管理局"},
	"medical":      {"医疗保障局", "医疗保障局"},
}

const (
	provinceLines  = "approval market construction hrss health transport natural ecology water"
	cityLines      = "approval market construction hrss health transport police civil natural ecology water education emergency medical"
	countyLines    = "approval market construction hrss health transport police civil natural forestry education agriculture emergency medical"
	otherCityLines = "approval market construction hrss"
	otherTownLines = "approval market hrss natural police"
)

// serviceLines are the lines whose titles a township or village offers.
const serviceLines = "hrss health civil natural forestry agriculture medical grassroots"

func offers(t *Title, o *Organisation) bool {
	if !strings.ContainsRune(t.levels, rune('0'+o.Level)) {
		return false
	}
	if o.Line == "grassroots" {
		return strings.Contains(serviceLines, t.line)
	}
	return t.line == o.Line
}
