package page

import "duban/dashboards/page/kit"

// What pages are furnished with, by the short names that every page uses.
type (
	// Cell is kit.Cell.
	Cell = kit.Cell
	// Column is kit.Column.
	Column = kit.Column
	// Table is kit.Table.
	Table = kit.Table
	// Chart is kit.Chart.
	Chart = kit.Chart
	// Panel is kit.Panel.
	Panel = kit.Panel
	// Link is kit.Link.
	Link = kit.Link
)
