// Package page builds every page of the dashboard: it parses the address,
// runs named queries, and renders tables, charts and figures with one set of
// templates. It computes nothing itself: a number on a page is a column of a
// query or of an indicator.
package page
