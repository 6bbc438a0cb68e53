// Package kit is what every page is furnished with: the request with the state that
// its address carries, the filters, names, cells, tables, charts, pagers and files, the
// frame around a page and what is said when something fails. It knows no page: the
// packages beside it are rooms of pages, each of which says once what it is
// (Pages.Register), and New joins them.
//
// It computes nothing itself: a number on a page is a column of a query or of an
// indicator.
package kit
