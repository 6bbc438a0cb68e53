// Package dashboards holds the web pages of the product: package server
// answers HTTP, package page builds each page from named queries, chart turns
// rows into chart options, locale holds the texts in two languages and assets
// the style sheets, scripts and the chart library, all embedded.
//
// Pages are plain HTML from the server and work without script; a script only
// draws what the tables beside it already say.
package dashboards
