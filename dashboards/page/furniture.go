package page

import "duban/dashboards/page/kit"

// The furniture of package kit, by the names that every page uses.
type (
	Cell   = kit.Cell
	Column = kit.Column
	Table  = kit.Table
	Chart  = kit.Chart
	Panel  = kit.Panel
	Link   = kit.Link
)
