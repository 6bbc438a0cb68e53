package page

import (
	"duban/dashboards/page/admin"
	"duban/dashboards/page/cases"
	"duban/dashboards/page/data"
	"duban/dashboards/page/desk"
	"duban/dashboards/page/figures"
	"duban/dashboards/page/kit"
	"duban/dashboards/page/process"
	"duban/dashboards/page/risk"
	"duban/dashboards/page/rules"
	"duban/dashboards/page/sign"
)

// New makes the site of all pages.
func New(d kit.Deps) (*kit.Site, error) {
	return kit.New(d,
		admin.Room(), cases.Room(), data.Room(), desk.Room(), figures.Room(),
		process.Room(), risk.Room(), rules.Room(), sign.Room())
}
