// Package kit is what every page is furnished with: the state that its address
// carries, and the tables, charts and links that templates know how to draw. It
// asks no database and knows no page.
package kit
