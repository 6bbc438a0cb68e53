package page

import (
	"strconv"

	"duban/dashboards/page/kit"
)

// The sizes of a list: rows on a page, and rows at most in a file.
const (
	pageRows = 50
	fileRows = 100_000
)

// fileRows is how many rows a file has at most.
func (s *Site) fileRows() int {
	if s.FileRows > 0 {
		return s.FileRows
	}
	return fileRows
}

// pageNumber reads the page of the list, from 1.
func (q *request) pageNumber() (int, error) {
	text := q.param("page")
	if text == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, kit.BadAddress("page")
	}
	return n, nil
}

// Pages leads through a long list.
type Pages struct {
	Prev, Next string
	Text       string
}

// pages makes the links to the pages before and after.
func (q *request) pages(page, rows int, total int64) Pages {
	var p Pages
	first := int64(page-1)*pageRows + 1
	if rows > 0 {
		p.Text = q.T("list.range", "From", q.Count(first), "To", q.Count(first+int64(rows)-1))
	}
	if page > 1 {
		p.Prev = q.here("page", strconv.Itoa(page-1))
	}
	if first+int64(rows)-1 < total {
		p.Next = q.here("page", strconv.Itoa(page+1))
	}
	return p
}

type listBody struct {
	Kind    string
	Heading string
	Note    string
	Filters []Select
	Search  string
	Total   string
	Table   *Table
	Pages   Pages
	// Behind says which figure the list proves; nil for a plain list.
	Behind *Behind
	Action string
	Hidden []Hidden
}

// Select is a field of the filter form of a list.
type Select struct {
	Name    string
	Label   string
	Options []Option
	// Text makes it a text field with this value.
	Text   string
	IsText bool
}

// Behind names the figure whose subjects are listed.
type Behind struct {
	Name  string
	Href  string
	Roles []Link
	// Close leads to the plain list.
	Close string
	// Subject is case, ticket or rating; Hidden is the state of the list that its
	// search form keeps.
	Subject string
	Hidden  []Hidden
}

// choice is a filter over the values of an enumeration.
func (q *request) choice(name, label, enum string, values []string) Select {
	s := Select{Name: name, Label: q.T("col." + label), Options: []Option{{"", q.T("filter.all"), q.param(name) == ""}}}
	for _, v := range values {
		s.Options = append(s.Options, Option{v, q.Enum(enum, v), q.param(name) == v})
	}
	return s
}
