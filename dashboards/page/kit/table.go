package kit

import "html/template"

// Cell is one value of a table, as shown and as exported.
type Cell struct {
	// Text is what the page shows.
	Text string
	// Raw is what the CSV file holds; nil is an empty field.
	Raw any
	// Href makes the text a link.
	Href string
	// Title is shown on hover: numerator and denominator of a rate.
	Title string
	// Sub is a second, smaller line.
	Sub string
	// Class is one of num, code, muted, good, bad, warn, or several of them.
	Class string
	// Tag shows the text as a label of that tone: good, bad, warn, plain.
	Tag string
	// Share draws a bar from 0 to 100 beside the text; nil draws none.
	Share *float64
}

// Column is one column of a table.
type Column struct {
	// Key is the header in the CSV file.
	Key   string
	Label string
	// Help explains the column on hover.
	Help  string
	Class string
	// SortHref is the address that sorts by this column; empty when it cannot.
	SortHref string
	// Sorted is ascending or descending when the rows are in this order.
	Sorted string
	// Hidden columns are only in the CSV file.
	Hidden bool
}

// Table is what lies behind every list and every chart.
type Table struct {
	ID      string
	Caption string
	Columns []Column
	Rows    [][]Cell
	// CSV is the address of the same table as a file.
	CSV string
	// Empty is said instead of a table without rows.
	Empty string
	// Cut says that there are more rows than these; empty when there are not.
	Cut string
}

// Chart is a picture of a table, drawn by the script from options made here.
type Chart struct {
	ID string
	// Label says in words what the chart shows.
	Label string
	// Options is the JSON text of the chart library's options, safe inside a
	// script element.
	Options template.JS
	// Tall gives the chart more height.
	Tall bool
	// Layers is how many columns of nodes a process map has; 0 for other charts.
	Layers int
}

// Panel is one part of a page: a heading, perhaps a chart, its table.
type Panel struct {
	ID    string
	Title string
	Note  string
	Chart *Chart
	Table *Table
	// TableOpen shows the table beside the chart without a click.
	TableOpen bool
	Links     []Link
	// Err is said instead of the content when it could not be loaded.
	Err string
}

// Link is a text with an address.
type Link struct {
	Text string
	Href string
	// Current marks the one that is being looked at.
	Current bool
	// Badge is a count beside the text, BadgeText what it says; Urgent marks one
	// with something overdue.
	Badge, BadgeText string
	Urgent           bool
}

// visible gives the columns that the page shows.
func (t *Table) visible() []int {
	var idx []int
	for i, c := range t.Columns {
		if !c.Hidden {
			idx = append(idx, i)
		}
	}
	return idx
}

// VisibleColumns lists the columns that the page shows.
func (t *Table) VisibleColumns() []Column {
	var cols []Column
	for _, i := range t.visible() {
		cols = append(cols, t.Columns[i])
	}
	return cols
}

// VisibleRows lists the rows with the cells that the page shows; the class of
// a column is handed down to its cells.
func (t *Table) VisibleRows() [][]Cell {
	idx := t.visible()
	rows := make([][]Cell, len(t.Rows))
	for r, row := range t.Rows {
		cells := make([]Cell, len(idx))
		for j, i := range idx {
			cells[j] = row[i]
			if c := t.Columns[i].Class; c != "" {
				cells[j].Class = c + " " + cells[j].Class
			}
		}
		rows[r] = cells
	}
	return rows
}
