package kit

import (
	"strconv"
)

// The sizes of a list: rows on a page, and rows at most in a file.
const (
	PageRows     = 50
	MostFileRows = 100_000
)

// FileLimit is how many rows a file has at most.
func (s *Site) FileLimit() int {
	if s.FileRows > 0 {
		return s.FileRows
	}
	return MostFileRows
}

// PageNumber reads the page of the list, from 1.
func (q *Request) PageNumber() (int, error) {
	text := q.Param("page")
	if text == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, BadAddress("page")
	}
	return n, nil
}

// Pager leads through a long list.
type Pager struct {
	Prev, Next string
	Text       string
}

// Pages makes the links to the pages before and after.
func (q *Request) Pages(page, rows int, total int64) Pager {
	var p Pager
	first := int64(page-1)*PageRows + 1
	if rows > 0 {
		p.Text = q.T("list.range", "From", q.Count(first), "To", q.Count(first+int64(rows)-1))
	}
	if page > 1 {
		p.Prev = q.Here("page", strconv.Itoa(page-1))
	}
	if first+int64(rows)-1 < total {
		p.Next = q.Here("page", strconv.Itoa(page+1))
	}
	return p
}

// List is the content of the template of lists.
type List struct {
	Kind    string
	Heading string
	Note    string
	Filters []Select
	Search  string
	Total   string
	Table   *Table
	Pages   Pager
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

// Choice is a filter over the values of an enumeration.
func (q *Request) Choice(name, label, enum string, values []string) Select {
	s := Select{Name: name, Label: q.T("col." + label), Options: []Option{{"", q.T("filter.all"), q.Param(name) == ""}}}
	for _, v := range values {
		s.Options = append(s.Options, Option{v, q.Enum(enum, v), q.Param(name) == v})
	}
	return s
}
